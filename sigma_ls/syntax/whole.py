"""The blocks of a document that was read whole, out of its one tree; and what is not an entry at all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from operator import attrgetter

from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.nodes import Mapping, Node, Scalar, Sequence, range_of, shifted
from sigma_ls.syntax.parse import Parsed
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.scalars import is_null
from sigma_ls.syntax.span import Range

_START = attrgetter("start")


def blocks_of(parsed: Parsed, sections: Collection[str], count: int) -> list[Block]:
    """The blocks of a document of `count` lines that was read whole."""
    root = parsed.root
    found: list[tuple[Part, str, Node, Node]] = []
    for key, value in root.entries if type(root) is Mapping else []:
        name = key.value if type(key) is Scalar else ""
        if name in sections and type(value) is Mapping:
            empty = Scalar("", None, None, key.end_line, key.end_column, key.end_line, key.end_column)
            found.append((Part.ENTRY, name, key, empty))
            found.extend((Part.CHILD, name, child, content) for child, content in value.entries)
        else:
            section = name if name in sections and is_null(value) else ""
            found.append((Part.ENTRY, section, key, value))
    keys = {range_of(key) for _, _, key, _ in found}
    blocks = [Block(Part.PROLOG, "", "", None, misfit=False, start=0, parsed=Parsed(None, []))]
    if root is not None and type(root) is not Mapping:
        blocks[0].parsed = Parsed(root, [], complete=parsed.complete)
        expect_key(blocks[0].parsed)
    for part, section, key, value in found:
        start = max(blocks[-1].start, key.line)
        name = key.value if type(key) is Scalar else ""
        blocks[-1].count = start - blocks[-1].start
        entry = Mapping([(key, value)], False, None, key.line, key.column, value.end_line, value.end_column)
        tree = Parsed(shifted(entry, -start), [])
        blocks.append(Block(part, section, name, key.column, misfit=False, start=start, parsed=tree))
    blocks[-1].count = count - blocks[-1].start
    for problem in parsed.problems:
        # Entries that stand twice are found among blocks, whichever way these were cut.
        if problem.kind is not ProblemKind.DUPLICATE_KEY or problem.range not in keys:
            _assign(problem, blocks)
    for name, where in parsed.unknown_aliases.items():
        block = _at(blocks, where)
        assert block.parsed is not None
        block.parsed.unknown_aliases[name] = where.shifted(-block.start)
    return blocks


def _assign(problem: Problem, blocks: list[Block]) -> None:
    block = _at(blocks, problem.range)
    assert block.parsed is not None
    block.parsed.problems.append(problem.shifted(-block.start))
    if problem.kind is ProblemKind.SYNTAX:
        block.parsed.complete = False


def entries(root: Mapping) -> int:
    """How many blocks there could be at most."""
    return len(root.entries) + sum(len(value.entries) for _, value in root.entries if type(value) is Mapping)


def expect_key(parsed: Parsed) -> None:
    """Say of a tree that is no mapping what should be there."""
    root = parsed.root
    if root is None:
        return
    if type(root) is Sequence:
        message = "Expected 'key: value' here, not a list."
    else:
        message = "Expected ':' and a value after this key." if _one_word(root) else "Expected 'key: value' here."
    start = range_of(root).start
    end_column = root.end_column if root.end_line == root.line else start.character + 1
    where = Range.of(root.line, root.column, root.line, end_column)
    parsed.problems.append(Problem(ProblemKind.SYNTAX, message, where))
    parsed.complete = False


def _at(blocks: list[Block], where: Range) -> Block:
    """The block that a place lies in."""
    return blocks[bisect_right(blocks, where.start.line, key=_START) - 1]


def _one_word(node: Node) -> bool:
    return type(node) is Scalar and len(node.value.split()) <= 1
