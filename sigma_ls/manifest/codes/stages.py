"""Family 6: stages."""

from __future__ import annotations

from sigma_ls.manifest.codes.registry import code

UNKNOWN_STAGE = code(
    "601",
    "Unknown stage",
    "The stage that was asked for is not declared under `stages`.",
    """
stages:
  dev: {}
""",
)
