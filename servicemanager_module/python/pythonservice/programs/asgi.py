# SPDX-License-Identifier: MIT
"""install --asgi package.module:application"""
from __future__ import annotations

import contextlib

from ._server import ServedProgram, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence


class Program(ServedProgram):
    """Serves an ASGI application with uvicorn, else with hypercorn."""

    def __init__(self, args: Sequence[str]) -> None:
        self._serve = _find_server()
        super().__init__(args)

    async def run(self) -> None:
        await self._serve(self)

    def stop(self) -> None:
        # Not cancelled: the server closes its door and finishes what it has begun.
        self.stopping.set()


def _find_server() -> Callable[[Program], Awaitable[None]]:
    try:
        import uvicorn as _uvicorn  # type: ignore  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "uvicorn":
            raise
    else:
        return _serve_with_uvicorn
    try:
        import hypercorn as _hypercorn  # type: ignore  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "hypercorn":
            raise
        raise missing("uvicorn", "hypercorn") from None
    return _serve_with_hypercorn


async def _serve_with_uvicorn(program: Program) -> None:
    import asyncio
    import logging
    import socket

    import uvicorn

    class Collector(logging.Handler):
        """uvicorn logs why it does not start, and leaves with SystemExit."""

        def __init__(self) -> None:
            super().__init__(logging.ERROR)
            self.messages: list[str] = []

        def emit(self, record: logging.LogRecord) -> None:
            self.messages.append(self.format(record))

    class Server(uvicorn.Server):  # type: ignore
        # STOP comes from the host. Two names: uvicorn before 0.29 had the second.
        capture_signals = contextlib.nullcontext

        def install_signal_handlers(self) -> None:
            pass

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            collector = Collector()
            log = logging.getLogger("uvicorn.error")
            log.addHandler(collector)
            try:
                await super().startup(sockets=sockets)
            except SystemExit:
                pass
            finally:
                log.removeHandler(collector)
            if not self.started:
                raise RuntimeError("\n".join(["uvicorn did not start the application", *collector.messages]))
            program.ready()

    async def watch() -> None:
        await program.stopping
        server.should_exit = True

    config = uvicorn.Config(program.application, host=program.host, port=program.port)
    server = Server(config)
    # Ours, so that an address that is taken is the error that the operating system gave.
    family = socket.AF_INET6 if ":" in program.host else socket.AF_INET
    with socket.create_server((program.host, program.port), family=family, backlog=config.backlog) as listener:
        watcher = asyncio.ensure_future(watch())
        try:
            await server.serve(sockets=[listener])
        finally:
            watcher.cancel()


async def _serve_with_hypercorn(program: Program) -> None:
    from hypercorn.asyncio import serve  # type: ignore
    from hypercorn.config import Config  # type: ignore

    async def stop() -> None:
        # hypercorn asks for it when all its sockets listen.
        program.ready()
        await program.stopping

    config = Config()
    config.bind = [f"[{program.host}]:{program.port}" if ":" in program.host else f"{program.host}:{program.port}"]
    # StopTimeout and StopKillTimeout of the service decide how long requests may take, not hypercorn's 3 seconds.
    config.graceful_timeout = None
    await serve(program.application, config, shutdown_trigger=stop)
