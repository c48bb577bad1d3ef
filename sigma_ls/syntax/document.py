"""A document that is edited: its lines, its blocks, and which blocks an edit touched.

Work for an edit is proportional to the touched blocks.  Documents whose pieces are not YAML one by one, but are
together, are read whole (`whole`): each edit then costs a parse of everything, or that is put off (`stale`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from operator import attrgetter

from attrs import frozen

from sigma_ls.syntax.blocks import MOST, Block, Part, cut, is_item, is_marker
from sigma_ls.syntax.lines import Lines, Splice
from sigma_ls.syntax.nodes import Mapping
from sigma_ls.syntax.parse import LARGEST_WHOLE, Parsed, parse
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.retouch import retouched
from sigma_ls.syntax.span import Range
from sigma_ls.syntax.whole import blocks_of, entries, expect_key
from sigma_ls.syntax.wording import tab

_START = attrgetter("start")
LONG = 1_000
"""Lines of an entry without meaning beyond which its tree is not kept whole.  A guess: a tree of 500 kB."""

_OUTER = frozenset((Part.PROLOG, Part.TAIL, Part.REST))


@frozen
class Change:
    """What an edit did to the table: blocks that are gone, blocks that are new, and whether any line moved."""

    removed: list[Block]
    added: list[Block]
    moved: bool


class Document:
    """A text and its table of blocks, whose children are cut out of `sections`."""

    __slots__ = ("_keys", "_latest", "_sections", "_touched", "blocks", "lines", "stale", "whole")

    def __init__(self, text: str, sections: Collection[str], keys: Collection[str] | None = None) -> None:
        """`keys` are those of the top level that mean anything; without them, all do."""
        self._sections = frozenset(sections)
        self._keys = None if keys is None else frozenset(keys)
        self.lines = Lines(text)
        self.whole = False
        """Whether the blocks came from parsing the text as a whole."""
        self.stale = False
        """Whether they came from an earlier text, and `refresh` is to be called; their lines are those of now."""
        self._touched: set[Block] = set()
        self._latest: tuple[Block, Parsed] | None = None
        """The block that was parsed last, with its tree: the next keystroke is likely in it."""
        self.blocks: list[Block] = []
        self._cut_all([])

    @property
    def text(self) -> str:
        """The whole text, exactly as it was typed."""
        return self.lines.text

    def block_at(self, line: int) -> Block | None:
        """The block that holds a line."""
        index = bisect_right(self.blocks, line, key=_START) - 1
        return self.blocks[index] if index >= 0 else None

    @property
    def indent_width(self) -> int:
        """Spaces of one level, as the first section that has any says; else two, which is what most people write."""
        for block in self.blocks:
            if block.part is Part.CHILD and block.indent:
                return block.indent
        return 2

    def text_of(self, block: Block) -> str:
        """The block's lines."""
        return self.lines.between(block.start, block.start + block.count)

    def parse(self, block: Block) -> Parsed:
        """The block's tree and problems, lines counted from the block's first."""
        if block.parsed is not None:
            return block.parsed
        if self._latest is not None and self._latest[0] is block:
            return self._latest[1]
        if block.part is Part.PROLOG:
            return self._prolog(block)
        if block.part is Part.REST:
            message = f"A manifest has at most {MOST:,} entries: this one and what follows it are not analysed."
            return Parsed(None, [Problem(ProblemKind.SIZE, message, Range.of(0, 0, 0, 1))], complete=False)
        if block.part is Part.TAIL:
            return Parsed(None, self._tail_problems(block))
        parsed = parse(self.text_of(block), inner=block.start > 0, skim=self._means_nothing(block))
        if block.misfit:
            line = self.lines.content(block.start)
            indent = len(line) - len(line.lstrip(" "))
            message = (
                f"Indented by {indent}, but the first entry of '{block.section}' by {block.indent}: align the two."
            )
            where = Range.of(0, 0, 0, indent)
            parsed.problems.append(Problem(ProblemKind.INDENTATION, message, where))
        if type(parsed.root) is not Mapping and parsed.complete:
            expect_key(parsed)
        if block.part is Part.CHILD:
            self._latest = block, parsed
        return parsed

    def edit(self, where: Range, text: str, *, put_off: bool = False) -> Change:
        """Put `text` in the place of `where` (code points); `put_off` does no more where all would have to be parsed."""
        before = self.lines.content(where.start.line)
        splice = self.lines.replace(where, text)
        if not self.whole and splice.removed == splice.inserted == 1 and (change := self._within(splice.first, before)):
            return change
        shift = splice.inserted - splice.removed
        if self.whole:
            # The blocks move with their lines, and what was touched is known, also where all is read again at once.
            change = self._put_off(splice)
            return change if put_off else self.refresh()
        old = self.blocks
        last_line = splice.first + splice.removed - 1
        first = max(bisect_right(old, splice.first, key=_START) - 1, 0)
        last = max(bisect_right(old, last_line, key=_START) - 1, 0)
        if first > 0 and old[first].start == splice.first:
            first -= 1  # What starts here may now go on with the block before.
        touched = old[first : last + 1]
        if first == 0 or any(block.part in _OUTER for block in touched):
            return self._cut_all(old, splice.first, last_line, shift)
        start = touched[0].start
        end = old[last].start + old[last].count + shift
        within = old[first - 1]
        new = cut(self.lines.raw, start, end, self._sections, within)
        if new and new[-1].part is Part.TAIL:
            return self._cut_all(old, splice.first, last_line, shift)
        after = old[last + 1] if last + 1 < len(old) else None
        if after is not None and after.part is Part.CHILD and not _fits(new[-1], after):
            while last + 1 < len(old) and old[last + 1].part is Part.CHILD:
                last += 1
            end = old[last].start + old[last].count + shift
            new = cut(self.lines.raw, start, end, self._sections, within)
            touched = old[first : last + 1]
        if len(old) - len(touched) + len(new) >= MOST:
            return self._cut_all(old, splice.first, last_line, shift)
        new, added, removed = _reuse(new, touched, splice.first, last_line, shift)
        old[first : last + 1] = new
        if shift:
            for index in range(first + len(new), len(old)):
                old[index].start += shift
        return Change(removed, added, bool(shift))

    def read_whole(self) -> Change | None:
        """Try the text as a whole; nothing changes where that fails too, or is no better."""
        parsed = parse(self.text, largest=LARGEST_WHOLE)
        if self._opening() != "bracket" and (not parsed.complete or type(parsed.root) is not Mapping):
            return None
        if type(parsed.root) is Mapping and entries(parsed.root) >= MOST:
            return None
        removed = self.blocks
        self.blocks = blocks_of(parsed, self._sections, len(self.lines))
        self.whole = True
        return Change(removed, self.blocks, moved=True)

    def refresh(self) -> Change:
        """Read the text of a document that was read whole again: whole, or else block by block."""
        old = self.blocks
        if self.read_whole() is not None:
            change = self._kept(self.blocks, old)
        else:
            self.whole = False
            self.blocks = cut(self.lines.raw, 0, len(self.lines), self._sections)
            change = Change(old, self.blocks, moved=True)
        self.stale = False
        self._touched.clear()
        return change

    # --- inside ------------------------------------------------------------------------------------------------------

    def _means_nothing(self, block: Block) -> bool:
        """Whether a block is long and its key none that means anything, such as the misspelt one of a section.

        Its tree, all at once, would take more memory than all that is known of a manifest.
        """
        known = self._keys is None or block.section or block.name.strip("\"'") in self._keys
        return not known and block.part is Part.ENTRY and block.count > LONG

    def _within(self, number: int, before: str) -> Change | None:
        """The change of one line that said `before`, where it lies within a child and cannot begin anything else.

        That is what most keystrokes are; cutting the child anew takes a fifteenth of the time of all that an edit needs.
        """
        index = bisect_right(self.blocks, number, key=_START) - 1
        block = self.blocks[index]
        if block.part is not Part.CHILD or block.start == number or block.indent is None:
            return None
        if _depth(before) <= block.indent or _depth(self.lines.raw[number]) <= block.indent:
            return None
        new = Block(
            Part.CHILD,
            block.section,
            block.name,
            block.indent,
            misfit=block.misfit,
            start=block.start,
            count=block.count,
        )
        self.blocks[index] = new
        self._retouch(block, new, number - new.start, before)
        return Change([block], [new], False)

    def _retouch(self, block: Block, new: Block, line: int, before: str) -> None:
        """Know the tree of `new` from that of `block`, where the parser is not needed for it."""
        latest, self._latest = self._latest, None
        if latest is None or latest[0] is not block:
            return
        parsed = latest[1]
        if parsed.root is None or parsed.problems or parsed.unknown_aliases or not parsed.complete:
            return
        text = self.text_of(new)
        # Anchors: what was shared would not be any more.
        if "&" in text or "*" in text:
            return
        root = retouched(parsed.root, line, before, self.lines.content(new.start + line))
        if root is not None:
            self._latest = new, Parsed(root, [])

    def _cut_all(self, old: list[Block], first: int = 0, last: int = -1, shift: int = 0) -> Change:
        """Cut everything anew, keeping each block of `old` that no line of `first…last` touched."""
        if self._opening() and (change := self.read_whole()) is not None:
            return Change(old, change.added, moved=True)
        self.whole = False
        new = cut(self.lines.raw, 0, len(self.lines), self._sections)
        new, added, removed = _reuse(new, old, first, last, shift)
        self.blocks = new
        return Change(removed, added, moved=True)

    def _put_off(self, splice: Splice) -> Change:
        """Move the blocks with the lines; what was touched keeps its old content."""
        shift = splice.inserted - splice.removed
        blocks = self.blocks
        behind = splice.first + splice.removed
        first = bisect_right(blocks, splice.first, key=_START) - 1
        last = bisect_right(blocks, behind - 1, key=_START) - 1
        # A block may end on the line that the next ones start on.
        before = first
        while before > 0 and (before == first or not blocks[before].count):
            before -= 1
        self._touched.update(blocks[before : last + 1])
        for block in blocks[first + 1 :] if shift or last > first else ():
            block.start = block.start + shift if block.start >= behind else min(block.start, behind + shift)
        for index in range(first, min(last + 1, len(blocks))):
            end = blocks[index + 1].start if index + 1 < len(blocks) else len(self.lines)
            blocks[index].count = end - blocks[index].start
        self.stale = True
        return Change([], [], bool(shift))

    def _kept(self, new: list[Block], old: list[Block]) -> Change:
        """The change from `old` to `new`, both read whole: what no edit touched and depends on nothing else is kept."""
        known = {_identity(block, block.start): block for block in old if block.count and block not in self._touched}
        removed = dict.fromkeys(old)
        added = []
        for index, block in enumerate(new):
            kept = known.get(_identity(block, block.start))
            if kept is not None and kept.name == block.name and self._stands_alone(block) and self._stands_alone(kept):
                new[index] = kept
                del removed[kept]
            else:
                added.append(block)
        return Change(list(removed), added, moved=True)

    def _stands_alone(self, block: Block) -> bool:
        """Whether a block that was read whole holds no alias and no fault, so that equal lines mean the same."""
        parsed = block.parsed
        if parsed is None or parsed.problems or not parsed.complete:
            return False
        # Its last part may stand on the line that the next block starts on.
        return "*" not in self.lines.between(block.start, block.start + block.count + 1)

    def _opening(self) -> str:
        """How the text's first content starts, where it is not a key in the first column.

        `bracket`, as JSON does, or `aside`: indented, a list item, or behind `---`.
        """
        for line in self.lines.raw:
            text = line.removeprefix("\ufeff")
            content = text.strip()
            if not content or content[0] in "#%":
                continue
            if is_marker(text, "---"):
                content = content[3:].strip()
                if content and content[0] != "#":
                    return "aside"
                continue
            if content[0] in "{[":
                return "bracket"
            return "aside" if text[0] in " \t" or is_item(content) else ""
        return ""

    def _prolog(self, block: Block) -> Parsed:
        """What stands before the first key: nothing that counts, or something that should not be there."""
        for number in range(block.start, block.start + block.count):
            line = self.lines.content(number).removeprefix("\ufeff")
            content = line.strip()
            if not content or content[0] in "#%" or is_marker(line, "---"):
                continue
            if "\t" in line[: len(line) - len(line.lstrip())]:
                problem = tab([line], 0).shifted(number - block.start)
            else:
                end = len(line) - len(line.lstrip()) or 1
                message = "Expected a key in the first column here."
                where = Range.of(number - block.start, 0, number - block.start, end)
                problem = Problem(ProblemKind.INDENTATION, message, where)
            return Parsed(None, [problem], complete=False)
        return Parsed(None, [])

    def _tail_problems(self, block: Block) -> list[Problem]:
        if block.name == "...":
            following = self.lines.raw[block.start + 1 : block.start + block.count]
            if not any(line.strip() and not line.lstrip().startswith("#") for line in following):
                return []
        message = "A manifest is one document: this line and what follows it are ignored."
        return [Problem(ProblemKind.SECOND_DOCUMENT, message, Range.of(0, 0, 0, 3))]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _fits(before: Block, after: Block) -> bool:
    """Whether cutting on behind `before` would have made `after` just as it is."""
    if before.section != after.section:
        return False
    return before.indent == after.indent or (before.indent is None and not after.misfit)


def _reuse(
    new: list[Block], old: list[Block], first: int, last: int, shift: int
) -> tuple[list[Block], list[Block], list[Block]]:
    """`new` with each untouched block of `old` in the place of its equal; what of it is new; what of `old` is gone."""
    known: dict[object, Block] = {}
    for block in old:
        if block.start + block.count <= first:
            known[_identity(block, block.start)] = block
        elif block.start > last:
            known[_identity(block, block.start + shift)] = block
    result, added = [], []
    for block in new:
        kept = known.pop(_identity(block, block.start), None)
        if kept is None:
            added.append(block)
            result.append(block)
        else:
            kept.start = block.start
            kept.indent = block.indent
            result.append(kept)
    used = set(map(id, result))
    return result, added, [block for block in old if id(block) not in used]


def _identity(block: Block, start: int) -> object:
    """What makes an untouched block the same as before: its lines, and all that its reading depends on besides."""
    return start, block.count, block.part, block.section, block.indent if block.misfit else None
