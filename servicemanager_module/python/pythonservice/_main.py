# SPDX-License-Identifier: MIT
"""The command line of a script with a service."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._service import Service

# Verbs of PythonService that take the script; to the others the service is a name.
_OF_THE_SCRIPT = ("debug", "install", "update")


def _program() -> str:
    """PythonService: of the wheel that this package is part of, else what PATH has."""
    beside = os.path.join(os.path.dirname(__file__), "PythonService.exe")
    found = beside if os.path.isfile(beside) else shutil.which("PythonService")
    if found is None:
        sys.exit(f"PythonService is neither '{beside}' nor in PATH; install the wheel, or add its folder to PATH")
    return found


def _command(service_class: type[Service], arguments: Sequence[str]) -> list[str]:
    verb, *rest = arguments or ["debug"]
    if verb not in _OF_THE_SCRIPT:
        return [_program(), verb, service_class._svc_name_, *rest]
    script = os.path.abspath(sys.argv[0])
    # Behind the script everything is the service's, or an option of install.
    return [_program(), verb, "--python", sys.executable, f"{script}:{service_class.__name__}", *rest]


def main(service_class: type[Service]) -> None:
    """For `if __name__ == "__main__":`: `python service.py install --start`, `start`, `stop`, `status`, `remove`.

    Passes the command on to PythonService, for this script and this Python, and exits with its code. Without a command
    it is `debug`: the service runs on this console, Ctrl+C stops it.
    """
    command = _command(service_class, sys.argv[1:])
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)  # so that signals reach the service
    with subprocess.Popen(command) as process:
        while True:
            try:
                sys.exit(process.wait())
            except KeyboardInterrupt:
                pass  # Ctrl+C is for the service, which hears it too
