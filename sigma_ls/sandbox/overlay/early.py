"""Early validation: what makes a change set fail before there is anything to execute, and is told by DescribeEvents.

CloudFormation does so since June 2026; ministack finds the same faults, but only when it deploys.
"""

from html import escape

import ministack.services.cloudformation.handlers as ministack_handlers
import ministack.services.cloudformation.stacks as ministack_stacks
from ministack.core.responses import new_uuid
from ministack.services.cloudformation import _change_sets
from ministack.services.cloudformation.engine import _evaluate_conditions, _topological_sort
from ministack.services.cloudformation.helpers import _xml

# By the name of a validation, the one that the status reason of the change set gives it (as users quote it).
_CHECKS = {"NAME_CONFLICT_VALIDATION": "ResourceExistenceCheck", "PROPERTY_VALIDATION": "PropertyValidation"}


def validate(change_set, stack):
    """Fail the change set if it has such a fault."""
    if change_set["Status"] != "CREATE_COMPLETE" or change_set["_disable_validation"]:
        return
    if change_set["ChangeSetType"] == "IMPORT" or change_set["_import_existing"]:
        # What is to be imported exists, of course.
        return
    template, params = change_set["_template"], change_set["_resolved_params"]
    definitions, conditions = template.get("Resources") or {}, _evaluate_conditions(template, params)
    own = {
        record["PhysicalResourceId"]
        for record in stack.get("_resources", {}).values()
        if record["ResourceType"] == "AWS::S3::Bucket"
    }
    errors = ministack_stacks._validation_errors(
        definitions, _topological_sort(definitions, conditions), params, conditions, template.get("Mappings") or {},
        stack["StackName"], stack["StackId"], own,
    )  # fmt: skip
    if not errors:
        return
    operation = new_uuid()
    change_set["_operation_events"] = [
        ministack_stacks._operation_event(
            stack["StackId"],
            operation,
            "VALIDATION_ERROR",
            "CREATE_CHANGESET",
            LogicalResourceId=logical_id,
            ResourceType=kind,
            ValidationFailureMode="FAIL",
            ValidationName=name,
            ValidationStatus="FAILED",
            ValidationStatusReason=reason,
            ValidationPath=path,
        )
        for logical_id, kind, name, path, reason in errors
    ]
    checks = sorted({f"AWS::EarlyValidation::{_CHECKS[name]}" for _, _, name, _, _ in errors})
    change_set.update(
        Status="FAILED",
        ExecutionStatus="UNAVAILABLE",
        StatusReason=f"The following hook(s)/validation failed: [{', '.join(checks)}]. To troubleshoot Early Validation "
        "errors, use the DescribeEvents API for detailed failure information.",
    )


def described(change_set_id):
    """The answer to DescribeEvents for a change set."""
    events = _change_sets[change_set_id].get("_operation_events", ()) if change_set_id in _change_sets else ()
    members = "".join(
        "<member>"
        + "".join(
            f"<{field}>{escape(str(event[field]))}</{field}>"
            for field in ministack_handlers._OPERATION_EVENT_FIELDS
            if event.get(field)
        )
        + "</member>"
        for event in events
    )
    result = f"<DescribeEventsResult><OperationEvents>{members}</OperationEvents></DescribeEventsResult>"
    return _xml(200, "DescribeEventsResponse", result)
