"""asyncio without TLS, which a language server has no use for: 4.5 MB and 9 ms less at its start.

asyncio takes a Python that was built without `ssl`; what needs TLS itself (boto3, when something is deployed) imports
it as ever.
"""

from __future__ import annotations

import importlib
import sys


def install() -> None:
    """Import asyncio; does nothing where it, or `ssl`, is there already."""
    if "asyncio" in sys.modules or "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # It makes the import fail, as the reference has it.
    try:
        importlib.import_module("asyncio")
    finally:
        del sys.modules["ssl"]
