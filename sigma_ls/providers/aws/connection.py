"""Which AWS: all that is needed to reach an account and a region.  Importing this costs nothing."""

from __future__ import annotations

from attrs import field, frozen


@frozen
class AwsConnection:
    """One account and region.

    With `access_key` and `secret_key` (the sandbox), nothing of the user's own AWS configuration is read; without, the
    standard chain of environment, files and `profile` finds the credentials.  `artifacts` is the bucket for archives,
    if it is not the default one.
    """

    region: str
    profile: str | None = None
    endpoint_url: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    artifacts: str | None = None

    @property
    def explicit(self) -> bool:
        """Whether the credentials are given, so that the user's own must not be looked at."""
        return self.access_key is not None
