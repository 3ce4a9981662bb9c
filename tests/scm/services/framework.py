# SPDX-License-Identifier: MIT
"""Services as people write them: subclasses of pywin32's ServiceFramework."""

import os

import win32event
import win32service
import win32serviceutil

from reporting import report


class Service(win32serviceutil.ServiceFramework):
    _svc_name_ = os.environ.get("PYSVC_TEST_SERVICE", "PySvcTest")
    _svc_display_name_ = "A test service"

    def __init__(self, args):
        super().__init__(args)
        report("args", args)
        self.stop_event = win32event.CreateEvent(None, 1, 0, None)

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        report("SvcStop")
        win32event.SetEvent(self.stop_event)

    def SvcDoRun(self):
        report("SvcDoRun")
        self.main()
        report("ended")

    def main(self):
        win32event.WaitForSingleObject(self.stop_event, win32event.INFINITE)


class Replacement(Service):
    def main(self):
        report("Replacement")
        super().main()


class Other(Service):
    def SvcOther(self, control):
        report("SvcOther", control)


class Pausing(Other):
    def SvcPause(self):
        report("SvcPause")
        self.ReportServiceStatus(win32service.SERVICE_PAUSED)

    def SvcContinue(self):
        report("SvcContinue")
        self.ReportServiceStatus(win32service.SERVICE_RUNNING)


class PauseIgnored(Pausing):
    def SvcPause(self):
        report("SvcPause")


class PauseRaises(Pausing):
    def SvcPause(self):
        report("SvcPause")
        raise RuntimeError("no pause today")


class OwnInterrogate(Pausing):
    """As many scripts have it, and as the framework has it: always RUNNING."""

    def SvcInterrogate(self):
        report("SvcInterrogate")
        self.ReportServiceStatus(win32service.SERVICE_RUNNING)


class ControlRaises(Other):
    def SvcOther(self, control):
        super().SvcOther(control)
        raise RuntimeError(f"control {control} failed")


class ControlReturnsText(Other):
    def SvcOther(self, control):
        super().SvcOther(control)
        return "a text"


class Logging(Service):
    def main(self):
        import servicemanager

        sm = servicemanager
        sm.LogInfoMsg("logged by the test service")
        sm.LogInfoMsg("percent: 100%n %1 %2!S! %% %")
        sm.LogWarningMsg("nul: before\0after")
        sm.LogErrorMsg("long: begin" + "x" * 60_000 + "end of long")
        sm.LogInfoMsg("surrogate: lone \ud800 here")
        sm.LogMsg(sm.EVENTLOG_INFORMATION_TYPE, sm.PYS_SERVICE_STARTED, ("empty:", ""))
        sm.LogMsg(sm.EVENTLOG_INFORMATION_TYPE, 0xF000, [f"many: insert {n} of 120" for n in range(1, 121)])
        sm.LogMsg(sm.EVENTLOG_WARNING_TYPE, 0x8000F000, [f"too many: insert {n} of 300" for n in range(1, 301)])
        super().main()
