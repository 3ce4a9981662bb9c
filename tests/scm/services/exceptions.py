# SPDX-License-Identifier: MIT
"""Services with exceptions that nobody handles."""

import asyncio
import gc
import threading
import warnings

from framework import Service
from reporting import report


class Everywhere(Service):
    """One of each kind, and it goes on."""

    def main(self):
        for _ in range(3):
            thread = threading.Thread(target=self.in_thread, name="worker")
            thread.start()
            thread.join()
        Broken()
        asyncio.run(self.in_task())
        warnings.warn("do not use this: \u670d\u52a1")
        report("still running")

    def in_thread(self):
        try:
            {}["missing"]
        except KeyError as cause:
            raise ValueError("in a thread") from cause

    async def in_task(self):
        task = asyncio.create_task(self.fail(), name="lost one")
        await asyncio.sleep(0)
        del task
        gc.collect()

    async def fail(self):
        raise ValueError("in a task")


class Broken:
    def __del__(self):
        raise ValueError("in a destructor")
