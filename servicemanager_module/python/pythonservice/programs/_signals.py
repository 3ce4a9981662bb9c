# SPDX-License-Identifier: MIT
"""Signals of a program that the host runs: they come from STOP, never from the console.

A console event is a STOP of the host, and what the program hears of it is the same as under the Service Control Manager.
So the C library's handlers stay the host's: signal.signal() says what happens in Python, raise_signal() does it.
"""
from __future__ import annotations

import _signal  # type: ignore  # private, without a stub
import sys
from _thread import interrupt_main

import _pythonservice  # type: ignore  # private, without a stub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SIGINT = _signal.SIGINT
_STOP_NAMES = ("SIGTERM", "SIGBREAK")
_OURS = frozenset(getattr(_signal, name) for name in ("SIGINT", *_STOP_NAMES) if hasattr(_signal, name))

_set = _signal.signal
_raise = _signal.raise_signal


def send(signalnum: int) -> None:
    """The main thread runs the handler of a signal when it next executes bytecode; without a handler nothing happens."""
    interrupt_main(signalnum)  # type: ignore[call-arg]  # new in 3.10


def _signal_signal(signalnum: int, handler: object) -> object:
    if signalnum not in _OURS:
        return _set(signalnum, handler)
    return _pythonservice.set_signal(_set, signalnum, handler)


def _signal_raise(signalnum: int) -> None:
    if signalnum in _OURS:
        # With the default action nothing happens: it would end the process, and with it the service, without STOPPED.
        send(signalnum)
    else:
        _raise(signalnum)


def take_over() -> None:
    """Makes SIGINT a KeyboardInterrupt, as python.exe does, and keeps the console with the host. Main thread; once."""
    _signal.signal = _signal_signal
    # `signal` has a copy of everything but signal() itself.
    for module in (_signal, sys.modules.get("signal")):
        if module is not None:
            module.raise_signal = _signal_raise
    _signal.signal(SIGINT, _signal.default_int_handler)


def handler_of(signalnum: int) -> Callable[[int, object], object] | None:
    """What the program itself has installed, None where that is nothing."""
    handler: object = _signal.getsignal(signalnum)
    return handler if callable(handler) and handler is not _signal.default_int_handler else None


def stop_signal(choice: str) -> int | None:
    """The signal that STOP is for the program; None for none.

    auto is SIGTERM, else SIGBREAK, if the program has a handler for it, else SIGINT. So is a signal that has no handler.
    """
    if choice == "none":
        return None
    for name in _STOP_NAMES if choice == "auto" else (choice.upper(),):
        number = getattr(_signal, name, None)
        if number is not None and handler_of(number) is not None:
            return int(number)
    return int(SIGINT)
