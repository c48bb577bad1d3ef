"""A small validator of JSON Schema: the keywords that ours uses, and no other."""

import re

TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
ANNOTATIONS = {
    "$schema",
    "$id",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "markdownDescription",
    "markdownEnumDescriptions",
    "patternErrorMessage",
}


def faults(schema, value, root=None, path=""):
    """The paths of values that are not as the schema asks."""
    root = root or schema
    found = []
    for keyword, said in schema.items():
        if keyword in ANNOTATIONS or keyword in {"then", "else"}:
            continue
        found += KEYWORDS[keyword](said, value, schema, root, path)
    return found


def _unless(fine, path):
    return [] if fine else [path]


def _type(said, value, schema, root, path):
    return _unless(any(TYPES[each](value) for each in ([said] if isinstance(said, str) else said)), path)


def _properties(said, value, schema, root, path):
    if not isinstance(value, dict):
        return []
    return [each for key in said.keys() & value.keys() for each in faults(said[key], value[key], root, f"{path}/{key}")]


def _additional(said, value, schema, root, path):
    more = value.keys() - schema.get("properties", {}).keys() if isinstance(value, dict) else ()
    if said is False:
        return [path] if more else []
    return [each for key in more for each in faults(said, value[key], root, f"{path}/{key}")]


def _items(said, value, schema, root, path):
    items = value if isinstance(value, list) else ()
    return [each for number, item in enumerate(items) for each in faults(said, item, root, f"{path}/{number}")]


def _names(said, value, schema, root, path):
    return [path for key in (value if isinstance(value, dict) else ()) if faults(said, key, root, path)]


def _if(said, value, schema, root, path):
    return faults(schema.get("else" if faults(said, value, root) else "then", {}), value, root, path)


def _all(said, value, schema, root, path):
    return [fault for each in said for fault in faults(each, value, root, path)]


def _ref(said, value, schema, root, path):
    return faults(root["$defs"][said.removeprefix("#/$defs/")], value, root, path)


def _number(value):
    return TYPES["number"](value)


KEYWORDS = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "propertyNames": _names,
    "if": _if,
    "allOf": _all,
    "not": lambda said, value, schema, root, path: _unless(faults(said, value, root), path),
    "$ref": _ref,
    "required": lambda said, value, schema, root, path: _unless(
        not isinstance(value, dict) or set(said) <= value.keys(), path
    ),
    "enum": lambda said, value, schema, root, path: _unless(value in said, path),
    "const": lambda said, value, schema, root, path: _unless(value == said, path),
    "anyOf": lambda said, value, schema, root, path: _unless(any(not faults(each, value, root) for each in said), path),
    "pattern": lambda said, value, schema, root, path: _unless(
        not isinstance(value, str) or re.search(said, value), path
    ),
    "minimum": lambda said, value, schema, root, path: _unless(not _number(value) or value >= said, path),
    "maximum": lambda said, value, schema, root, path: _unless(not _number(value) or value <= said, path),
    "minItems": lambda said, value, schema, root, path: _unless(
        not isinstance(value, list) or len(value) >= said, path
    ),
    "maxItems": lambda said, value, schema, root, path: _unless(
        not isinstance(value, list) or len(value) <= said, path
    ),
}
