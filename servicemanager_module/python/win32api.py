# SPDX-License-Identifier: MIT
"""The parts of win32api that service scripts use, with pywin32's names, arguments, results and exceptions.

Used where pywin32 is not installed. What needs ctypes or winreg is imported when it is first used.
"""

from _pythonservice_absent import late_functions
from _pythonservice_kernel import close_handle, last_error
from pywintypes import PyHANDLE, error

NameUnknown = 0
NameFullyQualifiedDN = 1
NameSamCompatible = 2
NameDisplay = 3
NameUserPrincipal = 8


def CloseHandle(handle, /):
    """Close a handle."""
    if isinstance(handle, PyHANDLE):
        handle.Close()
    else:
        close_handle(int(handle))


def GetLastError():
    """The error of the thread's last call; 183 when a created object was there already."""
    return last_error()


def GetCurrentProcessId():
    """The id of this process."""
    import os

    return os.getpid()


def GetCurrentThreadId():
    """The system's id of this thread."""
    import threading

    return threading.get_native_id()


def GetTickCount():
    """Milliseconds of a clock that never goes back; 32 bits, signed as in pywin32."""
    from time import monotonic_ns

    ticks = monotonic_ns() // 1_000_000 & 0xFFFFFFFF
    return ticks - 0x1_0000_0000 if ticks >= 0x8000_0000 else ticks


def Sleep(time, bAlertable=0, /):
    """Wait for `time` milliseconds."""
    from time import sleep

    sleep(time / 1000)
    return 0


def GetComputerName():
    """The name of this computer."""
    import platform

    return platform.node()


def GetUserName():
    """The name of this process's account."""
    import getpass

    return getpass.getuser()


def GetFullPathName(fileName, /):
    """An absolute path."""
    import os

    return os.path.abspath(fileName)


def GetTempPath():
    """The folder for temporary files, with a separator at its end."""
    import os
    import tempfile

    return os.path.join(tempfile.gettempdir(), "")


def LOWORD(val, /):
    """The low 16 bits."""
    return val & 0xFFFF


def HIWORD(val, /):
    """The 16 bits above them."""
    return val >> 16 & 0xFFFF


def MAKELANGID(PrimaryLanguage, SubLanguage, /):
    """The id of a language."""
    return SubLanguage << 10 | PrimaryLanguage


__getattr__, __dir__ = late_functions(
    __name__,
    globals(),
    {
        "_pythonservice_registry": """
        ExpandEnvironmentStrings RegCloseKey RegCreateKey RegCreateKeyEx RegDeleteKey RegDeleteValue RegEnumKey
        RegEnumValue RegFlushKey RegOpenKey RegOpenKeyEx RegQueryInfoKey RegQueryValue RegQueryValueEx RegSetValue
        RegSetValueEx
        """,
        "_pythonservice_system": """
        CopyFile DeleteFile DuplicateHandle FormatMessage FormatMessageW FreeLibrary GenerateConsoleCtrlEvent
        GetCurrentProcess GetCurrentThread GetFileAttributes GetLogicalDriveStrings GetLongPathName GetModuleFileName
        GetModuleFileNameW GetModuleHandle GetShortPathName GetStdHandle GetSystemDirectory GetSystemMetrics
        GetUserNameEx GetWindowsDirectory LoadLibrary LoadLibraryEx MoveFile MoveFileEx OpenProcess OpenThread
        OutputDebugString SetConsoleCtrlHandler SetErrorMode SetFileAttributes SetHandleInformation SetStdHandle
        TerminateProcess
        """,
    },
)
