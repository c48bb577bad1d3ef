"""500 resources, the most that a template may hold: nothing is lost, and nothing is told more often than it should be."""

from __future__ import annotations

from collections import Counter

from tests.support.app import App

RESOURCES = 500
MANIFEST = "name: demo\nplatform: aws\naws: {region: eu-west-1}\nresources:\n" + "".join(
    f"  r{number}: {{type: AWS::SQS::Queue, properties: {{VisibilityTimeout: 60}}}}\n" for number in range(RESOURCES)
)


async def test_every_change_is_told_to_its_end(app: App):
    app.manifest.write_text(MANIFEST)
    app.cloud.stride = 20
    begun = await app.start(auto_execute=True)
    done = await app.end(begun)

    assert (done.outcome, done.progress.done, done.progress.total) == ("succeeded", RESOURCES, RESOURCES)
    assert Counter(change.status for change in done.changes) == {"succeeded": RESOURCES}
    assert all(change.location and change.started_at and change.ended_at for change in done.changes)
    # Each resource begins and ends, and so does the stack.
    assert len(app.deployments.logs(done.id)) == len(app.heard) == 2 * RESOURCES + 2
    assert [each.revision for each in app.seen] == list(range(app.seen[0].revision, app.seen[-1].revision + 1))
    shown = [each.progress.done for each in app.seen]
    assert shown == sorted(shown)


async def test_after_a_crash_in_the_middle_all_are_there(app: App):
    app.manifest.write_text(MANIFEST)
    app.cloud.stride = 20
    begun = await app.start(auto_execute=True)
    await app.until(begun, lambda each: each.progress.done > RESOURCES // 2)
    after = await app.restarted()
    (taken,) = await after.deployments.resume()
    assert taken.progress.done > RESOURCES // 2
    done = await after.end(taken)
    assert Counter(change.status for change in done.changes) == {"succeeded": RESOURCES}
    assert len(after.deployments.logs(done.id)) == 2 * RESOURCES + 2
    await after.deployments.close()


async def test_a_failure_among_many_is_found(app: App):
    app.manifest.write_text(MANIFEST)
    app.cloud.stride = 20
    app.cloud.fail["create:R300"] = "no more queues"
    done = await app.end(await app.start(auto_execute=True))

    assert done.outcome == "rolledBack"
    assert [(each.resource, each.reason, each.root_cause) for each in done.failures] == [
        ("r300", "no more queues", True)
    ]
    statuses = Counter(change.status for change in done.changes)
    made = sorted(f"R{number}" for number in range(RESOURCES)).index("R300")
    assert statuses == {"failed": 1, "rolledBack": made, "cancelled": RESOURCES - made - 1}
