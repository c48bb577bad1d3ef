"""What cfn-lint says of templates: asked of a worker process that is started when it is needed.

A worker that dies or does not answer is replaced by another one, once for each question.  One that nobody asks for a
while is ended, since it holds more memory than all the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from attrs import frozen

from sigma_ls.runtime.environments import Environment, interpreter_of
from sigma_ls.synth.template import TemplatePath

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds for an answer; a template of 500 resources takes a tenth of it.  A guess at a machine that does much else."""
IDLE = 60.0
"""Seconds without a question after which the worker is ended.  A guess: it takes a second to start, on another core."""
REMEMBERED = 32
"""Templates whose findings are kept: some edits there and back, for some stages and projects."""
LONGEST_ANSWER = 16 * 1024 * 1024
"""Bytes; beyond anything that a template of a megabyte gives rise to."""

CFN_LINT: Final = Environment(
    name="cfn-lint",
    title="cfn-lint",
    purpose="checks generated templates",
    lock=Path(__file__).with_name("cfn_lint.lock"),
    module="cfnlint",
    megabytes=16,
)

Level = Literal["error", "warning", "informational"]


@frozen
class LintFinding:
    """One finding: cfn-lint's rule (`E3012`), and the path in the template."""

    rule: str
    level: Level
    message: str
    path: TemplatePath = ()


class LintFailed(Exception):
    """cfn-lint gave no answer; the message says why."""


class LintUnavailable(LintFailed):
    """cfn-lint is not installed."""


def worker_command() -> tuple[str, ...] | None:
    """The command of the worker, if cfn-lint is installed: beside us, or in the environment `CFN_LINT`."""
    python = interpreter_of(CFN_LINT)
    # -P: the folder of the script holds modules of this package, which are not to be found under their bare names.
    return None if python is None else (str(python), "-P", str(Path(__file__).with_name("lint_worker.py")))


class Linter:
    """One worker for all templates; one question at a time."""

    def __init__(
        self,
        command: Callable[[], Sequence[str] | None] = worker_command,
        *,
        patience: float = PATIENCE,
        idle: float = IDLE,
    ) -> None:
        self._command = command
        self._patience = patience
        self._idle = idle
        self._resting: asyncio.Task[None] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._asking = asyncio.Lock()
        self._known: dict[str, tuple[LintFinding, ...]] = {}

    async def findings(self, template: str, region: str) -> tuple[LintFinding, ...]:
        """What is wrong with the template, a JSON text, in that region.

        Raises:
            LintUnavailable: cfn-lint is not installed.
            LintFailed: nobody could say.
        """
        key = hashlib.sha256(f"{region}\n{template}".encode()).hexdigest()
        async with self._asking:
            if (known := self._known.pop(key, None)) is None:
                self._keep_awake()
                try:
                    known = await self._ask(json.dumps({"template": template, "region": region}))
                finally:
                    self._resting = asyncio.create_task(self._rest())
            # What was asked for last is forgotten last.
            self._known[key] = known
            while len(self._known) > REMEMBERED:
                self._known.pop(next(iter(self._known)))
        return known

    async def close(self) -> None:
        """End the worker."""
        self._keep_awake()
        await self._end()

    async def _rest(self) -> None:
        """End the worker unless somebody asks in time."""
        await asyncio.sleep(self._idle)
        async with self._asking:
            await self._end()

    def _keep_awake(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _ask(self, question: str) -> tuple[LintFinding, ...]:
        reason = ""
        for attempt in ("first", "second"):
            try:
                async with asyncio.timeout(self._patience):
                    answer = await self._exchange(question)
                break
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                await self._end()
                reason = str(error) or type(error).__name__
                log.info("the cfn-lint worker gave no answer at the %s attempt: %s", attempt, reason)
            except BaseException:
                # The answer to a question that was given up must not be taken for that to the next.
                await self._end()
                raise
        else:
            raise LintFailed(f"cfn-lint gave no answer: {reason}.")
        if "error" in answer:
            raise LintFailed(f"cfn-lint could not check the template: {answer['error']}.")
        return tuple(
            LintFinding(each["rule"], each["level"], each["message"], tuple(each["path"]))
            for each in answer["findings"]
        )

    async def _exchange(self, question: str) -> dict[str, Any]:
        process = self._process
        if process is None or process.returncode is not None:
            command = self._command()
            if command is None:
                raise LintUnavailable("cfn-lint is not installed: `sigma-ls environment install cfn-lint`.")
            # Not in the project's folder, from which cfn-lint would take settings, and with them code to run.
            process = self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=sys.prefix,
                limit=LONGEST_ANSWER,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question.encode() + b"\n")
        await process.stdin.drain()
        answer = json.loads(await process.stdout.readuntil(b"\n"))
        assert isinstance(answer, dict)
        return answer
