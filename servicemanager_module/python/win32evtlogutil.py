# SPDX-License-Identifier: MIT
"""Event sources and events, with pywin32's names and arguments. Reading the event log needs pywin32.

Used where pywin32 is not installed; logging.handlers.NTEventLogHandler is built on it. On POSIX nothing is registered,
and events are printed by the host that debugs the service.
"""

import os
import sys

import win32evtlog
from _pythonservice_absent import module_getattr
from pywintypes import error

# NTEventLogHandler looks for pywin32's win32service.pyd from here; _message_file knows that name.
__file__ = win32evtlog.__file__

_SOURCES = "SYSTEM\\CurrentControlSet\\Services\\EventLog\\{}\\{}"
_ERROR_FILE_NOT_FOUND = 2


def _message_file(named):
    """The file with the texts of a source's events: the one that is named, if it has any."""
    if named is None:
        return win32evtlog.__file__
    if os.path.basename(named).lower() == "win32service.pyd" and not os.path.isfile(named):
        return win32evtlog.__file__
    import servicemanager

    engine = getattr(servicemanager, "__file__", None)
    if engine is not None and os.path.normcase(named) == os.path.normcase(engine):
        # Under python.exe that is the engine; its texts lie beside it.
        return os.path.join(os.path.dirname(engine), "PythonServiceMessages.dll")
    return named


def AddSourceToRegistry(
    appName, msgDLL=None, eventLogType="Application", eventLogFlags=None, categoryDLL=None, categoryCount=0
):
    """Register a source of events and the file with their texts."""
    if sys.platform != "win32":
        return
    import win32api
    import win32con

    if eventLogFlags is None:
        eventLogFlags = (
            win32evtlog.EVENTLOG_ERROR_TYPE
            | win32evtlog.EVENTLOG_WARNING_TYPE
            | win32evtlog.EVENTLOG_INFORMATION_TYPE
        )
    values = [
        ("EventMessageFile", win32con.REG_EXPAND_SZ, _message_file(msgDLL)),
        ("TypesSupported", win32con.REG_DWORD, eventLogFlags),
    ]
    if categoryCount > 0:
        values.append(("CategoryMessageFile", win32con.REG_EXPAND_SZ, _message_file(categoryDLL)))
        values.append(("CategoryCount", win32con.REG_DWORD, categoryCount))
    with win32api.RegCreateKey(win32con.HKEY_LOCAL_MACHINE, _SOURCES.format(eventLogType, appName)) as key:
        for name, kind, value in values:
            win32api.RegSetValueEx(key, name, 0, kind, value)


def RemoveSourceFromRegistry(appName, eventLogType="Application"):
    """Remove a source of events, if there is one."""
    if sys.platform != "win32":
        return
    import win32api
    import win32con

    try:
        win32api.RegDeleteKey(win32con.HKEY_LOCAL_MACHINE, _SOURCES.format(eventLogType, appName))
    except error as failure:
        if failure.winerror != _ERROR_FILE_NOT_FOUND:
            raise


def ReportEvent(
    appName, eventID, eventCategory=0, eventType=win32evtlog.EVENTLOG_ERROR_TYPE, strings=None, data=None, sid=None
):
    """Write an event of a source."""
    if sys.platform != "win32":
        import servicemanager

        text = f"{appName}, event {eventID & 0xFFFF}: {' '.join(strings or ())}"
        servicemanager.LogMsg(eventType, _ANY_TEXT, [text])
        return
    with win32evtlog.RegisterEventSource(None, appName) as log:
        win32evtlog.ReportEvent(log, eventType, eventCategory, eventID, sid, strings, data)


_ANY_TEXT = 0xF000  # a message of ours that is its insert

__getattr__ = module_getattr(__name__)
