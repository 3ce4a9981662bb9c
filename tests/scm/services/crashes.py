# SPDX-License-Identifier: MIT
"""The ways in which a process can end without its service having stopped."""

import ctypes
import faulthandler
import os

from framework import Service
from reporting import wait_for_permit


class Crash(Service):
    """Runs until the test has its process, then ends it by `how`."""

    def main(self):
        wait_for_permit("crash")
        self.how()

    def how(self):
        raise NotImplementedError


class AccessViolation(Crash):
    # Not by ctypes, which makes an OSError of it.
    def how(self):
        faulthandler._read_null()


class Abort(Crash):
    def how(self):
        faulthandler._sigabrt()


class FatalError(Crash):
    def how(self):
        ctypes.pythonapi.Py_FatalError(b"as the test wants it")


class Exit(Crash):
    def how(self):
        os._exit(3)


class DeepRecursion(Service):
    def main(self):
        self.main()


class OutOfMemory(Service):
    """Asks for more than there is address space."""

    def main(self):
        bytearray(1 << 62)
