# SPDX-License-Identifier: MIT
"""Services that meet a bug of pywin32's host; the tests say which."""

import ctypes
import os
import signal
import sys
import time

import servicemanager as sm
import win32event
import win32service

from contract_report import behaviour, outcome, wait_for_permit
from plain import Plain

LONG_NAME = "LongName" * 40  # 320 characters


class NoHandlerRuns:
    def __init__(self, args):
        pass

    def SvcRun(self):
        behaviour("running")
        wait_for_permit("end")


class Signals(Plain):
    def started(self):
        behaviour("signal", outcome(signal.signal, signal.SIGINT, signal.default_int_handler) is not None)
        behaviour("signal raises", outcome(signal.signal, signal.SIGTERM, signal.SIG_DFL) == "ValueError")


class LongSource(Plain):
    def started(self):
        behaviour("before")
        sm.SetEventSourceName("s" * 220, True)
        behaviour("survived")


class TwoArguments(Plain):
    def started(self):
        behaviour("before")
        sm.LogMsg(sm.EVENTLOG_INFORMATION_TYPE, 0x1234)
        behaviour("survived")


class RaisesChained(Plain):
    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        try:
            raise KeyError("the cause")
        except KeyError as error:
            raise ValueError("the effect") from error


class Logs(Plain):
    def started(self):
        sm.SetEventSourceName(self.args[0])
        sm.LogInfoMsg("to the source of the service")
        behaviour("logged")


class DebugShows:
    def __init__(self, args):
        pass

    def SvcRun(self):
        sm.LogInfoMsg("Gr\u00fc\u00dfe \u670d\u52a1")
        sm.LogInfoMsg("the last line")


class CurrentFolder(Plain):
    def started(self):
        behaviour("folder", os.getcwd())


class Prefix(Plain):
    def started(self):
        behaviour("prefix", sys.prefix)


class HoldsTheGil(Plain):
    def started(self):
        event = win32event.CreateEvent(None, True, False, "PySvcContract-gil")
        behaviour("holding")
        # PyDLL calls keep the GIL, as a C extension at work does.
        ctypes.PyDLL("kernel32").WaitForSingleObject(ctypes.c_void_p(int(event)), ctypes.c_uint32(0xFFFFFFFF))


class Writes(Plain):
    def started(self):
        behaviour("write", outcome(lambda: sys.stdout.write("a line\n")) == len("a line\n"))


class Paused(Plain):
    """Reports RUNNING at INTERROGATE, as the framework does."""

    accepts = Plain.accepts | win32service.SERVICE_ACCEPT_PAUSE_CONTINUE

    def other(self, control, *rest):
        if control == win32service.SERVICE_CONTROL_PAUSE:
            self.report(win32service.SERVICE_PAUSED)
        if control == win32service.SERVICE_CONTROL_INTERROGATE:
            self.report(win32service.SERVICE_RUNNING)
        if control == 128:
            behaviour("told 128")


class StopHangs(Plain):
    def handle(self, control, *rest):
        self.report(win32service.SERVICE_STOP_PENDING)
        behaviour("hangs")
        while True:
            time.sleep(0.02)


globals()[LONG_NAME] = type(LONG_NAME, (Plain,), {"SvcRun": lambda self: self.report(win32service.SERVICE_RUNNING)})
