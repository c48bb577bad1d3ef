"""What an answer to a question means for the deployment that asked it."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.app.refusal import Refused
from sigma_ls.deploy import events as on
from sigma_ls.deploy import report
from sigma_ls.deploy.snapshot import Question


def meaning(asked: Question | None, question: str, answer: str | Mapping[str, str]) -> on.Event:
    """The event of an answer to `question`, where `asked` is the open one.

    Raises:
        Refused: `questionChanged`, `badAnswer`.
    """
    if asked is None or asked.id != question:
        raise Refused("questionChanged", f"The question {question} is not open (any more).")
    choices = [choice.id for choice in asked.choices]
    if answer == report.ABORT:
        return on.AbortRequested()
    if asked.kind == "commit":
        return _about_commit(asked, answer)
    if asked.kind == "values":
        names = [each.name for each in asked.values or ()]
        missing = names if isinstance(answer, str) else [name for name in names if name not in answer]
        if isinstance(answer, str) or missing:
            raise Refused("badAnswer", f"A value is needed for each of these names: {', '.join(missing)}.")
        return on.ValuesGiven()
    if not isinstance(answer, str) or answer not in choices:
        raise Refused("badAnswer", f"The question {question} has these answers: {', '.join(choices)}.")
    return on.Consented(answer)


def _about_commit(asked: Question, answer: str | Mapping[str, str]) -> on.Event:
    choices = [choice.id for choice in asked.choices]
    if isinstance(answer, str) and answer not in choices:
        raise Refused("badAnswer", f"The question {asked.id} has these answers: {', '.join(choices)}.")
    if answer == report.WITHOUT:
        return on.Consented(report.WITHOUT)
    if report.COMMIT not in choices:
        raise Refused("badAnswer", "A commit is not possible now.")
    suggested = next((each.default for each in asked.values or () if each.default), "")
    message = (suggested if isinstance(answer, str) else answer.get(report.MESSAGE, "")).strip()
    if not message:
        raise Refused("badAnswer", "A commit needs a message: answer with a text for the name message.")
    return on.CommitRequested(message)
