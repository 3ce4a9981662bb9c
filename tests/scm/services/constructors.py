# SPDX-License-Identifier: MIT
"""Classes that cannot be constructed, or not be run."""

import time

import servicemanager

from reporting import report


class Raises:
    def __init__(self, args):
        raise OSError(5, "constructor: Gr\u00fc\u00dfe \u670d\u52a1")


class TakesNothing:
    def __init__(self):
        pass


class Exits:
    def __init__(self, args):
        raise SystemExit(4)


class Hangs:
    def __init__(self, args):
        report("constructing")
        while True:
            time.sleep(0.5)


class StartupError:
    def __init__(self, args):
        report("raising")
        raise servicemanager.startup_error("told elsewhere")


class NoRun:
    def __init__(self, args):
        pass


not_a_class = 5
