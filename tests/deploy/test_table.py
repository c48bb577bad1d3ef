"""The whole life cycle as one table: every state against every event.

What is not in it has no place: a request of a person is refused with the code of the second table, a report is dropped.
"""

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from sigma_ls.deploy import events as on
from sigma_ls.deploy import states as at
from sigma_ls.deploy.machine import IllegalEvent, advance, can, is_over, resume
from tests.support.transitions import EVENTS, STATES, outcome, shown_effects

REQUESTS = ("execute", "execute other", "abort", "stop", "consent", "values")


def test_what_follows_from_each_event_in_each_state():
    table = {}
    for state_name, state in STATES.items():
        row = {}
        for event_name, event in EVENTS.items():
            after, line = outcome(state, event)
            if after is not None and not (isinstance(event, on.Unreachable) and after == state):
                row[event_name] = line
        table[state_name] = row

    assert table == snapshot(
        {
            "initializing": {
                "abort": "Completed(outcome=aborted)",
                "analyzed": "Building / Build",
                "analyzed, missing": "AskingValues(then=build)",
                "analysis refused": "Completed(outcome=refused)",
                "Analyze failed": "Completed(outcome=failed)",
            },
            "initializing removal": {
                "abort": "Completed(outcome=aborted)",
                "analyzed": "Preparing / Prepare",
                "analyzed, missing": "Preparing / Prepare",
                "analysis refused": "Completed(outcome=refused)",
                "Analyze failed": "Completed(outcome=failed)",
            },
            "asking values": {"abort": "Completed(outcome=aborted)", "values": "Building / Build"},
            "asking values again": {"abort": "Completed(outcome=aborted)", "values": "Staging / Stage"},
            "building": {
                "abort": "Completed(outcome=aborted)",
                "built": "Preparing / Prepare",
                "work lost": "Initializing / Analyze",
                "Build failed": "Completed(outcome=failed)",
            },
            "preparing": {
                "abort": "Completed(outcome=aborted)",
                "absent": "Uploading / Upload",
                "ready": "Uploading / Upload",
                "ready, protected": "Uploading / Upload",
                "busy": "Waiting / Watch",
                "unrecoverable": "ConfirmingRecreate",
                "unrecoverable, stateful": "ConfirmingRecreate",
                "unrecoverable, protected": "Completed(outcome=refused)",
                "rollback failed": "Completed(outcome=failed)",
                "Prepare failed": "Completed(outcome=failed)",
            },
            "preparing --yes": {
                "abort": "Completed(outcome=aborted)",
                "absent": "Uploading / Upload",
                "ready": "Uploading / Upload",
                "ready, protected": "Uploading / Upload",
                "busy": "Waiting / Watch",
                "unrecoverable": "Deleting / Delete",
                "unrecoverable, stateful": "ConfirmingRecreate",
                "unrecoverable, protected": "Completed(outcome=refused)",
                "rollback failed": "Completed(outcome=failed)",
                "Prepare failed": "Completed(outcome=failed)",
            },
            "preparing --yes --allow-data-loss": {
                "abort": "Completed(outcome=aborted)",
                "absent": "Uploading / Upload",
                "ready": "Uploading / Upload",
                "ready, protected": "Uploading / Upload",
                "busy": "Waiting / Watch",
                "unrecoverable": "Deleting / Delete",
                "unrecoverable, stateful": "Deleting / Delete",
                "unrecoverable, protected": "Completed(outcome=refused)",
                "rollback failed": "Completed(outcome=failed)",
                "Prepare failed": "Completed(outcome=failed)",
            },
            "preparing removal": {
                "abort": "Completed(outcome=aborted)",
                "absent": "Completed(outcome=noChanges)",
                "ready": "Staging / Stage",
                "ready, protected": "Completed(outcome=refused)",
                "busy": "Waiting / Watch",
                "unrecoverable": "Staging / Stage",
                "unrecoverable, stateful": "Staging / Stage",
                "unrecoverable, protected": "Completed(outcome=refused)",
                "rollback failed": "Staging / Stage",
                "Prepare failed": "Completed(outcome=failed)",
            },
            "waiting": {
                "abort": "Completed(outcome=aborted)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Preparing / Prepare",
                "settled rolledBack": "Preparing / Prepare",
                "settled failed": "Preparing / Prepare",
                "settled failed, applied": "Preparing / Prepare",
                "settled deleted": "Preparing / Prepare",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "confirming recreate": {"abort": "Completed(outcome=aborted)", "consent": "Deleting / Delete"},
            "deleting": {
                "abort": "Deleting(abort)",
                "deletion started": "AwaitingDeletion / WatchDeletion",
                "Delete failed": "Completed(outcome=failed)",
                "Delete unanswered": "AwaitingDeletion / WatchDeletion",
            },
            "deleting, aborted": {
                "abort": "(same)",
                "deletion started": "AwaitingDeletion(abort) / WatchDeletion",
                "Delete failed": "Completed(outcome=failed)",
                "Delete unanswered": "AwaitingDeletion(abort) / WatchDeletion",
            },
            "awaiting deletion": {
                "abort": "AwaitingDeletion(abort)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Completed(outcome=failed)",
                "settled rolledBack": "Completed(outcome=failed)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=failed)",
                "settled deleted": "Preparing(attempt+1) / Prepare",
                "Watch failed": "(same)",
                "WatchDeletion failed": "(same) / WatchDeletion",
            },
            "awaiting deletion, aborted": {
                "abort": "(same)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Completed(outcome=failed)",
                "settled rolledBack": "Completed(outcome=failed)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=failed)",
                "settled deleted": "Completed(outcome=aborted)",
                "Watch failed": "(same)",
                "WatchDeletion failed": "(same) / WatchDeletion",
            },
            "awaiting deletion, third time": {
                "abort": "AwaitingDeletion(abort)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Completed(outcome=failed)",
                "settled rolledBack": "Completed(outcome=failed)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=failed)",
                "settled deleted": "Completed(outcome=failed)",
                "Watch failed": "(same)",
                "WatchDeletion failed": "(same) / WatchDeletion",
            },
            "uploading": {
                "abort": "Completed(outcome=aborted)",
                "work lost": "Initializing / Analyze",
                "uploaded": "Staging / Stage",
                "Upload failed": "Completed(outcome=failed)",
            },
            "staging": {
                "abort": "Staging(abort)",
                "work lost": "Initializing / Analyze",
                "values missing": "AskingValues(then=stage)",
                "staged": "Staged",
                "staged, stateful": "ConfirmingLoss",
                "nothing staged": "Concluding(outcome=noChanges) / Conclude",
                "Stage failed": "Completed(outcome=failed)",
                "Stage unanswered": "Completed(outcome=failed)",
                "Stage conflicts": "Preparing(attempt+1) / Prepare",
            },
            "staging --yes": {
                "abort": "Staging(abort)",
                "work lost": "Initializing / Analyze",
                "values missing": "AskingValues(then=stage)",
                "staged": "Executing(stop=False) / Execute",
                "staged, stateful": "ConfirmingLoss",
                "nothing staged": "Concluding(outcome=noChanges) / Conclude",
                "Stage failed": "Completed(outcome=failed)",
                "Stage unanswered": "Completed(outcome=failed)",
                "Stage conflicts": "Preparing(attempt+1) / Prepare",
            },
            "staging --yes --allow-data-loss": {
                "abort": "Staging(abort)",
                "work lost": "Initializing / Analyze",
                "values missing": "AskingValues(then=stage)",
                "staged": "Executing(stop=False) / Execute",
                "staged, stateful": "Executing(stop=False) / Execute",
                "nothing staged": "Concluding(outcome=noChanges) / Conclude",
                "Stage failed": "Completed(outcome=failed)",
                "Stage unanswered": "Completed(outcome=failed)",
                "Stage conflicts": "Preparing(attempt+1) / Prepare",
            },
            "staging, aborted": {
                "abort": "(same)",
                "work lost": "Completed(outcome=aborted)",
                "values missing": "Completed(outcome=aborted)",
                "staged": "Discarding(then=aborted) / Discard",
                "staged, stateful": "Discarding(then=aborted) / Discard",
                "nothing staged": "Completed(outcome=aborted)",
                "Stage failed": "Completed(outcome=aborted)",
                "Stage unanswered": "Completed(outcome=aborted)",
                "Stage conflicts": "Completed(outcome=aborted)",
            },
            "confirming loss": {"abort": "Discarding(then=aborted) / Discard", "consent": "Staged(consent)"},
            "confirming loss, auto": {
                "abort": "Discarding(then=aborted) / Discard",
                "consent": "Executing(stop=False, consent) / Execute",
            },
            "staged": {"execute": "Checking / CheckPlan", "abort": "Discarding(then=aborted) / Discard"},
            "checking": {
                "abort": "Discarding(then=aborted) / Discard",
                "current": "Executing(stop=False) / Execute",
                "stale": "Discarding(then=restage, attempt+1) / Discard",
                "CheckPlan failed": "Staged",
            },
            "checking, third time": {
                "abort": "Discarding(then=aborted) / Discard",
                "current": "Executing(stop=False) / Execute",
                "stale": "Discarding(then=failed) / Discard",
                "CheckPlan failed": "Staged",
            },
            "executing": {
                "stop": "Executing(stop)",
                "current": "(same) / Execute",
                "stale": "Monitoring(unconfirmed, means=rollback) / Watch",
                "started": "Monitoring(means=rollback) / Watch",
                "Reconcile failed": "(same) / Reconcile",
                "Execute failed": "Staged",
                "Execute unanswered": "(same) / Reconcile",
                "Execute conflicts": "Discarding(then=restage, attempt+1) / Discard",
            },
            "executing, auto": {
                "stop": "Executing(stop)",
                "current": "(same) / Execute",
                "stale": "Monitoring(unconfirmed, means=rollback) / Watch",
                "started": "Monitoring(means=rollback) / Watch",
                "Reconcile failed": "(same) / Reconcile",
                "Execute failed": "Discarding(then=failed) / Discard",
                "Execute unanswered": "(same) / Reconcile",
                "Execute conflicts": "Discarding(then=restage, attempt+1) / Discard",
            },
            "executing create, stopped": {
                "stop": "(same)",
                "current": "Discarding(then=aborted, uncertain) / Discard(stack too)",
                "stale": "RollingBack(stop=requested, unconfirmed, means=delete) / Watch, Stop(delete)",
                "started": "RollingBack(stop=requested, means=delete) / Watch, Stop(delete)",
                "Reconcile failed": "(same) / Reconcile",
                "Execute failed": "Discarding(then=aborted) / Discard(stack too)",
                "Execute unanswered": "(same) / Reconcile",
                "Execute conflicts": "Discarding(then=aborted) / Discard(stack too)",
            },
            "executing removal": {
                "current": "(same) / Execute",
                "stale": "Monitoring(unconfirmed) / Watch",
                "started": "Monitoring / Watch",
                "Reconcile failed": "(same) / Reconcile",
                "Execute failed": "Staged",
                "Execute unanswered": "(same) / Reconcile",
                "Execute conflicts": "Discarding(then=restage, attempt+1) / Discard",
            },
            "monitoring": {
                "stop": "RollingBack(stop=requested, means=rollback) / Stop(rollback)",
                "progress": "(same)",
                "progress, cleanup": "Monitoring",
                "progress, rollback": "RollingBack(stop=none)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Concluding(outcome=succeeded) / Conclude",
                "settled rolledBack": "Completed(outcome=rolledBack)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=partiallyApplied)",
                "settled deleted": "Completed(outcome=failed)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "monitoring, unstoppable": {
                "progress": "Monitoring(means=rollback)",
                "progress, cleanup": "(same)",
                "progress, rollback": "RollingBack(stop=none)",
                "progress, nothing new": "Monitoring(means=rollback)",
                "settled succeeded": "Concluding(outcome=succeeded) / Conclude",
                "settled rolledBack": "Completed(outcome=rolledBack)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=partiallyApplied)",
                "settled deleted": "Completed(outcome=failed)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "monitoring, unconfirmed": {
                "stop": "RollingBack(stop=requested, unconfirmed, means=rollback) / Stop(rollback)",
                "progress": "Monitoring(means=rollback)",
                "progress, cleanup": "Monitoring",
                "progress, rollback": "RollingBack(stop=none)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Discarding(then=restage, attempt+1) / Discard",
                "settled rolledBack": "Discarding(then=restage, attempt+1) / Discard",
                "settled failed": "Discarding(then=restage, attempt+1) / Discard",
                "settled failed, applied": "Discarding(then=restage, attempt+1) / Discard",
                "settled deleted": "Discarding(then=restage, attempt+1) / Discard",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "monitoring, unconfirmed, stop wanted": {
                "stop": "(same)",
                "progress": "RollingBack(stop=requested, means=rollback) / Stop(rollback)",
                "progress, cleanup": "Monitoring(stop_wanted)",
                "progress, rollback": "RollingBack(stop=none)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Discarding(then=aborted) / Discard",
                "settled rolledBack": "Discarding(then=aborted) / Discard",
                "settled failed": "Discarding(then=aborted) / Discard",
                "settled failed, applied": "Discarding(then=aborted) / Discard",
                "settled deleted": "Discarding(then=aborted) / Discard",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "monitoring removal": {
                "progress": "Monitoring(means=rollback)",
                "progress, cleanup": "(same)",
                "progress, rollback": "RollingBack(stop=none)",
                "progress, nothing new": "Monitoring(means=rollback)",
                "settled succeeded": "Completed(outcome=failed)",
                "settled rolledBack": "Completed(outcome=failed)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=failed)",
                "settled deleted": "Completed(outcome=succeeded)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "rolling back by itself": {
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Concluding(outcome=succeeded) / Conclude",
                "settled rolledBack": "Completed(outcome=rolledBack)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=partiallyApplied)",
                "settled deleted": "Completed(outcome=failed)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "rolling back, stop requested": {
                "stop": "(same)",
                "stop accepted": "RollingBack(stop=accepted, means=rollback)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Concluding(outcome=succeeded) / Conclude",
                "settled rolledBack": "Completed(outcome=stopped)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=partiallyApplied)",
                "settled deleted": "Completed(outcome=stopped)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
                "Stop failed": "Monitoring(means=rollback)",
                "Stop unanswered": "(same) / Stop(rollback)",
                "Stop conflicts": "Monitoring",
            },
            "rolling back, stop requested, unconfirmed": {
                "stop": "(same)",
                "stop accepted": "RollingBack(stop=accepted, unconfirmed, means=rollback)",
                "progress": "RollingBack(stop=requested, means=rollback)",
                "progress, cleanup": "RollingBack(stop=requested, means=rollback)",
                "progress, rollback": "RollingBack(stop=requested, means=rollback)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Discarding(then=aborted) / Discard",
                "settled rolledBack": "Discarding(then=aborted) / Discard",
                "settled failed": "Discarding(then=aborted) / Discard",
                "settled failed, applied": "Discarding(then=aborted) / Discard",
                "settled deleted": "Discarding(then=aborted) / Discard",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
                "Stop failed": "Monitoring(stop_wanted, unconfirmed, means=rollback)",
                "Stop unanswered": "(same) / Stop(rollback)",
                "Stop conflicts": "Monitoring(stop_wanted, unconfirmed)",
            },
            "rolling back, stop accepted": {
                "stop": "(same)",
                "progress": "(same)",
                "progress, cleanup": "(same)",
                "progress, rollback": "(same)",
                "progress, nothing new": "(same)",
                "settled succeeded": "Concluding(outcome=succeeded) / Conclude",
                "settled rolledBack": "Completed(outcome=stopped)",
                "settled failed": "Completed(outcome=failed)",
                "settled failed, applied": "Completed(outcome=partiallyApplied)",
                "settled deleted": "Completed(outcome=stopped)",
                "Watch failed": "(same) / Watch",
                "WatchDeletion failed": "(same)",
            },
            "discarding, aborted": {
                "abort": "(same)",
                "discarded": "Completed(outcome=aborted)",
                "Discard failed": "Completed(outcome=aborted)",
                "Discard unanswered": "Completed(outcome=aborted)",
                "Discard conflicts": "Completed(outcome=aborted)",
            },
            "discarding, aborted, uncertain": {
                "abort": "(same)",
                "discarded": "Monitoring(stop_wanted, unconfirmed, means=delete) / Watch",
                "Discard failed": "Monitoring(stop_wanted, unconfirmed, means=delete) / Watch",
                "Discard unanswered": "Monitoring(stop_wanted, unconfirmed, means=delete) / Watch",
                "Discard conflicts": "Monitoring(stop_wanted, unconfirmed, means=delete) / Watch",
            },
            "discarding, failed": {
                "abort": "(same)",
                "discarded": "Completed(outcome=failed)",
                "Discard failed": "Completed(outcome=failed)",
                "Discard unanswered": "Completed(outcome=failed)",
                "Discard conflicts": "Completed(outcome=failed)",
            },
            "discarding, staged again": {
                "abort": "Discarding(then=aborted)",
                "discarded": "Preparing / Prepare",
                "Discard failed": "Preparing / Prepare",
                "Discard unanswered": "Preparing / Prepare",
                "Discard conflicts": "Preparing / Prepare",
            },
            "concluding": {
                "concluded": "Completed(outcome=succeeded)",
                "Conclude failed": "Completed(outcome=succeeded)",
            },
            "completed": {},
        }
    )


def test_what_people_are_refused_with():
    table = {}
    for state_name, state in STATES.items():
        refused = {}
        for event_name in REQUESTS:
            after, code = outcome(state, EVENTS[event_name])
            if after is None:
                refused.setdefault(code, []).append(event_name)
        table[state_name] = "; ".join(f"{code}: {', '.join(names)}" for code, names in refused.items())

    assert table == snapshot(
        {
            "initializing": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "initializing removal": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "asking values": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent",
            "asking values again": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent",
            "building": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "preparing": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "preparing --yes": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "preparing --yes --allow-data-loss": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "preparing removal": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "waiting": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "confirming recreate": "notStaged: execute, execute other; notStoppable: stop; questionChanged: values",
            "deleting": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "deleting, aborted": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "awaiting deletion": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "awaiting deletion, aborted": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "awaiting deletion, third time": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "uploading": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "staging": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "staging --yes": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "staging --yes --allow-data-loss": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "staging, aborted": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "confirming loss": "needsConsent: execute; planChanged: execute other; notStoppable: stop; questionChanged: values",
            "confirming loss, auto": "needsConsent: execute; planChanged: execute other; notStoppable: stop; questionChanged: values",
            "staged": "planChanged: execute other; notStoppable: stop; questionChanged: consent, values",
            "checking": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "checking, third time": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "executing": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "executing, auto": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "executing create, stopped": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "executing removal": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
            "monitoring": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "monitoring, unstoppable": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
            "monitoring, unconfirmed": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "monitoring, unconfirmed, stop wanted": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "monitoring removal": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
            "rolling back by itself": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
            "rolling back, stop requested": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "rolling back, stop requested, unconfirmed": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "rolling back, stop accepted": "notStaged: execute, execute other; notAbortable: abort; questionChanged: consent, values",
            "discarding, aborted": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "discarding, aborted, uncertain": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "discarding, failed": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "discarding, staged again": "notStaged: execute, execute other; notStoppable: stop; questionChanged: consent, values",
            "concluding": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
            "completed": "notStaged: execute, execute other; notAbortable: abort; notStoppable: stop; questionChanged: consent, values",
        }
    )


def test_what_may_be_asked_for_and_what_is_taken_up_again():
    table = {}
    for name, state in STATES.items():
        ways = can(state)
        may = [
            *(["execute"] if ways.execute else []),
            *(["abort"] if ways.abort else []),
            *([f"stop ({ways.stop_means})"] if ways.stop else []),
        ]
        table[name] = f"{', '.join(may) or '-'} | {shown_effects(resume(state)) or '-'}"

    assert table == snapshot(
        {
            "initializing": "abort | Analyze",
            "initializing removal": "abort | Analyze",
            "asking values": "abort | -",
            "asking values again": "abort | -",
            "building": "abort | Build",
            "preparing": "abort | Prepare",
            "preparing --yes": "abort | Prepare",
            "preparing --yes --allow-data-loss": "abort | Prepare",
            "preparing removal": "abort | Prepare",
            "waiting": "abort | Watch",
            "confirming recreate": "abort | -",
            "deleting": "abort | Delete",
            "deleting, aborted": "- | Delete",
            "awaiting deletion": "abort | WatchDeletion",
            "awaiting deletion, aborted": "- | WatchDeletion",
            "awaiting deletion, third time": "abort | WatchDeletion",
            "uploading": "abort | Upload",
            "staging": "abort | Stage",
            "staging --yes": "abort | Stage",
            "staging --yes --allow-data-loss": "abort | Stage",
            "staging, aborted": "- | Stage",
            "confirming loss": "abort | -",
            "confirming loss, auto": "abort | -",
            "staged": "execute, abort | -",
            "checking": "abort | CheckPlan",
            "checking, third time": "abort | CheckPlan",
            "executing": "stop (rollback) | Reconcile",
            "executing, auto": "stop (rollback) | Reconcile",
            "executing create, stopped": "- | Reconcile",
            "executing removal": "- | Reconcile",
            "monitoring": "stop (rollback) | Watch",
            "monitoring, unstoppable": "- | Watch",
            "monitoring, unconfirmed": "stop (rollback) | Watch",
            "monitoring, unconfirmed, stop wanted": "- | Watch",
            "monitoring removal": "- | Watch",
            "rolling back by itself": "- | Watch",
            "rolling back, stop requested": "- | Watch, Stop(rollback)",
            "rolling back, stop requested, unconfirmed": "- | Watch, Stop(rollback)",
            "rolling back, stop accepted": "- | Watch",
            "discarding, aborted": "- | Discard(stack too)",
            "discarding, aborted, uncertain": "- | Discard(stack too)",
            "discarding, failed": "- | Discard(stack too)",
            "discarding, staged again": "abort | Discard(stack too)",
            "concluding": "- | Conclude",
            "completed": "- | -",
        }
    )


@pytest.mark.parametrize("name", STATES)
def test_a_button_is_alive_exactly_where_its_request_is_taken(name: str):
    state = STATES[name]
    ways = can(state)
    for event, alive in (
        (on.ExecuteRequested(), ways.execute),
        (on.AbortRequested(), ways.abort),
        (on.StopRequested(), ways.stop),
    ):
        try:
            after, effects = advance(state, event)
            taken = (after, effects) != (state, ())
        except IllegalEvent:
            taken = False
        assert taken == alive, type(event).__name__


def test_every_state_and_event_is_in_the_table():
    assert {type(state) for state in STATES.values()} == set(at.STATES)
    assert {type(event) for event in EVENTS.values()} == set(on.EVENTS)


def test_only_the_completed_state_is_an_end():
    for name, state in STATES.items():
        taken = [event for event in EVENTS.values() if outcome(state, event)[0] is not None]
        assert is_over(state) == (not taken), name
