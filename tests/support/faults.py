"""The table of what became of deployments when a call went wrong: of each call and each fault the outcome and the stack.

Tests record rows as a property, which pytest carries from its worker processes to the terminal.
"""

from collections.abc import Iterable

PROPERTY = "fault at a call"
"""The name of the property; a row is (what is done, number of the call or 0, operation, fault, outcome, stack's status)."""

Row = tuple[str, int, str, str, str, str]


def table(rows: Iterable[Row]) -> list[str]:
    """The lines: a row for each call of each kind of deployment, a column for each fault.

    A deployment that failed is told with how its stack was found afterwards.
    """
    cells: dict[tuple[str, int, str], dict[str, str]] = {}
    faults: list[str] = []
    for kind, number, operation, fault, outcome, status in rows:
        if fault not in faults:
            faults.append(fault)
        told = outcome if outcome == "succeeded" else f"{outcome}, {'no stack' if status == '-' else status}"
        cells.setdefault((kind, number, operation), {})[fault] = told
    grid = [["", "", "call", *sorted(faults)]]
    grid += [[kind, str(number or ""), operation, *(by.get(fault, "") for fault in sorted(faults))]
             for (kind, number, operation), by in sorted(cells.items())]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in grid]
