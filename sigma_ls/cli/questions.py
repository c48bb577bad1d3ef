"""What a deployment needs to know before it goes on, put to a person, or said to whoever reads the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import field, frozen

from sigma_ls.cli.host import Ask
from sigma_ls.cli.words import one_line, summary, title
from sigma_ls.deploy.machine import RESUME
from sigma_ls.deploy.report import MESSAGE, WITHOUT
from sigma_ls.deploy.snapshot import Deployment, Question


@frozen
class Execute:
    """Execute the plan that was shown."""

    plan: str


@frozen
class Answer:
    """The id of a choice, or the asked values by name."""

    question: str
    answer: str | Mapping[str, str] = field(repr=False)


@frozen
class Decline:
    """Do not go on."""


Reply = Execute | Answer | Decline


def needed(now: Deployment) -> str:
    """Names what the deployment waits for a person to say, differently for each; empty when it waits for nobody."""
    if now.question is not None:
        return f"question {now.question.id}"
    if now.can.execute and not now.auto_execute and now.plan is not None:
        return f"plan {now.plan.id}"
    return ""


def without_person(now: Deployment) -> str:
    """The question, and how it is answered beforehand."""
    if now.question is None:
        staged = f" ({summary(now.plan.summary)})" if now.plan else ""
        return (
            f"Execute the changes of {title(now)}{staged}? Nobody can be asked here: "
            "they are discarded. Pass --yes to execute them without being asked."
        )
    text = one_line(now.question.text)
    match now.question.kind:
        case "values":
            values = " ".join(f"--answer {value.name}=…" for value in now.question.values or ())
            return f"{text} Nobody can be asked here: pass {values}"
        case "replaceStateful":
            return f"{text} Nobody can be asked here: pass --allow-data-loss to consent."
        case "recreateStack":
            return (
                f"{text} Nobody can be asked here: pass --yes to consent, "
                "and --allow-data-loss where the stack holds data."
            )
        case "rollback" if any(choice.id == RESUME for choice in now.question.choices):
            return f"{text} Nobody can be asked here: pass --yes to deploy to it as it is."
        case "commit":
            return f"{text} Nobody can be asked here: pass --yes, and no --commit, to deploy without a commit."
        case _:
            choices = ", ".join(choice.title for choice in now.question.choices)
            return f"{text} ({choices}) Nobody can be asked here."


async def ask_person(now: Deployment, ask: Ask, tell: Callable[[str], None]) -> Reply:
    """Put what is `needed`; the end of input declines."""
    if now.question is None:
        assert now.plan is not None
        return await _execute(now, now.plan.id, ask)
    if now.question.kind == "values":
        return await _values(now.question, ask, tell)
    if now.question.kind == "commit" and now.question.values:
        return await _message(now.question, ask, tell)
    return await _choice(now.question, ask, tell)


async def _execute(now: Deployment, plan: str, ask: Ask) -> Reply:
    verb = "Remove these resources" if now.operation == "undeploy" else "Execute these changes"
    line = await ask(f"{verb}? [y/N] ", False)
    return Execute(plan) if _is_yes(line) else Decline()


async def _values(question: Question, ask: Ask, tell: Callable[[str], None]) -> Reply:
    tell(one_line(question.text))
    answers: dict[str, str] = {}
    for value in question.values or ():
        line = await ask(f"{one_line(value.title)} ({value.name}): ", value.secret)
        if line is None:
            return Decline()
        answers[value.name] = line
    return Answer(question.id, answers)


async def _message(question: Question, ask: Ask, tell: Callable[[str], None]) -> Reply:
    tell(one_line(question.text))
    line = await ask("Commit message, or empty to deploy without a commit: ", False)
    if line is None:
        return Decline()
    return Answer(question.id, {MESSAGE: line} if line.strip() else WITHOUT)


async def _choice(question: Question, ask: Ask, tell: Callable[[str], None]) -> Reply:
    tell(one_line(question.text))
    for number, choice in enumerate(question.choices, start=1):
        tell(f"  {number}. {one_line(choice.title)}{' (cannot be undone)' if choice.destructive else ''}")
    while True:
        line = await ask(f"1-{len(question.choices)}, or empty to abort: ", False)
        if line is None or not line.strip():
            return Decline()
        for number, choice in enumerate(question.choices, start=1):
            if line.strip() in (str(number), choice.id):
                return Answer(question.id, choice.id)
        tell(f"There is no choice “{one_line(line)}”.")


def _is_yes(line: str | None) -> bool:
    return line is not None and line.strip().lower() in ("y", "yes")
