"""The triggers of user pools that ministack does not know: around a sign-in, after a confirmation, and for migration.

Events as in the Cognito developer guide, "Customizing user pool workflows with Lambda triggers".
"""

import json

import ministack.services.cognito as ministack_cognito
import ministack.services.lambda_svc as ministack_lambda
from ministack.core.responses import error_response_json, new_uuid

_HANDLERS = (
    "_sign_up", "_confirm_sign_up", "_admin_confirm_sign_up", "_confirm_forgot_password", "_initiate_auth",
    "_admin_initiate_auth", "_respond_to_auth_challenge", "_admin_respond_to_auth_challenge",
)  # fmt: skip
_ministacks = {name: getattr(ministack_cognito, name) for name in _HANDLERS}
# A user who is not known can be migrated only where the password is sent.
_PASSWORD_FLOWS = ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH")
_REFRESH_FLOWS = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")


class _Refused(Exception):
    """A trigger that failed, and with it what it was to decide."""


def install():
    """Put all of it in place."""
    for name in ("_sign_up", "_confirm_sign_up", "_admin_confirm_sign_up"):
        _wrap(name, lambda handler, data: _confirmed(handler, data, "PostConfirmation_ConfirmSignUp"))
    _wrap(
        "_confirm_forgot_password",
        lambda handler, data: _confirmed(handler, data, "PostConfirmation_ConfirmForgotPassword"),
    )
    for name in ("_initiate_auth", "_admin_initiate_auth"):
        _wrap(name, _signing_in)
    for name in ("_respond_to_auth_challenge", "_admin_respond_to_auth_challenge"):
        _wrap(name, lambda handler, data: _signed_in(handler(data), data, data.get("ChallengeResponses") or {}))


def _wrap(name, around):
    def handler(data):
        try:
            return around(_ministacks[name], data)
        except _Refused as refusal:
            return error_response_json("UserLambdaValidationException", str(refusal), 400)

    setattr(ministack_cognito, name, handler)


def _confirmed(handler, data, source):
    answer = handler(data)
    # Signing up confirms only where a trigger says so.
    if answer[0] == 200 and json.loads(answer[2]).get("UserConfirmed", True):
        _fire("PostConfirmation", source, data, data.get("Username"))
    return answer


def _signing_in(handler, data):
    given, flow = data.get("AuthParameters") or {}, data.get("AuthFlow")
    if flow in _REFRESH_FLOWS:
        return handler(data)
    name = given.get("USERNAME")
    if flow in _PASSWORD_FLOWS and _user(data, name) is None:
        _migrate(data, name, given.get("PASSWORD"))
    _fire("PreAuthentication", "PreAuthentication_Authentication", data, name, validationData={})
    return _signed_in(handler(data), data, given)


def _signed_in(answer, data, given):
    if answer[0] == 200 and json.loads(answer[2]).get("AuthenticationResult"):
        source = "PostAuthentication_Authentication"
        _fire("PostAuthentication", source, data, given.get("USERNAME"), newDeviceUsed=False)
    return answer


def _migrate(data, name, password):
    source = "UserMigration_Authentication"
    response = _fire("UserMigration", source, data, name, known=False, password=password, validationData={})
    if not response or not response.get("userAttributes"):
        return
    attributes = {"sub": new_uuid(), **response["userAttributes"]}
    now = ministack_cognito._now_epoch()
    _pool(data)[0]["_users"][name] = {
        "Username": name,
        "Attributes": ministack_cognito._dict_to_attr_list(attributes),
        "UserCreateDate": now,
        "UserLastModifiedDate": now,
        "Enabled": True,
        "UserStatus": response.get("finalUserStatus") or "RESET_REQUIRED",
        "MFAOptions": [],
        "_password": password,
        "_groups": [],
        "_tokens": [],
    }


def _pool(data):
    """The pool that a request is about, and its id."""
    if pool_id := data.get("UserPoolId"):
        return ministack_cognito._user_pools.get(pool_id), pool_id
    return ministack_cognito._pool_for_client(data.get("ClientId"))


def _user(data, name):
    pool, _ = _pool(data)
    return ministack_cognito._resolve_user(pool, name)[0] if pool else None


def _fire(trigger, source, data, name, *, known=True, **request):
    """Call the pool's function for that trigger.  Returns its response; nothing where there is no such function."""
    pool, pool_id = _pool(data)
    arn = ((pool or {}).get("LambdaConfig") or {}).get(trigger)
    user = _user(data, name)
    if not arn or (known and user is None):
        return None
    attributes = ministack_cognito._attr_list_to_dict(user["Attributes"]) if user else {}
    event = {
        "version": "1",
        "triggerSource": source,
        "region": ministack_cognito._pool_region(pool_id),
        "userPoolId": pool_id,
        "userName": user["Username"] if user else name,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": data.get("ClientId") or ""},
        "request": {**({"userAttributes": attributes} if known else {}), **request},
        "response": {},
    }
    record, config, _ = ministack_lambda._get_func_record_for_ref(arn)
    if record is None or config is None:
        raise _Refused(f"{trigger} failed with error: the function {arn} does not exist.")
    function = ministack_lambda._execution_record_for_config(record, config)
    result = ministack_lambda._execute_function_with_config_scope(function, event)
    body = result.get("body") if isinstance(result, dict) else result
    if isinstance(result, dict) and result.get("error"):
        told = body.get("errorMessage") if isinstance(body, dict) else body
        raise _Refused(f"{trigger} failed with error {told}.")
    return ministack_cognito._extract_trigger_response(body) or {}
