"""Every way in which AWS says no, and what we make of it."""

import botocore.exceptions as sdk
import pytest
from botocore.parsers import ResponseParserError
from inline_snapshot import snapshot

from sigma_ls.providers.aws.connection import AwsConnection
from sigma_ls.providers.aws.errors import Context, code_of, overdue, translate, was_repeated

HERE = AwsConnection("eu-west-1", profile="work")


def answer(code, message="No.", operation="CreateChangeSet", status=400):
    return sdk.ClientError(
        {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}, operation
    )


def said(error, **context):
    """Our error as one line: its code, whether it is certain, and its text."""
    found = translate(error, Context(**{"connection": HERE, "service": "cloudformation", **context}))
    return f"{found.code}{'' if found.certain else ' (uncertain)'}: {found}"


# --- credentials -----------------------------------------------------------------------------------------------------


def test_missing_credentials():
    assert said(sdk.NoCredentialsError()) == snapshot(
        "credentialsMissing: There are no AWS credentials of profile “work”. Run `aws configure --profile work` (or `aws sso login --profile work`), or name another profile in `aws.profile`."
    )
    assert said(sdk.NoCredentialsError(), connection=AwsConnection("eu-west-1")) == snapshot(
        "credentialsMissing: There are no AWS credentials. Run `aws configure` (or `aws sso login`), or name another profile in `aws.profile`."
    )
    assert said(sdk.NoCredentialsError(), login="aws sso login --profile work") == snapshot(
        "credentialsMissing: There are no AWS credentials of profile “work”. Run `aws sso login --profile work`."
    )


def test_expired_credentials():
    assert said(answer("ExpiredToken", "The security token included in the request is expired")) == snapshot(
        "credentialsExpired: Your AWS credentials of profile “work” have expired: The security token included in the request is expired. Renew them as you got them, then try again."
    )
    assert said(answer("ExpiredTokenException"), login="aws sso login --profile work") == snapshot(
        "credentialsExpired: Your AWS credentials of profile “work” have expired: No. Run `aws sso login --profile work`."
    )
    assert said(answer("InvalidClientTokenId", "The token is expired")) == snapshot(
        "credentialsExpired: Your AWS credentials of profile “work” have expired: The token is expired. Renew them as you got them, then try again."
    )


def test_an_ended_login():
    login = "aws sso login --profile work"
    assert said(sdk.UnauthorizedSSOTokenError(), login=login) == snapshot(
        "credentialsExpired: Your AWS session of profile “work” has ended: The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile. Run `aws sso login --profile work`."
    )
    assert said(sdk.TokenRetrievalError(provider="sso", error_msg="Token has expired"), login=login) == snapshot(
        "credentialsExpired: Your AWS session of profile “work” has ended: Error when retrieving token from sso: Token has expired. Run `aws sso login --profile work`."
    )
    assert said(sdk.SSOTokenLoadError(error_msg="no token"), login=login) == snapshot(
        "credentialsExpired: Your AWS session of profile “work” has ended: Error loading SSO Token: no token. Run `aws sso login --profile work`."
    )
    assert said(sdk.LoginTokenLoadError(error_msg="no token"), login="aws login --profile work") == snapshot(
        "credentialsExpired: Your AWS session of profile “work” has ended: Error loading login session token: no token. Run `aws login --profile work`."
    )


def test_credentials_that_aws_does_not_know():
    assert said(answer("InvalidClientTokenId", "The security token included in the request is invalid.")) == snapshot(
        "notAuthenticated: AWS does not accept the credentials of profile “work”: The security token included in the request is invalid. Run `aws configure --profile work` (or `aws sso login --profile work`), or name another profile in `aws.profile`. If they are right, the region eu-west-1 may not be switched on for this account."
    )
    assert said(answer("SignatureDoesNotMatch")) == snapshot(
        "notAuthenticated: AWS does not accept the credentials of profile “work”: No. Run `aws configure --profile work` (or `aws sso login --profile work`), or name another profile in `aws.profile`. If they are right, the region eu-west-1 may not be switched on for this account."
    )
    assert said(sdk.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY")) == snapshot(
        "notAuthenticated: The AWS credentials of profile “work” cannot be used: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY. Run `aws configure --profile work` (or `aws sso login --profile work`), or name another profile in `aws.profile`."
    )


def test_a_wrong_clock():
    assert said(answer("RequestTimeTooSkewed", "The difference is too large.")) == snapshot(
        "notAuthenticated: AWS does not accept the time of this machine: The difference is too large. Set its clock right."
    )


def test_a_profile_that_does_not_exist():
    assert said(sdk.ProfileNotFound(profile="work")) == snapshot(
        "credentialsMissing: The AWS configuration of this machine has no profile “work”. Correct `aws.profile` in the manifest (or AWS_PROFILE), or make the profile with `aws configure --profile work`."
    )
    assert said(sdk.ProfileNotFound(profile="of-the-variable"), connection=AwsConnection("eu-west-1")) == snapshot(
        "credentialsMissing: The AWS configuration of this machine has no profile “of-the-variable”. Correct `aws.profile` in the manifest (or AWS_PROFILE), or make the profile with `aws configure --profile NAME`."
    )


def test_a_configuration_that_cannot_be_read():
    assert said(sdk.ConfigParseError(path="/home/me/.aws/config")) == snapshot(
        "notAuthenticated: The AWS configuration cannot be read: Unable to parse config file: /home/me/.aws/config. Correct that file."
    )


# --- permissions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "start"),
    [
        (
            "User: arn:aws:iam::1:user/me is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:eu-west-1:1:stack/app/* because no identity-based policy allows the action",
            "You are not allowed to cloudformation:CreateChangeSet on arn:aws:cloudformation:eu-west-1:1:stack/app/*: ",
        ),
        (
            "User: arn:aws:iam::1:user/me is not authorized to perform: iam:PassRole",
            "You are not allowed to iam:PassRole: ",
        ),
        ("You may not cloudformation:DeleteStack on app", "You are not allowed to cloudformation:DeleteStack on app: "),
        ("No.", "You are not allowed to cloudformation:CreateChangeSet: "),
    ],
)
def test_a_missing_permission_names_the_action_and_the_resource(message, start):
    assert said(answer("AccessDenied", message, status=403)).startswith(f"notAllowed: {start}")


def test_s3_does_not_name_the_action_so_we_do():
    assert said(answer("AccessDenied", "Access Denied", "ListObjectsV2", 403), service="s3") == snapshot(
        "notAllowed: You are not allowed to s3:ListBucket: Access Denied. Ask for that permission, or choose another profile than “work”."
    )
    assert said(answer("403", "Forbidden", "HeadObject", 403), service="s3") == snapshot(
        "notAllowed: You are not allowed to s3:GetObject: Forbidden. Ask for that permission, or choose another profile than “work”."
    )


# --- the region ------------------------------------------------------------------------------------------------------


def test_a_region_that_is_none():
    nowhere = AwsConnection("eu-west-99")
    unresolved = sdk.EndpointConnectionError(endpoint_url="https://cloudformation.eu-west-99.amazonaws.com/")
    assert said(unresolved, connection=nowhere, region_known=lambda: False) == snapshot(
        'cloudError: AWS has no region “eu-west-99”: Could not connect to the endpoint URL: "https://cloudformation.eu-west-99.amazonaws.com/". Correct `aws.region`.'
    )
    assert said(sdk.InvalidRegionError(region_name="eu west"), connection=AwsConnection("eu west")) == snapshot(
        "cloudError: “eu west” is no AWS region. Correct `aws.region`."
    )


def test_a_region_that_is_not_switched_on():
    assert said(answer("OptInRequired", "You need to enable it.")) == snapshot(
        "notAllowed: The account may not use CloudFormation in eu-west-1: You need to enable it. Switch the region on in the account's settings, or correct `aws.region`."
    )


# --- silence ---------------------------------------------------------------------------------------------------------

URL = "https://cloudformation.eu-west-1.amazonaws.com/"
SILENCES = [
    sdk.EndpointConnectionError(endpoint_url=URL, error="[Errno 111] Connection refused"),
    sdk.ConnectTimeoutError(endpoint_url=URL),
    sdk.ReadTimeoutError(endpoint_url=URL),
    sdk.ConnectionClosedError(endpoint_url=URL),
    sdk.ProxyConnectionError(proxy_url="http://proxy:3128"),
    sdk.SSLError(endpoint_url=URL, error="self-signed certificate"),
    sdk.IncompleteReadError(actual_bytes=1, expected_bytes=2),
    sdk.HTTPClientError(error="broken"),
    ResponseParserError("Unable to parse response, invalid XML received:\n<html>" + "<p>" * 400),
    answer("InternalFailure", "An internal error occurred.", status=500),
    answer("503", "Service Unavailable", status=503),
]


@pytest.mark.parametrize("silence", SILENCES, ids=lambda error: type(error).__name__)
def test_after_a_silence_a_change_may_have_happened_but_a_look_changed_nothing(silence):
    assert said(silence, mutates=True).startswith("unreachable (uncertain): ")
    assert said(silence, mutates=False).startswith("unreachable: ")


def test_what_is_said_of_a_silence():
    assert [said(silence) for silence in SILENCES] == snapshot(
        [
            'unreachable: CloudFormation in eu-west-1 cannot be reached: Could not connect to the endpoint URL: "https://cloudformation.eu-west-1.amazonaws.com/". Check the network, then try again.',
            'unreachable: CloudFormation in eu-west-1 cannot be reached: Connect timeout on endpoint URL: "https://cloudformation.eu-west-1.amazonaws.com/". Check the network, then try again.',
            'unreachable: CloudFormation in eu-west-1 cannot be reached: Read timeout on endpoint URL: "https://cloudformation.eu-west-1.amazonaws.com/". Check the network, then try again.',
            'unreachable: CloudFormation in eu-west-1 cannot be reached: Connection was closed before we received a valid response from endpoint URL: "https://cloudformation.eu-west-1.amazonaws.com/". Check the network, then try again.',
            'unreachable: The proxy cannot be reached: Failed to connect to proxy URL: "http://proxy:3128". Check HTTPS_PROXY.',
            "unreachable: No trusted connection to CloudFormation in eu-west-1: SSL validation failed for https://cloudformation.eu-west-1.amazonaws.com/ self-signed certificate. If a proxy inspects traffic here, name its certificate in AWS_CA_BUNDLE.",
            "unreachable: CloudFormation in eu-west-1 sent an answer that cannot be read: 1 read, but total bytes expected is 2. Check the network, then try again.",
            "unreachable: CloudFormation in eu-west-1 cannot be reached: An HTTP Client raised an unhandled exception: broken. Check the network, then try again.",
            "unreachable: CloudFormation in eu-west-1 sent an answer that cannot be read: Unable to parse response, invalid XML received: <html><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><p><… Check the network, then try again.",
            "unreachable: CloudFormation in eu-west-1 failed at CreateChangeSet: An internal error occurred. Try again later.",
            "unreachable: CloudFormation in eu-west-1 failed at CreateChangeSet: Service Unavailable. Try again later.",
        ]
    )


def test_an_endpoint_of_ones_own_is_named():
    local = AwsConnection("eu-west-1", endpoint_url="http://127.0.0.1:4566")
    refused = sdk.EndpointConnectionError(endpoint_url="http://127.0.0.1:4566/")
    assert said(refused, connection=local) == snapshot(
        'unreachable: CloudFormation at http://127.0.0.1:4566 cannot be reached: Could not connect to the endpoint URL: "http://127.0.0.1:4566/". Check that it runs, then try again.'
    )


def test_no_answer_in_time():
    late = overdue(Context(HERE, "cloudformation", mutates=True), 120)
    assert (str(late), late.certain) == snapshot(
        ("CloudFormation in eu-west-1 gave no answer within 120 seconds. Check the network, then try again.", False)
    )


def test_throttling_is_a_refusal_so_nothing_happened():
    assert said(answer("Throttling", "Rate exceeded"), mutates=True) == snapshot(
        "unreachable: AWS is throttling CreateChangeSet: Rate exceeded. Try again in a minute."
    )


# --- the stack and its changes ---------------------------------------------------------------------------------------


def test_what_is_not_there():
    missing = [
        answer("ValidationError", "Stack with id app does not exist"),
        answer("ChangeSetNotFound", "ChangeSet [x] does not exist"),
        answer("NoSuchBucket", "The specified bucket does not exist"),
        answer("404", "Not Found", "HeadObject"),
    ]
    assert [said(error) for error in missing] == snapshot(
        [
            "notFound: Stack with id app does not exist.",
            "notFound: ChangeSet [x] does not exist.",
            "notFound: The specified bucket does not exist.",
            "notFound: Not Found.",
        ]
    )


def test_states_that_do_not_allow_it():
    conflicts = [
        answer("ValidationError", "Stack:arn:x is in ROLLBACK_COMPLETE state and can not be updated."),
        answer("ValidationError", "CancelUpdateStack cannot be called from current stack status", "CancelUpdateStack"),
        answer(
            "ValidationError", "Stack [app] cannot be deleted while TerminationProtection is enabled", "DeleteStack"
        ),
        answer("ValidationError", "Stack [app] already exists and cannot be created again with the changeSet [x]."),
        answer("InvalidChangeSetStatus", "ChangeSet [x] is in EXECUTE_IN_PROGRESS status", "ExecuteChangeSet"),
        answer("LimitExceededException", "Limit of 200 stacks exceeded"),
    ]
    assert [said(error) for error in conflicts] == snapshot(
        [
            "conflict: CreateChangeSet was refused: Stack:arn:x is in ROLLBACK_COMPLETE state and can not be updated.",
            "conflict: CancelUpdateStack was refused: CancelUpdateStack cannot be called from current stack status.",
            "conflict: DeleteStack was refused: Stack [app] cannot be deleted while TerminationProtection is enabled.",
            "conflict: CreateChangeSet was refused: Stack [app] already exists and cannot be created again with the changeSet [x].",
            "conflict: ExecuteChangeSet was refused: ChangeSet [x] is in EXECUTE_IN_PROGRESS status.",
            "conflict: CreateChangeSet was refused: Limit of 200 stacks exceeded.",
        ]
    )


def test_what_is_wrong_with_the_template():
    wrong = [
        answer("ValidationError", "Template format error: unsupported structure."),
        answer(
            "ValidationError", "Template error: Requested attribute Url does not exist in schema for AWS::S3::Bucket"
        ),
        answer("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]"),
        sdk.ParamValidationError(report="Invalid length for parameter StackName, value: 0, valid min length: 1"),
    ]
    assert [said(error) for error in wrong] == snapshot(
        [
            "rejected: CreateChangeSet was refused: Template format error: unsupported structure.",
            "rejected: CreateChangeSet was refused: Template error: Requested attribute Url does not exist in schema for AWS::S3::Bucket.",
            "rejected: CreateChangeSet was refused: Requires capabilities : [CAPABILITY_IAM].",
            "rejected: A value does not fit AWS's rules: Parameter validation failed: Invalid length for parameter StackName, value: 0, valid min length: 1.",
        ]
    )


def test_anything_else_that_aws_refuses():
    assert said(answer("SomethingNew", "It is not to be.")) == snapshot(
        "cloudError: CreateChangeSet was refused (SomethingNew): It is not to be."
    )
    assert said(sdk.BotoCoreError()) == snapshot(
        "cloudError: AWS's SDK cannot make the call to CloudFormation: An unspecified error occurred."
    )


def test_a_defect_of_ours_is_not_taken_for_an_answer():
    assert translate(KeyError("x"), Context(HERE, "cloudformation")) is None


# --- codes -----------------------------------------------------------------------------------------------------------


def test_the_code_of_an_error_that_was_translated():
    cause = answer("AlreadyExistsException")
    error = translate(cause, Context(HERE, "cloudformation"))
    error.__cause__ = cause
    assert code_of(error) == code_of(cause) == "AlreadyExistsException"
    assert not was_repeated(error)


def test_connection_errors_have_no_code():
    cause = sdk.ConnectionClosedError(endpoint_url=URL)
    error = translate(cause, Context(HERE, "cloudformation"))
    error.__cause__ = cause
    assert code_of(error) == code_of(cause) == ""
    assert not was_repeated(error)
