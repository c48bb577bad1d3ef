from inline_snapshot import snapshot

from sigma_ls.providers.aws import statuses

# Every stack status of the service model (botocore 1.44), REVIEW_IN_PROGRESS aside: that one is no stack yet.
ALL = [
    "CREATE_IN_PROGRESS",
    "CREATE_FAILED",
    "CREATE_COMPLETE",
    "ROLLBACK_IN_PROGRESS",
    "ROLLBACK_FAILED",
    "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS",
    "DELETE_FAILED",
    "DELETE_COMPLETE",
    "UPDATE_IN_PROGRESS",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_COMPLETE",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_FAILED",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_IN_PROGRESS",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS",
    "IMPORT_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_COMPLETE",
]


def test_the_statuses_are_those_of_the_service():
    import botocore.session

    model = botocore.session.get_session().get_service_model("cloudformation")
    assert {*ALL, statuses.REVIEW} == set(model.shape_for("StackStatus").enum)


def test_what_each_status_means():
    table = [
        f"{status}: {_condition(status)}, "
        + (f"stop = {statuses.stop_means(status)}" if not statuses.has_ended(status) else statuses.outcome(status))
        for status in ALL
    ]
    assert table == snapshot(
        [
            "CREATE_IN_PROGRESS: busy, stop = delete",
            "CREATE_FAILED: unrecoverable (rollback disabled: paused), failed",
            "CREATE_COMPLETE: ready, succeeded",
            "ROLLBACK_IN_PROGRESS: busy, stop = None",
            "ROLLBACK_FAILED: unrecoverable, failed",
            "ROLLBACK_COMPLETE: unrecoverable, rolledBack",
            "DELETE_IN_PROGRESS: busy, stop = None",
            "DELETE_FAILED: unrecoverable, failed",
            "DELETE_COMPLETE: ready, deleted",
            "UPDATE_IN_PROGRESS: busy, stop = rollback",
            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: busy, stop = None",
            "UPDATE_COMPLETE: ready, succeeded",
            "UPDATE_FAILED: paused, failed",
            "UPDATE_ROLLBACK_IN_PROGRESS: busy, stop = None",
            "UPDATE_ROLLBACK_FAILED: rollbackFailed, failed",
            "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: busy, stop = None",
            "UPDATE_ROLLBACK_COMPLETE: ready, rolledBack",
            "IMPORT_IN_PROGRESS: busy, stop = None",
            "IMPORT_COMPLETE: ready, succeeded",
            "IMPORT_ROLLBACK_IN_PROGRESS: busy, stop = None",
            "IMPORT_ROLLBACK_FAILED: rollbackFailed, failed",
            "IMPORT_ROLLBACK_COMPLETE: ready, rolledBack",
        ]
    )


def _condition(status):
    found = [statuses.condition(status, rollback_disabled=disabled) for disabled in (False, True)]
    return found[0] if found[0] == found[1] else f"{found[0]} (rollback disabled: {found[1]})"


def test_the_empty_shell_of_a_change_set_is_not_busy():
    assert not statuses.is_busy(statuses.REVIEW)
