"""Following a deployment: consent, questions, interrupts and exit statuses, on a scripted life cycle."""

import asyncio
from contextlib import contextmanager

import pytest
from attrs import evolve

from sigma_ls.app.deployments import DeployRequest, Refused
from sigma_ls.cli.drive import EXIT_STATUS, follow
from sigma_ls.deploy.machine import RESUME
from sigma_ls.deploy.snapshot import AskedValue, Can, Choice, Question
from tests.cli.samples import deployment, staged

REQUEST = DeployRequest("deploy", "thumbnailer")
MONITORING = evolve(staged(), phase="monitoring", can=Can(stop=True, stop_means="rollback"))
ENDED = evolve(staged(), phase="completed", can=Can(), outcome="succeeded")


class Script:
    """A life cycle: `steps` maps what is asked to the snapshots that follow; an exception is raised instead."""

    def __init__(self, begin, **steps):
        self._steps = steps
        self._begin = begin
        self._observers = []
        self._revision = 0
        self.asked = []

    def observe(self, *, snapshot):
        self._observers.append(snapshot)
        return lambda: self._observers.remove(snapshot)

    async def start(self, request):
        first, *later = self._begin
        self.play(later)
        return first

    async def follow(self, identifier):
        yield ended("aborted")

    async def execute(self, identifier, plan=None):
        return self._answer("execute", plan)

    async def answer(self, identifier, question, answer):
        return self._answer("answer", question, answer)

    async def cancel(self, identifier):
        return self._answer("cancel")

    def _answer(self, name, *arguments):
        self.asked.append((name, *arguments))
        step = self._steps[name]
        if isinstance(step, Exception):
            raise step
        self.play(step)
        return step[0]

    def play(self, snapshots):
        for snapshot in snapshots:
            self._revision += 1
            for observer in self._observers:
                observer(evolve(snapshot, revision=1 + self._revision))


class Recorder:
    """A view that keeps what it is told, and calls `when` for each snapshot."""

    def __init__(self, when=lambda now: None):
        self.shown, self.told, self.finished, self.closed = [], [], [], False
        self._when = when
        self.spoke = asyncio.Event()

    def show(self, now):
        self.shown.append(evolve(now, revision=1))
        self._when(now)

    def finish(self, now):
        self.finished.append(evolve(now, revision=1))

    def tell(self, line):
        self.told.append(line)
        self.spoke.set()

    def hold(self):
        pass

    def resume(self):
        pass

    def close(self):
        self.closed = True


class Person:
    """Answers prompts in turn; then waits for ever, as people do."""

    def __init__(self, *lines):
        self.lines = list(lines)
        self.prompts = []
        self.prompted = asyncio.Event()

    async def __call__(self, prompt, secret):
        self.prompts.append((prompt, secret))
        self.prompted.set()
        if not self.lines:
            await asyncio.Event().wait()
        return self.lines.pop(0)


class Keyboard:
    """Ctrl-C, pressed by the test."""

    def __init__(self):
        self.press = None

    @contextmanager
    def __call__(self, call):
        self.press = call
        yield
        self.press = None


async def run(script, *, ask=None, keyboard=None, view=None, request=REQUEST):
    view = view or Recorder()
    status = await asyncio.wait_for(follow(script, request, view, ask, keyboard or Keyboard()), 5)
    assert view.closed
    return status, view


def ended(outcome):
    return evolve(ENDED, outcome=outcome)


@pytest.mark.parametrize("outcome", EXIT_STATUS)
async def test_the_exit_status_says_how_it_ended(outcome):
    status, view = await run(Script([deployment(), ended(outcome)]))
    assert (status, view.finished) == (EXIT_STATUS[outcome], [ended(outcome)])


async def test_yes_executes_the_plan_that_was_shown():
    script = Script([staged()], execute=[MONITORING, ENDED])
    person = Person("y")
    status, view = await run(script, ask=person)
    assert (status, script.asked) == (0, [("execute", "cs-1")])
    assert person.prompts == [("Execute these changes? [y/N] ", False)]
    assert view.shown == [staged(), MONITORING]


@pytest.mark.parametrize("line", ["", "n", "yep", None])
async def test_anything_else_aborts(line):
    script = Script([staged()], cancel=[ended("aborted")])
    status, _ = await run(script, ask=Person(line))
    assert (status, script.asked) == (130, [("cancel",)])


async def test_without_a_person_staged_changes_are_refused_and_discarded():
    script = Script([staged()], cancel=[ended("aborted")])
    status, view = await run(script)
    assert (status, script.asked) == (3, [("cancel",)])
    assert "--yes" in view.told[0]
    assert [(now.outcome, now.message) for now in view.finished] == [("refused", view.told[0])]


async def test_a_plan_staged_again_is_asked_for_again():
    assert staged().plan is not None
    again = evolve(staged(), plan=evolve(staged().plan, id="cs-2"))
    script = Script([staged()], execute=[again])
    keyboard = Keyboard()
    person = Person("y", "n")
    script._steps["cancel"] = [ended("aborted")]
    status, _ = await run(script, ask=person, keyboard=keyboard)
    assert (status, len(person.prompts)) == (130, 2)


async def test_what_executes_by_itself_is_not_asked_about():
    auto = evolve(staged(), auto_execute=True)
    status, view = await run(Script([auto, ENDED]))
    assert (status, view.told) == (0, [])


async def test_a_question_answered_elsewhere_is_withdrawn():
    script = Script([staged()])
    keyboard = Keyboard()
    person = Person()

    async def elsewhere():
        await person.prompted.wait()
        script.play([MONITORING, ENDED])

    task = asyncio.create_task(elsewhere())
    status, _ = await run(script, ask=person, keyboard=keyboard)
    await task
    assert (status, script.asked) == (0, [])


ASKED = evolve(
    deployment(),
    question=Question(
        "q1",
        "values",
        "Two values are needed.",
        (),
        (AskedValue("KEY", "API key", True), AskedValue("N", "Name", False)),
    ),
)


async def test_values_are_asked_for_one_by_one():
    script = Script([ASKED], answer=[ENDED])
    person = Person("s3cret", "me")
    status, view = await run(script, ask=person)
    assert (status, script.asked) == (0, [("answer", "q1", {"KEY": "s3cret", "N": "me"})])
    assert person.prompts == [("API key (KEY): ", True), ("Name (N): ", False)]
    assert view.told == ["Two values are needed."]


async def test_without_a_person_missing_values_are_named():
    status, view = await run(Script([ASKED], cancel=[ended("aborted")]))
    assert status == 3
    assert view.told == ["Two values are needed. Nobody can be asked here: pass --answer KEY=… --answer N=…"]


CONSENT = evolve(
    staged(),
    can=Can(abort=True),
    question=Question(
        "q2",
        "replaceStateful",
        "sizes would lose its data.",
        (Choice("lose", "Replace it", True), Choice("no", "Abort")),
    ),
)


@pytest.mark.parametrize("line", ["1", "lose", " 1 "])
async def test_a_choice_is_made_by_number_or_id(line):
    script = Script([CONSENT], answer=[ENDED])
    status, view = await run(script, ask=Person("9", line))
    assert (status, script.asked) == (0, [("answer", "q2", "lose")])
    assert view.told[1:] == ["  1. Replace it (cannot be undone)", "  2. Abort", "There is no choice “9”."]


async def test_no_choice_aborts():
    script = Script([CONSENT], cancel=[ended("aborted")])
    assert (await run(script, ask=Person("")))[0] == 130


@pytest.mark.parametrize(
    ("kind", "flag"),
    [("replaceStateful", "--allow-data-loss"), ("recreateStack", "--yes"), ("commit", "--yes"), ("rollback", "Abort")],
)
async def test_without_a_person_the_option_that_consents_is_named(kind, flag):
    question = Question("q", kind, "Go on?", (Choice("a", "Abort"),))
    status, view = await run(Script([evolve(CONSENT, question=question)], cancel=[ended("aborted")]))
    assert status == 3
    assert view.told[0].startswith("Go on?")
    assert flag in view.told[0]


async def test_without_a_person_a_paused_stack_is_gone_on_with_by_an_option():
    question = Question(
        "q", "rollback", "How to go on?", (Choice(RESUME, "Deploy to It As It Is"), Choice("a", "Abort"))
    )
    _, view = await run(Script([evolve(CONSENT, question=question)], cancel=[ended("aborted")]))
    assert view.told[0].endswith("pass --yes to deploy to it as it is.")


async def test_the_first_interrupt_stops_and_waits_for_the_end():
    keyboard = Keyboard()
    view = Recorder(when=lambda now: keyboard.press() if now.phase == "monitoring" else None)
    rolling = evolve(MONITORING, phase="rollingBack", can=Can())
    script = Script([MONITORING], cancel=[rolling, ended("stopped")])
    status, view = await run(script, keyboard=keyboard, view=view)
    assert (status, script.asked, view.finished) == (130, [("cancel",)], [ended("stopped")])
    assert view.told[0].startswith("Stopping: rolling back.")


async def test_an_interrupt_that_came_too_late_does_not_hide_success():
    keyboard = Keyboard()
    view = Recorder(when=lambda now: keyboard.press() if now.phase == "monitoring" else None)
    script = Script([MONITORING], cancel=[ENDED])
    assert (await run(script, keyboard=keyboard, view=view))[0] == 0


async def test_an_interrupt_at_a_moment_that_cannot_stop_is_not_forgotten():
    keyboard = Keyboard()
    view = Recorder(when=lambda now: keyboard.press() if now.phase == "execution" else None)
    executing = evolve(MONITORING, phase="execution", can=Can())
    script = Script([executing], cancel=[ended("stopped")])

    async def later():
        await view.spoke.wait()
        script.play([MONITORING])

    task = asyncio.create_task(later())
    status, view = await run(script, keyboard=keyboard, view=view)
    await task
    assert (status, script.asked) == (130, [("cancel",)])
    assert "as soon as it can" in view.told[0]


async def test_the_second_interrupt_leaves_at_once_and_says_what_goes_on():
    keyboard = Keyboard()
    view = Recorder(when=lambda now: keyboard.press())
    rolling = evolve(MONITORING, phase="rollingBack", can=Can())
    script = Script([MONITORING], cancel=[rolling])
    status, view = await run(script, keyboard=keyboard, view=view)
    assert (status, view.finished) == (130, [])
    assert view.told[-1].startswith("Left thumbnailer (dev) as it is")
    assert "sigma-ls status" in view.told[-1]


async def test_an_interrupt_withdraws_the_prompt():
    keyboard = Keyboard()
    script = Script([staged()], cancel=[ended("aborted")])
    person = Person()

    async def press():
        await person.prompted.wait()
        keyboard.press()

    task = asyncio.create_task(press())
    status, view = await run(script, ask=person, keyboard=keyboard)
    await task
    assert (status, script.asked) == (130, [("cancel",)])
    assert view.told[0].startswith("Aborting")


ELSEWHERE = evolve(MONITORING, attached=True, can=Can())


async def test_one_that_another_process_drives_is_followed():
    status, view = await run(Script([ELSEWHERE, ended("rolledBack")]))
    assert (status, view.told) == (1, ["thumbnailer (dev) is being deployed already; this follows it."])


async def test_an_interrupt_leaves_what_another_process_drives():
    keyboard = Keyboard()
    view = Recorder(when=lambda now: keyboard.press())
    status, view = await run(Script([ELSEWHERE]), keyboard=keyboard, view=view)
    assert status == 130
    assert view.told[-1].startswith("Left")


async def test_without_a_person_nobody_waits_for_an_answer_given_elsewhere():
    waits = evolve(staged(), attached=True, can=Can())
    status, view = await run(Script([waits]))
    assert (status, view.finished[0].outcome) == (3, "refused")
    assert "waits for an answer in another process" in view.told[-1]


async def test_with_a_person_an_answer_given_elsewhere_is_waited_for():
    waits = evolve(staged(), attached=True, can=Can())
    person = Person()
    status, _ = await run(Script([waits, ELSEWHERE, ENDED]), ask=person)
    assert (status, person.prompts) == (0, [])


async def test_what_was_left_before_its_execution_is_discarded_where_consent_was_given_for_the_present():
    class Left(Script):
        async def start(self, request):
            if not self.asked:
                return evolve(staged(), attached=True, id="d0")
            return await super().start(request)

    script = Left([MONITORING, ENDED], cancel=[evolve(ended("aborted"), id="d0")])
    request = evolve(REQUEST, auto_execute=True)
    status, view = await run(script, request=request)
    assert (status, script.asked, view.finished) == (0, [("cancel",)], [ENDED])
    assert "is discarded" in view.told[0]


async def test_a_removal_that_runs_is_no_deployment():
    status, view = await run(Script([evolve(ELSEWHERE, operation="undeploy")]))
    assert (status, view.finished[0].outcome) == (3, "refused")
    assert view.finished[0].message == "thumbnailer (dev) is being removed: try again when that has ended."


async def test_a_refused_execution_is_told_and_followed_on():
    script = Script([staged()], execute=Refused("planChanged", "Another plan is staged now."))
    keyboard = Keyboard()
    view = Recorder()

    async def later():
        await view.spoke.wait()
        script.play([ended("aborted")])

    task = asyncio.create_task(later())
    status, view = await run(script, ask=Person("y"), keyboard=keyboard, view=view)
    await task
    assert (status, view.told) == (130, ["Another plan is staged now."])


async def test_revisions_seen_already_and_other_deployments_are_passed_over():
    other = evolve(ended("failed"), id="d2")
    script = Script([staged(), other, MONITORING, ENDED])
    status, view = await run(script, ask=Person())
    assert (status, view.shown) == (0, [staged(), MONITORING])
    assert script._observers == []


async def test_a_defect_in_asking_reaches_the_barrier():
    async def broken(prompt, secret):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await run(Script([staged()]), ask=broken)
