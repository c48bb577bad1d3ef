"""What a change of blocks touches beside these: noted while blocks go and come, and acted on by the index afterwards."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from sigma_ls.manifest.ids import IMPLICIT_API
from sigma_ls.manifest.report import Findings
from sigma_ls.manifest.usage import used
from sigma_ls.syntax.blocks import Block


@define(eq=False)
class Pending:
    """What a change touches: noted while blocks go and come, and acted on when all have come."""

    summaries: dict[str, object] = field(factory=dict)
    """Ids whose declarations may change, with what they were before."""
    claims: dict[str, None] = field(factory=dict)
    used_before: list[object] = field(factory=list)
    used_after: list[object] = field(factory=list)
    tops: bool = False
    project_environment: bool = False

    def note(self, summary: Callable[[str], object], block: Block, *, added: bool = False) -> None:
        """Note a block that is about to go or to come."""
        report: Findings = block.data.report
        for each in report.definitions:
            if each.id not in self.summaries:
                self.summaries[each.id] = summary(each.id)
        if report.implicit_api and IMPLICIT_API not in self.summaries:
            self.summaries[IMPLICIT_API] = summary(IMPLICIT_API)
        for claim in report.claims:
            self.claims[claim.key] = None
        (self.used_after if added else self.used_before).append(used(report))
        self.tops = self.tops or bool(report.tops)
        self.project_environment = self.project_environment or any(not each.id for each in report.environments)
