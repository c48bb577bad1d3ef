"""For editors that speak only standard LSP: questions, *Execute* and *Abort* as dialogs, results as messages.

What such a dialog cannot do (a text to type) is refused with a word on where it can be done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sigma_ls.app.refusal import Refused
from sigma_ls.deploy.report import COMMIT
from sigma_ls.deploy.snapshot import Deployment, Plan, Question
from sigma_ls.lsp.progress import named
from sigma_ls.lsp.session import Session, Severity

log = logging.getLogger(__name__)

EXECUTE = "Execute"
ABORT = "Abort"
COMPLETED = "completed"


def register(session: Session) -> None:
    """Listen for editors without the messages of our own."""
    dialogs = Dialogs(session)

    def changed(deployment: Deployment) -> None:
        if not session.client.sigma:
            dialogs.show(deployment)

    session.on_snapshot.append(changed)


class Dialogs:
    """At most one open dialog for each deployment; the editor is told to close one that lost its point."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, str] = {}
        """By deployment: what was asked last, so that no snapshot asks it again."""
        self._waiting: dict[str, asyncio.Task[None]] = {}
        """By deployment: the dialog that the user has not answered."""

    def show(self, deployment: Deployment) -> None:
        """Ask what this snapshot asks, unless it has been asked."""
        if deployment.phase == "completed":
            self._close(deployment.id)
            if self._asked.get(deployment.id) != COMPLETED:
                self._asked[deployment.id] = COMPLETED
                self._session.say(*result(deployment))
        elif (question := deployment.question) is not None:
            self._ask(deployment.id, f"question {question.id}", partial(self._put, deployment, question))
        elif deployment.can.execute and deployment.plan is not None and not deployment.auto_execute:
            self._ask(deployment.id, f"plan {deployment.plan.id}", partial(self._confirm, deployment, deployment.plan))
        else:
            self._close(deployment.id)

    def _ask(self, deployment: str, subject: str, dialog: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._asked.get(deployment) == subject:
            return
        self._close(deployment)
        self._asked[deployment] = subject
        if (task := self._session.spawn(self._hold, dialog)) is not None:
            self._waiting[deployment] = task

    def _close(self, deployment: str) -> None:
        if (task := self._waiting.pop(deployment, None)) is not None:
            task.cancel()

    async def _hold(self, dialog: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            await dialog()
        except Refused as refused:
            self._session.say("warning", refused.message)

    async def _put(self, deployment: Deployment, question: Question) -> None:
        deployments = await self._session.deployments()
        if question.kind != "commit" and question.values:
            names = ", ".join(value.name for value in question.values)
            self._waiting.pop(deployment.id, None)
            await deployments.abort(deployment.id)
            self._session.say(
                "error",
                f"{question.text} This editor has no way to type them. Nothing was deployed. Deploy with the command "
                f"sigma.deploy and its argument answers ({names}), or in a terminal with sigma-ls deploy.",
            )
            return
        titles = {choice.id: choice.title for choice in question.choices}
        for value in question.values or ():
            # The message of a commit cannot be typed, but the suggested one can be taken.
            titles |= {COMMIT: f"{titles[COMMIT]} as “{value.default}”"} if value.default and COMMIT in titles else {}
        chosen = await self._choose(deployment, f"{named(deployment)}: {question.text}", list(titles.values()))
        for choice in question.choices:
            if titles[choice.id] == chosen:
                await deployments.answer(deployment.id, question.id, choice.id)
                return
        self._say_how_to_go_on(deployment, f"sigma.answer (question {question.id})")

    async def _confirm(self, deployment: Deployment, plan: Plan) -> None:
        chosen = await self._choose(deployment, summary(deployment, plan), [EXECUTE, ABORT])
        if chosen == EXECUTE:
            await (await self._session.deployments()).execute(deployment.id, plan.id)
        elif chosen == ABORT:
            await (await self._session.deployments()).abort(deployment.id)
        else:
            self._say_how_to_go_on(deployment, "sigma.execute")

    async def _choose(self, deployment: Deployment, text: str, titles: list[str]) -> str | None:
        """The title that the user chose, or nothing where the dialog was dismissed."""
        question = {
            "type": types.MessageType.Info,
            "message": text,
            "actions": [{"title": title} for title in titles],
        }
        try:
            chosen = await self._session.protocol.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, question)
        except JsonRpcException as error:
            # Some editors know no such dialogs.  Their users are told which command to use.
            log.info("no dialog was shown: %s", error)
            self._session.say("info", text)
            chosen = None
        # What follows is not to be cancelled by the snapshots that it causes.
        self._waiting.pop(deployment.id, None)
        return chosen.get("title") if isinstance(chosen, dict) else None

    def _say_how_to_go_on(self, deployment: Deployment, command: str) -> None:
        self._session.say(
            "info",
            f"{named(deployment)} waits. Go on with the command {command} or give up with sigma.abort, "
            f'argument {{"deployment": "{deployment.id}"}}.',
        )


def summary(deployment: Deployment, plan: Plan) -> str:
    """What an execution would do, in one line."""
    counts = [
        f"{count} to {verb}"
        for count, verb in (
            (plan.summary.add, "add"),
            (plan.summary.modify, "modify"),
            (plan.summary.replace, "replace"),
            (plan.summary.remove, "remove"),
        )
        if count
    ]
    lost = [change.resource.name for change in deployment.changes if change.risk == "dataLoss"]
    warning = f" Data will be lost: {', '.join(lost)}." if lost else ""
    where = "the sandbox" if deployment.sandbox else deployment.stack.account or "the cloud"
    return f"{named(deployment)} on {where}, {deployment.stack.region}: {', '.join(counts) or 'no changes'}.{warning}"


def result(deployment: Deployment) -> tuple[Severity, str]:
    """The end of a deployment as one message; of a failure the root cause comes first."""
    text = f"{named(deployment)}: {deployment.message}"
    if deployment.outcome in {"succeeded", "noChanges"}:
        outputs = [f"{output.name}: {output.value}" for output in deployment.outputs if not output.sensitive]
        return "info", "\n".join([text, *outputs])
    if deployment.outcome in {"aborted", "stopped"}:
        return "warning", text
    failures = sorted(deployment.failures, key=lambda failure: not failure.root_cause)
    return "error", "\n".join([text, *(f"{failure.resource}: {failure.reason}" for failure in failures)])
