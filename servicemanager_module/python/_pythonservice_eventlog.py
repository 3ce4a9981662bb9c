# SPDX-License-Identifier: MIT
"""The functions of win32evtlog that write, over ctypes."""

import ctypes
from ctypes import POINTER, c_char_p, c_void_p
from ctypes.wintypes import BOOL, DWORD, LPCWSTR, WORD

from _pythonservice import error_text
from _pythonservice_absent import not_offered
from pywintypes import PyHANDLE, error

_advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)


def _function(name, result, *arguments):
    function = getattr(_advapi32, name)
    function.restype = result
    function.argtypes = arguments
    return function


_RegisterEventSource = _function("RegisterEventSourceW", c_void_p, LPCWSTR, LPCWSTR)
_DeregisterEventSource = _function("DeregisterEventSource", BOOL, c_void_p)
_ReportEvent = _function(
    "ReportEventW", BOOL, c_void_p, WORD, WORD, DWORD, c_void_p, WORD, DWORD, POINTER(LPCWSTR), c_char_p
)


def _check(result, function):
    if not result:
        code = ctypes.get_last_error()
        raise error(code, function, error_text(code))
    return result


def _close_number(handle):
    _check(_DeregisterEventSource(handle), "DeregisterEventSource")


class PyEVTLOG_HANDLE(PyHANDLE):
    """A handle of the event log."""

    __slots__ = ()
    _close_number = staticmethod(_close_number)


def RegisterEventSource(machineName, sourceName, /):
    """A handle for writing events of a source, on this computer (None) or another one."""
    return PyEVTLOG_HANDLE(_check(_RegisterEventSource(machineName, sourceName), "RegisterEventSource"))


def DeregisterEventSource(handle, /):
    """Close what RegisterEventSource returned."""
    if isinstance(handle, PyHANDLE):
        handle.Close()
    else:
        _close_number(handle)


def ReportEvent(EventLog, Type, Category, EventID, UserSid, Strings, RawData, /):
    """Write an event. EventID: 32 bits, as int or as the negative int of the same bits."""
    if UserSid is not None:
        raise not_offered("An event with the SID of a user")
    texts = list(Strings or ())
    array = (LPCWSTR * len(texts))(*texts) if texts else None
    data = bytes(RawData) if RawData is not None else None
    done = _ReportEvent(
        int(EventLog), Type, Category, EventID & 0xFFFFFFFF, None, len(texts), len(data or b""), array, data
    )
    _check(done, "ReportEvent")
