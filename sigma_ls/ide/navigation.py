"""From the name of a function, a resource or a stage to its declaration, to all places that name it, and to a new name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen

from sigma_ls.ide.mentions import Family, Mention, Role, mentions
from sigma_ls.ide.slots import table_of
from sigma_ls.ide.trees import blocks_around, section_of
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.diagnostic import TextEdit
from sigma_ls.manifest.ids import IMPLICIT_API, pascal_case
from sigma_ls.manifest.schema.patterns import ID, STAGE_NAME
from sigma_ls.manifest.schema.types import Text
from sigma_ls.syntax.blocks import Block
from sigma_ls.syntax.span import Position, Range


@frozen
class Name:
    """What a place names: the id of a function or resource, or a stage."""

    family: Family
    """Never `LOGICAL`."""
    text: str


class NotRenamable(Exception):
    """A name cannot be changed, or not to this; the message says why."""


def mention_at(analysis: Analysis, place: Position) -> Mention | None:
    """The mention at a place (its end included), in the document's lines."""
    table = table_of(analysis)
    for block in blocks_around(analysis.document, place.line):
        for each in mentions(table, section_of(block), analysis.document.parse(block).root):
            around = evolve(each, range=each.range.shifted(block.start))
            if not around.range.start <= place <= around.range.end or name_of(analysis, each) is None:
                continue
            for exact in _exact(analysis, around):
                if exact.range.start <= place <= exact.range.end:
                    return exact
    return None


def name_of(analysis: Analysis, mention: Mention) -> Name | None:
    """What a mention names; nothing where that is not declared."""
    if mention.family is Family.STAGE:
        return Name(Family.STAGE, mention.name)
    ids = analysis.index.ids()
    if mention.family is Family.LOGICAL:
        found = next((each for each in ids if pascal_case(each) == mention.name), None)
        return Name(Family.THING, found) if found is not None else None
    implicit = mention.name == IMPLICIT_API and analysis.index.has_implicit_api
    return Name(Family.THING, mention.name) if implicit or mention.name in ids else None


def occurrences(analysis: Analysis, name: Name) -> list[Mention]:
    """All places that name it, in the document's order and lines."""
    table = table_of(analysis)
    logical = pascal_case(name.text)
    found = []
    for block in _candidates(analysis, name):
        for each in mentions(table, section_of(block), analysis.document.parse(block).root):
            if name.family is Family.STAGE:
                same = each.family is Family.STAGE and each.name == name.text
            elif each.family is Family.LOGICAL:
                same = each.name == logical
            else:
                same = each.family is Family.THING and each.name == name.text
            if same:
                found += _exact(analysis, evolve(each, range=each.range.shifted(block.start)))
    # An alias repeats what stands at its anchor.
    by_place = {each.range: each for each in found}
    return [by_place[where] for where in sorted(by_place)]


def _exact(analysis: Analysis, mention: Mention) -> list[Mention]:
    """The mention where it is written; of a text of several lines, or with escapes, wherever the name stands in it."""
    where = mention.range
    if _text_at(analysis, where) == mention.name:
        return [mention]
    pattern = re.compile(rf"(?<!\$)\$\{{\s*({re.escape(mention.name)})(?=[.}}])")
    found = [
        evolve(mention, range=Range.of(line, match.start(1), line, match.end(1)))
        for line in range(where.start.line, where.end.line + 1)
        for match in pattern.finditer(analysis.document.lines.content(line))
    ]
    return found or [mention]


def _candidates(analysis: Analysis, name: Name) -> Iterator[Block]:
    """The blocks that may name it: those that the index knows, and all stages, which may remove what they name."""
    known = analysis.index.blocks_naming(name.text, pascal_case(name.text))
    stages = [block for block in analysis.document.blocks if "stages" in (block.section, block.name.strip("\"'"))]
    yield from dict.fromkeys((*known, *stages))


def declaration(analysis: Analysis, mention: Mention) -> Range | None:
    """Where what a mention names is declared: by the manifest itself, else by the mention's stage, else by any."""
    name = name_of(analysis, mention)
    if name is None:
        return None
    found = [each for each in occurrences(analysis, name) if each.role is Role.DECLARATION]
    found.sort(key=lambda each: (bool(each.stage), each.stage != mention.stage))
    return found[0].range if found else None


# --- new names ----------------------------------------------------------------------------------------------------------


def renamable(analysis: Analysis, place: Position) -> Mention:
    """The mention at a place, where its name can be changed.

    Raises:
        NotRenamable: there is no name, or none that can be changed.
    """
    mention = mention_at(analysis, place)
    name = name_of(analysis, mention) if mention is not None else None
    if mention is None or name is None:
        raise NotRenamable("Only the ids of functions and resources and the names of stages can be renamed.")
    if declaration(analysis, mention) is None:
        raise NotRenamable(f"'{name.text}' is declared nowhere: it is there because an http trigger needs it.")
    return mention


def rename(analysis: Analysis, place: Position, new: str) -> list[TextEdit]:
    """The edits that give what a place names a new name everywhere; logical ids follow.

    Raises:
        NotRenamable: there is no name, or it cannot be this one.
    """
    mention = renamable(analysis, place)
    name = name_of(analysis, mention)
    assert name is not None
    _check(analysis, name, new)
    edits = []
    for each in occurrences(analysis, name):
        if _text_at(analysis, each.range) != each.name:
            line = each.range.start.line + 1
            raise NotRenamable(f"Line {line} writes '{each.name}' with escapes: change it there by hand first.")
        edits.append(TextEdit(each.range, pascal_case(new) if each.family is Family.LOGICAL else new))
    return edits


def _check(analysis: Analysis, name: Name, new: str) -> None:
    stage = name.family is Family.STAGE
    pattern: Text = STAGE_NAME if stage else ID
    if re.fullmatch(pattern.pattern or "", new) is None:
        raise NotRenamable(f"'{new}' is no name for a {'stage' if stage else 'function or resource'}: {pattern.hint}.")
    others = analysis.index.stages if stage else analysis.index.ids()
    for other in others:
        if other != name.text and (other == new or (not stage and pascal_case(other) == pascal_case(new))):
            raise NotRenamable(f"'{new}' clashes with '{other}', which is there already.")


def _text_at(analysis: Analysis, where: Range) -> str:
    if where.start.line != where.end.line:
        return ""
    return analysis.document.lines.content(where.start.line)[where.start.character : where.end.character]
