# SPDX-License-Identifier: MIT
"""install --wsgi package.module:application"""
from __future__ import annotations

from ._server import ServedProgram, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_LOOK_AROUND = 1.0  # seconds; only what needs no hurry waits for it, connections without a request


class Program(ServedProgram):
    """Serves a WSGI application with waitress."""

    def __init__(self, args: Sequence[str]) -> None:
        try:
            import waitress  # type: ignore  # without types
        except ModuleNotFoundError as error:
            if error.name != "waitress":
                raise
            raise missing("waitress") from None
        super().__init__(args)
        self._server: Any = None
        self._create_server = waitress.create_server

    def run(self) -> None:
        # Listens at once. One socket, hence one server: `host` is not resolved to several.
        import socket

        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.create_server((self.host, self.port), family=family) as listener:
            self._server = self._create_server(self.application, sockets=[listener])
            self.ready()
            while not self.stopping.is_set():
                self._step()
            self._drain()

    def stop(self) -> None:
        self.stopping.set()
        if self._server is not None:
            self._server.pull_trigger()

    def _step(self) -> None:
        """Waits for something to do and does it; the applications themselves run in waitress's threads."""
        server = self._server
        server.asyncore.loop(timeout=_LOOK_AROUND, map=server._map, use_poll=server.adj.asyncore_use_poll, count=1)

    def _drain(self) -> None:
        """waitress's own run() leaves when it is interrupted and drops what it has not sent yet."""
        server = self._server
        server.asyncore.dispatcher.close(server)
        while channels := list(server.active_channels.values()):
            for channel in channels:
                if not channel.requests:
                    channel.close_when_flushed = True
            self._step()
        server.task_dispatcher.shutdown()
        server.trigger.close()
