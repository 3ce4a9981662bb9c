# SPDX-License-Identifier: MIT
"""The measured service, on pywin32's framework: the same for pywin32's host and for ours.

What the events and the controls mean is in ../protocol.hpp.
"""

import win32event
import win32service
import win32serviceutil

TELL = 129
CALM = 130


class Payload(win32serviceutil.ServiceFramework):
    _svc_name_ = "PythonServiceBenchmark"
    _svc_display_name_ = "Benchmark payload"

    def __init__(self, args):
        super().__init__(args)
        self.busy, self.hold, self.release, self.changed, self.told = (
            win32event.CreateEvent(None, 0, 0, f"Global\\PythonServiceBenchmark.{args[0]}.{event}")
            for event in ("busy", "hold", "release", "changed", "told")
        )
        self.stop = win32event.CreateEvent(None, 0, 0, None)
        self.calm = False

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        win32event.SetEvent(self.stop)

    def SvcOtherEx(self, control, event_type, data):
        if control == TELL:
            win32event.SetEvent(self.told)
        elif control == CALM:
            self.calm = True

    def SvcDoRun(self):
        orders = (self.stop, self.busy, self.hold)
        actions = (None, self.be_busy, self.hold_gil)
        while True:
            order = win32event.WaitForMultipleObjects(orders, False, win32event.INFINITE)
            if not order:
                break
            actions[order]()
            win32event.SetEvent(self.changed)

    def be_busy(self):
        """Computes: the GIL changes hands only because others ask for it."""
        self.calm = False
        win32event.SetEvent(self.changed)
        count = 0
        while not self.calm:
            count += 1

    def hold_gil(self):
        """Waits in C as an extension does that forgot to release the GIL: PyDLL keeps it.

        One call signals and waits, so that the client cannot come in between.
        """
        import ctypes

        ctypes.PyDLL("kernel32").SignalObjectAndWait(
            ctypes.c_void_p(int(self.changed)), ctypes.c_void_p(int(self.release)), ctypes.c_uint32(0xFFFFFFFF), 0
        )
