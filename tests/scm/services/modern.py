# SPDX-License-Identifier: MIT
"""Services on pythonservice.Service."""
from __future__ import annotations

import asyncio
import sys
import threading
import time

# Before anything else imports them, by the class string's own folder.
_began = time.perf_counter()
from pythonservice import Service  # noqa: E402

_import_ms = (time.perf_counter() - _began) * 1000

from reporting import report, wait_for_permit  # noqa: E402


class Plain(Service):
    def run(self):
        report("args", self.args)
        report("main thread", threading.current_thread() is threading.main_thread())
        report("imported in ms", _import_ms)
        report("stopped", self.stopping.wait())


class Asynchronous(Service):
    async def run(self):
        report("loop", type(asyncio.get_running_loop()).__name__)
        # Needs what Proactor offers and the selector loop does not.
        child = await asyncio.create_subprocess_exec(sys.executable, "-c", "print(6 * 7)", stdout=asyncio.subprocess.PIPE)
        report("child", (await child.communicate())[0].strip())
        try:
            await asyncio.sleep(600)
        finally:
            report("cancelled", self.stopping.is_set())


class Draining(Service):
    async def run(self):
        asyncio.get_running_loop().call_soon(report, "running")
        await self.stopping
        await asyncio.sleep(0.01)
        report("drained")


class Late(Service):
    """START_PENDING with heartbeats until the test permits more."""

    reports_ready = True

    def run(self):
        beats = threading.Thread(target=self.beat)
        beats.start()
        report("starting")
        wait_for_permit("ready")
        self.ready()
        self.stopping.wait()
        beats.join()

    def beat(self):
        while not self.stopping.wait(0.05):
            self.heartbeat()


class Told(Service):
    """Reports all that it can be told of."""

    def run(self):
        self.stopping.wait()

    def pause(self):
        report("pause")

    def resume(self):
        report("resume")

    def tell(self, event):
        report(type(event).__name__, repr(event))

    on_custom = on_session = on_power = on_time_change = on_trigger = tell
    on_param_change = on_net_bind = on_hardware_profile = tell

    def on_device(self, event):
        self.tell(event)
        return 0x424D5144 if event.change.name == "CODE_0" else None  # BROADCAST_QUERY_DENY


class Raises(Service):
    async def run(self):
        raise OSError("disk")


class Exits(Service):
    def run(self):
        sys.exit(7)
