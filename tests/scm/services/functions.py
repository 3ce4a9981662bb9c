# SPDX-License-Identifier: MIT
"""Calls the functions of servicemanager and reports what they did."""

import ctypes
import sys
import threading

import pywintypes
import servicemanager
import win32api
import win32service

from framework import Service
from reporting import report


def outcome(function, *args):
    """What a call returned, or the exception with what identifies it."""
    try:
        return function(*args)
    except pywintypes.error as error:
        return ("pywintypes.error", error.winerror)
    except Exception as error:  # noqa: BLE001 - the point is to see which
        return type(error).__name__


class Functions(Service):
    def main(self):
        self.logging()
        self.sources()
        self.handlers()
        self.com()
        self.flags()
        self.messages()
        self.hosting()
        self.errors()
        self.module()
        self.status()
        report("done")
        super().main()

    def logging(self):
        sm = servicemanager
        report("LogInfoMsg", outcome(sm.LogInfoMsg, "info \u670d\u52a1"))
        report("LogWarningMsg", outcome(sm.LogWarningMsg, "warning %1 100%"))
        report("LogErrorMsg", outcome(sm.LogErrorMsg, "error Gr\u00fc\u00dfe"))
        started = sm.LogMsg(sm.EVENTLOG_INFORMATION_TYPE, sm.PYS_SERVICE_STARTED, ("A service", " (suffix)"))
        report("LogMsg", started)
        report("LogMsg unsigned", outcome(sm.LogMsg, sm.EVENTLOG_ERROR_TYPE, 0xC000F000, ("an error",)))
        report("LogMsg without inserts", outcome(sm.LogMsg, sm.EVENTLOG_WARNING_TYPE, 0x1234))
        report("LogMsg None", outcome(sm.LogMsg, sm.EVENTLOG_INFORMATION_TYPE, 0x1235, None))
        report("LogMsg list", outcome(sm.LogMsg, sm.EVENTLOG_INFORMATION_TYPE, 0xF000, ["a list"]))
        report("LogMsg no sequence", outcome(sm.LogMsg, sm.EVENTLOG_INFORMATION_TYPE, 0xF000, 5))
        report("LogMsg no str", outcome(sm.LogMsg, sm.EVENTLOG_INFORMATION_TYPE, 0xF000, (5,)))
        report("LogInfoMsg bytes", outcome(sm.LogInfoMsg, b"bytes"))
        report("LogInfoMsg long", outcome(sm.LogInfoMsg, "begin " + "x" * 100_000 + " end"))
        report("LogInfoMsg NUL", outcome(sm.LogInfoMsg, "before\0after"))

    def sources(self):
        sm = servicemanager
        source = f"{self._svc_name_} source"
        report("SetEventSourceName", outcome(sm.SetEventSourceName, source, True))
        report("SetEventSourceName later", outcome(sm.SetEventSourceName, f"{source} later"))
        report("SetEventSourceName bytes", outcome(sm.SetEventSourceName, b"x"))
        report("Initialize", outcome(sm.Initialize, f"{source} by Initialize", r"C:\own messages.dll"))
        sm.LogInfoMsg("from the source of Initialize")
        report("Initialize None", outcome(sm.Initialize))
        report("Finalize", outcome(sm.Finalize))
        sm.SetEventSourceName(self._svc_name_)

    def handlers(self):
        sm = servicemanager
        report("RegisterServiceCtrlHandler no callable", outcome(sm.RegisterServiceCtrlHandler, "x", 5))
        handle = sm.RegisterServiceCtrlHandler("any name does", self.ServiceCtrlHandlerEx, True)
        report("RegisterServiceCtrlHandler", isinstance(handle, int) and handle != 0)
        report("same handle", handle == self.ssh)

    def com(self):
        def calls():
            sm = servicemanager
            report("CoInitializeEx", [sm.CoInitializeEx(sm.COINIT_MULTITHREADED) for _ in range(2)])
            report("CoInitializeEx other", sm.CoInitializeEx(sm.COINIT_APARTMENTTHREADED))
            report("CoUninitialize", [sm.CoUninitialize(), sm.CoUninitialize()])
            # Uninitialised, hence S_OK again.
            report("CoInitializeEx again", sm.CoInitializeEx(sm.COINIT_APARTMENTTHREADED))
            sm.CoUninitialize()

        thread = threading.Thread(target=calls)
        thread.start()
        thread.join()

    def flags(self):
        sm = servicemanager
        report("Debugging", [sm.Debugging(), sm.Debugging(1), sm.Debugging(), sm.Debugging(0), sm.Debugging()])
        report("RunningAsService", sm.RunningAsService())

    def errors(self):
        """The real pywintypes.error, and what is raised where pywin32 is missing."""

        def caught():
            try:
                servicemanager.StartServiceCtrlDispatcher()
            except Exception as error:  # noqa: BLE001 - which one is the question
                return error

        real = caught()
        report("error is pywin32's", type(real) is pywintypes.error)
        report("error text is pywin32's", real.strerror == win32api.FormatMessage(1056).rstrip())
        module = sys.modules["pywintypes"]
        sys.modules["pywintypes"] = None  # imports of it fail from here on
        try:
            ours = caught()
        finally:
            sys.modules["pywintypes"] = module
        report("look-alike", type(ours) is not type(real))

        def shape(error):
            kind = type(error)
            made = [(repr(e), vars(e)) for e in (kind(), kind(5), kind(5, "f", "t"), kind(1, 2, 3, 4))]
            return str(error), repr(error), error.args, vars(error), kind.__module__, kind.__mro__[1:], kind.__doc__, made

        report("look-alike looks alike", shape(ours) == shape(real) or (shape(ours), shape(real)))

    def messages(self):
        pump = servicemanager.PumpWaitingMessages
        report("PumpWaitingMessages", pump())
        # win32con.WM_QUIT, to this thread
        posted = ctypes.windll.user32.PostThreadMessageW(threading.get_native_id(), 0x12, 0, 0)
        report("PumpWaitingMessages after WM_QUIT", posted and [pump(), pump()])
        report("PumpWaitingMessages with arguments", outcome(pump, 1, 2))

    def hosting(self):
        sm = servicemanager
        report("PrepareToHostSingle class", outcome(sm.PrepareToHostSingle, Functions))
        report("PrepareToHostSingle", outcome(sm.PrepareToHostSingle))
        report("PrepareToHostSingle None", outcome(sm.PrepareToHostSingle, None))
        report("PrepareToHostMultiple", outcome(sm.PrepareToHostMultiple, "another", Functions))
        report("StartServiceCtrlDispatcher", outcome(sm.StartServiceCtrlDispatcher))

    def module(self):
        sm = servicemanager
        report("__file__", sm.__file__)
        report("startup_error", sm.startup_error.__mro__[1].__name__)
        names = [name for name in dir(sm) if name.isupper()]
        report("constants", {name: getattr(sm, name) for name in sorted(names)})
        callables = [name for name in dir(sm) if callable(getattr(sm, name)) and name[0].isupper()]
        report("functions", callables)
        report("undocumented", [name for name in callables if not getattr(sm, name).__doc__])

    def status(self):
        """What the SCM gets is our writer's status, not these numbers."""
        interactive = win32service.SERVICE_WIN32_OWN_PROCESS | 0x100
        accepts = win32service.SERVICE_ACCEPT_STOP | win32service.SERVICE_ACCEPT_PARAMCHANGE
        running = win32service.SERVICE_RUNNING
        report("SetServiceStatus", win32service.SetServiceStatus(self.ssh, (interactive, running, accepts, 0, 0, 77, 88)))
        report("SetServiceStatus no handle", outcome(win32service.SetServiceStatus, 0, (16, 4, 1, 0, 0, 0, 0)))


class ChangesItsClass(Service):
    """Prepared for the next start, which takes another class than the registry says."""

    def main(self):
        servicemanager.PrepareToHostSingle(Functions)
        super().main()
