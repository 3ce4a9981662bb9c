# SPDX-License-Identifier: MIT
"""What a service sees under `-debug NAME`."""

import sys

import servicemanager as sm
import win32serviceutil

from contract_report import behaviour, outcome
from plain import is_main_thread


class Service(win32serviceutil.ServiceFramework):
    _svc_name_ = "Contract"
    _svc_display_name_ = "Contract"

    def __init__(self, args):
        behaviour("debug/arguments", args)
        super().__init__(args)
        behaviour("RegisterServiceCtrlHandler/in debug", self.ssh)

    def SvcStop(self):
        behaviour("debug/SvcStop", True)
        self.running = False

    def SvcDoRun(self):
        import time

        self.running = True
        behaviour("debug/main thread", is_main_thread())
        behaviour("debug/sys.argv", sys.argv[1:])
        behaviour("Debugging/in debug", sm.Debugging())
        behaviour("RunningAsService/in debug", sm.RunningAsService())
        behaviour("LogMsg/in debug", outcome(sm.LogMsg, 1, 0xC000F000 - 2**32, ("LogMsg/in debug: an error",)))
        sm.LogInfoMsg("an information")
        sm.LogWarningMsg("a warning")
        sm.LogErrorMsg("an error")
        behaviour("running")
        # Not an event of win32event: Ctrl+C is a STOP here, and must not depend on what waits.
        while self.running:
            time.sleep(0.02)
        behaviour("debug/SvcDoRun returns", True)


class Ends:
    def __init__(self, args):
        pass

    def SvcRun(self):
        behaviour("debug/ends by itself", True)


class Raises(Ends):
    def SvcRun(self):
        raise ValueError("SvcRun failed")
