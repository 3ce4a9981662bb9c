# SPDX-License-Identifier: MIT
"""A script as pywin32's documentation has them: a service with its own command line. `-r FILE` is an option of its own."""

import sys

import servicemanager
import win32event
import win32service
import win32serviceutil


class Scripted(win32serviceutil.ServiceFramework):
    _svc_name_ = "PySvcTest-Scripted"
    _svc_display_name_ = "A service installed by its script (PySvcTest)"
    _svc_description_ = "What the tests install"

    def __init__(self, args):
        super().__init__(args)
        self.arguments = args[1:]
        self.stop_event = win32event.CreateEvent(None, 0, 0, None)

    def tell(self, key, value):
        file = win32serviceutil.GetServiceCustomOption(self, "report")
        if file is None:
            print(key, ascii(value), sep="\t")
            return
        with open(file, "a", encoding="ascii", newline="\n") as report:
            print(key, ascii(value), sep="\t", file=report)

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        win32event.SetEvent(self.stop_event)

    def SvcDoRun(self):
        servicemanager.LogMsg(
            servicemanager.EVENTLOG_INFORMATION_TYPE, servicemanager.PYS_SERVICE_STARTED, (self._svc_name_, "")
        )
        self.tell("arguments", self.arguments)
        self.tell("framework", win32serviceutil.__spec__.origin)
        self.tell("prefix", sys.prefix)
        if "end" not in self.arguments:
            win32event.WaitForSingleObject(self.stop_event, win32event.INFINITE)
        self.tell("ended", None)


def take_options(options):
    for name, value in options:
        if name == "-r":
            if not value:
                raise ValueError("-r: the name of a file is needed")
            win32serviceutil.SetServiceCustomOption(Scripted, "report", value)


if __name__ == "__main__":
    sys.exit(win32serviceutil.HandleCommandLine(Scripted, customInstallOptions="r:", customOptionHandler=take_options))
