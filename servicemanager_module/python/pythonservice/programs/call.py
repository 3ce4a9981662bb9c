# SPDX-License-Identifier: MIT
"""install --call package.module:function"""
from __future__ import annotations

import sys
from collections.abc import Awaitable, Sequence

from .._async_run import AsyncRun
from ._program import load
from ._signalled import SignalledProgram


class Program(SignalledProgram):
    """Calls a function without arguments, as the scripts that pip makes for entry points do. What it returns is run in an
    event loop if it is a coroutine; an int is the exit code of the service."""

    def __init__(self, args: Sequence[str]) -> None:
        super().__init__(args)
        self._function = load(self.target)

    def run_program(self) -> None:
        result = self._function()  # type: ignore[operator]
        if isinstance(result, Awaitable):
            result = self._run_in_loop(result)
        if isinstance(result, int) and result:
            sys.exit(result)

    def _run_in_loop(self, awaitable: Awaitable[object]) -> object:
        result: object = None

        async def keep_result() -> None:
            nonlocal result
            result = await awaitable

        self._async_run = AsyncRun(self.stopping)
        try:
            self._async_run.run(keep_result, lambda: None)
        finally:
            self._async_run = None
        return result
