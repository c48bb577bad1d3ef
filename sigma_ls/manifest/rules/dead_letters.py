"""Rules for where messages and events go that could not be worked on.

SQS developer guide, *Using dead-letter queues*; Lambda developer guide, *Retaining records of asynchronous invocations*.
"""

from __future__ import annotations

from sigma_ls.manifest import codes
from sigma_ls.manifest.diagnostic import Related
from sigma_ls.manifest.report import Definition, Report, Use
from sigma_ls.manifest.view import View
from sigma_ls.syntax.nodes import Scalar, lookup, spot_of
from sigma_ls.syntax.scalars import is_null


def collect_dead_letter(view: View) -> None:
    """The target of a function's events, or of a queue's messages, to be judged by what it is."""
    if view.platform == "gcp" or "deadLetter" not in view.fields:
        return
    target = view.fields["deadLetter"][1]
    inner = target if type(target) is Scalar else lookup(target, "queue")
    if type(inner) is not Scalar or is_null(inner):
        return
    kind = view.text("type")
    if kind is None:
        view.report.uses.append(Use(inner.value, spot_of(inner), _judge_events, follows=True))
    elif kind.value == "queue" and inner.value == view.key.value:
        message = f"'{inner.value}' cannot take its own dead letters: name another queue."
        view.report.add(codes.DEAD_LETTER, inner, message)
    elif kind.value == "queue":
        data = is_fifo(view)
        view.report.uses.append(Use(inner.value, spot_of(inner), _judge_messages, follows=True, data=data))


def is_fifo(view: View) -> bool:
    """Whether a queue or topic keeps order; one that exists says so by its name."""
    existing = view.text("existing")
    return view.flag("fifo") or (existing is not None and existing.value.endswith(".fifo"))


def _judge_events(use: Use, found: Definition, report: Report) -> None:
    if found.fifo and found.kind in ("queue", "topic"):
        message = f"'{use.id}' is a FIFO {found.kind}, and Lambda sends dead letters to standard ones only."
        report.add_at(codes.DEAD_LETTER, use.place, message, related=(_declared(found),))


def _judge_messages(use: Use, found: Definition, report: Report) -> None:
    fifo: bool = use.data
    if found.kind != "queue" or found.fifo == fifo:
        return
    if fifo:
        message = f"The dead letters of a FIFO queue go to a FIFO queue, and '{use.id}' is none: give it 'fifo: true'."
    else:
        message = f"'{use.id}' is a FIFO queue, and the dead letters of a standard queue go to a standard one."
    report.add_at(codes.DEAD_LETTER, use.place, message, related=(_declared(found),))


def _declared(found: Definition) -> Related:
    return Related("It is declared here.", found.place)
