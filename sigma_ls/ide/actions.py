"""Quick fixes: what puts a diagnostic right, or silences it.

They are made from the diagnostics of the text as it is now, never from those that an editor remembers, so that an edit
always fits the text it is meant for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from sigma_ls.ide.code_places import handler_paths
from sigma_ls.ide.declaring import declare
from sigma_ls.ide.ignoring import can_be_ignored, ignore
from sigma_ls.ide.missing_keys import add_missing
from sigma_ls.manifest import codes
from sigma_ls.manifest.analysis import Analysis
from sigma_ls.manifest.code_use import CodeUse
from sigma_ls.manifest.diagnostic import Diagnostic, Fix, TextEdit
from sigma_ls.syntax.span import Range

_PYTHON = "def {name}(event, context):\n    return None\n"
_PYTHON_ON_GCP = 'def {name}(request):\n    return "ok"\n'
_NODE = "exports.{name} = async (event) => {{\n  return null;\n}};\n"
_MODULE = "export const {name} = async (event) => {{\n  return null;\n}};\n"


@frozen
class NewFile:
    """A file to make, by its path relative to the manifest."""

    path: str
    text: str


@frozen
class Action:
    """One thing that can be done about a diagnostic."""

    title: str
    diagnostic: Diagnostic
    edits: tuple[TextEdit, ...] = ()
    file: NewFile | None = None
    preferred: bool = False
    """Whether it is the one obvious thing to do."""


def actions(
    analysis: Analysis, found: Iterable[Diagnostic], where: Range, *, creates_files: bool = True
) -> list[Action]:
    """What can be done about those of the diagnostics that touch `where`; fixes first, then what silences them."""
    fixes: list[Action] = []
    silencers: list[Action] = []
    for each in found:
        if each.range.start > where.end or each.range.end < where.start:
            continue
        given = _fixes(analysis, each)
        files = list(_files(analysis, each)) if creates_files else []
        alone = len(given) + len(files) == 1
        fixes += [Action(fix.title, each, fix.edits, preferred=alone) for fix in given]
        fixes += [Action(f"Create '{file.path}'", each, file=file, preferred=alone) for file in files]
        if can_be_ignored(each) and (edits := ignore(analysis, each)) is not None:
            silencers.append(Action(f"Ignore {each.code} here", each, edits))
    return fixes + silencers


def _fixes(analysis: Analysis, found: Diagnostic) -> list[Fix]:
    fixes = [found.fix] if found.fix is not None else []
    if found.code == codes.UNDEFINED.id:
        fixes += declare(analysis, found)
    if found.code == codes.MISSING_KEY.id and found.fix is None:
        fixes += add_missing(analysis, found)
    return fixes


# --- files --------------------------------------------------------------------------------------------------------------


def _files(analysis: Analysis, found: Diagnostic) -> Iterator[NewFile]:
    """The handler's file, where there is none."""
    if found.code not in (codes.HANDLER_FILE.id, codes.CODE_MISSING.id):
        return
    for block in analysis.document.blocks:
        for use in block.data.report.code:
            spots = (use.handler_spot, use.code_spot)
            if any(Range.of(*spot).shifted(block.start) == found.range for spot in spots) and handler_paths(use):
                path = handler_paths(use)[0]
                yield NewFile(path, _source(use, path))
                return


def _source(use: CodeUse, path: str) -> str:
    name = use.name.partition(".")[0]
    if path.endswith(".py"):
        return (_PYTHON_ON_GCP if use.platform == "gcp" else _PYTHON).format(name=name)
    return (_MODULE if path.endswith(".mjs") else _NODE).format(name=name)
