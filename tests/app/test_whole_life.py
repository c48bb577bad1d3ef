"""Any order of requests, crashes and faults: at the end cloud and journal agree.

Nothing is left over on the cloud, nothing was executed that nobody approved, no approved plan was executed twice.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sigma_ls.app.deployments import CommitMessage, Refused
from sigma_ls.app.world import CommitFailed
from sigma_ls.deploy import states as at
from sigma_ls.deploy.ports import Conflict, ProviderError, Unreachable, Worktree
from sigma_ls.deploy.snapshot import Deployment
from tests.support.app import MANIFEST, App, write_project
from tests.support.cloud import Fault, lost

VARIANTS = {
    "first": MANIFEST,
    "more memory": MANIFEST.replace("code: src", "code: src\n    memory: 512"),
    "retention": MANIFEST.replace("  failed: {type: queue}", "  failed: {type: queue, retention: 3600}"),
    "no bucket": MANIFEST.replace("  images: {type: bucket}\n", "").replace("images: read, ", ""),
    "asking": MANIFEST.replace("    uses:", "    environment: {KEY: {ask: the key}}\n    uses:"),
    "broken": MANIFEST.replace("app.handler", "gone.handler"),
}
COMMITS = [None, "ask", CommitMessage("Add a queue")]
# A call that changes something can get no answer, done or not done; a look can fail.
MUTATING = ("stage", "execute", "discard", "stop", "delete", "continue_rollback")
LOOKING = ("describe", "is_current", "poll", "outputs", "account")


def refusing() -> None:
    """A hook that refuses each commit."""
    raise CommitFailed("no")


class WholeLife(RuleBasedStateMachine):
    """One project, one stack, one process at a time, and a second one that looks on."""

    steps = 0
    """That all examples took so far."""

    @invariant()
    def count(self) -> None:
        WholeLife.steps += 1

    @initialize()
    def begin(self) -> None:
        WholeLife.steps -= 1  # The beginning is none.
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        write_project(Path(self.folder.name) / "project")
        self.app = self.run(self.make())
        self.cloud = self.app.cloud
        self.approved: set[str] = set()
        self.automatic: set[str] = set()
        """Deployments whose plans were approved beforehand."""
        self.given_up: set[str] = set()

    async def make(self) -> App:
        return App(Path(self.folder.name))

    def run(self, work):
        return self.loop.run_until_complete(asyncio.wait_for(work, 20))

    # --- people ------------------------------------------------------------------------------------------------------

    @rule(
        operation=st.sampled_from(["deploy", "deploy", "deploy", "undeploy"]),
        auto=st.booleans(),
        loss=st.booleans(),
        variant=st.sampled_from(sorted(VARIANTS)),
        known=st.booleans(),
        commit=st.sampled_from(COMMITS),
    )
    def start(self, *, operation, auto, loss, variant, known, commit):
        self.app.manifest.write_text(VARIANTS[variant])
        answers = {"KEY": "s3cret"} if known else {}
        request = {"auto_execute": auto, "allow_data_loss": loss, "recreate": loss, "answers": answers}
        request |= {"commit": commit}
        begun = self.run(self.app.start(operation, **request))
        if auto and not begun.attached:
            self.automatic.add(begun.id)

    @rule(wrong=st.booleans())
    def execute(self, wrong):
        async def execute(each: str) -> Deployment:
            plan = self.app.deployments.get(each).plan
            done = await self.app.deployments.execute(each, "other" if wrong or plan is None else plan.id)
            self.approved.add(plan.id)
            return done

        self.run(self.request(execute, lambda each: each.can.execute and not wrong))

    @rule()
    def abort(self):
        for each in self.running():
            if each.can.abort and each.phase in ("execution", "monitoring", "rollingBack"):
                # Watching is given up: the cloud goes on, and what it was asked for last may not have arrived.
                self.given_up.add(each.id)
        self.run(self.request(self.app.deployments.abort, lambda each: each.can.abort))

    @rule(variant=st.sampled_from(sorted(VARIANTS)))
    def edit(self, variant):
        async def edit() -> None:
            before = [each.plan for each in self.running()]
            self.app.deployments.edited(self.app.manifest.as_uri(), lambda: VARIANTS[variant])
            assert [each.plan for each in self.running()] == before

        self.run(edit())

    @rule()
    def stop(self):
        self.run(self.request(self.app.deployments.stop, lambda each: each.can.stop))

    @rule(consent=st.booleans(), way=st.integers(0, 1))
    def answer(self, consent, way):
        async def reply() -> None:
            for each in self.running():
                if (asked := each.question) is not None:
                    ways = [choice.id for choice in asked.choices if choice.id != "abort"]
                    choice = ways[way % len(ways)] if consent and ways else "abort"
                    answer = {"KEY": "s3cret"} if asked.kind == "values" and consent else choice
                    await self.app.deployments.answer(each.id, asked.id, answer)

        self.run(reply())

    # --- troubles ----------------------------------------------------------------------------------------------------

    @rule(turns=st.integers(1, 60))
    def pass_time(self, turns):
        self.run(self.turns(turns))

    @rule(method=st.sampled_from(MUTATING), after=st.booleans())
    def lose_an_answer(self, method, after):
        self.next_call(method, lost(), after=after)

    @rule(method=st.sampled_from(LOOKING))
    def lose_sight(self, method):
        self.next_call(method, Unreachable("no network"))

    @rule()
    def lose_sight_for_long(self):
        for method in ("poll", "is_current"):
            count = self.cloud.count(method)
            self.cloud.faults += [Fault(method, Unreachable("no network"), count + number) for number in range(1, 9)]

    @rule(method=st.sampled_from(["execute", "stop"]))
    def conflict(self, method):
        self.next_call(method, Conflict("not now"))

    @rule(
        what=st.sampled_from(
            ["create:Images", "update:Hello", "undo:Failed", "undo:Hello", "delete:Images", "create:Hello"]
        )
    )
    def break_a_resource(self, what):
        self.cloud.fail[what] = "broken"

    @rule()
    def mend(self):
        self.cloud.fail.clear()

    @rule(count=st.integers(0, 2), hook=st.booleans())
    def change_files(self, count, hook):
        self.app.world.work = Worktree("c0", ("sigma.yaml",) * min(count, 1), count=count)
        self.app.world.hook = refusing if hook else lambda: None

    @rule()
    def pause(self):
        self.cloud.paused = not self.cloud.paused

    @rule()
    def make_plans_stale(self):
        for plan in self.cloud.plans.values():
            plan.current = False

    @rule()
    def crash_and_restart(self):
        self.app = self.run(self.app.restarted())
        self.run(self.app.deployments.resume())
        # What was begun automatically waits for a person from now on, if it was not executed yet.
        driven = [runner.state for runner in self.app.deployments._runners.values()]
        assert not any(state.order.auto_execute for state in driven)

    @rule()
    def look_on(self):
        async def look() -> None:
            other = App(Path(self.folder.name), self.cloud)
            followed = await other.deployments.resume()
            assert all(each.attached and not each.can.execute for each in followed)
            await other.deployments.close()

        self.run(look())

    # --- the end -----------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "app"):
            return
        try:
            self.run(self.settle())
            self.check()
        finally:
            self.run(self.app.deployments.close())
            self.loop.close()
            self.folder.cleanup()

    async def settle(self) -> None:
        self.cloud.paused = False
        self.cloud.faults.clear()
        for _ in range(400):
            running = self.running()
            if not running and not any(stack.work for stack in self.cloud.stacks.values()):
                return
            for each in running:
                # A stale plan waits for a person too, though it cannot be executed.
                if each.can.abort and (each.question is not None or each.phase == "staged"):
                    await self.app.deployments.abort(each.id)
            if not running:
                # Nobody watches any more; the cloud goes on all the same.
                for stack in self.cloud.stacks.values():
                    while stack.work:
                        stack.work.pop(0)()
            await self.turns(50)
        raise AssertionError([runner.state for runner in self.app.deployments._runners.values()])

    def check(self) -> None:
        assert self.app.deployments._journal.running() == ()
        begun = {plan.removeprefix("plan/").rsplit("-", 1)[0] for plan in self.cloud.open_plans()}
        assert begun <= self.given_up
        assert self.given_up or not [
            stack.name for stack in self.cloud.stacks.values() if stack.status == "REVIEW_IN_PROGRESS"
        ]
        plans = [plan for plan, _ in self.cloud.executions]
        assert len(plans) == len(set(plans)), "a plan was executed twice"
        for plan, token in self.cloud.executions:
            deployment = token.rsplit("-", 1)[0]
            assert plan in self.approved or deployment in self.automatic, "executed without approval"
        self.check_last()

    def check_last(self) -> None:
        """The last deployment that executed something tells of the stack as it is."""
        stack = self.cloud.live("demo")
        for record in self.app.deployments._journal.last():
            if not record.executed or not isinstance(record.state, at.Completed):
                continue
            begun = [token.rsplit("-", 1)[0] for _, token in self.cloud.executions]
            if not begun or begun[-1] != record.id:
                continue  # It executed nothing (it deleted an unrecoverable stack, say).
            match record.state.outcome:
                case "succeeded" if record.state.order.removal:
                    assert stack is None
                case "succeeded":
                    assert stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE")
                case "stopped":
                    assert stack is None or stack.status == "UPDATE_ROLLBACK_COMPLETE"
                case "rolledBack":
                    assert stack is None or "ROLLBACK_COMPLETE" in stack.status
                case "failed" | "partiallyApplied":
                    assert stack is None or stack.status.endswith("_FAILED")

    # --- within ------------------------------------------------------------------------------------------------------

    def running(self) -> list[Deployment]:
        return [runner.snapshot() for runner in self.app.deployments._runners.values() if not runner.is_over]

    async def request(self, ask, alive) -> None:
        """Ask it of all that run: a request is taken exactly where its button was alive."""
        for each in self.running():
            try:
                await ask(each.id)
            except Refused as refused:
                if alive(each):
                    raise AssertionError(each) from refused

    def next_call(self, method: str, error: ProviderError, *, after: bool = False) -> None:
        self.cloud.faults.append(Fault(method, error, self.cloud.count(method) + 1, after=after))

    async def turns(self, number: int) -> None:
        for _ in range(number):
            await asyncio.sleep(0)


STEPS = 2000
"""At least; what Hypothesis is told is how many there may be."""


def test_any_order_of_requests_and_troubles_ends_well():
    WholeLife.steps = 0
    limits = settings(
        max_examples=30,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    while WholeLife.steps < STEPS:
        run_state_machine_as_test(WholeLife, settings=limits)
    print(f"{WholeLife.steps} steps")  # noqa: T201 - the count is for whoever reads the output
