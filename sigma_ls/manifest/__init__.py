"""What a manifest means: from a text to a `Project`, and to all that is wrong with it.

Its names are loaded when they are used: a server that has not been told of a manifest needs only the words.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sigma_ls.manifest.analysis import Analysis, check_text, lower, lower_checked
    from sigma_ls.manifest.lowered import Lowered

__all__ = ["Analysis", "Lowered", "check_text", "lower", "lower_checked"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "lowered" if name == "Lowered" else "analysis"
    return getattr(import_module(f"{__name__}.{home}"), name)
