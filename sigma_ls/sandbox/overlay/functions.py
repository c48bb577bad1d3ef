"""What AWS Lambda does with a function of a template and ministack does not.

It refuses code that is not there or not an archive, and layers that are not there; it honours the dead-letter queue and
the reserved concurrency; and a function that is deleted leaves no process behind.
"""

import io
import zipfile

import ministack.services.cloudformation.provisioners as ministack_provisioners
import ministack.services.lambda_svc as ministack_lambda
from ministack.core.concurrency import spawn_background
from ministack.core.responses import get_account_id, get_region

_HANDLERS = ministack_provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
_ministacks_create, _ministacks_update, _ministacks_delete = (
    _HANDLERS[verb] for verb in ("create", "update", "delete")
)


def install():
    """Put all of it in place."""
    _HANDLERS.update(create=_create, update=_update, delete=_delete)


def _create(logical_id, props, stack_name):
    _check_code(props.get("Code") or {})
    _check_layers(props.get("Layers") or [])
    name, attributes = _ministacks_create(logical_id, props, stack_name)
    _complete(name, props)
    return name, attributes


def _update(physical_id, old_props, new_props, stack_name, logical_id=None):
    if old_props.get("Code") != new_props.get("Code"):
        _check_code(new_props.get("Code") or {})
    _check_layers(new_props.get("Layers") or [])
    name, attributes = _ministacks_update(physical_id, old_props, new_props, stack_name, logical_id)
    _complete(name, new_props)
    return name, attributes


def _delete(physical_id, props):
    _ministacks_delete(physical_id, props)
    # On a thread: it waits for the workers to end.
    spawn_background(ministack_lambda.invalidate_worker, physical_id, account=get_account_id(), region=get_region())


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


def _check_layers(arns):
    """Raises with Lambda's words for a layer that is not there; ministack lets those of other accounts pass."""
    for arn in arns:
        if ministack_lambda._resolve_layer_zip(arn) is None:
            raise ValueError(
                f"Layer version {arn} does not exist. (Service: Lambda, Status Code: 400; the sandbox has only the "
                "layers that were published in it)"
            )


def _complete(name, props):
    function = ministack_lambda._functions[name]
    if props.get("DeadLetterConfig"):
        function["config"]["DeadLetterConfig"] = props["DeadLetterConfig"]
    else:
        function["config"].pop("DeadLetterConfig", None)
    function["concurrency"] = props.get("ReservedConcurrentExecutions")
