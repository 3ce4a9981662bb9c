# SPDX-License-Identifier: MIT
"""Hosts its service itself, under python.exe: `self_hosted.py SCENE`; each scene has the process for itself."""

import os
import sys
import threading
import weakref

import servicemanager as sm

import contract_report
from contract_report import behaviour, outcome
from plain import Plain, is_main_thread


class Service(Plain):
    def __init__(self, args):
        behaviour("self-hosting/arguments of " + sys.argv[1], args)
        super().__init__(args)

    def started(self):
        scene = sys.argv[1]
        behaviour(f"self-hosting/main thread runs the class of {scene}", is_main_thread())
        behaviour(f"RunningAsService/self-hosted {scene}", sm.RunningAsService())
        behaviour(f"Debugging/self-hosted {scene}", sm.Debugging())
        behaviour("done")


def single():
    sm.Initialize("Contract", os.path.abspath(sm.__file__))
    behaviour("PrepareToHostSingle/class", outcome(sm.PrepareToHostSingle, Service))
    behaviour("StartServiceCtrlDispatcher/all stopped", outcome(sm.StartServiceCtrlDispatcher))
    behaviour("Finalize/after the services", outcome(sm.Finalize))


def multiple(name):
    behaviour("PrepareToHostMultiple/class", outcome(sm.PrepareToHostMultiple, name, Service))
    behaviour("PrepareToHostMultiple/another", outcome(sm.PrepareToHostMultiple, f"{name} 2", Service))
    behaviour("StartServiceCtrlDispatcher/all of several stopped", outcome(sm.StartServiceCtrlDispatcher))


def from_registry(*arguments):
    """PrepareToHostSingle() and PrepareToHostSingle(None): the class is the one in the registry."""
    sm.PrepareToHostSingle(*[None for _ in arguments])
    sm.StartServiceCtrlDispatcher()


def other_name():
    """The process hosts a service, but not the one that is started."""
    behaviour("process", os.getpid())
    sm.PrepareToHostMultiple("another name", Service)
    sm.StartServiceCtrlDispatcher()


def after_the_services():
    sm.PrepareToHostSingle(Service)
    sm.StartServiceCtrlDispatcher()
    behaviour("running as service", sm.RunningAsService())


def refused_handler():
    """Whether the host keeps a handler that it refused."""
    class Handler:
        def __call__(self, control):
            pass

    sm.PrepareToHostMultiple("x", Service)
    handler = Handler()
    kept = weakref.ref(handler)
    outcome(sm.RegisterServiceCtrlHandler, "unknown", handler)
    del handler
    behaviour("kept", kept() is not None)


def finalized():
    sm.PrepareToHostMultiple("x", Service)
    sm.Finalize()
    behaviour("prepared again", outcome(sm.PrepareToHostSingle, Service) is None)


def many_threads():
    """Eight threads use the module at once; 200 events in all, on the console."""
    failures = []
    sm.Debugging(True)

    def use():
        for _ in range(25):
            results = [outcome(sm.LogMsg, 4, 0xF000, ("text",)), outcome(sm.Initialize, "Contract"), outcome(sm.RunningAsService)]
            failures.extend(result for result in results if result)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    behaviour("failures", failures)


def no_scm():
    """Started by a person."""
    behaviour("RunningAsService/no service", sm.RunningAsService())
    behaviour("Debugging/no service", [sm.Debugging(), sm.Debugging(1), sm.Debugging(0)])
    behaviour("RegisterServiceCtrlHandler/nothing prepared", outcome(sm.RegisterServiceCtrlHandler, "x", print))
    behaviour("Initialize/no service", outcome(sm.Initialize))
    behaviour("PrepareToHostSingle/no service", outcome(sm.PrepareToHostSingle, Service))
    behaviour("PrepareToHostSingle/twice", outcome(sm.PrepareToHostSingle, Service))
    behaviour("StartServiceCtrlDispatcher/no service", outcome(sm.StartServiceCtrlDispatcher))
    behaviour("error/is pywintypes.error", contract_error())
    behaviour("RunningAsService/after 1063", sm.RunningAsService())


def contract_error():
    import pywintypes

    try:
        sm.StartServiceCtrlDispatcher()
    except pywintypes.error as error:
        return (type(error) is pywintypes.error, error.winerror, error.args[0], str(error))
    return None


def nothing_prepared():
    behaviour("StartServiceCtrlDispatcher/nothing prepared", outcome(sm.StartServiceCtrlDispatcher))


def arguments():
    behaviour("PrepareToHostSingle/two arguments", outcome(sm.PrepareToHostSingle, Service, Service))
    behaviour("PrepareToHostSingle/keyword", outcome(sm.PrepareToHostSingle, klass=Service))
    behaviour("PrepareToHostMultiple/one argument", outcome(sm.PrepareToHostMultiple, "x"))
    behaviour("PrepareToHostMultiple/name as bytes", outcome(sm.PrepareToHostMultiple, b"x", Service))
    behaviour("PrepareToHostMultiple/name None", outcome(sm.PrepareToHostMultiple, None, Service))
    behaviour("PrepareToHostMultiple/keywords", outcome(sm.PrepareToHostMultiple, service_name="x", klass=Service))


def single_then_multiple():
    behaviour("PrepareToHostSingle/before Multiple", outcome(sm.PrepareToHostSingle, Service))
    behaviour("PrepareToHostMultiple/after Single", outcome(sm.PrepareToHostMultiple, "x", Service))


def multiple_then_single():
    behaviour("PrepareToHostMultiple/before Single", outcome(sm.PrepareToHostMultiple, "x", Service))
    behaviour("PrepareToHostSingle/after Multiple", outcome(sm.PrepareToHostSingle, Service))
    behaviour("PrepareToHostSingle/error", startup_error())


def startup_error():
    try:
        sm.PrepareToHostSingle(Service)
    except sm.startup_error as error:
        return (type(error) is sm.startup_error, error.args)
    return None


def repeated_names():
    behaviour("PrepareToHostMultiple/first", outcome(sm.PrepareToHostMultiple, "Name", Service))
    behaviour("PrepareToHostMultiple/same name", outcome(sm.PrepareToHostMultiple, "Name", Service))
    behaviour("PrepareToHostMultiple/other case", outcome(sm.PrepareToHostMultiple, "NAME", Service))
    behaviour("RegisterServiceCtrlHandler/unknown name", outcome(sm.RegisterServiceCtrlHandler, "unknown", print))


def many_names():
    """How many fit, of 101 that are tried."""
    results = [outcome(sm.PrepareToHostMultiple, f"service {i}", Service) for i in range(101)]
    behaviour("PrepareToHostMultiple/how many fit", results.count(None))


def debug_service():
    """win32serviceutil.DebugService, as frozen programs call it, without its wait for Ctrl+C."""
    sm.Debugging(True)
    sm.PrepareToHostSingle(Service)
    behaviour("RegisterServiceCtrlHandler/debugging", outcome(sm.RegisterServiceCtrlHandler, "any", print, True))
    behaviour("RunningAsService/DebugService", sm.RunningAsService())
    behaviour("LogMsg/debugging", outcome(sm.LogMsg, 4, 0xF000, ("LogMsg/debugging: shown",)))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
    contract_report.behaviour("scene ended")
