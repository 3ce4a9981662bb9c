# SPDX-License-Identifier: MIT
"""The folder that pywin32's Python modules lie in: `from win32.lib import win32serviceutil` is win32serviceutil."""

from _pythonservice_absent import module_getattr

_MODULES = frozenset(
    ["pywintypes", "win32con", "win32evtlogutil", "win32serviceutil", "win32timezone", "winerror"]
)


def _make(name):
    return __import__(name) if name in _MODULES else None


__getattr__ = module_getattr(__name__, _make)
