"""What is known of one block, as the index and the analysis keep it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from sigma_ls.manifest.diagnostic import Diagnostic
from sigma_ls.manifest.report import Definition, Environment, Findings, Use


@define(eq=False, weakref_slot=False)
class Entry:
    """What is known of one block; it hangs on `Block.data`."""

    report: Findings
    broken: bool
    """Whether the block could not be read to its end, so that only its syntax is complained of."""
    ignores: Sequence[tuple[int, frozenset[str]]]
    """Lines, from the block's first, on which codes are to be silent."""
    unsure: bool = False
    """Whether it is broken, or YAML would read the text otherwise, so that who uses what is not known."""
    judged: Sequence[tuple[Diagnostic, str]] = ()
    """What is wrong with its uses, each with the id in question."""
    undefined: Sequence[Use] = ()
    """Its uses of what nothing declares; what is said of them is made when it is shown, for there may be thousands."""
    faults: Sequence[Diagnostic] = ()
    """What is wrong with its code."""
    unused: Sequence[Definition] = ()
    """Its resources that nothing uses; the hints are made when they are shown, for there may be thousands."""
    heavy: Sequence[Environment] = ()
    """Functions whose variables are too many together with the project's."""
    shown: tuple[int, list[Diagnostic]] | None = None
    """Its diagnostics in the document's lines, and the line it started at; only where they depend on nothing else."""
