"""`sigma/serverStatus`: whether the server is well, and whether anything is pending.  Sent when it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sigma_ls.lsp.announced import ServerStatus


class ServerStatusReport:
    """Collects what is pending and what is wrong."""

    def __init__(self, send: Callable[[ServerStatus], None]) -> None:
        self._send = send
        self._pending: set[str] = set()
        self._problems: dict[str, tuple[Literal["warning", "error"], str]] = {}
        self._sent: ServerStatus | None = None

    def begin(self, work: str) -> None:
        """This is pending from now on."""
        if work not in self._pending:
            self._pending.add(work)
            self.report()

    def end(self, work: str) -> None:
        """This is not pending any more."""
        if work in self._pending:
            self._pending.discard(work)
            self.report()

    def problem(self, subject: str, text: str | None, *, severity: Literal["warning", "error"] = "warning") -> bool:
        """Something is wrong with `subject`, or nothing any more.  Answers whether that is news."""
        _, before = self._problems.get(subject, (None, None))
        if text is None:
            self._problems.pop(subject, None)
        else:
            self._problems[subject] = (severity, text)
        self.report()
        return text != before

    def report(self) -> None:
        """Send the status, if it is another one than last time."""
        severities = {severity for severity, _ in self._problems.values()}
        health: Literal["ok", "warning", "error"] = (
            "error" if "error" in severities else "warning" if severities else "ok"
        )
        status = ServerStatus(
            health=health,
            quiescent=not self._pending,
            message="\n".join(text for _, text in self._problems.values()) or None,
        )
        if status != self._sent:
            self._sent = status
            self._send(status)
