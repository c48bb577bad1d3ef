"""The one error of the sandbox."""


class SandboxError(Exception):
    """What happened and why, and what to do now, each in words for a person."""

    def __init__(self, message: str, next_step: str) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}"
