"""What the field table says of a key, as Markdown: for hover, the JSON Schema and the reference page."""

from __future__ import annotations

from sigma_ls.manifest.nearest import listed
from sigma_ls.manifest.schema.details import detail_of
from sigma_ls.manifest.schema.types import (
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
    Record,
    References,
    Text,
    Type,
    TypedRecord,
)


def markdown_of(record: str, each: Field) -> str:
    """A key of a record (by its name): its description, an example, and the link to the cloud's own documentation."""
    parts = [each.doc]
    if (detail := detail_of(record, each.name)) is not None:
        parts += [detail.text, f"```yaml\n{detail.example}\n```"]
    if link := link_of(record, each):
        parts.append(f"[Documentation]({link})")
    return "\n\n".join(parts)


def link_of(record: str, each: Field) -> str:
    """The cloud's own documentation of a key, where there is any."""
    detail = detail_of(record, each.name)
    return each.link or (detail.link if detail is not None else "")


def words_of(wanted: Type) -> str:
    """A type and its limits, in words."""
    match wanted:
        case Text(hint=hint):
            more = ", with `${id.attribute}`" if wanted.references is References.ALL else ""
            return f"{hint.replace('|', chr(92) + '|')}{more}"
        case Integer():
            return _number(wanted)
        case Boolean():
            return "`true` or `false`"
        case Choice(values=values):
            return listed([f"`{value}`" for value in values]) + (" (or a newer one)" if wanted.open else "")
        case Id():
            kinds = f"the id of a {listed(wanted.kinds)}" if wanted.kinds else "an id"
            words = [f"`{word}`" for word in wanted.words]
            return listed([*words, kinds, *(["a name in the cloud"] if wanted.free else [])])
        case Json():
            return "a mapping" if wanted.mapping else "anything"
        case ListOf():
            limits = f", at most {wanted.maximum}" if wanted.maximum is not None else ""
            return f"{'one, or ' if wanted.single else ''}a list{limits}: {words_of(wanted.item)}"
        case MapOf():
            keys = f" by {words_of(wanted.key)}" if isinstance(wanted.key, Id) or wanted.key.pattern else ""
            return f"a mapping of {wanted.what}s{keys}"
        case Record() | KindRecord() | TypedRecord():
            return wanted.name
        case ByShape():
            shapes = [each for each in (wanted.scalar, wanted.mapping, wanted.sequence) if each is not None]
            return listed([*(["`true` or `false`"] if wanted.boolean else []), *map(words_of, shapes)])


def _number(wanted: Integer) -> str:
    unit = f" {wanted.unit}" if wanted.unit else ""
    if wanted.allowed:
        return f"{listed([str(each) for each in wanted.allowed])}{unit}"
    if wanted.minimum is not None and wanted.maximum is not None:
        return f"a whole number, {wanted.minimum} to {wanted.maximum}{unit}"
    if wanted.minimum is not None:
        return f"a whole number, at least {wanted.minimum}{unit}"
    return f"a whole number{unit}"
