"""Effects that must not be given up: to look at what the cloud does, and to stop it.

Whatever goes wrong is told and tried again, for ever: to lose sight of a deployment must never end it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from sigma_ls.app import reasons
from sigma_ls.app.reach import FIRST_WAIT, Reach
from sigma_ls.deploy import events as on
from sigma_ls.deploy.ports import ProviderError, StackProgressed, StackUnreachable, Unreachable
from sigma_ls.deploy.snapshot import StopMeans

PLAN_INTERVAL = 20.0
"""Seconds between two looks at staged changes that a person reviews (a guess: soon enough to be told before Execute)."""


async def staged(cloud: Reach, plan: str) -> AsyncGenerator[on.Event, None]:
    """Look at staged changes every now and then, until they are current no more."""
    unseen = False
    while True:
        await cloud.pause(PLAN_INTERVAL)
        try:
            current = await (await cloud.provider()).is_current(plan)
        except ProviderError as error:
            unseen = True
            yield reasons.lost_sight(error)
            continue
        if unseen or not current:
            unseen = False
            yield on.PlanChecked(current)
        if not current:
            return


async def reconcile(cloud: Reach, plan: str) -> AsyncGenerator[on.Event, None]:
    """Find out whether an execution that got no answer has begun."""
    wait = FIRST_WAIT
    while True:
        try:
            current = await (await cloud.provider()).is_current(plan)
        except Exception as error:  # noqa: BLE001 - to lose sight of a deployment must never end it
            yield reasons.lost_sight(error)
        else:
            yield on.PlanChecked(current)
            return
        wait = await cloud.wait(wait)


async def operation(cloud: Reach, stack_id: str, token: str | None) -> AsyncGenerator[on.Event, None]:
    """Tell of a stack's operation, that with `token` where there is one, until it has ended."""
    wait = FIRST_WAIT
    while True:
        try:
            async for news in (await cloud.provider()).watch(stack_id, token):
                wait = FIRST_WAIT
                yield reasons.event_of(news)
                if not isinstance(news, StackProgressed | StackUnreachable):
                    return
        except Exception as error:  # noqa: BLE001 - to lose sight of a deployment must never end it
            yield reasons.lost_sight(error)
        wait = await cloud.wait(wait)


async def stop(cloud: Reach, stack_id: str, means: StopMeans, token: str) -> AsyncGenerator[on.Event, None]:
    """Have the operation stopped; raises `ProviderError` where the cloud refuses."""
    wait = FIRST_WAIT
    while True:
        try:
            await (await cloud.provider()).stop(stack_id, means, token)
        except Unreachable as error:
            # With one token a repeat is harmless, and a stop must not be forgotten.
            yield reasons.lost_sight(error)
        else:
            yield on.StopAccepted()
            return
        wait = await cloud.wait(wait)
