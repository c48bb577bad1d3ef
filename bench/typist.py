"""Makes a fault in a manifest and heals it, in turn, and takes the time until the server says so.

Three kinds of edit: one character of a value, one of a section's head (which changes what all below it is), and a whole
new entry in the middle.
"""

from __future__ import annotations

import time
from typing import Any

from attrs import frozen

from bench.client import Client
from bench.manifests import EDITED_KEY, EDITED_SECTION, NEW_ENTRY

GAP = 0.02
"""Seconds between two edits: a fast typist's burst."""
FLOOD = 100
FLOOD_GAP = 0.002


@frozen
class Toggle:
    """Text that comes and goes at one place; while it is there, a fault stands on `fault_line`."""

    line: int
    column: int
    text: str
    fault_line: int

    @property
    def end(self) -> dict[str, int]:
        """Where the text ends while it is there."""
        *before, last = self.text.split("\n")
        column = len(last) + (0 if before else self.column)
        return {"line": self.line + len(before), "character": column}


def value_toggle(text: str) -> Toggle:
    """One character behind a number, in the middle of the text."""
    lines = text.split("\n")
    line = _nearest_to_middle(lines, f"    {EDITED_KEY}:")
    return Toggle(line, len(lines[line]), "x", line)


def header_toggle(text: str) -> Toggle:
    """One character in the head of a section: everything below it stops and starts to be that section's."""
    lines = text.split("\n")
    line = lines.index(f"{EDITED_SECTION}:")
    return Toggle(line, len(EDITED_SECTION), "x", line)


def block_toggle(text: str) -> Toggle:
    """A new function with a fault, before the one in the middle."""
    lines = text.split("\n")
    line = _nearest_to_middle(lines, "  work-")
    fault = next(i for i, each in enumerate(NEW_ENTRY.split("\n")) if each.strip().startswith(f"{EDITED_KEY}:"))
    return Toggle(line, 0, NEW_ENTRY, line + fault)


def _nearest_to_middle(lines: list[str], start: str) -> int:
    middle = len(lines) // 2
    return min((i for i, line in enumerate(lines) if line.startswith(start)), key=lambda i: abs(i - middle))


class Typist:
    """Types into one document of one server; a silent server publishes no faults, but answers each version."""

    def __init__(self, client: Client, uri: str, *, silent: bool) -> None:
        self._client, self._uri, self._silent = client, uri, silent
        self._version = 1

    def timed(self, toggle: Toggle, count: int) -> list[float]:
        """Seconds from each of `count` edits to its diagnostics, which are checked to have turned; ends healed."""
        times = []
        for number in range(count + count % 2):
            time.sleep(GAP)
            self._client.forget()
            broken = not number % 2
            start = self._edit(toggle, broken=broken)
            times.append(self._answered(toggle, broken=broken) - start)
        return times[:count]

    def flood(self, toggle: Toggle) -> float:
        """Seconds from the last of many quick edits to the diagnostics of that state."""
        time.sleep(0.5)
        self._client.forget()
        start = 0.0
        for number in range(FLOOD):
            start = self._edit(toggle, broken=not number % 2)
            time.sleep(FLOOD_GAP)
        while (at := self._answered(toggle, broken=False)) < start:
            pass
        return at - start

    def _edit(self, toggle: Toggle, *, broken: bool) -> float:
        """The moment just before the edit was written."""
        self._version += 1
        start = {"line": toggle.line, "character": toggle.column}
        change: dict[str, Any] = {"range": {"start": start, "end": start}, "text": toggle.text}
        if not broken:
            change = {"range": {"start": start, "end": toggle.end}, "text": ""}
        document = {"uri": self._uri, "version": self._version}
        return self._client.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def _answered(self, toggle: Toggle, *, broken: bool) -> float:
        """The moment at which the fault was said to be there, or not to be there any more.

        Other diagnostics may stand elsewhere: a manifest of 10,000 lines makes more resources than CloudFormation takes.
        """
        while True:
            at, found = self._client.published(self._uri, self._version)
            faults = [each for each in found if each["range"]["start"]["line"] == toggle.fault_line]
            if self._silent or bool(faults) == broken:
                return at
