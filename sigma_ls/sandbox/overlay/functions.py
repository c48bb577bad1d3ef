"""What AWS Lambda does with a function of a template and ministack does not.

It refuses code that is not there or not an archive, and honours the dead-letter queue and the reserved concurrency.
"""

import io
import zipfile

import ministack.services.cloudformation.provisioners as ministack_provisioners
import ministack.services.lambda_svc as ministack_lambda

_HANDLERS = ministack_provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
_ministacks_create, _ministacks_update = _HANDLERS["create"], _HANDLERS["update"]


def install():
    """Put all of it in place."""
    _HANDLERS.update(create=_create, update=_update)


def _create(logical_id, props, stack_name):
    _check_code(props.get("Code") or {})
    name, attributes = _ministacks_create(logical_id, props, stack_name)
    _complete(name, props)
    return name, attributes


def _update(physical_id, old_props, new_props, stack_name, logical_id=None):
    if old_props.get("Code") != new_props.get("Code"):
        _check_code(new_props.get("Code") or {})
    name, attributes = _ministacks_update(physical_id, old_props, new_props, stack_name, logical_id)
    _complete(name, new_props)
    return name, attributes


def _check_code(code):
    """Raises with Lambda's words when the archive cannot be had."""
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    if not bucket or not key:
        return
    content = ministack_lambda._fetch_code_from_s3(bucket, key, version_id=code.get("S3ObjectVersion"))
    if content is None:
        raise ValueError(
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not "
            f"exist. (s3://{bucket}/{key}) (Service: Lambda, Status Code: 400)"
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise ValueError(
            "Could not unzip uploaded file. Please check your file, then try to upload again. "
            f"(s3://{bucket}/{key}) (Service: Lambda, Status Code: 400)"
        )


def _complete(name, props):
    function = ministack_lambda._functions[name]
    if props.get("DeadLetterConfig"):
        function["config"]["DeadLetterConfig"] = props["DeadLetterConfig"]
    else:
        function["config"].pop("DeadLetterConfig", None)
    function["concurrency"] = props.get("ReservedConcurrentExecutions")
