# SPDX-License-Identifier: MIT
"""A TCP server on asyncio that is RUNNING when it listens: PythonService debug echo.py 7007"""
from __future__ import annotations

import asyncio

from pythonservice import Service


class Echo(Service):
    name = "Echo"
    description = "Sends back what it gets."
    reports_ready = True

    async def run(self) -> None:
        port = int(self.args[1]) if len(self.args) > 1 else 7007
        server = await asyncio.start_server(self.serve, "127.0.0.1", port)
        self.status = f"listening on {server.sockets[0].getsockname()}"
        self.ready()
        await self.stopping
        server.close()  # clients that are connected are cut off when run() returns

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
        writer.close()
