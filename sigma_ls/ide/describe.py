"""What the field table and the facts say of keys, values and things, as Markdown; `plain` makes a text of it."""

from __future__ import annotations

import json
import re

from sigma_ls.manifest.facts.runtimes import AS_OF, LIFECYCLES
from sigma_ls.manifest.report import Definition
from sigma_ls.manifest.schema.capabilities import CLIENTS, FUNCTION, OPERATIONS, attributes
from sigma_ls.manifest.schema.markdown import markdown_of, words_of
from sigma_ls.manifest.schema.resources import is_raw
from sigma_ls.manifest.schema.types import PLATFORM_TITLES, Choice, Field, Platform, Record

_MOST_WORDS = 120
"""Characters of a type's description in one line; that of a runtime would name all there are."""
MOST_ATTRIBUTES = 30
"""Of a type of the cloud; some have a hundred."""
_FENCE = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")

ATTRIBUTES = {
    "name": "its name in the cloud",
    "arn": "its ARN",
    "id": "its id",
    "url": "its URL",
    "ref": "what `Ref` gives of it",
    "streamArn": "the ARN of its stream",
    "clientId": "the id of its first client",
    "endpoint": "the host to connect to",
    "port": "the port to connect to",
}
"""What the attributes of named types are."""


def key_markdown(record: str, each: Field, platform: Platform | None, *, required: bool) -> str:
    """A key of a record: its name, type, default and platforms, then all that is said of it."""
    return f"{key_line(each, platform, required=required)}\n\n{markdown_of(record, each)}"


def key_line(each: Field, platform: Platform | None, *, required: bool) -> str:
    """The first line of that."""
    words = words_of(each.type_on(platform))
    if len(words) > _MOST_WORDS:
        words = "one of those below" if not isinstance(each.type_on(platform), Choice) else "one of a few words"
    facts = [words]
    if required:
        facts.append("required")
    if each.default is not None:
        facts.append(f"default `{json.dumps(each.default, ensure_ascii=False).strip(chr(34))}`")
    if len(each.platforms) == 1:
        (only,) = each.platforms
        facts.append(f"{PLATFORM_TITLES[only]} only")
    return f"**{each.name}**: {', '.join(facts)}"


def runtime_markdown(runtime: str) -> str:
    """The days of a runtime's end; nothing where AWS names none."""
    if runtime not in LIFECYCLES:
        return ""
    deprecated, no_creation, no_update, successor = LIFECYCLES[runtime]
    lines = [f"- deprecated {_from(deprecated)}"]
    if no_creation:
        lines.append(f"- new functions on it are refused {_from(no_creation)}")
    if no_update:
        lines.append(f"- updates are refused {_from(no_update)}")
    if successor and successor != runtime:
        lines.append(f"- successor: `{successor}`")
    return "\n".join(lines)


def _from(day: str) -> str:
    return f"since {day}" if day <= AS_OF else f"from {day}"


def choice_markdown(value: str, wanted: Choice) -> str:
    """One of a few words."""
    said = wanted.values.get(value, "")
    return f"`{value}`: {said}" if said else f"`{value}`"


def kind_markdown(kind: str, record: Record | None, platform: Platform | None) -> str:
    """A type of resource: what it has, and what can be done with it."""
    parts = [f"**{kind}**"]
    if record is not None and kind in OPERATIONS:
        operations = [f"- `{name}`: {what}" for name, what in OPERATIONS[kind].items()]
        parts.append("Operations under `uses`:\n" + "\n".join(operations))
    known = attributes_of(Definition("", kind, raw=is_raw(kind)), platform)
    if known:
        shown = [f"`{name}`" for name in known[:MOST_ATTRIBUTES]]
        more = f" and {len(known) - len(shown)} more" if len(known) > len(shown) else ""
        parts.append(f"Attributes: {', '.join(shown)}{more}")
    if record is not None and (link := record.by_name["type"].link):
        parts.append(f"[Documentation]({link})")
    return "\n\n".join(parts)


def attributes_of(found: Definition, platform: Platform | None) -> tuple[str, ...]:
    """The attributes that `${id.attribute}` may name."""
    if found.raw:
        from sigma_ls.manifest.facts.attributes import ATTRIBUTES as GIVEN  # noqa: PLC0415 - large, and rarely needed

        own = tuple(GIVEN.get(found.kind, "").split())
        if "*" in own or found.existing:
            return ("ref", "name", "arn") if found.existing else ("ref", "name")
        return ("ref", "name", *(("arn",) if "Arn" in own else ()), *own)
    known = attributes(found.kind, platform)
    if found.kind == FUNCTION and not found.has_url:
        known = tuple(name for name in known if name != "url")
    return (*known, *(f"{CLIENTS}{name}" for name in found.clients))


def attribute_words(attribute: str) -> str:
    """What an attribute is."""
    if attribute.startswith(CLIENTS):
        return f"the id of the client `{attribute.removeprefix(CLIENTS)}`"
    return ATTRIBUTES.get(attribute, f"its attribute `{attribute}`")


def thing_markdown(found: Definition, line: int | None) -> str:
    """A declared function or resource; `line` counts from 0."""
    kind = found.kind or "resource"
    said = [f"an existing `{kind}`" if found.existing else f"`{kind}`"]
    if found.fifo:
        said.append("FIFO")
    if found.stage:
        said.append(f"only in the stage `{found.stage}`")
    where = f", declared in line {line + 1}" if line is not None else ""
    return f"**{found.id}**: {', '.join(said)}{where}"


def plain(markdown: str) -> str:
    """The same for editors that show no Markdown."""
    text = _FENCE.sub(lambda fence: "".join(f"    {line}\n" for line in fence[1].splitlines()).rstrip("\n"), markdown)
    text = _LINK.sub(r"\1: \2", text)
    return text.replace("**", "").replace("`", "").replace("\\|", "|")
