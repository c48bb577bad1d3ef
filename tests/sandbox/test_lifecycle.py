"""Starting, finding and ending a real sandbox."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sigma_ls.app.real import RealWorld
from sigma_ls.app.world import CloudRef
from sigma_ls.manifest.model import Function
from sigma_ls.sandbox import cloud, environment, record
from sigma_ls.sandbox.errors import SandboxError
from sigma_ls.sandbox.overlay import processes
from tests.support.stacks import until

pytestmark = pytest.mark.sandbox


def quiet(_line):
    pass


@pytest.fixture
def own_home(shared_sandbox, tmp_path, monkeypatch):
    """A home without a sandbox; whatever is started in it ends with the test."""
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SIGMA_ENVIRONMENTS", shared_sandbox.environment_home)
    for name in ("SIGMA_SANDBOX_PACE", "SIGMA_SANDBOX_PORT"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path / "home"
    cloud.stop()


def answer(endpoint, method, path, body=None, **headers):
    connection = http.client.HTTPConnection(endpoint.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_nothing_runs_at_first(own_home):
    assert cloud.status() == cloud.Stopped()
    assert cloud.stop() is False
    with pytest.raises(SandboxError, match="does not run"):
        cloud.reset()


def test_it_is_started_once_and_found_again(own_home):
    said = []
    endpoint = cloud.ensure_running(report=said.append)
    assert said == ["Starting the sandbox …"]
    assert cloud.ensure_running(report=said.append) == endpoint
    running = cloud.status()
    assert (running.endpoint, running.pace) == (endpoint, "real")
    assert endpoint.python == sys.version_info[:2]
    assert cloud.stop() is True
    assert cloud.status() == cloud.Stopped()


async def test_a_deployment_starts_it_without_waiting_for_itself(own_home, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").touch()
    world, said = RealWorld(), []
    here = CloudRef("cloudformation", "eu-west-1", sandbox=True)
    function = Function(id="f", runtime="python3.13", handler="app.handler", code="src")
    await asyncio.gather(
        world.provider(here, said.append, poll_interval=1), world.build([function], tmp_path, here, said.append)
    )
    assert said == ["Starting the sandbox …", "f: packing …"]


def test_two_at_once_start_one(own_home):
    with ThreadPoolExecutor(2) as pool:
        endpoints = [
            job.result() for job in [pool.submit(lambda: cloud.ensure_running(report=quiet)) for _ in range(2)]
        ]
    assert endpoints[0] == endpoints[1]


def test_it_outlives_the_process_that_started_it(own_home):
    program = "from sigma_ls.sandbox import cloud; print(cloud.ensure_running(report=lambda line: None).url)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert cloud.status().endpoint.url == done.stdout.strip()


def test_it_listens_on_this_machine_only_and_its_files_are_the_users_own(own_home):
    endpoint = cloud.ensure_running(report=quiet)
    assert endpoint.url.startswith("http://127.0.0.1:")
    port = int(endpoint.url.rpartition(":")[2])
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", port))
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in record.sandbox_dir().iterdir()}
    assert modes == {"lock": "0o600", "sandbox.json": "0o600", "sandbox.log": "0o600", "temporary": "0o700"}


def test_two_homes_have_a_sandbox_each(own_home, tmp_path, monkeypatch):
    first, known = cloud.ensure_running(report=quiet), record.read()
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "other"))
    with ThreadPoolExecutor(2) as pool:
        found = [job.result() for job in [pool.submit(lambda: cloud.ensure_running(report=quiet)) for _ in range(2)]]
    assert found[0] == found[1]
    assert found[0].url != first.url
    assert cloud.stop() is True
    monkeypatch.setenv("SIGMA_HOME", str(own_home))
    assert (cloud.status().endpoint, record.read()) == (first, known)


def test_a_port_that_another_home_has_is_told(own_home, shared_sandbox):
    port = int(shared_sandbox.endpoint.url.rpartition(":")[2])
    with pytest.raises(SandboxError, match=f"cannot use port {port}"):
        cloud.ensure_running(report=quiet, port=port)
    assert cloud.status() == cloud.Stopped()


def test_what_the_emulator_writes_lies_among_its_temporary_files(own_home):
    endpoint = cloud.ensure_running(report=quiet, pace="instant")
    import boto3

    keys = {"aws_access_key_id": endpoint.access_key, "aws_secret_access_key": endpoint.secret_key}
    users = boto3.client("cognito-idp", endpoint_url=endpoint.url, region_name="eu-west-1", **keys)
    pool = users.create_user_pool(PoolName="users")["UserPool"]["Id"]
    status, _ = answer(endpoint, "GET", f"/{pool}/.well-known/jwks.json")
    assert status == 200
    written = [path for path in record.temporary_dir().rglob("*.pem") if "site-packages" not in path.parts]
    assert written
    assert {oct(path.stat().st_mode & 0o077) for path in written} == {"0o0"}


def test_a_server_that_was_killed_is_replaced_and_its_orphans_are_ended(own_home):
    cloud.ensure_running(report=quiet)
    known = record.read()
    orphan = subprocess.Popen(
        ["sleep", "600"], env={processes.ID_VARIABLE: known.id, "PATH": os.environ["PATH"]}, start_new_session=True
    )
    os.kill(known.pid, signal.SIGKILL)
    until(lambda: known.pid not in processes.family(known.id))
    assert cloud.status() == cloud.Stopped(stale=True)
    cloud.ensure_running(report=quiet)
    assert record.read().id != known.id
    assert orphan.wait(timeout=5) == -signal.SIGTERM


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"id": "x"}', '{"id": "other", "pid": 1, "port": 1, "started_at": ""}'],
)
def test_a_record_of_nothing_is_replaced(own_home, content):
    record.sandbox_dir().mkdir(parents=True)
    (record.sandbox_dir() / "sandbox.json").write_text(content)
    endpoint = cloud.ensure_running(report=quiet)
    assert cloud.status().endpoint == endpoint


def test_a_port_that_someone_else_answers_on_is_not_taken_for_the_sandbox(own_home, shared_sandbox):
    port = int(shared_sandbox.endpoint.url.rpartition(":")[2])
    record.sandbox_dir().mkdir(parents=True)
    record.write(record.Record(id="f" * 32, pid=os.getpid(), port=port, started_at=""))
    assert cloud.status() == cloud.Stopped()
    assert cloud.ensure_running(report=quiet).url != shared_sandbox.endpoint.url


def test_a_server_that_hangs_is_told_and_can_be_stopped(own_home):
    cloud.ensure_running(report=quiet)
    known = record.read()
    os.kill(known.pid, signal.SIGSTOP)
    assert cloud.status() == cloud.Stopped(stale=True)
    assert cloud.stop() is True
    assert processes.family(known.id) == set()


@pytest.mark.parametrize(
    ("interpreter", "told"),
    [
        (sys.executable, "it ended at once: ModuleNotFoundError: No module named 'ministack'"),
        ("/bin/false", "could not be started: "),
    ],
)
def test_a_damaged_environment_is_told_with_the_end_of_the_log(own_home, tmp_path, monkeypatch, interpreter, told):
    monkeypatch.setenv("SIGMA_ENVIRONMENTS", str(tmp_path / "environments"))
    python = environment.environment_dir() / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(interpreter)
    with pytest.raises(SandboxError, match=told) as failed:
        cloud.ensure_running(report=quiet)
    assert "sigma-ls environment remove sandbox" in failed.value.next_step
    assert "Traceback" not in failed.value.message
    assert cloud.status() == cloud.Stopped()


def test_a_port_in_use_is_told(own_home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"cannot use port {port}"):
            cloud.ensure_running(report=quiet, port=port)
    assert cloud.status() == cloud.Stopped()
    assert cloud.ensure_running(report=quiet, port=port).url == f"http://127.0.0.1:{port}"
    with pytest.raises(SandboxError, match=f"runs already, on port {port}"):
        cloud.ensure_running(report=quiet, port=port + 1)


@pytest.mark.parametrize(
    ("name", "value"), [("SIGMA_SANDBOX_PORT", "http"), ("SIGMA_SANDBOX_PORT", "70000"), ("SIGMA_SANDBOX_PACE", "slow")]
)
def test_bad_settings_are_told(own_home, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SandboxError, match=f"{name} is '{value}'"):
        cloud.ensure_running(report=quiet)


def test_a_state_folder_that_cannot_be_written_is_told(own_home):
    own_home.write_text("a file")
    with pytest.raises(SandboxError, match="cannot keep its state"):
        cloud.ensure_running(report=quiet)
    own_home.unlink()


def test_the_pace_can_be_chosen_and_changed(own_home, monkeypatch):
    monkeypatch.setenv("SIGMA_SANDBOX_PACE", "instant")
    cloud.ensure_running(report=quiet)
    assert cloud.status().pace == "instant"
    cloud.ensure_running(report=quiet, pace="real")
    assert cloud.status().pace == "real"


def test_it_ends_by_itself_when_nobody_needs_it(own_home):
    cloud.ensure_running(report=quiet, idle_seconds=0.2)
    known = record.read()
    until(lambda: not processes.family(known.id))
    assert "no request" in record.log_path().read_text()
    assert not record.temporary_dir().exists()


def test_only_who_knows_its_id_controls_it(sandbox):
    assert answer(sandbox.endpoint, "POST", "/_sigma/reset")[0] == 403
    assert answer(sandbox.endpoint, "PUT", "/_sigma/faults", "{}", X_Sigma_Sandbox="guess")[0] == 403
    assert answer(sandbox.endpoint, "PUT", "/_sigma/nothing", "{}", X_Sigma_Sandbox=record.read().id)[0] == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:4566"}, 200),
        ({"Origin": "http://localhost:5173"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 403),
    ],
)
def test_foreign_pages_deploy_nothing(sandbox, headers, status):
    request = "Action=ListStacks&Version=2010-05-15"
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    got, body = answer(sandbox.endpoint, "POST", "/", request, **form, **headers)
    assert got == status, body
    assert status == 200 or json.loads(body)["message"].startswith("The sandbox ")


def test_foreign_pages_do_not_even_learn_that_it_is_there(sandbox):
    assert answer(sandbox.endpoint, "GET", "/_sigma/health", Host="evil.example")[0] == 403


def test_a_reset_forgets_everything(own_home):
    import boto3

    endpoint = cloud.ensure_running(report=quiet, pace="real")
    keys = {"aws_access_key_id": endpoint.access_key, "aws_secret_access_key": endpoint.secret_key}
    formation = boto3.client("cloudformation", endpoint_url=endpoint.url, region_name="eu-west-1", **keys)
    body = json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})
    formation.create_stack(StackName="busy", TemplateBody=body)
    cloud.reset()
    assert formation.list_stacks()["StackSummaries"] == []
    assert cloud.status().endpoint == endpoint
