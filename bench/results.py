"""bench/RESULTS.md: the medians of all servers beside each other, and which targets they meet."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from bench.typist import FLOOD, FLOOD_GAP

OURS = "sigma-ls"
PEER = "yaml-language-server"
FLOOR = "floor"

Medians = dict[str, float]
"""The median of each figure: milliseconds and megabytes."""
Results = Mapping[tuple[str, int], Medians]
"""By server and size."""

TITLES = {
    "edit": ("Edit of a value → diagnostics", "ms"),
    "header": ("Edit of a section's head → diagnostics", "ms"),
    "block": ("New or removed function → diagnostics", "ms"),
    "flood": (f"Last of {FLOOD} edits, {FLOOD_GAP * 1e3:.0f} ms apart → diagnostics", "ms"),
    "initialize": ("Spawn → reply of initialize", "ms"),
    "first": ("Spawn → first diagnostics", "ms"),
    "memory": ("Resident memory of the server's process after the edits", "MB"),
    "tree": ("Resident memory with all child processes, half a second after the edits", "MB"),
    "settled": ("Resident memory with all child processes, after a while without edits", "MB"),
}


_INTRODUCTION = (
    f"Medians of {{rounds}} processes of each server at each size, and for starts of three more for each of them, in turns; {PEER} 2.0.0 as shipped (it waits 200 ms before it "
    f"looks at an edit), with our JSON Schema; *{FLOOR}*: a bare JSON-RPC loop that re-parses the touched block and "
    "checks nothing (`bench/floor.py`). sigma-ls checks templates with cfn-lint in a process of its own, which ends "
    "when nobody needs it for a while; memory is given without and with it."
)


@frozen
class Target:
    """What a figure is to be: at most `factor` times another server's, or so many of its unit without one."""

    figure: str
    size: int
    factor: float
    of: str = ""

    def row(self, results: Results) -> list[str]:
        """The target, what is, and whether that is enough."""
        title, unit = TITLES[self.figure]
        ours = results[OURS, self.size][self.figure]
        if not self.of:
            wanted, there, met = f"≤ {self.factor:.0f} {unit}", f"{ours:.1f} {unit}", ours <= self.factor
        else:
            other = results[self.of, self.size][self.figure]
            met = ours <= self.factor * other
            if self.factor < 0.01:
                wanted, there = f"{1 / self.factor:.0f}× faster than {self.of}", f"{other / ours:.0f}×"
            else:
                wanted, there = f"≤ {self.factor:g}× {self.of}", f"{ours / other:.2f}×"
        return [title, f"{self.size:,}", wanted, there, "yes" if met else "**no**"]


def _targets() -> Iterator[Target]:
    for size, times in {100: 130, 1_000: 150, 10_000: 200, 50_000: 450}.items():
        yield Target("edit", size, 1 / times, PEER)
    for size in (100, 1_000, 10_000, 50_000):
        yield Target("edit", size, 3, FLOOR)
    yield Target("header", 10_000, 60)
    yield Target("block", 10_000, 60)
    yield Target("flood", 50_000, 20)
    for figure, part in (("initialize", 0.7), ("first", 0.4)):
        for size in (100, 1_000, 10_000, 50_000):
            yield Target(figure, size, part, PEER)
    for figure in ("memory", "settled"):
        for size, part in {100: 0.45, 1_000: 0.3, 10_000: 0.2, 50_000: 0.07}.items():
            yield Target(figure, size, part, PEER)


def report(results: Results, names: Sequence[str], rounds: int) -> str:
    """The whole page."""
    sizes = sorted({size for _, size in results})
    targets = [target for target in _targets() if target.size in sizes]
    parts = [
        "# Results of `make bench`",
        f"{datetime.now(UTC).date().isoformat()}, commit {_commit()}; {_machine()}.",
        _INTRODUCTION.format(rounds=rounds),
        "## Targets",
        _table(["", "lines", "target", "measured", "met"], [target.row(results) for target in targets]),
        *(_figure(figure, results, names, sizes) for figure in TITLES),
    ]
    return "\n\n".join(parts) + "\n"


def _figure(figure: str, results: Results, names: Sequence[str], sizes: Sequence[int]) -> str:
    """One figure of all servers at all sizes, with our part of the others'."""
    title, unit = TITLES[figure]
    others = [name for name in names if name != OURS]
    rows = []
    for size in sizes:
        ours = results[OURS, size][figure]
        absolute = [f"{results[name, size][figure]:.2f}" for name in names]
        rows.append([f"{size:,}", *absolute, *(_ratio(ours, results[name, size][figure]) for name in others)])
    head = ["lines", *(f"{name} ({unit})" for name in names), *(f"{OURS} / {name}" for name in others)]
    return f"## {title}\n\n{_table(head, rows)}"


def _ratio(ours: float, other: float) -> str:
    """`0.012 (1/83)`: part of the other's, and how many times less."""
    part = ours / other
    return f"{part:.2f}" if part > 0.1 else f"{part:.4f} (1/{other / ours:.0f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    found = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _machine() -> str:
    """What the figures were taken on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load:.1f}"
