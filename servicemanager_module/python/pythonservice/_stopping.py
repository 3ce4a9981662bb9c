# SPDX-License-Identifier: MIT
"""The order to stop, as threads and coroutines see it."""

from _thread import allocate_lock, get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Generator


def _wake(future: "Future[None]") -> None:
    if not future.done():
        future.set_result(None)


class StopEvent:
    """Set once, when the service is to stop.

    For threads it is what threading.Event is: is_set(), wait(timeout), set(). A coroutine writes `await event`.
    threading itself is not imported: that would double the time this package needs.
    """

    def __init__(self) -> None:
        self._is_set = False
        self._mutex = allocate_lock()
        self._gate = allocate_lock()  # held until set(); who gets it passes it on at once
        self._gate.acquire()
        self._futures: list["Future[None]"] = []
        self._awaited = False
        self._loop_thread: int | None = None

    def is_set(self) -> bool:
        """True when the service is to stop."""
        return self._is_set

    def set(self) -> None:
        """Wakes everyone who waits, in threads and in coroutines. Any thread; further calls change nothing."""
        with self._mutex:
            if self._is_set:
                return
            self._is_set = True
            futures = tuple(self._futures)
        self._gate.release()
        for future in futures:
            try:
                future.get_loop().call_soon_threadsafe(_wake, future)
            except RuntimeError:
                pass  # its event loop is closed: nobody waits any more

    def wait(self, timeout: float | None = None) -> bool:
        """Blocks the calling thread until the service is to stop, `timeout` seconds at most. Returns is_set().

        On the thread of the service's event loop it would block every coroutine and is a RuntimeError there.
        """
        if self._is_set:
            return True
        if self._loop_thread == get_ident():
            raise RuntimeError("stopping.wait() would block the event loop; write `await self.stopping`")
        if self._gate.acquire(True, -1 if timeout is None else max(timeout, 0)):
            self._gate.release()
        return self._is_set

    def __await__(self) -> "Generator[object, None, None]":
        return self._wait_in_loop().__await__()

    async def _wait_in_loop(self) -> None:
        import asyncio

        future: "Future[None]" = asyncio.get_running_loop().create_future()
        with self._mutex:
            self._awaited = True
            if self._is_set:
                return
            self._futures.append(future)
        try:
            await future
        finally:
            with self._mutex:
                self._futures.remove(future)
