# SPDX-License-Identifier: MIT
"""install --module package"""
from __future__ import annotations

import sys

from ._signalled import SignalledProgram


class Program(SignalledProgram):
    """Runs a module as `python -m` does."""

    def run_program(self) -> None:
        import runpy

        sys.argv[0] = "-m"
        # What python.exe itself calls for -m; runpy.run_module would take __main__ away at its end, see script.py.
        runpy._run_module_as_main(self.target)  # type: ignore[attr-defined]
