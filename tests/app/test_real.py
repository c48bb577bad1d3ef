"""The real world, as far as it needs neither a cloud nor a sandbox."""

from __future__ import annotations

import zipfile

import pytest
from attrs import evolve

from sigma_ls.app.installing import NotInstalled
from sigma_ls.app.real import RealWorld
from sigma_ls.app.world import BuildFailed, CloudRef
from sigma_ls.deploy.ports import NotAuthenticated, ProviderError, Unreachable
from sigma_ls.manifest.model import Function
from sigma_ls.providers.aws.provider import CloudFormation

AWS = CloudRef("cloudformation", "eu-west-1")


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))


def function(name: str) -> Function:
    return Function(id=name, runtime="python3.13", handler="app.handler", code=f"src/{name}")


async def test_functions_are_built_side_by_side(tmp_path):
    for name in ("one", "two", "three"):
        (tmp_path / "src" / name).mkdir(parents=True)
        (tmp_path / "src" / name / "app.py").write_text(f"NAME = {name!r}\n")
    heard: list[str] = []
    built = await RealWorld().build([function(name) for name in ("one", "two", "three")], tmp_path, AWS, heard.append)

    assert [each.function for each in built] == ["one", "two", "three"]
    assert [zipfile.ZipFile(each.path).read("app.py") for each in built] == [
        b"NAME = 'one'\n",
        b"NAME = 'two'\n",
        b"NAME = 'three'\n",
    ]
    again = await RealWorld().build([function("one")], tmp_path, AWS, heard.append)
    assert (again[0].hash, again[0].up_to_date) == (built[0].hash, True)


async def test_all_functions_that_cannot_be_built_are_named(tmp_path):
    (tmp_path / "src" / "one").mkdir(parents=True)
    (tmp_path / "src" / "one" / "app.py").write_text("")
    with pytest.raises(BuildFailed) as failure:
        await RealWorld().build([function(name) for name in ("gone", "one", "lost")], tmp_path, AWS, print)
    assert [fault.function for fault in failure.value.faults] == ["gone", "lost"]


async def test_no_functions_need_no_build_and_no_sandbox(tmp_path):
    assert await RealWorld().build([], tmp_path, CloudRef("cloudformation", "eu-west-1", sandbox=True), print) == ()


async def test_nothing_is_installed_for_the_sandbox_without_consent(tmp_path, monkeypatch):
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)
    asked = []

    async def no(wanted):
        asked.append([each.name for each in wanted])
        return False

    world, cloud = RealWorld(no), CloudRef("cloudformation", "eu-west-1", sandbox=True)
    with pytest.raises(NotInstalled, match="The sandbox is not installed"):
        await world.build([function("one")], tmp_path, cloud, print)
    with pytest.raises(NotInstalled, match="sigma-ls environment install sandbox"):
        await world.provider(cloud, print, poll_interval=1)
    assert asked == [["sandbox"], ["sandbox"]]


async def test_all_deployments_to_aws_share_their_looks_and_an_endpoint_of_ones_own_has_no_limit():
    world = RealWorld()
    one, two, own = [
        await world.provider(cloud, print, poll_interval=3.0)
        for cloud in (AWS, evolve(AWS, profile="other"), evolve(AWS, endpoint_url="http://127.0.0.1:1"))
    ]
    assert isinstance(one, CloudFormation)
    assert isinstance(two, CloudFormation)
    assert isinstance(own, CloudFormation)
    assert one.budgets is not None
    assert one.budgets is two.budgets
    assert own.budgets is None


async def test_outside_of_the_sandbox_urls_stay_as_they_are():
    assert await RealWorld().local_url(AWS, "https://x.execute-api.eu-west-1.amazonaws.com/") == (
        "https://x.execute-api.eu-west-1.amazonaws.com/"
    )


async def test_a_sandbox_that_cannot_be_had_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_SANDBOX_PORT", "nonsense")
    with pytest.raises(ProviderError) as failure:
        await RealWorld().provider(CloudRef("cloudformation", "eu-west-1", sandbox=True), print, poll_interval=1)
    assert failure.value.code == "sandboxUnavailable"
    assert "SIGMA_SANDBOX_PORT" in str(failure.value)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "s"}, Unreachable),
        ({"AWS_EC2_METADATA_DISABLED": "true"}, NotAuthenticated),
    ],
)
async def test_an_endpoint_or_credentials_that_are_missing_are_told_apart(tmp_path, monkeypatch, environment, expected):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # Nothing listens on the port of the discard service.
    cloud = CloudRef("cloudformation", "eu-west-1", endpoint_url="http://127.0.0.1:9")
    provider = await RealWorld().provider(cloud, print, poll_interval=1)
    with pytest.raises(expected):
        await provider.account()
