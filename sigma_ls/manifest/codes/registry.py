"""The registry of diagnostic codes, and how one is entered.

A code never changes its meaning, and a withdrawn one is never given again.
"""

from __future__ import annotations

from sigma_ls.manifest.diagnostic import Code, Severity, Tag

FAMILIES = {
    "0": "YAML and the file",
    "1": "Keys and values",
    "2": "Names and references",
    "3": "Functions and their code",
    "4": "Triggers",
    "5": "Permissions",
    "6": "Stages",
    "7": "Deployment",
}
"""By the hundreds of the codes' numbers."""

CODES: dict[str, Code] = {}
"""All codes by their ids."""


def code(number: str, title: str, text: str, example: str, severity: Severity = Severity.ERROR, *tags: Tag) -> Code:
    """A new code: `SIG` and three digits, of which the first is its family's."""
    made = Code(f"SIG{number}", title, severity, text, example.strip("\n"), tags)
    assert made.id not in CODES, made.id
    CODES[made.id] = made
    return made
