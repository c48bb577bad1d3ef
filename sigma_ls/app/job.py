"""What one deployment is about, as far as its effects need to know."""

from __future__ import annotations

from attrs import field, frozen

from sigma_ls.app.world import CloudRef


@frozen
class Job:
    """What one deployment is about, as far as effects need it.  `answers` are secrets, and are never stored."""

    id: str
    key: str
    manifest: str
    uri: str
    stage: str | None
    stack: str
    cloud: CloudRef
    removal: bool
    poll_interval: float
    answers: dict[str, str] = field(factory=dict, repr=False)

    def token(self, attempt: int, purpose: str = "") -> str:
        """By which a cloud knows an operation of this deployment: the same one for a repeat of the same attempt."""
        return f"{self.id}-{attempt}{f'-{purpose}' if purpose else ''}"
