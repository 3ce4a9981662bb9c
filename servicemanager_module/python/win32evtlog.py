# SPDX-License-Identifier: MIT
"""Writing to the event log, with pywin32's names, arguments and exceptions. Reading it needs pywin32.

Used where pywin32 is not installed.
"""

from _pythonservice_absent import late_functions
from pywintypes import error

# Scripts name this module's file as the one with the texts of their events: pywin32's has "%1" for every id. So has a
# program of Windows itself, for the ids 1 to 1000.
__file__ = r"%SystemRoot%\System32\EventCreate.exe"

EVENTLOG_SUCCESS = 0
EVENTLOG_ERROR_TYPE = 1
EVENTLOG_WARNING_TYPE = 2
EVENTLOG_INFORMATION_TYPE = 4
EVENTLOG_AUDIT_SUCCESS = 8
EVENTLOG_AUDIT_FAILURE = 16

EVENTLOG_SEQUENTIAL_READ = 1
EVENTLOG_SEEK_READ = 2
EVENTLOG_FORWARDS_READ = 4
EVENTLOG_BACKWARDS_READ = 8

EVENTLOG_START_PAIRED_EVENT = 1
EVENTLOG_END_PAIRED_EVENT = 2
EVENTLOG_END_ALL_PAIRED_EVENTS = 4
EVENTLOG_PAIRED_EVENT_ACTIVE = 8
EVENTLOG_PAIRED_EVENT_INACTIVE = 16

UNICODE = 1

__getattr__, __dir__ = late_functions(
    __name__, globals(), {"_pythonservice_eventlog": "DeregisterEventSource RegisterEventSource ReportEvent"}
)
