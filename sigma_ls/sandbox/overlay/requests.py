"""What CloudFormation refuses and ministack does not, and the requests that take time: in front of its API actions."""

import asyncio

import ministack.services.cloudformation.changesets as ministack_changesets
import ministack.services.cloudformation.engine as ministack_engine
import ministack.services.cloudformation.handlers as ministack_handlers
from ministack.services.cloudformation import _change_sets, _stacks
from ministack.services.cloudformation.helpers import _error, _p, _xml

from . import early, nested_sets, values
from .conditions import CONDITIONS
from .operations import OPERATIONS

_ACTIONS = ministack_handlers._ACTION_HANDLERS
_ministacks = {
    name: _ACTIONS[name]
    for name in ("CancelUpdateStack", "ContinueUpdateRollback", "CreateChangeSet", "DeleteChangeSet", "DeleteStack",
                 "DescribeChangeSet", "DescribeEvents", "ExecuteChangeSet", "ListChangeSets", "UpdateStack")
}  # fmt: skip
_ministacks_validation = ministack_engine.validate_template_support

# A stack in one of these can only be deleted (AWS CloudFormation user guide, "Stack status codes"), or, in the last
# two, has to be brought out of it before it takes another change.
_NOT_UPDATABLE = (
    "DELETE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "REVIEW_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
)  # fmt: skip


def install():
    """Put all of it in place."""
    for name in _ministacks:
        _ACTIONS[name] = globals()[f"_{name[0].lower()}{name[1:]}"]
    for module in (ministack_changesets, ministack_handlers):
        module.validate_template_support = _validate_template
    # ministack asks for CAPABILITY_IAM only where it checks permissions as well; AWS always does.
    ministack_handlers._capabilities_enforced = lambda: True


def _status(params):
    stack = ministack_handlers._resolve_stack(_p(params, "StackName"))
    return (stack, stack["StackStatus"]) if stack else (None, "DELETE_COMPLETE")


# Those that an operation with rollback disabled leaves behind.
_PAUSED = ("CREATE_FAILED", "UPDATE_FAILED")


def _not_updatable(stack, status):
    # One that was made with OnStackFailure=DO_NOTHING cannot be updated either (code-dot-org, pull request 68524).
    given_up = status == "CREATE_FAILED" and stack.get("_given_up")
    return _busy(status) or status in _NOT_UPDATABLE or given_up


def _rolls_back_a_paused_one(status, params):
    """AWS's refusal of an update with rollback, where there is no stable state to go back to, or nothing."""
    if status not in _PAUSED or _p(params, "DisableRollback").lower() == "true":
        return None
    return _error(
        "ValidationError",
        f"This stack is currently in a non-terminal [{status}] state. To update the stack from this state, please use "
        "the disable-rollback parameter with update-stack API. To rollback to the last known good state, use the "
        "rollback-stack API",
    )


def _busy(status):
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def _named(params):
    """The request with the stack's name in place of its id, which ministack compares with names."""
    stack, _ = _status(params)
    return {**params, "StackName": [stack["StackName"]]} if stack and params.get("StackName") else params


def _cannot_update(stack, status):
    return _error("ValidationError", f"Stack:{stack['StackId']} is in {status} state and can not be updated.")


# --- change sets -----------------------------------------------------------------------------------------------------


def _createChangeSet(params):  # noqa: N802 - named after the action
    stack, status = _status(params)
    name, token = _p(params, "ChangeSetName"), _p(params, "ClientToken")
    if stack and status != "DELETE_COMPLETE":
        creates = _p(params, "ChangeSetType") == "CREATE"
        for earlier in _change_sets.values():
            same = earlier["StackId"] == stack["StackId"] and earlier["ChangeSetName"] == name
            if same and token and earlier.get("_client_token") == token:
                return _created(earlier)
        if creates and status != "REVIEW_IN_PROGRESS":
            told = (
                f"Stack [{stack['StackName']}] already exists and cannot be created again with the changeSet [{name}]."
            )
            return _error("ValidationError", told)
        if not creates and _not_updatable(stack, status):
            return _cannot_update(stack, status)
    known = set(_change_sets.keys())
    answer = _ministacks["CreateChangeSet"](params)
    for made in set(_change_sets.keys()) - known:
        change_set = _change_sets[made]
        change_set["_client_token"] = token
        _mask(change_set)
        if moved := _moved_types(stack, change_set):
            del _change_sets[made]
            return _error("ValidationError", moved)
        change_set["_values"] = values.of(change_set, _stacks[change_set["StackName"]])
        if _p(params, "IncludeNestedStacks").lower() == "true":
            nested_sets.include(change_set, change_set)
        early.validate(change_set, _stacks[change_set["StackName"]])
        if CONDITIONS.staging_seconds():
            final = change_set["Status"], change_set["ExecutionStatus"]
            change_set.update(Status="CREATE_PENDING", ExecutionStatus="UNAVAILABLE")
            asyncio.get_running_loop().create_task(_ripen(change_set, *final))
    return answer


def _mask(change_set):
    for parameter in change_set["Parameters"]:
        if change_set["_resolved_params"][parameter["ParameterKey"]].get("NoEcho"):
            parameter["ParameterValue"] = values.MASK


def _created(change_set):
    ids = f"<Id>{change_set['ChangeSetId']}</Id><StackId>{change_set['StackId']}</StackId>"
    return _xml(200, "CreateChangeSetResponse", f"<CreateChangeSetResult>{ids}</CreateChangeSetResult>")


def _moved_types(stack, change_set):
    """AWS's refusal of a logical id that changes its type, or nothing."""
    before, after = (stack or {}).get("_resources", {}), change_set["_template"].get("Resources", {})
    moved = [
        name for name in sorted(before.keys() & after.keys()) if before[name]["ResourceType"] != after[name]["Type"]
    ]
    told = (
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: "
    )
    return f"{told}[{', '.join(moved)}]" if moved and change_set["ChangeSetType"] == "UPDATE" else ""


async def _ripen(change_set, status, execution_status):
    await asyncio.sleep(CONDITIONS.staging_seconds())
    change_set["Status"] = "CREATE_IN_PROGRESS"
    await asyncio.sleep(CONDITIONS.staging_seconds())
    change_set.update(Status=status, ExecutionStatus=execution_status)


def _executeChangeSet(params):  # noqa: N802 - named after the action
    params = _named(params)
    token = _p(params, "ClientRequestToken")
    _, change_set = ministack_changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
    if change_set and token and change_set.get("_execute_token") == token:
        return _xml(200, "ExecuteChangeSetResponse", "<ExecuteChangeSetResult></ExecuteChangeSetResult>")
    if change_set and (refusal := _rolls_back_a_paused_one(_stacks[change_set["StackName"]]["StackStatus"], params)):
        return refusal
    answer = _ministacks["ExecuteChangeSet"](params)
    if change_set and answer[0] == 200:
        change_set["_execute_token"] = token
        nested_sets.dispose(change_set)
        _stacks[change_set["StackName"]]["_given_up"] = change_set["OnStackFailure"] == "DO_NOTHING"
    return answer


def _describeChangeSet(params):  # noqa: N802 - named after the action
    params = _named(params)
    status, headers, body = _ministacks["DescribeChangeSet"](params)
    if status == 200:
        _, change_set = ministack_changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
        body = nested_sets.told(body, change_set)
        if _p(params, "IncludePropertyValues").lower() == "true":
            body = values.added(body, change_set)
    return status, headers, body


def _deleteChangeSet(params):  # noqa: N802 - named after the action
    params = _named(params)
    _, change_set = ministack_changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
    if change_set and change_set["Status"] in ("CREATE_PENDING", "CREATE_IN_PROGRESS"):
        return _error("InvalidChangeSetStatus", "An operation on this ChangeSet is currently in progress.")
    if change_set:
        nested_sets.dispose(change_set)
    return _ministacks["DeleteChangeSet"](params)


def _describeEvents(params):  # noqa: N802 - named after the action
    if _p(params, "ChangeSetName") and not _p(params, "StackName"):
        return early.described(_p(params, "ChangeSetName"))
    return _ministacks["DescribeEvents"](params)


def _listChangeSets(params):  # noqa: N802 - named after the action
    return _ministacks["ListChangeSets"](_named(params))


# --- stacks ----------------------------------------------------------------------------------------------------------


def _updateStack(params):  # noqa: N802 - named after the action
    stack, status = _status(params)
    if stack and _not_updatable(stack, status):
        return _cannot_update(stack, status)
    if refusal := _rolls_back_a_paused_one(status, params):
        return refusal
    if status not in _PAUSED:
        return _ministacks["UpdateStack"](params)
    # ministack updates no stack that failed.  Nothing else runs meanwhile.
    stack["StackStatus"] = "UPDATE_COMPLETE"
    answer = _ministacks["UpdateStack"](params)
    if answer[0] != 200:
        stack["StackStatus"] = status
    return answer


def _cancelUpdateStack(params):  # noqa: N802 - named after the action
    answer = _ministacks["CancelUpdateStack"](params)
    stack, _ = _status(params)
    running = OPERATIONS.of(stack["StackId"]) if stack else None
    if answer[0] == 200 and running:
        running.stop("cancelled")
    return answer


def _continueUpdateRollback(params):  # noqa: N802 - named after the action
    if _p(params, "ForceRollback").lower() != "true":
        return _ministacks["ContinueUpdateRollback"](params)
    if _p(params, "ResourcesToSkip.member.1"):
        return _error("ValidationError", "You can specify either ResourcesToSkip or ForceRollback, but not both.")
    stack, _ = _status(params)
    stuck = (stack or {}).get("_rollback_failed", {})
    skipped = {f"ResourcesToSkip.member.{number}": [name] for number, name in enumerate(sorted(stuck), start=1)}
    return _ministacks["ContinueUpdateRollback"]({**params, **skipped})


def _deleteStack(params):  # noqa: N802 - named after the action
    stack, status = _status(params)
    if status == "DELETE_IN_PROGRESS":
        return _xml(200, "DeleteStackResponse", "")
    if status.startswith("UPDATE_") and _busy(status):
        told = f"Stack [{stack['StackId']}] cannot be deleted while in status {status}"
        return _error("ValidationError", told)
    return _ministacks["DeleteStack"](params)


# --- templates -------------------------------------------------------------------------------------------------------


def _validate_template(template, conditions, params=None):
    """Refuse what ministack refuses, and references to nothing, which it leaves to the deployment or ignores."""
    _ministacks_validation(template, conditions, params=params)
    if template.get("Transform"):
        return
    resources = template.get("Resources") or {}
    for section in ("Resources", "Outputs"):
        unresolved = sorted(_unresolved(template.get(section) or {}, resources, template.get("Parameters") or {}))
        if unresolved:
            told = f"Unresolved resource dependencies [{', '.join(unresolved)}] in the {section} block of the template"
            raise ValueError(f"Template format error: {told}")
    ministack_engine._topological_sort(resources, conditions)


def _unresolved(section, resources, parameters):
    for name, _ in ministack_engine._intrinsic_references(section):
        if name not in resources and name not in parameters and not name.startswith("AWS::"):
            yield name
    for made in section.values():
        needs = made.get("DependsOn", []) if isinstance(made, dict) else []
        yield from (name for name in ([needs] if isinstance(needs, str) else needs) if name not in resources)
