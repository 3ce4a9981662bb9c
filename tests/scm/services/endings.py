# SPDX-License-Identifier: MIT
"""All the ways in which a service can end, or fail to."""

import atexit
import ctypes
import sys
import threading
import time

import win32event
import win32service

from framework import Service
from reporting import report, wait_for_permit


class EarlyStopped(Service):
    """Reports STOPPED inside SvcStop, as many scripts do, and needs some time afterwards."""

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOPPED)
        report("SvcStop")
        win32event.SetEvent(self.stop_event)

    def main(self):
        super().main()
        wait_for_permit("end")


class EarlyStoppedWithCode(EarlyStopped):
    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOPPED, win32ExitCode=1066, svcExitCode=77)
        win32event.SetEvent(self.stop_event)

    def main(self):
        Service.main(self)


class EarlyStoppedLoops(Service):
    """Reports STOPPED and never returns from SvcDoRun: a web server's loop."""

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOPPED)

    def main(self):
        try:
            while True:
                time.sleep(0.02)
        except SystemExit:
            report("SystemExit")
            raise


class EarlyStoppedHangs(EarlyStoppedLoops):
    """As above, but in C: no exception reaches it."""

    def main(self):
        win32event.WaitForSingleObject(self.stop_event, win32event.INFINITE)


class StopRaises(Service):
    def SvcStop(self):
        report("SvcStop")
        raise RuntimeError("SvcStop: Fehler \u670d\u52a1")

    def main(self):
        while True:
            time.sleep(0.02)


class StopIgnored(Service):
    """SvcStop does nothing at all."""

    def SvcStop(self):
        report("SvcStop")


class RunRaises(Service):
    def main(self):
        raise ValueError("SvcDoRun: Gr\u00fc\u00dfe \u670d\u52a1 \U0001f600 %1 100%")


class RunRaisesFromAnother(Service):
    def main(self):
        try:
            raise KeyError("the first cause")
        except KeyError as cause:
            raise RuntimeError("the second") from cause


class KeyboardInterrupted(Service):
    def main(self):
        raise KeyboardInterrupt


class ExitsWith0(Service):
    def main(self):
        sys.exit(0)


class ExitsWithNothing(Service):
    def main(self):
        sys.exit()


class ExitsWith3(Service):
    def main(self):
        sys.exit(3)


class ExitsWithText(Service):
    def main(self):
        sys.exit("no database today")


class Returns(Service):
    def main(self):
        pass


class AtExitHangs(Service):
    """Finalising never ends."""

    def main(self):
        atexit.register(win32event.WaitForSingleObject, self.stop_event_of_nobody(), win32event.INFINITE)
        super().main()

    def stop_event_of_nobody(self):
        return win32event.CreateEvent(None, 1, 0, None)


class DaemonThread(Service):
    """A daemon thread that is in C when Python is finalised, and comes back later."""

    def main(self):
        def work():
            while True:
                ctypes.windll.kernel32.Sleep(1)

        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        super().main()


class HoldsTheGil(Service):
    """Twenty seconds of C code that never lets go of the GIL."""

    def SvcOther(self, control):
        report("SvcOther", control)

    def main(self):
        report("entering C")
        ctypes.PyDLL("kernel32").Sleep(20_000)
        report("back from C")
        super().main()
