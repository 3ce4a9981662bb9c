# SPDX-License-Identifier: MIT
"""Handlers of controls: what they get, what comes of what they return."""

import ctypes
import threading

import win32event
import win32service
import win32serviceutil

import servicemanager
from contract_report import behaviour, wait_for_permit
from plain import Plain, is_main_thread

NET_AND_PARAMETERS = win32service.SERVICE_ACCEPT_PARAMCHANGE | win32service.SERVICE_ACCEPT_NETBINDCHANGE


class OneArgument(Plain):
    accepts = Plain.accepts | NET_AND_PARAMETERS

    def __init__(self, args):
        super().__init__(args)
        self.threads = set()

    def other(self, *args):
        self.threads.add(threading.get_ident())
        behaviour(f"control-arguments/{args[0]} alone", args)
        behaviour(f"told {args[0]}")

    def SvcRun(self):
        super().SvcRun()
        behaviour("control-thread/same for all controls", len(self.threads))
        behaviour("control-thread/is that of SvcRun", threading.get_ident() in self.threads)


class ThreeArguments(Plain):
    accepts = Plain.accepts | NET_AND_PARAMETERS
    extra_args = True

    def other(self, *args):
        behaviour(f"control-arguments/{args[0]} with extra_args", args)
        behaviour(f"told {args[0]}")
        if args[0] == 130:
            behaviour("control-thread/is the main thread", is_main_thread())


class Answers(Plain):
    """The answer to each control is one that people have returned, meaning it or not."""

    answers = {
        128: None,
        129: 0,
        130: 5,
        131: True,
        132: False,
        133: -1,
        134: 2**40 + 9,
        135: "text",
        136: 1.5,
        137: (1,),
    }
    exceptions = {138: RuntimeError("no"), 139: SystemExit(0), 140: KeyboardInterrupt(), 141: servicemanager.startup_error("x")}

    def other(self, control, *rest):
        behaviour(f"told {control}")
        if control in self.exceptions:
            raise self.exceptions[control]
        return self.answers.get(control)


class Framework(win32serviceutil.ServiceFramework):
    """Everything that the framework can be asked."""

    _svc_name_ = "Contract"
    _svc_display_name_ = "Contract"

    def __init__(self, args):
        super().__init__(args)
        self.stopped = threading.Event()

    def GetAcceptedControls(self):
        return super().GetAcceptedControls() | NET_AND_PARAMETERS

    def SvcPause(self):
        self.ReportServiceStatus(win32service.SERVICE_PAUSE_PENDING)
        self.ReportServiceStatus(win32service.SERVICE_PAUSED)
        behaviour("told 2")

    def SvcContinue(self):
        self.ReportServiceStatus(win32service.SERVICE_CONTINUE_PENDING)
        self.ReportServiceStatus(win32service.SERVICE_RUNNING)
        behaviour("told 3")

    def SvcShutdown(self):
        behaviour("told 5")

    def SvcOtherEx(self, *args):
        behaviour(f"framework/SvcOtherEx {args[0]}", args)
        behaviour(f"told {args[0]}")

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        self.stopped.set()

    def SvcDoRun(self):
        behaviour("framework/ssh", type(self.ssh).__name__)
        behaviour("framework/accepted", self.GetAcceptedControls())
        self.stopped.wait()


class StopOnly(win32serviceutil.ServiceFramework):
    _svc_name_ = "Contract"
    _svc_display_name_ = "Contract"

    def __init__(self, args):
        super().__init__(args)
        self.stopped = threading.Event()

    def SvcOther(self, control):
        behaviour("framework/SvcOther", control)
        behaviour(f"told {control}")

    def SvcStop(self):
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        self.stopped.set()

    def SvcDoRun(self):
        self.stopped.wait()


class SecondHandler(Plain):
    """Registers again while it runs: the later one counts."""

    def started(self):
        behaviour("RegisterServiceCtrlHandler/second handle is the same",
                  servicemanager.RegisterServiceCtrlHandler("any name", self.second) == self.status_handle)

    def second(self, control):
        if control == 1:
            return self.handle(control)
        behaviour("RegisterServiceCtrlHandler/later one is called", control)
        behaviour(f"told {control}")
        return None


class StopsLater(StopOnly):
    """Has its time with stopping."""

    def SvcStop(self):
        behaviour("framework/SvcStop for two STOPs", True)
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)
        behaviour("told 1")

    def SvcDoRun(self):
        wait_for_permit("end")


class FromTheSystem(Plain):
    """Told of everything that only the system may send; SHUTDOWN and PRESHUTDOWN end it."""

    accepts = 0x7FF  # SERVICE_ACCEPT_* of winsvc.h, all of them
    extra_args = True

    def other(self, *args):
        control, event_type, data = args
        if control == win32service.SERVICE_CONTROL_DEVICEEVENT:
            # The address of a DEV_BROADCAST_HDR, good for this call alone.
            data = ctypes.string_at(data, 12)
        behaviour(f"control-data/{control}", (control, event_type, data))
        behaviour(f"told {control}")
        if control in (win32service.SERVICE_CONTROL_SHUTDOWN, win32service.SERVICE_CONTROL_PRESHUTDOWN):
            self.report(win32service.SERVICE_STOP_PENDING)
            # Last: with pywin32's host the report of STOPPED would wait for this handler, holding the GIL.
            win32event.SetEvent(self.stopped)


class AnswersTheSystem(Answers):
    """As Answers, and one for each event that Windows waits for."""

    accepts = 0x7FF
    answers = Answers.answers | {11: 0x424D5144, 12: 5, 13: 0x424D5144, 14: 5, 16: 5}  # BROADCAST_QUERY_DENY
