"""What entries have to do with each other: who declares an id, who uses it, who claims the same route.

Kept up to date by small facts, so that an edit costs what it touched: the entries it changed, and those that use an id
whose declaration it changed.  Places in it count from their block's first line;
`placed` and `across` say what of it is to be shown, in the document's lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import define, field

from sigma_ls.manifest import tops
from sigma_ls.manifest.claims import Conflict, conflicts_of
from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.manifest.ids import IMPLICIT_API
from sigma_ls.manifest.keyed import Keyed, each_key, facts_of, give, take
from sigma_ls.manifest.noted import Entry
from sigma_ls.manifest.pending import Pending
from sigma_ls.manifest.report import Claim, Definition, Environment, Report, Use
from sigma_ls.manifest.rules.top import (
    check_manifest,
    check_stack,
    engine_of,
    stages_of_one_target,
)
from sigma_ls.manifest.rules.variables import are_too_large
from sigma_ls.manifest.schema.capabilities import FUNCTION
from sigma_ls.manifest.schema.types import Platform
from sigma_ls.manifest.usage import find_unused
from sigma_ls.manifest.users import Users, add_user, remove_user, users_of
from sigma_ls.syntax.blocks import Block


@define(eq=False)
class Index:
    """All facts of one manifest, as it is written or as one stage sees it."""

    definitions: Keyed[Definition] = field(factory=dict)
    _users: Users = field(factory=dict)
    claims: Keyed[Claim] = field(factory=dict)
    conflicts: dict[str, list[Conflict]] = field(factory=dict)
    implicit: dict[Block, None] = field(factory=dict)
    _logical: dict[Block, None] = field(factory=dict)
    tops: dict[Block, None] = field(factory=dict)
    _unsure: dict[Block, None] = field(factory=dict)
    _environments: dict[Block, None] = field(factory=dict)
    """Blocks with any that have variables, or functions that get the project's."""
    stage_names: dict[Block, None] = field(factory=dict)
    google_types: dict[Block, None] = field(factory=dict)
    removals: dict[Block, None] = field(factory=dict)
    named: dict[Block, None] = field(factory=dict)
    of_one_target: list[str] = field(factory=list)
    noisy: dict[Block, None] = field(factory=dict)
    """Blocks with anything to show."""
    stages: tuple[str, ...] = ()
    stage: str = ""
    """The stage as which the manifest is seen here, where it is not as it is written."""
    whole: list[Diagnostic] = field(factory=list)
    engine: str = ""
    _unused: dict[Block, None] = field(factory=dict)
    _usage_known: bool = False
    _usage_changed: bool = True
    _tops_changed: bool = True
    by_kinds: dict[tuple[str, ...], list[str]] = field(factory=dict)
    """Ids that were looked for, until any declaration changes."""
    _pending: Pending = field(factory=Pending)

    # --- keeping it ---------------------------------------------------------------------------------------------------

    def remove(self, blocks: Iterable[Block]) -> None:
        """Take blocks out, as they were when they were added."""
        for block in blocks:
            self._pending.note(self.summary, block)
            self._remove(block)

    def add(self, blocks: Iterable[Block]) -> None:
        """Put blocks in, each with its `Entry`, and judge again whatever that and the last `remove` changed."""
        blocks = list(blocks)
        pending, self._pending = self._pending, Pending()
        if not (self.definitions or self._users or self.claims or self.tops):
            self._fill(blocks)
            return
        for block in blocks:
            pending.note(self.summary, block, added=True)
        for block in blocks:
            self._add(block)
        if pending.tops:
            self._tops_changed = self._usage_changed = True
            self._note_stages()
        changed = [name for name, before in pending.summaries.items() if before != self.summary(name)]
        if changed:
            self.by_kinds.clear()
            for block in self.noisy:
                if block.data.undefined:
                    block.data.shown = None  # Another id may be the nearest now.
        again = dict.fromkeys(blocks)
        for name in changed:
            again.update(dict.fromkeys(users_of(self._users, name)))
        project = tops.environment(ordered(self.tops))
        for block in self._environments if pending.project_environment else blocks:
            self._weigh(block, project)
        for block in again:
            self._judge(block)
        for key in pending.claims:
            self._compare(key)
        if changed or pending.used_before != pending.used_after:
            self._usage_changed = True

    def _fill(self, blocks: Sequence[Block]) -> None:
        """The same where nothing is there yet: all is new, so that what was before need not be compared."""
        for block in blocks:
            self._add(block)
        self._tops_changed = self._usage_changed = True
        self._note_stages()
        self.by_kinds.clear()
        project = tops.environment(ordered(self.tops))
        for block in self._environments if project is not None else ():
            self._weigh(block, project)
        for block in blocks:
            self._judge(block)
        self.conflicts.clear()
        for key, claims in each_key(self.claims):
            if len(claims) > 1:
                self._compare(key)

    def moved(self) -> None:
        """Entries have moved to other lines."""
        self._tops_changed = True

    def _remove(self, block: Block) -> None:
        report = block.data.report
        for each in report.definitions:
            take(self.definitions, each.id, each)
        for use in report.uses:
            remove_user(self._users, use.id, block)
        for claim in report.claims:
            take(self.claims, claim.key, claim)
        for table in (
            self.implicit,
            self._logical,
            self.tops,
            self._unsure,
            self._environments,
            self.stage_names,
            self.google_types,
            self.removals,
            self.named,
            self._unused,
            self.noisy,
        ):
            table.pop(block, None)

    def _add(self, block: Block) -> None:
        entry: Entry = block.data
        report = entry.report
        for each in report.definitions:
            give(self.definitions, each.id, each, block)
        for use in report.uses:
            add_user(self._users, use.id, block)
        for claim in report.claims:
            give(self.claims, claim.key, claim, block)
        if report.implicit_api:
            self.implicit[block] = None
        if report.logical_ids:
            self._logical[block] = None
        if report.tops:
            self.tops[block] = None
        if entry.unsure:
            self._unsure[block] = None
        if report.environments:
            self._environments[block] = None
        if report.stage_names:
            self.stage_names[block] = None
        if report.google_types:
            self.google_types[block] = None
        if report.removals:
            self.removals[block] = None
        if any(each.name_spot is not None and not each.stage for each in report.definitions):
            self.named[block] = None
        if any(each.kind != FUNCTION for each in report.definitions):
            # A new block has no hints yet, even where it says what the old one said.
            self._usage_changed = True

    # --- declarations and uses ----------------------------------------------------------------------------------------

    def summary(self, name: str) -> object:
        """All that uses of an id depend on; equal summaries judge the same."""
        return [each for each, _ in self._declared(name)], self._is_implicit(name)

    def _declared(self, name: str) -> Sequence[tuple[Definition, Block]]:
        """All declarations of an id, in the document's order."""
        found = facts_of(self.definitions, name)
        return found if len(found) < 2 else sorted(found, key=_definition_start)

    def _is_implicit(self, name: str) -> bool:
        return name == IMPLICIT_API and bool(self.implicit)

    def resolve(self, name: str, stage: str = "") -> tuple[Definition, Block | None] | None:
        """What an id stands for, and the block that declares it; an implicit api has none."""
        alone = self.definitions.get(name)
        if isinstance(alone, tuple) and not alone[0].stage:
            return alone
        only: dict[str, tuple[Definition, Block]] = {}
        for found in self._declared(name):
            if not found[0].stage:
                return found
            only[found[0].stage] = found
        if self._is_implicit(name):
            return Definition(IMPLICIT_API, "api"), None
        if stage:
            return only.get(stage)
        if only and self.stages and all(name in only for name in self.stages):
            return only[self.stages[0]]
        return None

    def deployed(self) -> tuple[int, int]:
        """How many functions, and how many resources that are used and do not exist already."""
        unused = {each.id for block in self._unused for each in block.data.report.definitions}
        functions = resources = 0
        for name, found in each_key(self.definitions):
            first = found[0][0]
            if first.stage or first.existing or not first.kind or name in unused:
                continue
            if first.kind == FUNCTION:
                functions += 1
            else:
                resources += 1
        return functions, resources

    def ids(self) -> tuple[str, ...]:
        """All that are declared."""
        return tuple(self.definitions)

    @property
    def has_implicit_api(self) -> bool:
        """Whether an http trigger needs the project's implicit api."""
        return bool(self.implicit)

    def blocks_naming(self, name: str, logical_id: str) -> list[Block]:
        """The blocks that declare or use an id, or name its logical id to CloudFormation; in the document's order."""
        found = {block for _, block in self._declared(name)}
        found.update(users_of(self._users, name))
        found.update(block for block in self._logical if logical_id in block.data.report.logical_ids)
        return ordered(found)

    def _judge(self, block: Block) -> None:
        entry: Entry = block.data
        judged: list[tuple[Diagnostic, str]] = []
        missing: list[Use] = []
        if entry.report.uses and not entry.broken:
            scratch = Report()
            for use in entry.report.uses:
                found = self.resolve(use.id, use.stage)
                if found is None:
                    if not use.free and not use.follows:
                        missing.append(use)
                elif found[0].kind:
                    use.rule(use, found[0], scratch)
                    if scratch.diagnostics:
                        judged += [(each, use.id) for each in scratch.diagnostics]
                        scratch.diagnostics.clear()
        entry.judged = tuple(judged)
        entry.undefined = tuple(missing)
        self.note(block)

    def note(self, block: Block) -> None:
        """Remember whether a block has anything to show."""
        entry: Entry = block.data
        entry.shown = None
        if entry.report.diagnostics or entry.judged or entry.undefined or entry.faults or entry.unused or entry.heavy:
            self.noisy[block] = None
        else:
            self.noisy.pop(block, None)

    def all_of(self, name: str) -> list[Definition]:
        """What declares an id: itself, and stages."""
        return [each for each, _ in facts_of(self.definitions, name)]

    # --- environment variables ----------------------------------------------------------------------------------------

    def _weigh(self, block: Block, project: tuple[Environment, Block] | None) -> None:
        """Find the functions whose variables are too many together with the project's."""
        entry: Entry = block.data
        heavy = []
        if project is not None and not entry.broken:
            heavy = [each for each in entry.report.environments if each.id and are_too_large(each, project[0])]
        if heavy or entry.heavy:
            entry.heavy = heavy
            self.note(block)

    # --- claims -------------------------------------------------------------------------------------------------------

    def _compare(self, key: str) -> None:
        claims = facts_of(self.claims, key)
        if len(claims) < 2:
            self.conflicts.pop(key, None)
        else:
            self.conflicts[key] = conflicts_of(sorted(claims, key=_claim_start))

    # --- the whole ----------------------------------------------------------------------------------------------------

    @property
    def platform(self) -> Platform | None:
        """The platform that the manifest names, where it is one."""
        return tops.platform(ordered(self.tops))

    @property
    def overrides_entries(self) -> bool:
        """Whether any stage overrides more than where to deploy."""
        return tops.overrides_entries(self.tops)

    def _note_stages(self) -> None:
        stages = tuple(
            name.removeprefix("stages.") for name in tops.facts(ordered(self.tops)) if name.startswith("stages.")
        )
        if stages != self.stages:
            self.stages = stages
            for name, found in each_key(self.definitions):
                if any(each.stage for each in self.all_of(name)) and found:
                    for block in users_of(self._users, name):
                        self._judge(block)

    def refresh(self) -> None:
        """Judge what depends on everything, where something that it depends on has changed; cheap where not."""
        if self._tops_changed:
            self._tops_changed = False
            report = Report()
            facts = tops.facts(ordered(self.tops))
            check_manifest(facts, self.platform, report)
            if not self.stage:
                check_stack(facts, self.platform, report)
            self.whole = report.diagnostics
            self.engine = engine_of(facts)
            self.of_one_target = stages_of_one_target(facts)
        if self._usage_changed or self._usage_known == bool(self._unsure):
            self._usage_changed = False
            self._usage_known = not self._unsure
            self._note_unused()

    def _note_unused(self) -> None:
        """Hang the hints on the entries; where something cannot be read, who uses what is not known."""
        unused: dict[Block, list[Definition]] = {}
        if self._usage_known and not tops.template_is_a_file(self.tops):
            for name in find_unused(self.definitions, self._users, self._logical):
                definition = self.resolve(name)
                if definition is not None and definition[1] is not None:
                    unused.setdefault(definition[1], []).append(definition[0])
        for block in (*self._unused, *unused):
            entry: Entry = block.data
            now = tuple(unused.get(block, ()))
            if [each.spot for each in entry.unused] != [each.spot for each in now]:
                entry.unused = now
                self.note(block)
        self._unused = dict.fromkeys(unused)

    @property
    def has_template(self) -> bool:
        """Whether the manifest changes the template that is made of it."""
        return any(fact.name == "template" for fact in tops.every(self.tops))


def ordered(blocks: Iterable[Block]) -> list[Block]:
    """Blocks in the document's order."""
    found = list(blocks)
    if len(found) > 1:
        found.sort(key=_start)
    return found


def _start(block: Block) -> int:
    return block.start


def _definition_start(declared: tuple[Definition, Block]) -> int:
    return declared[1].start


def _claim_start(claim: tuple[Claim, Block]) -> int:
    return claim[1].start
