"""botocore's session, made so that it is soon ready; boto3 on top of it would add half of that time for nothing we call.

Two of botocore's habits take 50 of the 120 ms until its clients are made: it looks through the folders of all 440
services for the name of each, and it reads descriptions into `OrderedDict`.  Both have their documented places to be
replaced (`Loader`, its `file_loader`, the session's component `data_loader`).
"""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from sigma_ls.providers.aws.connection import AwsConnection

SERVICES = ("cloudformation", "s3", "signin", "sso", "sso-oidc", "sts")
"""What this package calls, and by what botocore gets credentials (`aws login`, `aws sso login`)."""


def make_session(connection: AwsConnection) -> Session:
    """A session of botocore's for this connection.

    Raises:
        botocore.exceptions.BotoCoreError: the user's configuration cannot be read.
    """
    if connection.explicit:
        # Nothing of the user's own configuration: a profile that does not exist must not keep the sandbox from working.
        session = Session(
            session_vars={
                "profile": (None, [], None, None),
                "config_file": (None, [], os.devnull, None),
                "credentials_file": (None, [], os.devnull, None),
            }
        )
        session.set_credentials(connection.access_key or "", connection.secret_key or "")
    else:
        session = Session(profile=connection.profile)
    session.set_config_variable("region", connection.region)
    paths = session.get_config_variable("data_path")
    session.register_component("data_loader", _Loader(_paths(paths), file_loader=_FileLoader()))
    return session


def _paths(given: str | None) -> list[str]:
    """The user's own folders of descriptions, from AWS_DATA_PATH."""
    return [os.path.expanduser(os.path.expandvars(path)) for path in given.split(os.pathsep)] if given else []  # noqa: PTH111 - paths of text are botocore's


class _Loader(Loader):
    """Knows which services there are to it without a look at the disk."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - the signature is botocore's
        """Those that are called here."""
        return [*SERVICES]


class _FileLoader(JSONFileLoader):
    """Reads descriptions into plain dicts, which keep their order as well."""

    def load_file(self, file_path: str) -> Any:
        """The data of `file_path`, to which `.json` or `.json.gz` is added; nothing where there is no such file."""
        for extension, opened in ((".json", open), (".json.gz", gzip.open)):
            try:
                with opened(file_path + extension, "rb") as file:
                    return json.loads(file.read())
            except (FileNotFoundError, NotADirectoryError):
                continue
        return None
