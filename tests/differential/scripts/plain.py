# SPDX-License-Identifier: MIT
"""Service classes without pywin32's framework: what they see is the host's doing alone."""

import threading

import servicemanager
import win32event
import win32service

STOP = 1


class Plain:
    """Runs until STOP, says what it is told, and reports RUNNING and STOPPED itself as the framework does."""

    accepts = win32service.SERVICE_ACCEPT_STOP
    extra_args = False

    def __init__(self, args):
        self.args = args
        self.stopped = win32event.CreateEvent(None, True, False, None)
        self.status_handle = servicemanager.RegisterServiceCtrlHandler(args[0], self.handle, self.extra_args)

    def report(self, state, exit_code=0, specific=0):
        accepts = self.accepts if state in (win32service.SERVICE_RUNNING, win32service.SERVICE_PAUSED) else 0
        status = (win32service.SERVICE_WIN32_OWN_PROCESS, state, accepts, exit_code, specific, 0, 0)
        return win32service.SetServiceStatus(self.status_handle, status)

    def handle(self, control, *rest):
        if control == STOP:
            self.report(win32service.SERVICE_STOP_PENDING)
            win32event.SetEvent(self.stopped)
            return None
        return self.other(control, *rest)

    def other(self, control, *rest):
        return None

    def started(self):
        """Called between RUNNING and the wait for STOP."""

    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        self.started()
        win32event.WaitForSingleObject(self.stopped, win32event.INFINITE)


def is_main_thread():
    return threading.current_thread() is threading.main_thread()
