"""The stack operations that are running: one per stack, each of which can be halted."""

import asyncio
from contextlib import asynccontextmanager
from contextvars import ContextVar

# The operation within which something is done; that on a nested stack is done within that on its parent.
_OUTER = ContextVar("outer operation", default=None)


class Halted(Exception):
    """The operation is to end here; its `halt` says why."""


class Operation:
    """One create, update, rollback or removal.

    `halt` says why it is to stop: `failed`, `cancelled`, `deleted` (the stack is) or `abandoned` (everything is).
    """

    def __init__(self):
        self.halt = None
        self.ended = asyncio.Event()
        self._halted = asyncio.Event()
        self._inner = set()

    def stop(self, reason):
        """Ask it and those within it to stop; the first reason counts."""
        self.halt = self.halt or reason
        self._halted.set()
        for inner in self._inner:
            inner.stop(reason)

    def start_within(self, outer):
        """Be one of those that end with `outer`, which may have been halted already."""
        outer._inner.add(self)
        if outer.halt:
            self.stop(outer.halt)

    def go_on(self):
        """Go on in another direction after a halt: with the rollback."""
        if self.halt != "abandoned":
            self.halt = None
            self._halted.clear()

    async def until_halted(self):
        """Wait until the operation is to stop."""
        await self._halted.wait()

    async def pause(self, seconds):
        """Let time pass.  Raises `Halted` as soon as the operation is to stop, or when it was already."""
        if not self._halted.is_set() and seconds:
            try:
                await asyncio.wait_for(self._halted.wait(), seconds)
            except TimeoutError:
                return
        if self._halted.is_set():
            raise Halted


class Operations:
    """The running ones, by the id of their stack."""

    def __init__(self):
        self._running = {}

    def running(self):
        """Whether any runs."""
        return bool(self._running)

    def of(self, stack_id):
        """The one that runs on that stack, or None."""
        return self._running.get(stack_id)

    @asynccontextmanager
    async def begin(self, stack_id):
        """Run one, after the one that runs on that stack already."""
        while (earlier := self._running.get(stack_id)) is not None:
            await earlier.ended.wait()
        operation = self._running[stack_id] = Operation()
        outer = _OUTER.get()
        if outer is not None:
            operation.start_within(outer)
        token = _OUTER.set(operation)
        try:
            yield operation
        finally:
            _OUTER.reset(token)
            if outer is not None:
                outer._inner.discard(operation)
            del self._running[stack_id]
            operation.ended.set()

    async def abandon_all(self):
        """Halt all and wait until none is left; used before everything they work on is forgotten."""
        while self._running:
            for operation in list(self._running.values()):
                operation.stop("abandoned")
            await asyncio.gather(*(operation.ended.wait() for operation in list(self._running.values())))


OPERATIONS = Operations()
