"""Family 0: YAML and the file."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code
from sigma_ls.manifest.diagnostic import Severity

SYNTAX = code(
    "001",
    "Not YAML",
    "The text cannot be read here. The message says what was expected; everything outside the entry that is broken is "
    "analysed all the same.",
    """
name: "shop
""",
)
TAB = code(
    "002",
    "Tab in the indentation",
    "YAML is indented by spaces only.",
    """
functions:
\tresize: {}
""",
)
INDENTATION = code(
    "003",
    "Uneven indentation",
    "The entries of a section must start in one column. This one stands left of the first; it is analysed as an entry "
    "of the section, but no other YAML tool will read it so.",
    """
resources:
    images: {type: bucket}
  jobs: {type: queue}
""",
)
DUPLICATE_KEY = code(
    "004",
    "Duplicate key",
    "A mapping has this key already, and only one of the two can hold. The first one is shown as related place.",
    """
name: shop
name: store
""",
)
CHARACTER = code(
    "005",
    "Character that YAML does not allow",
    "Control characters cannot stand in a YAML text. Often the file is not a text at all, or not in UTF-8.",
    'name: "a\x00b"',
)
ALIAS = code(
    "006",
    "Alias without an anchor",
    "`*name` repeats what `&name` marked before it. Here nothing is marked so, it stands inside what it names, or `<<` "
    "is given something else than mappings.",
    """
environment: *defaults
""",
)
ALIAS_SIZE = code(
    "007",
    "Aliases that explode",
    "The aliases stand for so many values that they are not followed. Write fewer, or flatter ones.",
    """
a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
""",
)
TOO_LARGE = code(
    "008",
    "Too large or too deep",
    "An entry of more than a million characters, or nested deeper than a hundred levels, is not analysed; of a file of "
    "more than five megabytes nothing is.",
    """
template: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
""",
)
SECOND_DOCUMENT = code(
    "009",
    "Second document",
    "A manifest is one YAML document. What follows the second `---` is ignored.",
    """
name: shop
---
name: store
""",
)
IGNORED_FILE = code(
    "010",
    "Manifest that is ignored",
    "A folder's manifest is its `sigma.yaml`. Where there is one, a `sigma.yml` beside it is ignored: remove one of the "
    "two.",
    """
name: shop
""",
    Severity.WARNING,
)
