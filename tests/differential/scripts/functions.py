# SPDX-License-Identifier: MIT
"""Calls the functions of servicemanager in a service. Behaviours are named by their rows in contract.txt."""

import ctypes
import os
import threading

import servicemanager as sm
import win32service

from contract_report import behaviour, outcome
from plain import Plain

INFO = 4
SIXTY_THOUSAND = 60_000


class Functions(Plain):
    def started(self):
        self.log_msg()
        self.log_text("LogInfoMsg", sm.LogInfoMsg)
        self.log_text("LogWarningMsg", sm.LogWarningMsg)
        self.log_text("LogErrorMsg", sm.LogErrorMsg)
        self.register_handler()
        self.com()
        self.flags()
        self.messages()
        self.sources()
        self.module()
        behaviour("done")

    def log_msg(self):
        def log(name, *args):
            behaviour(f"LogMsg/{name}", outcome(sm.LogMsg, *args))

        def text(name, rest=""):
            return f"LogMsg/{name}: {rest}"

        log("two inserts", INFO, sm.PYS_SERVICE_STARTED, (text("two inserts"), " (suffix)"))
        log("list", INFO, 0xF000, [text("list")])
        log("generator", INFO, 0xF000, (part for part in (text("generator"),)))
        log("None", INFO, 0xF000, None)
        log("empty tuple", INFO, 0xF000, ())
        log("text as sequence", INFO, 0xF000, "ab")
        log("number as inserts", INFO, 0xF000, 5)
        log("number as insert", INFO, 0xF000, (5,))
        log("bytes as insert", INFO, 0xF000, (b"x",))
        log("bytes as inserts", INFO, 0xF000, b"x")
        log("dict as inserts", INFO, 0xF000, {"a": 1})
        log("negative id", 1, 0xC000F000 - 2**32, (text("negative id"),))
        log("id of an error", 1, 0xC000F000, (text("id of an error"),))
        log("id of a warning", 2, 0x8000F000, (text("id of a warning"),))
        log("id of 33 bits", INFO, 2**32, (text("id of 33 bits"),))
        log("id as text", INFO, "1", (text("id as text"),))
        log("id as float", INFO, 1.5, (text("id as float"),))
        log("type as text", "4", 0xF000, (text("type as text"),))
        log("audit success", sm.EVENTLOG_AUDIT_SUCCESS, 0xF000, (text("audit success"),))
        log("audit failure", sm.EVENTLOG_AUDIT_FAILURE, 0xF000, (text("audit failure"),))
        log("id that no table has", INFO, 0x12345, (text("id that no table has"),))
        log("percent", INFO, 0xF000, (text("percent", "100% %1 %% %n"),))
        log("not ASCII", INFO, 0xF000, (text("not ASCII", "Gr\u00fc\u00dfe \u670d\u52a1 \U0001f40d"),))
        log("NUL", INFO, 0xF000, (text("NUL", "before\0after"),))
        log("lone surrogate", INFO, 0xF000, (text("lone surrogate", "\ud800"),))
        log("long", INFO, 0xF000, (text("long") + "x" * SIXTY_THOUSAND,))
        log("one argument", INFO)
        log("no argument")
        log("four arguments", INFO, 0xF000, None, None)
        behaviour("LogMsg/keywords", outcome(sm.LogMsg, errorType=INFO, eventId=0xF000, inserts=None))

    def log_text(self, row, function):
        def log(name, *args):
            behaviour(f"{row}/{name}", outcome(function, *args))

        log("text", f"{row}/text: Gr\u00fc\u00dfe \u670d\u52a1 100% %1")
        log("empty", "")
        log("NUL", f"{row}/NUL: before\0after")
        log("lone surrogate", f"{row}/lone surrogate: \udc80")
        log("bytes", b"bytes")
        log("None", None)
        log("number", 5)
        log("no argument")
        log("two arguments", "a", "b")
        behaviour(f"{row}/keyword", outcome(function, msg="text"))

    def register_handler(self):
        row = "RegisterServiceCtrlHandler"
        behaviour(f"{row}/no callable", outcome(sm.RegisterServiceCtrlHandler, self.args[0], 5))
        behaviour(f"{row}/None", outcome(sm.RegisterServiceCtrlHandler, self.args[0], None))
        behaviour(f"{row}/name as bytes", outcome(sm.RegisterServiceCtrlHandler, b"x", self.handle))
        behaviour(f"{row}/one argument", outcome(sm.RegisterServiceCtrlHandler, self.args[0]))
        behaviour(f"{row}/keywords", outcome(sm.RegisterServiceCtrlHandler, serviceName="x", callback=self.handle))
        behaviour(f"{row}/kind of handle", type(self.status_handle).__name__)
        behaviour(f"{row}/handle is no 0", self.status_handle != 0)

    def com(self):
        def calls():
            row = "CoInitializeEx"
            behaviour(f"{row}/first", sm.CoInitializeEx(sm.COINIT_MULTITHREADED))
            behaviour(f"{row}/second", sm.CoInitializeEx(sm.COINIT_MULTITHREADED))
            behaviour(f"{row}/other model", sm.CoInitializeEx(sm.COINIT_APARTMENTTHREADED))
            behaviour("CoUninitialize/result", [sm.CoUninitialize(), sm.CoUninitialize()])
            behaviour(f"{row}/after CoUninitialize", sm.CoInitializeEx(sm.COINIT_APARTMENTTHREADED))
            sm.CoUninitialize()
            behaviour(f"{row}/no argument", outcome(sm.CoInitializeEx))
            behaviour(f"{row}/text", outcome(sm.CoInitializeEx, "0"))
            behaviour(f"{row}/keyword", outcome(sm.CoInitializeEx, flags=0))
            behaviour("CoUninitialize/argument", outcome(sm.CoUninitialize, 1))

        thread = threading.Thread(target=calls)
        thread.start()
        thread.join()

    def flags(self):
        row = "Debugging"
        behaviour(f"{row}/in a service", sm.Debugging())
        behaviour(f"{row}/-1 only asks", [sm.Debugging(-1), sm.Debugging()])
        behaviour(f"{row}/sets", [sm.Debugging(1), sm.Debugging(), sm.Debugging(0), sm.Debugging()])
        behaviour(f"{row}/any number sets", [sm.Debugging(-2), sm.Debugging(0), sm.Debugging(True), sm.Debugging(False)])
        behaviour(f"{row}/text", outcome(sm.Debugging, "1"))
        behaviour(f"{row}/None", outcome(sm.Debugging, None))
        behaviour(f"{row}/two arguments", outcome(sm.Debugging, 1, 2))
        behaviour(f"{row}/keyword", outcome(sm.Debugging, newVal=-1))
        behaviour("RunningAsService/in a service", sm.RunningAsService())
        behaviour("RunningAsService/argument", outcome(sm.RunningAsService, 1))

    def messages(self):
        row = "PumpWaitingMessages"
        user32 = ctypes.windll.user32
        behaviour(f"{row}/none waits", sm.PumpWaitingMessages())
        behaviour(f"{row}/posted", bool(user32.PostThreadMessageW(threading.get_native_id(), 0x12, 0, 0)))  # WM_QUIT
        behaviour(f"{row}/WM_QUIT", [sm.PumpWaitingMessages(), sm.PumpWaitingMessages()])
        behaviour(f"{row}/arguments", outcome(sm.PumpWaitingMessages, 1, "x"))

    def sources(self):
        row = "SetEventSourceName"
        name = f"{self.args[0]} source"
        behaviour(f"{row}/name", outcome(sm.SetEventSourceName, name))
        behaviour(f"{row}/registerNow", outcome(sm.SetEventSourceName, f"{name} registered", True))
        behaviour(f"{row}/bytes", outcome(sm.SetEventSourceName, b"x"))
        behaviour(f"{row}/None", outcome(sm.SetEventSourceName, None))
        behaviour(f"{row}/no argument", outcome(sm.SetEventSourceName))
        behaviour(f"{row}/registerNow as text", outcome(sm.SetEventSourceName, name, "yes"))
        behaviour(f"{row}/keywords", outcome(sm.SetEventSourceName, sourceName=name, registerNow=False))
        row = "Initialize"
        behaviour(f"{row}/nothing", outcome(sm.Initialize))
        behaviour(f"{row}/None", outcome(sm.Initialize, None, None))
        behaviour(f"{row}/empty", outcome(sm.Initialize, "", ""))
        behaviour(f"{row}/bytes", outcome(sm.Initialize, b"x"))
        behaviour(f"{row}/number as file", outcome(sm.Initialize, "x", 5))
        behaviour(f"{row}/three arguments", outcome(sm.Initialize, "x", "y", "z"))
        behaviour(f"{row}/keywords", outcome(sm.Initialize, eventSourceName=name))
        behaviour(f"{row}/both", outcome(sm.Initialize, f"{name} of Initialize", r"C:\messages.dll"))
        # The first event of a source brings it into the registry.
        sm.LogInfoMsg("the first event of its source")
        behaviour("Finalize/result", outcome(sm.Finalize))
        behaviour("Finalize/argument", outcome(sm.Finalize, 1))
        sm.Initialize(self.args[0], os.path.abspath(sm.__file__))

    def module(self):
        behaviour("startup_error/bases", [base.__name__ for base in sm.startup_error.__mro__])
        behaviour("startup_error/name", (sm.startup_error.__module__, sm.startup_error.__name__))
        behaviour("startup_error/instance", outcome(lambda: str(sm.startup_error("text"))))
        behaviour("error/is not exported", hasattr(sm, "error"))
        behaviour("error/is one class", win32service.error is __import__("pywintypes").error)
        behaviour("__file__/is a file", os.path.isfile(os.path.abspath(sm.__file__)))
        names = sorted(name for name in dir(sm) if not name.startswith("_"))
        constants = [name for name in names if name.isupper()]
        behaviour("constants/values", {name: getattr(sm, name) for name in constants})
        behaviour("functions/names", [name for name in names if callable(getattr(sm, name))])
        behaviour("functions/other names", [n for n in names if n not in constants and not callable(getattr(sm, n))])
        behaviour("functions/kind", sorted({type(getattr(sm, n)).__name__ for n in names if n[0].isupper() and n not in constants}))


class Hosting(Plain):
    """What code that is hosted already is answered. pywin32 loses the service by it, so the test ends the process."""

    def started(self):
        behaviour("PrepareToHostSingle/in a service", outcome(sm.PrepareToHostSingle, Functions))
        behaviour("PrepareToHostMultiple/in a service", outcome(sm.PrepareToHostMultiple, "another", Functions))
        behaviour("StartServiceCtrlDispatcher/in a service", outcome(sm.StartServiceCtrlDispatcher))
        behaviour("StartServiceCtrlDispatcher/argument", outcome(sm.StartServiceCtrlDispatcher, 1))
        behaviour("done")
