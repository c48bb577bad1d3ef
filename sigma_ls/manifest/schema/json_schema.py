"""The field table as a JSON Schema (draft 2020-12), for editors and checkers that know no more of a manifest.

It says of keys and values what one value can tell; what ids stand for, and whatever rules say of several entries, is
beyond it.  What differs between platforms hangs on `platform`, what stages may leave out on `stages`.
`markdownDescription` and `markdownEnumDescriptions` are what VS Code and yaml-language-server show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import define, field

from sigma_ls.manifest.schema.markdown import markdown_of
from sigma_ls.manifest.schema.resources import RAW_AWS, RAW_GCP
from sigma_ls.manifest.schema.top import MANIFEST, STAGE
from sigma_ls.manifest.schema.types import (
    PLATFORMS,
    Boolean,
    ByShape,
    Choice,
    Field,
    Id,
    Integer,
    Json,
    KindRecord,
    ListOf,
    MapOf,
    Platform,
    Record,
    Text,
    Type,
    TypedRecord,
)

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ADDRESS = "https://raw.githubusercontent.com/sigma-ls/sigma-ls/main/docs/sigma.schema.json"
"""Where `docs/sigma.schema.json` is published."""

_NULL: Schema = {"type": "null"}
_RAW: Mapping[Platform, str] = {"aws": RAW_AWS, "gcp": RAW_GCP}


def json_schema() -> Schema:
    """The whole schema, as JSON has it."""
    definitions = _Definitions()
    aws, gcp = (definitions.record(MANIFEST, platform, override=False) for platform in PLATFORMS)
    return {
        "$schema": DIALECT,
        "$id": ADDRESS,
        "title": "sigma.yaml",
        "description": "The manifest of a serverless project that `sigma-ls` deploys.",
        "type": "object",
        "if": {"properties": {"platform": {"const": "gcp"}}, "required": ["platform"]},
        "then": _where(gcp, "gcp"),
        "else": _where(aws, "aws"),
        "$defs": dict(sorted(definitions.found.items())),
    }


def schema_text() -> str:
    """The schema as the text of a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


@define(eq=False)
class _Definitions:
    """The records that were rendered so far, by their names under `$defs`; equal ones are there once."""

    found: dict[str, Schema] = field(factory=dict)

    def record(
        self, wanted: Record, platform: Platform, *, override: bool, kind: Schema | None = None, name: str = ""
    ) -> Schema:
        """A reference to a record; `kind` is the schema of its `type`."""
        keys = [each for each in wanted.fields if platform in each.platforms]
        properties = {each.name: self._property(wanted, each, platform, override=override) for each in keys}
        if kind is not None:
            properties["type"] |= kind
        # A block of the platform may be completed by the stages.
        whole = wanted is not STAGE and not override and wanted is not MANIFEST.by_name[platform].type
        required = [each.name for each in keys if each.required] if whole else []
        body: Schema = {
            "type": "object" if required or kind is not None else ["object", "null"],
            "properties": properties,
            "additionalProperties": False,
        }
        if required:
            body["required"] = required
        return self._refer(name or wanted.name, body, platform, override=override)

    def _refer(self, name: str, body: Schema, platform: Platform, *, override: bool) -> Schema:
        base = re.sub(r"\W+", "-", re.sub(r"^(a|an|the) ", "", name))
        if override and name != STAGE.name:
            base += "-override"
        key = next(
            (each for each in (base, f"{base}-{platform}") if self.found.get(each, body) == body),
            f"{base}-{len(self.found)}",
        )
        self.found[key] = body
        return {"$ref": f"#/$defs/{key}"}

    def _property(self, record: Record, each: Field, platform: Platform, *, override: bool) -> Schema:
        said = {"description": each.doc.replace("`", ""), "markdownDescription": markdown_of(record.name, each)}
        schema = self.of(each.type_on(platform), platform, override=override)
        if override:
            return said | _or_null(schema)
        return said | schema | ({"default": each.default} if each.default is not None else {})

    def of(self, wanted: Type, platform: Platform, *, override: bool) -> Schema:
        """The schema of a type; what stands in a list, or is one of several kinds, is whole even in an override."""
        match wanted:
            case Text() | Integer() | Boolean() | Choice() | Id() | Json():
                return _scalar(wanted)
            case ListOf():
                return self._list(wanted, platform)
            case MapOf():
                return self._map(wanted, platform, override=override)
            case Record():
                return self.record(wanted, platform, override=override or wanted is STAGE)
            case KindRecord():
                kinds = wanted.kinds.items()
                known = [record for name, record in kinds if platform in record.by_name[name].platforms]
                return {"anyOf": [self.record(each, platform, override=False) for each in known]}
            case TypedRecord():
                return self._typed(wanted, platform, override=override)
            case ByShape():
                return self._by_shape(wanted, platform, override=override)

    def _list(self, wanted: ListOf, platform: Platform) -> Schema:
        item = self.of(wanted.item, platform, override=False)
        schema: Schema = {"type": "array" if wanted.minimum else ["array", "null"], "items": item}
        if wanted.minimum:
            schema["minItems"] = wanted.minimum
        if wanted.maximum is not None:
            schema["maxItems"] = wanted.maximum
        return {"anyOf": [item, schema]} if wanted.single else schema

    def _map(self, wanted: MapOf, platform: Platform, *, override: bool) -> Schema:
        value = self.of(wanted.value, platform, override=override)
        schema: Schema = {
            "type": ["object", "null"],
            "additionalProperties": _or_null(value) if override else value,
        }
        if isinstance(wanted.key, Text) and wanted.key.pattern is not None:
            schema["propertyNames"] = {"pattern": _whole(wanted.key.pattern)}
        return schema

    def _typed(self, wanted: TypedRecord, platform: Platform, *, override: bool) -> Schema:
        known = [name for name in wanted.types if platform in wanted.platforms[name]]
        kinds = [self.record(wanted.types[name], platform, override=override, kind={"const": name}) for name in known]
        raw = {"type": "string", "pattern": _whole(_RAW[platform])}
        kinds.append(self.record(wanted.raw, platform, override=override, kind=raw))
        if override:
            # An override need not repeat the type, and then may have the keys of any.
            fields = {each.name: each for name in known for each in wanted.types[name].fields if each.name != "type"}
            kinds.append(self.record(Record(wanted.name, tuple(fields.values())), platform, override=True))
        return {"anyOf": kinds}

    def _by_shape(self, wanted: ByShape, platform: Platform, *, override: bool) -> Schema:
        inner = [each for each in (wanted.scalar, wanted.mapping, wanted.sequence) if each is not None]
        shapes = [self.of(each, platform, override=override) for each in inner]
        if wanted.boolean:
            shapes.insert(0, {"type": "boolean"})
        return {"anyOf": shapes}


def _where(manifest: Schema, platform: Platform) -> Schema:
    """A manifest that says where it is deployed to, unless it has stages, which may say it."""
    block = MANIFEST.by_name[platform].type
    assert isinstance(block, Record)
    needed = [each.name for each in block.fields if each.required]
    given = {"required": [platform], "properties": {platform: {"type": "object", "required": needed}}}
    return {"allOf": [manifest], "if": {"not": {"required": ["stages"]}}, "then": given}


def _scalar(wanted: Text | Integer | Boolean | Choice | Id | Json) -> Schema:
    match wanted:
        case Text():
            text: Schema = {"type": ["string", "number", "boolean"] if wanted.numbers else "string"}
            if wanted.pattern is not None:
                text["pattern"] = _whole(wanted.pattern)
                text["patternErrorMessage"] = f"This takes {wanted.hint}."
            return text | ({"examples": list(wanted.examples)} if wanted.examples else {})
        case Integer():
            limits = {"minimum": wanted.minimum, "maximum": wanted.maximum, "enum": list(wanted.allowed) or None}
            return {"type": "integer", **{key: value for key, value in limits.items() if value is not None}}
        case Boolean():
            return {"type": "boolean"}
        case Choice():
            choice = _words(wanted.values)
            return {"anyOf": [choice, {"type": "string"}]} if wanted.open else choice
        case Id():
            return {"anyOf": [_words(wanted.words), {"type": "string"}]} if wanted.words else {"type": "string"}
        case Json():
            return {"type": "object"} if wanted.mapping else {}


def _words(words: Mapping[str, str]) -> Schema:
    schema: Schema = {"enum": list(words)}
    if any(words.values()):
        schema["markdownEnumDescriptions"] = list(words.values())
    return schema


def _or_null(schema: Schema) -> Schema:
    """In a stage `null` removes a key."""
    match schema:
        case {"anyOf": [*kinds]}:
            return schema if _NULL in kinds else {"anyOf": [*kinds, _NULL]}
        case {"enum": [*words]}:
            nullable: Schema = {"enum": [*words, None]}
            if "type" in schema:
                nullable["type"] = [schema["type"], "null"]
            if "markdownEnumDescriptions" in schema:
                nullable["markdownEnumDescriptions"] = [*schema["markdownEnumDescriptions"], "removes the key"]
            return schema | nullable
        case {"type": str(name)}:
            return schema | {"type": [name, "null"]}
        case {"type": [*names]}:
            return schema | {"type": [*dict.fromkeys((*names, "null"))]}
        case {"$ref": _}:
            return {"anyOf": [schema, _NULL]}
    return schema


def _whole(pattern: str) -> str:
    """A pattern of JSON Schema may match any part of a text; ours match all of it."""
    return f"^(?:{pattern})$"
