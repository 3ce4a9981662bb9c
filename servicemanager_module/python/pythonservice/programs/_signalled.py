# SPDX-License-Identifier: MIT
"""Programs that run on Python's main thread and are stopped by a signal: script, module and call."""
from __future__ import annotations

import sys
from _thread import allocate_lock, get_ident

import _pythonservice  # type: ignore  # private, without a stub

from .._stopping import StopEvent
from . import _signals
from ._program import HostedProgram

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .._service import Answer

_PATIENCE = 3.0  # seconds for the main thread to notice a signal


class SignalledProgram(HostedProgram):
    """Derived classes write run_program(): code that ends when it is done, or by KeyboardInterrupt."""

    def __init__(self, args: Sequence[str]) -> None:
        # Before RUNNING: from then on STOP may come.
        _signals.take_over()
        self._may_signal = True
        self._signal_lock = allocate_lock()
        self._main_thread = get_ident()
        self._nothing_runs = StopEvent()
        super().__init__(args)

    def run_program(self) -> None:
        """The program itself."""
        raise NotImplementedError

    def SvcRun(self) -> None:
        try:
            try:
                super().SvcRun()
            finally:
                self._no_more_signals()
        except KeyboardInterrupt:
            self._no_more_signals()
            if not self.stopping.is_set():
                raise
        if not self.stopping.is_set():
            self._host.write_line("the program has ended by itself")

    def _no_more_signals(self) -> None:
        """A KeyboardInterrupt after the end would break the shutdown of Python."""
        with self._signal_lock:
            self._may_signal = False

    def run(self) -> None:
        self.run_program()
        self._wait_for_threads()

    def _wait_for_threads(self) -> None:
        """python.exe ends when the last thread that is no daemon has ended; so does the service, or with STOP."""
        if "threading" not in sys.modules:
            return
        import threading

        def others() -> list[threading.Thread]:
            # The waiting thread is a daemon, and so is every thread that Python has not started.
            main = threading.main_thread()
            return [thread for thread in threading.enumerate() if thread is not main and not thread.daemon]

        def wait() -> None:
            while threads := others():
                threads[0].join()
            self._nothing_runs.set()

        if others():
            threading.Thread(target=wait, name="waits for the threads of the program", daemon=True).start()
            self._nothing_runs.wait()

    def stop(self) -> Answer:
        signum = _signals.stop_signal(self._setting("StopSignal"))
        if signum is not None and self._async_run is not None and _signals.handler_of(signum) is None:
            # What asyncio does itself, from 3.11 on: its task is cancelled and not torn apart.
            return super().stop()
        self.stopping.set()
        self._nothing_runs.set()
        if signum is not None:
            self._send(signum)
        return None

    def _send(self, signum: int) -> None:
        with self._signal_lock:
            if not self._may_signal:
                return
            _signals.send(signum)
        if _pythonservice.wake_main_thread(self._main_thread, _PATIENCE):
            return
        self._host.write_line(
            "the main thread does not notice the stop: it waits in a call that no signal ends, see docs/programs.md"
        )
        handler = _signals.handler_of(signum)
        if handler is not None:
            # What most handlers do, setting an event, works from here too, and may be what the main thread waits for.
            try:
                handler(signum, None)
            except SystemExit:
                pass  # only the main thread could leave by it
