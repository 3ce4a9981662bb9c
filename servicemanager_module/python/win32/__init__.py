# SPDX-License-Identifier: MIT
"""The folder that pywin32's modules lie in: `from win32 import win32event` is the module win32event."""

from _pythonservice_absent import module_getattr

_MODULES = frozenset(["pywintypes", "win32api", "win32event", "win32evtlog", "win32service"])


def _make(name):
    return __import__(name) if name in _MODULES else None


__getattr__ = module_getattr(__name__, _make)
