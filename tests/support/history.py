"""Stack events as text: one line each, `LogicalId STATUS reason`; the stack itself is `*`."""

from __future__ import annotations

from collections.abc import Mapping

from sigma_ls.deploy.ports import StackEvent

STACK = "AWS::CloudFormation::Stack"


def history(text: str, types: Mapping[str, str] | None = None) -> tuple[StackEvent, ...]:
    """The events of `text`, a second apart, with a type for each logical id (else `AWS::SNS::Topic`)."""
    events = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines()))):
        name, status, *reason = line.split(maxsplit=2)
        events.append(
            StackEvent(
                id=f"e{number}",
                at=f"2025-01-01T00:00:{number:02}.000Z",
                logical_id="demo" if name == "*" else name,
                type=STACK if name == "*" else (types or {}).get(name, "AWS::SNS::Topic"),
                status=status,
                reason=reason[0] if reason else None,
                physical_id=f"demo-{name}",
                is_stack=name == "*",
            )
        )
    return tuple(events)
