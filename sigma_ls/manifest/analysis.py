"""The analysis of a manifest that is being edited: the server and `sigma-ls check` use this one.

An edit costs the blocks that it touched; `diagnostics` costs the blocks that have any.  What cannot be known block by
block waits for `settle`: documents that are YAML only as a whole, and what a stage's overrides make of other entries.
"""

from __future__ import annotations

from attrs import evolve

from sigma_ls.manifest import codes
from sigma_ls.manifest.across import across
from sigma_ls.manifest.diagnostic import Code, Diagnostic, Fix, Related, Severity, diagnostic
from sigma_ls.manifest.entry import analyse
from sigma_ls.manifest.fixes import spaces_for_tabs
from sigma_ls.manifest.ignoring import find_ignores
from sigma_ls.manifest.index import Index
from sigma_ls.manifest.lowered import Lowered
from sigma_ls.manifest.noted import Entry
from sigma_ls.manifest.placed import placed
from sigma_ls.manifest.rules.code import Fault, Files, diagnostics_of, find_fault
from sigma_ls.manifest.schema import KEYS, SECTIONS
from sigma_ls.manifest.schema.types import Platform, platform_named
from sigma_ls.manifest.stages import apply_stage, without_stages
from sigma_ls.manifest.tree import whole_tree
from sigma_ls.syntax.blocks import Block, Part
from sigma_ls.syntax.document import Change, Document
from sigma_ls.syntax.nodes import Mapping, Scalar, lookup
from sigma_ls.syntax.parse import LARGEST_WHOLE, Parsed, parse
from sigma_ls.syntax.problem import Problem, ProblemKind
from sigma_ls.syntax.span import Range

NAME = "sigma.yaml"
OTHER_NAME = "sigma.yml"

SMALL = 2_000
"""Lines up to which `edit` settles at once, once more for each stage that overrides entries: 3 to 10 ms."""
MOST_DIAGNOSTICS = 1_000
"""More are not shown: an editor would only slow down, and garbage has them by the ten thousand.  A guess."""

_CODES: dict[ProblemKind, Code] = {
    ProblemKind.SYNTAX: codes.SYNTAX,
    ProblemKind.TAB: codes.TAB,
    ProblemKind.INDENTATION: codes.INDENTATION,
    ProblemKind.DUPLICATE_KEY: codes.DUPLICATE_KEY,
    ProblemKind.CHARACTER: codes.CHARACTER,
    ProblemKind.ALIAS: codes.ALIAS,
    ProblemKind.ALIAS_SIZE: codes.ALIAS_SIZE,
    ProblemKind.DEPTH: codes.TOO_LARGE,
    ProblemKind.SIZE: codes.TOO_LARGE,
    ProblemKind.SECOND_DOCUMENT: codes.SECOND_DOCUMENT,
}


class Analysis:
    """One manifest; `files` are those beside it, and `uri` its own address, should there be any.

    Ranges are in code points.  No method raises or hangs, whatever the text is.
    """

    def __init__(self, files: Files | None = None, uri: str = "", *, small: int = SMALL) -> None:
        """`small` is how many lines are settled at once; see `SMALL`."""
        self._files = files
        self._small = small
        self._uri = uri
        self._faults: dict[object, Fault | None] = {}
        self._settled = True
        self.open("")

    # --- editing ------------------------------------------------------------------------------------------------------

    def open(self, text: str) -> None:
        """Take a new text."""
        self.document = Document(text, SECTIONS, KEYS)
        self._index = Index()
        self._platform = self._named_platform()
        self._doubtful: dict[Block, bool] = {}
        """Blocks that may be fine as a part of the whole text, and whether to be silent of them until that is known."""
        self._ignoring: dict[Block, None] = {}
        self._overriding = False
        self._staged: list[Diagnostic] = []
        self._found: list[Diagnostic] | None = None
        self._apply(Change([], self.document.blocks, moved=True))
        self._settle_if_small()

    def edit(self, where: Range, text: str) -> None:
        """Put `text` in the place of `where`."""
        self._take(self.document.edit(where, text, put_off=len(self.document.lines) > self._small))
        self._settle_if_small()

    def _take(self, change: Change) -> None:
        if any(not block.section for block in (*change.removed, *change.added)):
            platform = self._named_platform()
            if platform != self._platform:
                self._platform = platform
                change = Change(
                    [block for block in (*change.removed, *self.document.blocks) if block.data is not None],
                    self.document.blocks,
                    moved=True,
                )
        self._apply(change)

    @property
    def text(self) -> str:
        """The text as it is now."""
        return self.document.text

    @property
    def platform(self) -> Platform | None:
        """The one that the manifest names, where it is one."""
        return self._platform

    @property
    def settled(self) -> bool:
        """Whether `settle` has nothing to do; until then `diagnostics` may say too little, or what was true before."""
        return self._settled

    def settle(self) -> None:
        """Find out what needs the whole text at once: costs about 3 ms for each thousand lines."""
        if self._settled:
            return
        if self.document.stale:
            self._take(self.document.refresh())
        elif self._doubtful and not self.document.whole and (change := self.document.read_whole()) is not None:
            self._apply(change)
        self._settled = True
        if any(self._doubtful.values()):
            self._doubtful = dict.fromkeys(self._doubtful, False)
            self._found = None
        if self._overriding:
            self._staged = self._stage_diagnostics()
            self._found = None

    def files_changed(self) -> None:
        """Look again at the code of all functions."""
        self._faults.clear()
        for block in self.document.blocks:
            if block.data.report.code:
                self._check_code(block)
                self._index.note(block)
        self._found = None

    # --- answers ------------------------------------------------------------------------------------------------------

    def diagnostics(self) -> list[Diagnostic]:
        """All that is wrong, in the order of the text."""
        if self._found is None:
            self._index.refresh()
            found = self._file_diagnostics()
            # Where there are too many, those of the top level are kept: a misspelt section is the cause of all others.
            for block in sorted(self._index.noisy, key=_outer_first):
                if self._doubtful.get(block):
                    continue
                found += placed(self._index, block)
                if len(found) > MOST_DIAGNOSTICS and not self._ignoring:
                    break
            found += across(self._index)
            found += self._staged
            if self._ignoring:
                found = self._without_ignored(found)
            del found[MOST_DIAGNOSTICS:]
            found.sort(key=_place)
            self._found = _once(found)
        return self._found

    def deployed(self) -> tuple[int, int]:
        """How many functions and resources are deployed at least; none where a stage or `template` may take any away."""
        self._index.refresh()
        if self._overriding or self._index.has_template:
            return 0, 0
        return self._index.deployed()

    @property
    def index(self) -> Index:
        """What is declared and used, for features of the editor; to be read only."""
        return self._index

    @property
    def files(self) -> Files | None:
        """The files beside the manifest, should there be any."""
        return self._files

    def project(self, stage: str | None = None) -> Lowered:
        """The project as a stage sees it (by default the first), and all diagnostics of the manifest."""
        self.settle()
        broken = any(block.data.broken for block in self.document.blocks)
        return _lowered(whole_tree(self.document), stage, tuple(self.diagnostics()), broken=broken)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _apply(self, change: Change) -> None:
        for block in change.removed:
            self._doubtful.pop(block, None)
            self._ignoring.pop(block, None)
        # A block that stays is taken out with the facts that it had.
        index = self._index
        index.remove(change.removed)
        # What was known of them goes before as much comes, so that memory does not grow by both.
        for block in change.removed:
            block.data = None
        for block in change.added:
            self._read(block)
        index.add(change.added)
        if change.moved:
            index.moved()
        self._overriding = bool(index.stages) and index.overrides_entries
        self._settled = (
            not self.document.stale and not (self._doubtful and not self.document.whole) and not self._overriding
        )
        if change.moved or not self._overriding:
            self._staged = []  # They would stand on wrong lines until the next `settle`.
        self._found = None

    def _settle_if_small(self) -> None:
        passes = 1 + (len(self._index.stages) if self._overriding else 0)
        if not self._settled and len(self.document.lines) * passes <= self._small:
            self.settle()

    def _read(self, block: Block) -> None:
        """Make the block's `Entry`."""
        parsed = self.document.parse(block)
        problems = parsed.problems
        if parsed.unknown_aliases:
            problems = problems + [
                Problem(ProblemKind.ALIAS, f"No anchor '&{name}' stands before this alias.", where)
                for name, where in parsed.unknown_aliases.items()
            ]
        broken = not parsed.complete
        content, start = self.document.lines.content, block.start
        section = block.section if block.part is Part.CHILD else ""
        report = analyse(parsed.root, section, self._platform, lambda line: content(start + line))
        if broken or parsed.unknown_aliases:
            report.diagnostics.clear()
        if problems:
            report.diagnostics[:0] = (_diagnostic_of(each, self._fix(block, each)) for each in problems)
        text = self.document.text_of(block)
        ignores = tuple(find_ignores(text)) if block.part is not Part.TAIL else ()
        broken = broken or bool(parsed.unknown_aliases)
        block.data = Entry(report.findings(), broken, ignores, unsure=broken or block.misfit)
        if ignores:
            self._ignoring[block] = None
        if _may_be_part_of_more(block, parsed):
            self._doubtful[block] = parsed.complete and bool(parsed.unknown_aliases) and not self.document.whole
        if report.code:
            self._check_code(block)

    def _fix(self, block: Block, problem: Problem) -> Fix | None:
        if problem.kind is not ProblemKind.TAB:
            return None
        lines = [self.document.lines.content(block.start + line) for line in range(block.count)]
        return spaces_for_tabs(lines, problem.range.start.line, self.document.indent_width)

    def _check_code(self, block: Block) -> None:
        entry: Entry = block.data
        entry.faults = ()
        if self._files is None or entry.broken:
            return
        for use in entry.report.code:
            question = use.question
            if question not in self._faults:
                self._faults[question] = find_fault(use, self._files)
            entry.faults = (*entry.faults, *diagnostics_of(use, self._faults[question]))

    def _named_platform(self) -> Platform | None:
        for block in self.document.blocks:
            if block.part is Part.ENTRY and block.name.strip("\"'") == "platform":
                value = lookup(self.document.parse(block).root, "platform")
                return platform_named(value.value) if type(value) is Scalar else None
        return None

    def _stage_diagnostics(self) -> list[Diagnostic]:
        """What is wrong with the manifest as a stage sees it, and not already as it is written."""
        if any(block.data.broken for block in self.document.blocks):
            return []
        root = whole_tree(self.document)
        self._index.refresh()
        written = [each for block in self._index.noisy for each in placed(self._index, block)]
        known = {(each.code, each.range) for each in (*written, *across(self._index))}
        found = []
        for stage in self._index.stages:
            merged = without_stages(apply_stage(root, stage))
            block = Block(Part.ENTRY, "", "", None, misfit=False, start=0)
            block.data = Entry(
                analyse(merged, "", self._platform, self.document.lines.content).findings(), broken=False, ignores=()
            )
            index = Index(stage=stage)
            index.add([block])
            index.refresh()
            for each in (*placed(index, block), *across(index)):
                if (each.code, each.range) not in known and each.severity is not Severity.HINT:
                    known.add((each.code, each.range))
                    found.append(evolve(each, message=f"{each.message.rstrip('.')} (in stage '{stage}')."))
        return found

    def _file_diagnostics(self) -> list[Diagnostic]:
        if self._uri.rpartition("/")[2] == OTHER_NAME and self._files is not None and self._files.exists(NAME):
            message = f"This file is ignored: the folder's manifest is the {NAME} beside it."
            first = Range.of(0, 0, 0, len(self.document.lines.content(0)))
            return [diagnostic(codes.IGNORED_FILE, first, message)]
        return []

    def _without_ignored(self, found: list[Diagnostic]) -> list[Diagnostic]:
        ignored = {
            (block.start + line, code)
            for block in self._ignoring
            for line, silent in block.data.ignores
            for code in silent
        }
        return [each for each in found if (each.range.start.line, each.code) not in ignored]


def check_text(text: str, files: Files | None = None, uri: str = "") -> list[Diagnostic]:
    """All that is wrong with a manifest."""
    analysis = Analysis(files, uri)
    analysis.open(text)
    analysis.settle()
    return analysis.diagnostics()


def lower(text: str, stage: str | None = None, files: Files | None = None) -> Lowered:
    """The project that `text` describes for a stage (by default its first), and all that is wrong with the text."""
    analysis = Analysis(files)
    analysis.open(text)
    return analysis.project(stage)


def lower_checked(text: str, stage: str | None = None) -> Lowered:
    """The same for a text that an `Analysis` found no error in: the rules are not asked again, which takes most time."""
    parsed = parse(text, largest=LARGEST_WHOLE)
    root = parsed.root
    if parsed.problems or parsed.unknown_aliases or type(root) is not Mapping:
        return lower(text, stage)  # It is YAML block by block only.
    return _lowered(root, stage, (), broken=False)


def _lowered(root: Mapping, stage: str | None, found: tuple[Diagnostic, ...], *, broken: bool) -> Lowered:
    from sigma_ls.manifest.lower import lowered  # noqa: PLC0415 - an editor's first diagnostics need no model

    return lowered(root, stage, found, broken=broken)


def _diagnostic_of(problem: Problem, fix: Fix | None) -> Diagnostic:
    related = (Related("The first one.", problem.related),) if problem.related is not None else ()
    return diagnostic(_CODES[problem.kind], problem.range, problem.message, related=related, fix=fix)


def _may_be_part_of_more(block: Block, parsed: Parsed) -> bool:
    """Whether the block may be fine as a part of the whole text though it is not by itself."""
    if block.part is Part.REST or any(each.kind is ProblemKind.SIZE for each in parsed.problems):
        return False
    if parsed.open_ended or parsed.unknown_aliases or block.misfit:
        return True
    if block.name[:1] == "?":
        return True  # Its value is a block of its own, which starts with ':'.
    return not parsed.complete and (block.name[:1] in ("", ":", '"', "'", ",") or parsed.root is None)


def _once(found: list[Diagnostic]) -> list[Diagnostic]:
    """Each once: what is wrong with an anchored value is found again for each of its aliases."""
    if len(found) < 2:
        return found
    return list({(*_place(each), each.range.end, each.message): each for each in reversed(found)}.values())[::-1]


def _outer_first(block: Block) -> tuple[bool, int]:
    return block.part is Part.CHILD, block.start


def _place(found: Diagnostic) -> tuple[int, int, str]:
    start = found.range.start
    return start.line, start.character, found.code
