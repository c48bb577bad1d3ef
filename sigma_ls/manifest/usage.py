"""Who uses what: the resources that a deployment leaves out.

Two unused resources do not keep each other; functions and resources of the cloud's own types are always deployed.
"""

from __future__ import annotations

from collections.abc import Iterable

from sigma_ls.manifest.ids import pascal_case
from sigma_ls.manifest.keyed import Keyed, each_key
from sigma_ls.manifest.report import Definition, Findings
from sigma_ls.manifest.schema.capabilities import FUNCTION
from sigma_ls.manifest.users import Users, users_of
from sigma_ls.syntax.blocks import Block


def find_unused(definitions: Keyed[Definition], users: Users, logical: Iterable[Block]) -> list[str]:
    """Named resources that nothing deployed, no output and no template refers to.

    `logical` are the blocks in which CloudFormation's own functions name logical ids.
    """
    # Of thousands of resources little is made here: what is freed after each change still is the process's memory.
    named: dict[str, None] = {}
    edges: dict[str, list[str]] = {}
    for name, found in each_key(definitions):
        for each, block in found:
            if _may_be_left_out(each):
                named[name] = None
                if _is_inner(block) and block.data.report.uses:
                    edges[name] = [use.id for use in block.data.report.uses]
    pending = [name for name in named if not all(map(_is_inner, users_of(users, name)))]
    logical = list(logical)
    by_logical_id: dict[str, str] = {}
    for name in definitions if logical else ():
        by_logical_id.setdefault(pascal_case(name), name)
    for block in logical:
        mentioned = [by_logical_id[name] for name in block.data.report.logical_ids if name in by_logical_id]
        if _is_inner(block):
            edges.setdefault(block.data.report.definitions[0].id, []).extend(mentioned)
        else:
            pending += mentioned
    reached: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending += edges.get(name, ())
    return [name for name in named if name not in reached]


def _may_be_left_out(definition: Definition) -> bool:
    return definition.kind not in {"", FUNCTION} and not definition.raw and not definition.stage


def _is_inner(block: Block) -> bool:
    """Whether what a block refers to is deployed only if the resource that it declares is."""
    definitions = block.data.report.definitions
    return len(definitions) == 1 and _may_be_left_out(definitions[0])


def used(report: Findings) -> object:
    """What of an entry decides which resources are used; equal answers, equal use."""
    owner = report.definitions[0].id if len(report.definitions) == 1 else ""
    return owner, tuple([use.id for use in report.uses]), report.logical_ids
