# SPDX-License-Identifier: MIT
"""install --script app.py"""
from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader

from ._signalled import SignalledProgram


class Program(SignalledProgram):
    """Runs a script as python.exe does: in the module __main__ itself, which multiprocessing looks at and which lasts as
    long as the process. runpy.run_path would take it away with threads of the script still running."""

    def run_program(self) -> None:
        main = sys.modules["__main__"]
        loader = SourceFileLoader("__main__", self.target)
        main.__file__ = self.target
        main.__loader__ = loader
        code = loader.source_to_code(loader.get_data(self.target), self.target)
        exec(code, main.__dict__)
