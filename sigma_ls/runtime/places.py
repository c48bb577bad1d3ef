"""Where things live on this machine: state (must survive), installed environments, and cache (may be deleted).

`SIGMA_HOME` moves all under one folder, for tests and for machines with a home folder that is not writable.
Nothing is created here: whoever writes makes the folder.
"""

import os
from pathlib import Path

import platformdirs

NAME = "sigma-ls"
JOURNAL = "deployments"
"""The journal's folder in that of the state."""


def state_dir() -> Path:
    """The folder of the deployment journal and of the sandbox's record and log."""
    home = _home()
    return home / "state" if home else Path(platformdirs.user_state_dir(NAME, appauthor=False))


def journal_dir() -> Path:
    """The folder of what was and is deployed from this machine."""
    return state_dir() / JOURNAL


def environments_dir() -> Path:
    """The folder of the environments that are installed on demand (`sigma_ls.runtime.environments`).

    `SIGMA_ENVIRONMENTS` names another one, so that tests with a `SIGMA_HOME` of their own can share them.
    """
    if named := os.environ.get("SIGMA_ENVIRONMENTS", ""):
        return Path(named).expanduser().absolute()
    home = _home()
    return (home / "data" if home else Path(platformdirs.user_data_dir(NAME, appauthor=False))) / "environments"


def cache_dir() -> Path:
    """The folder of built archives."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(NAME, appauthor=False))


def _home() -> Path | None:
    named = os.environ.get("SIGMA_HOME", "")
    return Path(named).expanduser().absolute() if named else None
