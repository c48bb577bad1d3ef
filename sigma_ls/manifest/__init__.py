"""What a manifest means: from a text to a `Project`, and to all that is wrong with it."""

from __future__ import annotations

from sigma_ls.manifest.analysis import Analysis, check_text, lower, lower_checked
from sigma_ls.manifest.lowered import Lowered

__all__ = ["Analysis", "Lowered", "check_text", "lower", "lower_checked"]
