"""Who uses what: the resources that a deployment leaves out.

Two unused resources do not keep each other; functions and resources of the cloud's own types are always deployed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sigma_ls.manifest.ids import pascal_case
from sigma_ls.manifest.report import Definition, Findings
from sigma_ls.manifest.schema.capabilities import FUNCTION
from sigma_ls.manifest.users import Users, users_of
from sigma_ls.syntax.blocks import Block

Definitions = Mapping[str, Sequence[tuple[Definition, Block]]]
"""Declarations by id, each with its block."""


def find_unused(definitions: Definitions, users: Users, logical: Iterable[Block]) -> list[str]:
    """Named resources that nothing deployed, no output and no template refers to.

    `logical` are the blocks in which CloudFormation's own functions name logical ids.
    """
    by_logical_id: dict[str, str] = {}
    named: dict[str, None] = {}
    pending: list[str] = []
    edges: dict[str, list[str]] = {}
    inner: set[Block] = set()
    for name, found in definitions.items():
        by_logical_id.setdefault(pascal_case(name), name)
        for each, block in found:
            if each.kind not in {"", FUNCTION} and not each.raw and not each.stage:
                named[name] = None
                if len(block.data.report.definitions) == 1:
                    inner.add(block)
                    edges[name] = [use.id for use in block.data.report.uses]
    for block in logical:
        mentioned = [by_logical_id[name] for name in block.data.report.logical_ids if name in by_logical_id]
        if block in inner:
            edges[block.data.report.definitions[0].id] += mentioned
        else:
            pending += mentioned
    for name in named:
        if any(block not in inner for block in users_of(users, name)):
            pending.append(name)
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += edges.get(name, ())
    return [name for name in named if name not in reached]


def used(report: Findings) -> object:
    """What of an entry decides which resources are used; equal answers, equal use."""
    owner = report.definitions[0].id if len(report.definitions) == 1 else ""
    return owner, tuple([use.id for use in report.uses]), report.logical_ids
