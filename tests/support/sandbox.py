"""A real sandbox for tests: one per test process, instant, in a home of its own, with the installed environment shared.

To use it, a folder's `conftest.py` imports the fixtures: `from tests.support.sandbox import sandbox, shared_sandbox`.
Tests that share it are isolated by account: `sandbox.account` is a new one for each test.
"""

import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from attrs import evolve, frozen
from botocore.config import Config

from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.runtime.places import environments_dir
from sigma_ls.sandbox import cloud

REGION = "eu-west-1"

_accounts = itertools.count(100_000_000_001)


@frozen
class Sandbox:
    """A running sandbox: its home, its endpoint, and an account in it."""

    home: Path
    endpoint: cloud.Endpoint
    account: str
    environment_home: str

    def environment(self) -> Mapping[str, str]:
        """What a process needs in its environment to find this sandbox, and to be in this account with other tools."""
        return {
            "SIGMA_HOME": str(self.home),
            "SIGMA_ENVIRONMENTS": self.environment_home,
            "AWS_ENDPOINT_URL": self.endpoint.url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": self.endpoint.secret_key,
            "AWS_DEFAULT_REGION": REGION,
        }

    def connection(self, url: str | None = None) -> AwsConnection:
        """The way of our own provider to this account; `url` is that of a front of the sandbox, instead of its own."""
        return AwsConnection(
            REGION,
            endpoint_url=url or self.endpoint.url,
            access_key=self.account,
            secret_key=self.endpoint.secret_key,
        )

    def client(self, service: str) -> Any:
        """A boto3 client that fails fast."""
        return boto3.client(
            service,
            endpoint_url=self.endpoint.url,
            aws_access_key_id=self.account,
            aws_secret_access_key=self.endpoint.secret_key,
            region_name=REGION,
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30),
        )


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sandbox of this test process; it ends with it."""
    home = tmp_path_factory.mktemp("sandbox")
    with pytest.MonkeyPatch.context() as patch:
        shared = str(environments_dir())
        patch.setenv("SIGMA_ENVIRONMENTS", shared)
        patch.setenv("SIGMA_HOME", str(home))
        endpoint = cloud.ensure_running(report=lambda _line: None, pace="instant")
    yield Sandbox(home, endpoint, endpoint.account, shared)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGMA_HOME", str(home))
        cloud.stop()


@pytest.fixture
def sandbox(shared_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The same, at an instant pace, without faults, in an account of its own; this process's own sandbox too."""
    monkeypatch.setenv("SIGMA_HOME", str(shared_sandbox.home))
    monkeypatch.setenv("SIGMA_ENVIRONMENTS", shared_sandbox.environment_home)
    yield evolve(shared_sandbox, account=str(next(_accounts)))
    if isinstance(cloud.status(), cloud.Running):
        cloud.set_faults({})
        cloud.set_api_faults({})
        cloud.set_strict(buckets=True)
        cloud.ensure_running(report=lambda _line: None, pace="instant")
