# SPDX-License-Identifier: MIT
"""Services without pywin32's framework: quick to start, and all that the host asks for."""

import threading

import servicemanager
import win32service

from reporting import report


class Light:
    """Only the two calls that a service cannot do without."""

    accepts = win32service.SERVICE_ACCEPT_STOP

    def __init__(self, args):
        self.handle = servicemanager.RegisterServiceCtrlHandler(args[0], self.on_control, True)
        self.stop = threading.Event()

    def status(self, state):
        own = win32service.SERVICE_WIN32_OWN_PROCESS
        win32service.SetServiceStatus(self.handle, (own, state, self.accepts, 0, 0, 0, 5000))

    def on_control(self, control, event_type, data):
        if control == win32service.SERVICE_CONTROL_STOP:
            self.stop.set()

    def SvcRun(self):
        self.status(win32service.SERVICE_RUNNING)
        self.stop.wait()


class StopsItself(Light):
    """Ends in the moment in which others may just be stopping it."""

    def SvcRun(self):
        self.status(win32service.SERVICE_RUNNING)


class StopBeforeRunning(Light):
    """Accepts STOP while it starts, and reports RUNNING after it: it must stay STOP_PENDING."""

    def SvcRun(self):
        self.status(win32service.SERVICE_START_PENDING)
        report("starting")
        self.stop.wait()
        self.status(win32service.SERVICE_RUNNING)
        report("reported RUNNING")
        from reporting import wait_for_permit

        wait_for_permit("end")


class NoHandler:
    """No control handler, no status: the host does both."""

    def __init__(self, args):
        report("args", args)

    def SvcRun(self):
        report("SvcRun")
        try:
            while True:
                threading.Event().wait(0.05)
        finally:
            report("left")


class RunMethod(NoHandler):
    SvcRun = None

    def run(self):
        NoHandler.SvcRun(self)


class Callable(NoHandler):
    SvcRun = None

    def __call__(self):
        NoHandler.SvcRun(self)
