# SPDX-License-Identifier: MIT
"""What the two kinds of web applications have in common."""
from __future__ import annotations

from ._program import HostedProgram, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class ServedProgram(HostedProgram):
    """An application behind a server of its Python; RUNNING once that listens."""

    reports_ready = True

    def __init__(self, args: Sequence[str]) -> None:
        super().__init__(args)
        self.host, self.port = _host_and_port(self._setting("Bind"))
        self.application = load(self.target)


def _host_and_port(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError(f"the service's parameter Bind is '{bind}', which is not HOST:PORT")
    return host.strip("[]"), int(port)


def missing(*servers: str) -> ImportError:
    """None of `servers` is installed."""
    import sys

    names = " or ".join(servers)
    return ImportError(f"{names} is not installed: {sys.executable} -m pip install {servers[0]}", name=servers[0])
