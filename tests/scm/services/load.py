# SPDX-License-Identifier: MIT
"""A service for the load tests: it notes every control, and holds the GIL until the test says so."""

import ctypes
import os

import win32service

from light import Light
from reporting import report

_SYNCHRONIZE = 0x00100000
_INFINITE = 0xFFFFFFFF


class HoldsTheGil(Light):
    """Until the event of the test is set no Python code runs. Control 255 reports which others have come, in order."""

    def __init__(self, args):
        super().__init__(args)
        self.received = bytearray()
        self.interrogations = 0

    def on_control(self, control, event_type, data):
        if control == 255:
            report("interrogations", self.interrogations)
            report("received", self.received.hex())
        elif control == win32service.SERVICE_CONTROL_INTERROGATE:
            self.interrogations += 1
        elif control >= 128:
            self.received.append(control)
        super().on_control(control, event_type, data)

    def SvcRun(self):
        self.status(win32service.SERVICE_RUNNING)
        kernel32 = ctypes.PyDLL("kernel32")  # unlike WinDLL it keeps the GIL
        kernel32.OpenEventW.restype = ctypes.c_void_p
        event = kernel32.OpenEventW(_SYNCHRONIZE, False, os.environ["PYSVC_TEST_EVENT"])
        report("holding the GIL")
        kernel32.WaitForSingleObject(ctypes.c_void_p(event), _INFINITE)
        report("released the GIL")
        self.stop.wait()
