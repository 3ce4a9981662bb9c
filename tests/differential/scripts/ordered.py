# SPDX-License-Identifier: MIT
"""In which order a host calls, and in which thread."""

import threading

import servicemanager

from contract_report import behaviour
from plain import Plain, is_main_thread

behaviour("order/steps", "import")
IMPORT_THREAD = threading.get_ident()


class Ordered(Plain):
    def __init__(self, args):
        behaviour("order/steps", "constructor")
        behaviour("constructor/arguments", args)
        behaviour("constructor/kind of arguments", [type(args).__name__] + [type(arg).__name__ for arg in args])
        behaviour("threads/constructor is where the import was", threading.get_ident() == IMPORT_THREAD)
        behaviour("RunningAsService/in the constructor", servicemanager.RunningAsService())
        super().__init__(args)

    def SvcRun(self):
        behaviour("order/steps", "SvcRun")
        behaviour("threads/SvcRun is where the constructor was", threading.get_ident() == IMPORT_THREAD)
        behaviour("threads/SvcRun is in the main thread", is_main_thread())
        super().SvcRun()
        behaviour("order/steps", "SvcRun returns")

    def other(self, control, *rest):
        behaviour("order/steps", f"control {control}")
        behaviour(f"told {control}")
