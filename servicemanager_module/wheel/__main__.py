# SPDX-License-Identifier: MIT
"""`python -m pythonservice ARGUMENTS`: the PythonService.exe of this installation.

Commands find this Python by themselves: the EXE lies in its site-packages.
"""
from __future__ import annotations

import os
import signal
import subprocess
import sys


def main() -> int:
    """Run it on this console; its exit code."""
    # Ctrl+C goes to both; it is for the service that is debugged, which may take its time to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "PythonService.exe")
    return subprocess.call([program, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
