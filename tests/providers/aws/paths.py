"""Every way in which a deployment ends, as what people do: driven on the sandbox to record it, and again to play it.

A path is a coroutine of an `App` (as in `tests.support.app`) and of a stage that sets the sandbox up; where a recording
is played, the stage does nothing, since the recording knows already what went wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from tests.support.app import App

HEAD = "name: demo\nplatform: aws\naws: {region: eu-west-1}\n"


_ATTRIBUTE = {"inner": "ref"}


class Stage(Protocol):
    """What is done to the sandbox."""

    def faults(self, faults: Mapping[str, str]) -> None:
        """Have operations fail, `create:LogicalId` with a message."""

    def slowly(self) -> None:
        """Let operations take time."""

    def fill(self, bucket: str) -> None:
        """Put an object in a bucket, which cannot be deleted then."""

    def break_off(self, stack: str, resource: str, **properties: Any) -> None:
        """Change or make a queue of the stack, which fails, without rollback."""

    def publish(self, template: Mapping[str, Any], key: str = "inner") -> str:
        """Make a template available; its URL."""


def manifest(**resources: str) -> str:
    """A project of resources, each as flow YAML; its outputs use them, or they would not be deployed."""
    made = "".join(f"  {name}: {text}\n" for name, text in resources.items())
    outputs = "".join(
        f'  {name.capitalize()}: {{value: "${{{name}.{_ATTRIBUTE.get(name, "arn")}}}"}}\n' for name in resources
    )
    return f"{HEAD}resources:\n{made}outputs:\n{outputs}"


SMALL = manifest(failed="{type: queue}", news="{type: topic}")
LARGER = manifest(failed="{type: queue, visibilityTimeout: 50}", news="{type: topic}", more="{type: queue}")


async def created(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    return [await app.run()]


async def updated(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    app.manifest.write_text(LARGER)
    return [first, await app.run()]


async def no_changes(app: App, stage: Stage):
    # First the template is the same; then another one, of which only CloudFormation can say that it changes nothing.
    app.manifest.write_text(SMALL)
    first = await app.run()
    same = await app.run()
    app.manifest.write_text(SMALL.replace("platform:", "description: Another one.\nplatform:"))
    return [first, same, await app.run()]


async def creation_rolled_back(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    stage.faults({"create:Failed": "No more queues."})
    return [await app.run()]


async def update_rolled_back(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    app.manifest.write_text(LARGER)
    stage.faults({"update:Failed": "No such timeout."})
    return [first, await app.run()]


async def rollback_failed(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    stage.faults({"create:Failed": "No more queues.", "delete:News": "In use."})
    return [await app.run()]


async def update_rollback_failed_and_continued(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    both = manifest(failed="{type: queue, visibilityTimeout: 50}", news="{type: topic}", more="{type: queue}")
    app.manifest.write_text(both)
    stage.faults({"create:More": "No more queues.", "revert:Failed": "No way back."})
    second = await app.run()
    stage.faults({})
    asked = await app.waiting(await app.start(auto_execute=True))
    await app.deployments.answer(asked.id, asked.question.id, "skip")
    return [first, second, asked, await app.end(asked)]


async def deletion_failed(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    stage.faults({"delete:Failed": "In use."})
    return [first, await app.run("undeploy")]


async def removed(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    return [first, await app.run("undeploy")]


async def update_cancelled(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    first = await app.run()
    app.manifest.write_text(LARGER)
    stage.slowly()
    return [first, await _stopped(app)]


async def creation_cancelled(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    stage.slowly()
    return [await _stopped(app)]


async def _stopped(app: App):
    begun = await app.start(auto_execute=True)
    running = await app.until(begun, lambda each: any(row.status == "inProgress" for row in each.changes))
    assert running.can.stop
    await app.deployments.stop(begun.id)
    return await app.end(begun)


async def clean_up_failed(app: App, stage: Stage):
    app.manifest.write_text(LARGER)
    first = await app.run()
    app.manifest.write_text(SMALL)
    stage.faults({"delete:More": "In use."})
    return [first, await app.run()]


async def full_bucket(app: App, stage: Stage):
    app.manifest.write_text(manifest(images="{type: bucket, name: full-of-images}"))
    first = await app.run()
    stage.fill("full-of-images")
    return [first, await app.run("undeploy")]


async def nested(app: App, stage: Stage):
    inner = {"Resources": {"Good": _queue(), "Bad": _queue("Good")}}
    stack = {"type": "AWS::CloudFormation::Stack", "properties": {"TemplateURL": stage.publish(inner)}}
    app.manifest.write_text(manifest(inner=json.dumps(stack), failed="{type: queue}"))
    stage.faults({"create:Bad": "No more queues."})
    return [await app.run()]


def _queue(*after: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "DependsOn": list(after)}


async def nested_updated_and_removed(app: App, stage: Stage):
    def outer(seconds: int) -> str:
        inner = {"Resources": {"Good": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": seconds}}}}
        url = stage.publish(inner, f"inner-{seconds}")
        return manifest(inner=json.dumps({"type": "AWS::CloudFormation::Stack", "properties": {"TemplateURL": url}}))

    app.manifest.write_text(outer(1))
    first = await app.run()
    app.manifest.write_text(outer(2))
    return [first, await app.run(), await app.run("undeploy")]


async def early_validation(app: App, stage: Stage):
    app.manifest.write_text(manifest(images="{type: bucket, name: taken-already}"))
    stage.fill("taken-already")
    return [await app.run()]


async def paused_update(app: App, stage: Stage):
    """Another tool's update failed without rollback; it is gone on from there, and fails again."""
    app.manifest.write_text(SMALL)
    first = await app.run()
    stage.break_off("demo", "Failed", VisibilityTimeout=7)
    app.manifest.write_text(LARGER)
    asked = await app.waiting(await app.start(auto_execute=True))
    stage.faults({"update:Failed": "No such timeout."})
    await app.deployments.answer(asked.id, asked.question.id, "resume")
    return [first, asked, await app.end(asked)]


async def paused_creation(app: App, stage: Stage):
    """Another tool's creation failed without rollback; it is gone on from there, and goes well."""
    stage.break_off("demo", "Failed")
    app.manifest.write_text(SMALL)
    asked = await app.waiting(await app.start(auto_execute=True))
    await app.deployments.answer(asked.id, asked.question.id, "resume")
    return [asked, await app.end(asked)]


async def hook_failed(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    return [await app.run()]


async def hook_on_the_change_set(app: App, stage: Stage):
    app.manifest.write_text(SMALL)
    return [await app.run()]


PATHS: dict[str, Callable[[App, Stage], Coroutine[Any, Any, list]]] = {
    path.__name__: path
    for path in (
        created,
        updated,
        no_changes,
        creation_rolled_back,
        update_rolled_back,
        rollback_failed,
        update_rollback_failed_and_continued,
        deletion_failed,
        full_bucket,
        removed,
        update_cancelled,
        creation_cancelled,
        clean_up_failed,
        nested,
        nested_updated_and_removed,
        early_validation,
        paused_update,
        paused_creation,
        hook_failed,
        hook_on_the_change_set,
    )
}

WRITTEN = frozenset({"hook_failed", "hook_on_the_change_set"})
"""What the sandbox cannot produce: written by hand after the documentation."""

TIMED = frozenset({"update_cancelled", "creation_cancelled"})
"""How far the resources are when they are stopped is another thing each time."""
