# SPDX-License-Identifier: MIT
"""Services that leave traces when they hang."""

import ctypes
import subprocess
import sys
import threading
import time

from framework import Service
from reporting import report


class StopIgnored(Service):
    def SvcStop(self):
        report("SvcStop")


class HangsWithCompany(StopIgnored):
    """Ignores STOP; has a thread, a daemon thread and a child process."""

    def main(self):
        threading.Thread(target=time.sleep, args=(600,), name="uploader").start()
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        # Ends with its standard input, which this process holds.
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
        report("child", child.pid)
        super().main()


class HoldsTheGil(StopIgnored):
    def main(self):
        report("entering C")
        ctypes.PyDLL("kernel32").Sleep(600_000)


def never_end():
    while True:
        time.sleep(0.05)


class ThreadThatStays(Service):
    """Python waits at its end for a thread that has none."""

    def main(self):
        threading.Thread(target=never_end, name="the culprit").start()
        super().main()
