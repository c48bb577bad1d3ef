"""What is lacking is asked for once and installed once, whoever needs it."""

import asyncio
import threading

import pytest
from attrs import evolve

from sigma_ls.app.installing import Installer, NotInstalled
from sigma_ls.app.world import granted
from sigma_ls.runtime.environments import Environment
from sigma_ls.runtime.installation import InstallError, install
from tests.support.installer import Installer as Uv


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("SIGMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SIGMA_ENVIRONMENTS", raising=False)


@pytest.fixture
def one(tmp_path):
    lock = tmp_path / "one.lock"
    lock.write_text("one==1 --hash=sha256:00\n")
    return Environment("one", "the one", "It is one.", lock, "no_such_module", 7)


@pytest.fixture
def two(one):
    return evolve(one, name="two", title="the two")


class Person:
    """Answers when it has been allowed to, and remembers what it was asked."""

    def __init__(self, answer):
        self.answer, self.asked, self.may_answer = answer, [], asyncio.Event()
        self.may_answer.set()

    async def __call__(self, wanted):
        self.asked.append([each.name for each in wanted])
        await self.may_answer.wait()
        return self.answer


class Machine:
    def __init__(self):
        self.uv, self.said = Uv(), []

    def install(self, environment, report):
        install(environment, report=report, run=self.uv)

    def say(self, line):
        self.said.append(line)


@pytest.fixture
def machine():
    return Machine()


async def test_who_consents_gets_all_of_it_after_one_question(machine, one, two):
    person = Person(True)
    installer = Installer(person, machine.install)
    await installer.have([one, two], machine.say)
    await installer.have([two], machine.say)
    assert person.asked == [["one", "two"]]
    assert machine.said == [
        "Waiting for consent to install the one and the two …",
        "Installing the one (once, about 7 MB) …",
        "Installing the two (once, about 7 MB) …",
    ]


async def test_two_who_need_it_at_once_ask_once(machine, one, two):
    person = Person(True)
    person.may_answer.clear()
    installer = Installer(person, machine.install)
    both = asyncio.gather(installer.have([one, two], machine.say), installer.have([one], machine.say))
    await asyncio.sleep(0)
    person.may_answer.set()
    await both
    assert person.asked == [["one", "two"]]
    assert len(machine.uv.commands) == 4


async def test_who_declines_is_told_the_next_step_and_not_asked_twice_by_those_who_wait(machine, one, two):
    person = Person(False)
    person.may_answer.clear()
    installer = Installer(person, machine.install)
    both = asyncio.gather(
        installer.have([one, two], machine.say), installer.have([one], machine.say), return_exceptions=True
    )
    await asyncio.sleep(0)
    person.may_answer.set()
    first, second = await both
    assert str(first) == (
        "The one and the two are not installed. Deploy again and consent, or run "
        "`sigma-ls environment install one two`."
    )
    assert isinstance(second, NotInstalled)
    assert (person.asked, machine.uv.commands) == ([["one", "two"]], [])
    # The next deployment asks again.
    person.answer = True
    await installer.have([one], machine.say)
    assert person.asked == [["one", "two"], ["one"]]


async def test_a_failure_says_why_and_what_next(machine, one):
    machine.uv = Uv("--require-hashes", "cause: dns error")
    with pytest.raises(NotInstalled) as failed:
        await Installer(Person(True), machine.install).have([one], machine.say)
    assert isinstance(failed.value.__cause__, InstallError)
    assert "dns error" in failed.value.message
    assert "check the network" in failed.value.next_step


async def test_nothing_wanted_waits_for_nobody(machine, one):
    person = Person(True)
    person.may_answer.clear()
    installer = Installer(person, machine.install)
    waiting = asyncio.create_task(installer.have([one], machine.say))
    await asyncio.sleep(0)
    await installer.have([], machine.say)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_command_that_says_what_it_wants_waits_for_no_consent(machine, one):
    await Installer(granted, machine.install).have([one], machine.say)
    assert machine.said == ["Installing the one (once, about 7 MB) …"]


async def test_an_installation_outlives_who_gave_up_waiting_and_is_not_asked_about_again(machine, one):
    person, go_on, begun = Person(True), threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(environment, report):
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(10)
        machine.install(environment, report)

    installer = Installer(person, slowly)
    aborted = asyncio.create_task(installer.have([one], machine.say))
    await begun.wait()
    aborted.cancel()
    with pytest.raises(asyncio.CancelledError):
        await aborted
    again = asyncio.create_task(installer.have([one], machine.say))
    await asyncio.sleep(0)
    go_on.set()
    await again
    assert (person.asked, len(machine.uv.commands)) == ([["one"]], 2)
    assert "Installing the one, which was begun before …" in machine.said


async def test_one_that_failed_is_tried_again_after_another_question(machine, one):
    person = Person(True)
    installer = Installer(person, machine.install)
    machine.uv = Uv("--require-hashes", "cause: dns error")
    with pytest.raises(NotInstalled):
        await installer.have([one], machine.say)
    machine.uv = Uv()
    await installer.have([one], machine.say)
    assert person.asked == [["one"], ["one"]]
