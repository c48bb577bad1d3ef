"""Hover: what is known of the key, the word or the name at a place, as Markdown."""

from __future__ import annotations

from attrs import frozen

from sigma_ls.ide import describe
from sigma_ls.ide.mentions import Family
from sigma_ls.ide.navigation import mention_at, name_of
from sigma_ls.ide.slots import Slot, is_type_of_resource, scalar_of, table_of
from sigma_ls.ide.trees import Found, find
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.references import uses, within
from sigma_ls.manifest.schema.capabilities import OPERATIONS, PSEUDO_REFERENCES
from sigma_ls.manifest.schema.resources import RESOURCE
from sigma_ls.manifest.schema.types import Choice, Id, Json, Text
from sigma_ls.syntax.nodes import Scalar, range_of
from sigma_ls.syntax.span import Position, Range


@frozen
class Hover:
    """What is said of a range."""

    range: Range
    markdown: str


def hover(analysis: Analysis, place: Position) -> Hover | None:
    """What is known of a place; nothing where nothing is."""
    if (named := _named(analysis, place)) is not None:
        return named
    table = table_of(analysis)
    for found in find(analysis, table, place):
        node = found.path.node
        slot = found.slot
        if type(node) is not Scalar or slot is None:
            continue
        here = range_of(node)
        if found.path.on_key:
            said = _of_key(analysis, node, slot)
        else:
            local = Position(place.line - found.block.start, place.character)
            reference = _of_pseudo(node, slot, local)
            if reference is not None:
                return Hover(reference.range.shifted(found.block.start), reference.markdown)
            said = _of_value(analysis, found, node, slot)
        if said:
            return Hover(here.shifted(found.block.start), said)
    return None


def _named(analysis: Analysis, place: Position) -> Hover | None:
    """Of an id: what it is declared as, and what its attribute is."""
    mention = mention_at(analysis, place)
    name = name_of(analysis, mention) if mention is not None else None
    if mention is None or name is None:
        return None
    if name.family is Family.STAGE:
        default = analysis.index.stages[:1] == (name.text,)
        said = f"**{name.text}**: stage{', the default' if default else ''}"
        return Hover(mention.range, said)
    found = analysis.index.resolve(name.text, mention.stage)
    if found is None:
        return None
    thing, block = found
    line = block.start + thing.place.start.line if block is not None else None
    said = describe.thing_markdown(thing, line)
    if mention.attribute:
        said = f"`${{{mention.name}.{mention.attribute}}}`: {describe.attribute_words(mention.attribute)}\n\n{said}"
    elif thing.kind:
        known = describe.attributes_of(thing, analysis.platform)[: describe.MOST_ATTRIBUTES]
        said += "\n\nAttributes: " + ", ".join(f"`{each}`" for each in known)
        if thing.kind in OPERATIONS:
            said += "\n\nOperations: " + ", ".join(f"`{each}`" for each in OPERATIONS[thing.kind])
    return Hover(mention.range, said)


def _of_key(analysis: Analysis, key: Scalar, slot: Slot) -> str:
    each = slot.field
    if each is None or each.name != key.value:
        return ""
    required = each.required and not slot.override
    return describe.key_markdown(slot.owner, each, analysis.platform, required=required)


def _of_pseudo(node: Scalar, slot: Slot, place: Position) -> Hover | None:
    """Of `${stage}` and the like."""
    if not isinstance(scalar_of(slot.type), Text | Json):
        return None
    for part in uses(node.value):
        if not isinstance(part, str) and part.pseudo:
            where = Range.of(*within(node, part.start, part.end))
            if where.start <= place <= where.end:
                return Hover(where, f"`${{{part.pseudo}}}`: {PSEUDO_REFERENCES[part.pseudo]}")
    return None


def _of_value(analysis: Analysis, found: Found, node: Scalar, slot: Slot) -> str:
    wanted = scalar_of(slot.type)
    each = slot.field
    key = each.name if each is not None else ""
    if key == "runtime" and analysis.platform != "gcp":
        dates = describe.runtime_markdown(node.value)
        return f"**{node.value}**\n\n{dates}" if dates else ""
    if is_type_of_resource(each) and node.value:
        return describe.kind_markdown(node.value, RESOURCE.types.get(node.value), analysis.platform)
    if isinstance(wanted, Choice) and node.value in wanted.values:
        return describe.choice_markdown(node.value, wanted)
    if isinstance(wanted, Id) and node.value in wanted.words:
        return f"`{node.value}`: {wanted.words[node.value]}"
    if len(slot.names) > 1 and slot.names[-2] == "uses" and found.slots[-1].owner == "":
        kind = table_of(analysis).kind_of(slot.names[-1])
        said = OPERATIONS.get(kind, {}).get(node.value, "")
        return f"`{node.value}`: {said}" if said else ""
    if each is not None:
        return (
            f"{describe.key_line(each, analysis.platform, required=each.required and not slot.override)}\n\n{each.doc}"
        )
    return ""
