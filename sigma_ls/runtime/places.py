"""Where things live on this machine: state (must survive) and cache (may be deleted at any time).

`SIGMA_HOME` moves both under one folder, for tests and for machines with a home folder that is not writable.
Nothing is created here: whoever writes makes the folder.
"""

import os
from pathlib import Path

import platformdirs

NAME = "sigma-ls"


def state_dir() -> Path:
    """The folder of the deployment journal and of the sandbox's record and log."""
    home = _home()
    return home / "state" if home else Path(platformdirs.user_state_dir(NAME, appauthor=False))


def cache_dir() -> Path:
    """The folder of built archives and of the sandbox's environment."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def _home() -> Path | None:
    named = os.environ.get("SIGMA_HOME", "")
    return Path(named).expanduser().absolute() if named else None
