# SPDX-License-Identifier: MIT
"""The life of a service from its import to its end: order, threads, surroundings, exit codes."""

import atexit
import os
import sys

import servicemanager
import win32service

from contract_report import behaviour, wait_for_permit
from plain import Plain


class Surroundings(Plain):
    def started(self):
        program = sys.argv[0]
        behaviour("surroundings/sys.argv", [os.path.basename(sys.argv[0]).lower(), *sys.argv[1:]])
        behaviour("surroundings/sys.argv[0] is absolute", os.path.isabs(program))
        behaviour("surroundings/cwd is the EXE's folder", os.path.normcase(os.getcwd()) == os.path.normcase(os.path.dirname(program)))
        behaviour("surroundings/sys.path[0]", sys.path[0])
        behaviour("surroundings/sys.executable", os.path.basename(sys.executable).lower())
        behaviour("surroundings/sys.prefix", sys.prefix)
        behaviour("surroundings/sys.stdout", type(sys.stdout).__name__)
        behaviour("surroundings/sys.stderr", type(sys.stderr).__name__)
        behaviour("surroundings/sys.stdin", type(sys.stdin).__name__)
        behaviour("surroundings/module", (type(self).__module__, sys.modules[type(self).__module__] is sys.modules["life"]))
        behaviour("surroundings/servicemanager is one module", sys.modules["servicemanager"] is servicemanager)
        behaviour("done")


class WaitsInConstructor(Plain):
    def __init__(self, args):
        behaviour("constructing")
        wait_for_permit("constructor")
        super().__init__(args)
        behaviour("constructed")
        wait_for_permit("run")


class RunReturns(Plain):
    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)


class RunRaises(Plain):
    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        raise ValueError("SvcRun failed")


class RunExits0(Plain):
    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        sys.exit(0)


class RunExits3(Plain):
    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        sys.exit(3)


class ReportsStoppedItself(Plain):
    """The framework's users do so with an exit code, since nothing else lets them choose one."""

    def SvcRun(self):
        self.report(win32service.SERVICE_RUNNING)
        self.report(win32service.SERVICE_STOPPED, 1066, 7)


class ConstructorRaises(Plain):
    def __init__(self, args):
        raise ValueError("constructor failed")


class ConstructorRaisesStartupError(Plain):
    def __init__(self, args):
        raise servicemanager.startup_error("told already")


class ConstructorExits(Plain):
    def __init__(self, args):
        sys.exit(0)


class ConstructorTakesNothing:
    def __init__(self):
        pass


class NoHandler:
    def __init__(self, args):
        pass

    def SvcRun(self):
        behaviour("endings/no handler runs", True)


class NoRunMethod(Plain):
    SvcRun = None


class NoRunAttribute:
    def __init__(self, args):
        servicemanager.RegisterServiceCtrlHandler(args[0], lambda control: None)


class StopRaises(Plain):
    def handle(self, control, *rest):
        behaviour("told stop")
        raise RuntimeError("SvcStop failed")


class Atexit(Plain):
    def started(self):
        atexit.register(behaviour, "atexit ran")


def not_a_class(args):
    return RunReturns(args)


NUMBER = 5


class Outer:
    class Inner(RunReturns):
        pass
