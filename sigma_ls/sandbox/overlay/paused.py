"""What an operation that failed with rollback disabled leaves: a stack that takes another update, or RollbackStack.

Both start from what there really is.  So the stack's record gets a template of that: the new definitions where they
were reached, the old ones, with their values, where they were not.
"""

from .values import Side


def resumed(failure):
    """What the failed operation before, if any, replaced and left for a clean-up to remove."""
    return list((failure or {}).get("replaced", ()))


def keep(deployment, failure, failure_before):
    """Keep what RollbackStack and the next update need; `failure` is a record as `rollback.roll_back` takes it.

    `failure_before` is that of the operation before, when that had failed as well: both are undone together, since
    only what was before the first was stable.
    """
    stack = deployment.work.stack
    if failure_before:
        failure = _together(failure_before, failure)
    stack["_failed_operation"] = {**failure, "replaced": deployment.replaced}
    describe(deployment)


def describe(deployment):
    """Give the stack's record a template of what there is."""
    stack = deployment.work.stack
    stack["_resolved_params"] = {**deployment.previous.get("_resolved_params", {}), **deployment.context.params}
    stack["_template"] = {
        **(deployment.previous.get("_template") or {}),
        **deployment.context.template,
        "Resources": _definitions(deployment),
    }


def _together(first, second):
    stable = (first["previous_stack"] or {}).get("_resources", {})
    created = list(dict.fromkeys([*first["created"], *second["created"]]))
    failed = dict.fromkeys([*first["failed_updates"], *second["failed_updates"]])
    return {
        **second,
        **{key: first[key] for key in ("is_update", "previous_stack", "previous_tags")},
        "created": created,
        "replaced_ids": list({*first["replaced_ids"], *second["replaced_ids"]}),
        "failed_updates": [name for name in failed if name in stable and name not in created],
    }


def _definitions(deployment):
    context, previous = deployment.context, deployment.previous
    template = previous.get("_template") or {}
    before = Side(template, previous.get("_resolved_params", {}), deployment.earlier, deployment.work.stack)
    found = {}
    for name in deployment.resources:
        earlier = (template.get("Resources") or {}).get(name)
        if earlier is None or name in deployment.done:
            # In neither template is what an earlier clean-up failed to remove.
            found |= {name: context.definitions[name]} if name in context.definitions else {}
        else:
            # Without the condition, which may be another one now.
            kept = {key: value for key, value in earlier.items() if key != "Condition"}
            found[name] = {**kept, **before.context(name)}
    return found
