# SPDX-License-Identifier: MIT
"""A script that hosts its services itself: python.exe self_hosting.py REPORT HOW NAME...

HOW is the name of a class below for one service, "multiple" for all that are named, or "first-hangs" for the same with
one that cannot be stopped.
"""

import asyncio
import os
import signal
import sys
import threading

report_file, how, *names = sys.argv[1:]
os.environ["PYSVC_TEST_REPORT"] = report_file
os.environ["PYSVC_TEST_SERVICE"] = names[0]
# Our module lies in the folder above; pywin32's own is on sys.path already.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import servicemanager
import win32service

import framework
import group
from reporting import report


class Service(framework.Service):
    def main(self):
        report("module", servicemanager.__spec__.origin)
        report("main thread", threading.current_thread() is threading.main_thread())
        report("RunningAsService", servicemanager.RunningAsService())
        super().main()


class Raising(framework.Service):
    def main(self):
        raise RuntimeError("out of SvcDoRun")


class Asyncio(framework.Service):
    """Does what Python allows in its main thread only."""

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        self.loop.call_soon_threadsafe(self.stopped.set)

    def main(self):
        signal.signal(signal.SIGTERM, lambda number, frame: report("signal", number == signal.SIGTERM))
        signal.raise_signal(signal.SIGTERM)
        asyncio.run(self.serve())

    async def serve(self):
        self.loop = asyncio.get_running_loop()
        self.stopped = asyncio.Event()
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"a question\n")
        report("loop", type(self.loop).__name__)
        report("answer", await reader.readline())
        writer.close()
        await self.stopped.wait()
        server.close()

    async def answer(self, reader, writer):
        writer.write(b"the answer to " + await reader.readline())
        await writer.drain()
        writer.close()


servicemanager.Initialize()
if how in ("multiple", "first-hangs"):
    for number, name in enumerate(names):
        hangs = how == "first-hangs" and number == 0
        # Windows compares names without case.
        servicemanager.PrepareToHostMultiple(name.swapcase(), group.HangsInStop if hangs else group.Member)
else:
    servicemanager.PrepareToHostSingle(globals()[how])
report("prepared")
servicemanager.StartServiceCtrlDispatcher()
report("dispatcher returned")
