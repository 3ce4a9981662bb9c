# SPDX-License-Identifier: MIT
"""Services that share a process, and that take every control there is."""

import os
import threading

import servicemanager
import win32service

from reporting import report, wait_for_permit

ACCEPT_EVERYTHING = 0x6FFF


class Member:
    """Reports under its own name, since all of them report into one file."""

    accepts = ACCEPT_EVERYTHING

    def __init__(self, args):
        self.name = args[0]
        self.tell("args", args)
        self.handle = servicemanager.RegisterServiceCtrlHandler(self.name, self.on_control, True)
        self.stop = threading.Event()

    def tell(self, what, value=None):
        report(f"{self.name}:{what}", value)

    def status(self, state):
        share = win32service.SERVICE_WIN32_SHARE_PROCESS
        win32service.SetServiceStatus(self.handle, (share, state, self.accepts, 0, 0, 0, 5000))

    def on_control(self, control, event_type, data):
        self.tell(f"control-{control}", (event_type, data))
        return self.answer(control)

    def answer(self, control):
        if control in (1, 5, 15):
            self.stop.set()
        return None

    def SvcRun(self):
        self.status(win32service.SERVICE_RUNNING)
        self.tell("process", os.getpid())
        self.tell("main thread", threading.current_thread() is threading.main_thread())
        self.stop.wait()
        self.tell("ended")


class Answering(Member):
    """Its answers are what the SCM gets."""

    def answer(self, control):
        super().answer(control)
        if control == 11:
            return 0x424D5144  # BROADCAST_QUERY_DENY
        return None if control == 1 else control


class Obedient(Member):
    """Does what PAUSE and CONTINUE say."""

    def answer(self, control):
        if control == 2:
            self.status(win32service.SERVICE_PAUSED)
        elif control == 3:
            self.status(win32service.SERVICE_RUNNING)
        return super().answer(control)


class SlowToStart(Member):
    """Stays in START_PENDING until it is let go."""

    def SvcRun(self):
        self.tell("starting")
        wait_for_permit(f"{self.name}-run")
        super().SvcRun()


class SlowToStop(Member):
    """Stays in STOP_PENDING until it is let go."""

    def SvcRun(self):
        super().SvcRun()
        wait_for_permit(f"{self.name}-end")


class HangsInStop(Member):
    """Its SvcStop does not return, and so nobody tells its SvcRun to end."""

    def answer(self, control):
        if control == 1:
            wait_for_permit("never")
        return super().answer(control)


class SlowToFinalize(Member):
    """Its process stays for a while after its services have ended."""

    def SvcRun(self):
        import atexit

        atexit.register(self.hold)
        super().SvcRun()

    def hold(self):
        self.tell("finalizing")
        wait_for_permit("finalize")


class StopOnly(Member):
    accepts = win32service.SERVICE_ACCEPT_STOP


class Asking(Member):
    """Tries what only a shared process refuses."""

    def SvcRun(self):
        for name in ("nobody has this name", self.name.upper()):
            try:
                servicemanager.RegisterServiceCtrlHandler(name, self.on_control, True)
                self.tell("register", "accepted")
            except ValueError:
                self.tell("register", "ValueError")
        try:
            servicemanager.PrepareToHostSingle(Member)
            self.tell("single", "accepted")
        except servicemanager.startup_error:
            self.tell("single", "startup_error")
        try:
            servicemanager.PrepareToHostMultiple(self.name, Member)
            self.tell("multiple", "accepted")
        except servicemanager.startup_error:
            self.tell("multiple", "startup_error")
        super().SvcRun()
