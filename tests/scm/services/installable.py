# SPDX-License-Identifier: MIT
"""A service as the commands install it: nothing but the script tells what it is."""

import os

import win32event
import win32service
import win32serviceutil


class Installable(win32serviceutil.ServiceFramework):
    _svc_name_ = "PySvcTest installed f\u00fcr \u670d\u52a1"
    _svc_display_name_ = "A test service with a display name"
    _svc_description_ = "Its description: Gr\u00fc\u00dfe"

    def __init__(self, args):
        super().__init__(args)
        self.stop_event = win32event.CreateEvent(None, 1, 0, None)
        with open(os.path.join(os.path.dirname(__file__), "seen.txt"), "a", encoding="ascii") as file:
            print(ascii(args), ascii(os.getcwd()), os.getpid(), file=file, flush=True)

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        win32event.SetEvent(self.stop_event)

    def SvcDoRun(self):
        win32event.WaitForSingleObject(self.stop_event, win32event.INFINITE)
