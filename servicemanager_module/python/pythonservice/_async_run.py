# SPDX-License-Identifier: MIT
"""run() as a coroutine: its event loop, and what other threads ask of it."""
from __future__ import annotations

import asyncio
from _thread import allocate_lock, get_ident
from concurrent.futures import CancelledError

from ._stopping import StopEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task
    from collections.abc import Awaitable, Callable
    from concurrent.futures import Future


async def _result_of(awaitable: Awaitable[int | None]) -> int | None:
    return await awaitable


class AsyncRun:
    """One event loop that runs one coroutine, from asyncio.run() to its end."""

    def __init__(self, stopping: StopEvent) -> None:
        self._stopping = stopping
        self._mutex = allocate_lock()
        self._loop: AbstractEventLoop | None = None
        self._task: Task[None] | None = None
        self._cancelled = False
        self._ended = False
        self._calls: set[Future[int | None]] = set()

    def run(self, function: Callable[[], Awaitable[None] | None], started: Callable[[], None]) -> None:
        """Returns when the coroutine of `function` has ended; `started` is called in the running loop before it begins.

        A cancellation that cancel() asked for is a normal end; another one is an exception like any.
        """
        try:
            asyncio.run(self._main(function, started))
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
        finally:
            self._end()

    async def _main(self, function: Callable[[], Awaitable[None] | None], started: Callable[[], None]) -> None:
        with self._mutex:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.current_task()
            self._stopping._loop_thread = get_ident()
            if self._cancelled and self._task is not None:
                self._task.cancel()
        started()
        coroutine = function()
        if coroutine is not None:
            await coroutine

    def cancel(self) -> None:
        """Cancels the coroutine, now or as soon as it begins. Any thread."""
        with self._mutex:
            self._cancelled = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)

    def call(self, awaitable: Awaitable[int | None]) -> int | None:
        """Runs a coroutine in the loop and returns its result; None when run() ended first. Any thread but the loop's."""
        coroutine = _result_of(awaitable)
        with self._mutex:
            if self._loop is None:
                coroutine.close()
                if self._ended:
                    return None
                raise RuntimeError("the event loop of the service is not running yet")
            future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
            self._calls.add(future)
        try:
            return future.result()
        except CancelledError:
            return None
        finally:
            self._calls.discard(future)

    def _end(self) -> None:
        with self._mutex:
            self._ended = True
            self._loop = None
            self._task = None
            self._stopping._loop_thread = None
            calls = tuple(self._calls)
        # What came too late for the loop would be waited for for ever.
        for call in calls:
            call.cancel()
