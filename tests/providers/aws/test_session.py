"""The real SDK, its configuration in files of our own; nothing here reaches a network beyond this machine."""

import asyncio
import socket
import threading

import pytest
from botocore.session import Session
from inline_snapshot import snapshot

from sigma_ls.deploy.ports import NotAuthenticated, ProviderError, Unreachable
from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.sdk import SERVICES, make_session
from sigma_ls.providers.aws.session import AwsSession

SANDBOX = {"access_key": "000000000001", "secret_key": "x"}


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Writes the user's AWS configuration; no other one is seen, and each call is sent once."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    def write(config="", credentials=""):
        (tmp_path / "config").write_text(config)
        (tmp_path / "credentials").write_text(credentials)

    write()
    return write


@pytest.fixture
def unused_url():
    """An address on this machine at which nobody answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


async def describe(connection, session=None):
    session = session or AwsSession(connection)
    return await session.cloudformation(lambda client: client.describe_stacks(StackName="app"))


async def refusal(connection, kind=NotAuthenticated):
    with pytest.raises(kind) as failure:
        await describe(connection)
    return str(failure.value)


async def test_without_credentials(configure):
    assert await refusal(AwsConnection("eu-west-1")) == snapshot(
        "There are no AWS credentials. Run `aws configure` (or `aws sso login`), or name another profile in `aws.profile`."
    )


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_that_is_called_is_known_and_described_as_by_the_sdk_itself(configure, service):
    configure()
    ours = make_session(AwsConnection("eu-west-1")).get_service_model(service)
    assert ours.operation_names == Session().get_service_model(service).operation_names


async def test_a_profile_that_is_not_in_the_files(configure):
    configure("[profile other]\nregion = eu-west-1\n")
    assert await refusal(AwsConnection("eu-west-1", profile="work")) == snapshot(
        "The AWS configuration of this machine has no profile “work”. Correct `aws.profile` in the manifest (or AWS_PROFILE), or make the profile with `aws configure --profile work`."
    )


async def test_a_profile_of_the_environment_that_is_not_in_the_files(configure, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    assert await refusal(AwsConnection("eu-west-1")) == snapshot(
        "The AWS configuration of this machine has no profile “elsewhere”. Correct `aws.profile` in the manifest (or AWS_PROFILE), or make the profile with `aws configure --profile NAME`."
    )


async def test_a_login_that_has_ended_names_the_command_that_renews_it(configure):
    configure(
        "[profile work]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n"
    )
    said = await refusal(AwsConnection("eu-west-1", profile="work"))
    assert said.endswith("Run `aws sso login --profile work`.")


async def test_a_profile_that_would_ask_for_a_code_on_standard_input_is_refused(configure):
    configure(
        "[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n"
        "mfa_serial = arn:aws:iam::1:mfa/me\n[profile base]\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    assert await refusal(AwsConnection("eu-west-1", profile="work")) == snapshot(
        "The AWS profile “work” asks for a one-time code (mfa_serial), which cannot be entered here. Get temporary credentials with a tool that keeps them, such as `aws sso login` or aws-vault, and name their profile in `aws.profile`."
    )


async def test_a_broken_configuration_file_is_named(configure, tmp_path):
    configure("not a configuration [")
    assert str(tmp_path / "config") in await refusal(AwsConnection("eu-west-1"))


async def test_a_region_that_cannot_be_one(configure):
    said = await refusal(AwsConnection("eu west 1", **SANDBOX), ProviderError)
    assert said == snapshot("“eu west 1” is no AWS region. Correct `aws.region`.")


async def test_an_endpoint_at_which_nobody_answers(configure, unused_url):
    said = await refusal(AwsConnection("eu-west-1", endpoint_url=unused_url, **SANDBOX), Unreachable)
    assert said.replace(unused_url, "URL") == snapshot(
        'CloudFormation at URL cannot be reached: Could not connect to the endpoint URL: "URL/". Check that it runs, then try again.'
    )


async def test_a_change_that_got_no_answer_may_have_happened(configure, unused_url):
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url=unused_url, **SANDBOX))
    with pytest.raises(Unreachable) as failure:
        await session.cloudformation(lambda client: client.delete_stack(StackName="app"), mutates=True)
    assert not failure.value.certain


async def test_the_sandbox_does_not_see_the_users_configuration(configure, monkeypatch, unused_url):
    configure("broken [", "broken [")
    monkeypatch.setenv("AWS_PROFILE", "elsewhere")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:3128")
    said = await refusal(AwsConnection("eu-west-1", endpoint_url=unused_url, **SANDBOX), Unreachable)
    assert f"CloudFormation at {unused_url} cannot be reached" in said
    assert "proxy" not in said


async def test_credentials_that_were_renewed_meanwhile_are_taken_up(configure, monkeypatch, unused_url):
    connection = AwsConnection("eu-west-1", profile="work", endpoint_url=unused_url)
    session = AwsSession(connection)
    with pytest.raises(NotAuthenticated):
        await describe(connection, session)
    configure("[profile work]\n", "[work]\naws_access_key_id = a\naws_secret_access_key = b\n")
    with pytest.raises(Unreachable):
        await describe(connection, session)


async def test_clients_are_made_once_whatever_asks_for_them(configure):
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1", **SANDBOX))
    made = await asyncio.gather(*(session.cloudformation(lambda client: client) for _ in range(8)))
    assert len(set(map(id, made))) == 1


async def test_an_impatient_client_sends_once_and_a_patient_one_as_often_as_the_user_says(configure, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "7")
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1", **SANDBOX))

    async def attempts(*, patient):
        client = await session.cloudformation(lambda client: client, patient=patient)
        return client.meta.config.retries["total_max_attempts"]

    assert (await attempts(patient=True), await attempts(patient=False)) == (7, 1)


async def test_calls_do_not_crowd_the_connection(configure):
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1", **SANDBOX))
    gate, running, lock, most = threading.Event(), [0], threading.Lock(), [0]

    def call(client):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            if running[0] == 8:
                gate.set()
        gate.wait(10)
        with lock:
            running[0] -= 1

    await asyncio.gather(*(session.cloudformation(call) for _ in range(30)))
    assert most[0] == 8


async def test_a_defect_of_ours_is_not_disguised(configure):
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1", **SANDBOX))
    with pytest.raises(ZeroDivisionError):
        await session.cloudformation(lambda client: 1 / 0)


def test_warming_up_makes_the_clients_or_leaves_the_failure_to_the_first_call(configure):
    session = AwsSession(AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:1", **SANDBOX))
    session.warm_up()
    assert len(session._clients) == 4
    AwsSession(AwsConnection("eu-west-1", profile="missing")).warm_up()


def test_secrets_are_not_shown():
    assert "hush" not in repr(AwsConnection("eu-west-1", access_key="a", secret_key="hush"))
