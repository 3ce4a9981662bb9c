# SPDX-License-Identifier: MIT
"""The functions of win32api that are calls of Windows, over ctypes."""

import ctypes
from ctypes import WINFUNCTYPE, POINTER, byref, c_int, c_void_p, c_wchar_p
from ctypes.wintypes import BOOL, DWORD, LPCWSTR, UINT

from _pythonservice import error_text, last_error
from pywintypes import PyHANDLE, error

_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)

_ERROR_INVALID_PARAMETER = 87


def _function(name, result, *arguments):
    function = getattr(_kernel32, name)
    function.restype = result
    function.argtypes = arguments
    return function


def _check(result, function):
    if not result:
        code = ctypes.get_last_error()
        raise error(code, function, error_text(code))
    return result


def _number(handle):
    """The handle as a number; None is no handle."""
    return 0 if handle is None else int(handle)


def _path_of(call, function, *arguments):
    """A text that Windows writes into a buffer of any size."""
    size = 260
    while True:
        buffer = ctypes.create_unicode_buffer(size)
        length = _check(call(*arguments, buffer, size), function)
        # Of a text that does not fit some functions return the size it needs, GetModuleFileName that of the buffer.
        if length < size - 1:
            return buffer.value
        size = max(size * 2, length + 1)


# ---- processes, threads and handles ----------------------------------------------------------------------------------

_OpenProcess = _function("OpenProcess", c_void_p, DWORD, BOOL, DWORD)
_OpenThread = _function("OpenThread", c_void_p, DWORD, BOOL, DWORD)
_TerminateProcess = _function("TerminateProcess", BOOL, c_void_p, UINT)
_DuplicateHandle = _function(
    "DuplicateHandle", BOOL, c_void_p, c_void_p, c_void_p, POINTER(c_void_p), DWORD, BOOL, DWORD
)
_SetHandleInformation = _function("SetHandleInformation", BOOL, c_void_p, DWORD, DWORD)
_GetStdHandle = _function("GetStdHandle", c_void_p, DWORD)
_SetStdHandle = _function("SetStdHandle", BOOL, DWORD, c_void_p)


def OpenProcess(reqdAccess, bInherit, pid, /):
    """A handle of the process with this id."""
    return PyHANDLE(_check(_OpenProcess(reqdAccess & 0xFFFFFFFF, bool(bInherit), pid), "OpenProcess"))


def OpenThread(reqdAccess, bInherit, tid, /):
    """A handle of the thread with this id."""
    return PyHANDLE(_check(_OpenThread(reqdAccess & 0xFFFFFFFF, bool(bInherit), tid), "OpenThread"))


def TerminateProcess(handle, exitCode, /):
    """End a process at once."""
    _check(_TerminateProcess(_number(handle), exitCode & 0xFFFFFFFF), "TerminateProcess")


def GetCurrentProcess():
    """The pseudo handle of this process."""
    return -1


def GetCurrentThread():
    """The pseudo handle of this thread."""
    return -2


def DuplicateHandle(hSourceProcess, hSource, hTargetProcessHandle, desiredAccess, bInheritHandle, options, /):
    """A second handle for the same object."""
    handle = c_void_p()
    done = _DuplicateHandle(
        _number(hSourceProcess),
        _number(hSource),
        _number(hTargetProcessHandle),
        byref(handle),
        desiredAccess & 0xFFFFFFFF,
        bool(bInheritHandle),
        options,
    )
    _check(done, "DuplicateHandle")
    return PyHANDLE(handle.value)


def SetHandleInformation(Object, Mask, Flags, /):
    """Change whether a handle is inherited."""
    _check(_SetHandleInformation(_number(Object), Mask, Flags), "SetHandleInformation")


def GetStdHandle(handle, /):
    """The handle of standard input, output or error."""
    return _GetStdHandle(handle & 0xFFFFFFFF) or 0


def SetStdHandle(handle, newHandle, /):
    """Replace the handle of standard input, output or error."""
    _check(_SetStdHandle(handle & 0xFFFFFFFF, _number(newHandle)), "SetStdHandle")


# ---- the console -----------------------------------------------------------------------------------------------------

_Handler = WINFUNCTYPE(BOOL, DWORD)
_SetConsoleCtrlHandler = _function("SetConsoleCtrlHandler", BOOL, c_void_p, BOOL)
_GenerateConsoleCtrlEvent = _function("GenerateConsoleCtrlEvent", BOOL, DWORD, DWORD)
_handlers = []  # (callable, what Windows calls) of those that are set


def SetConsoleCtrlHandler(ctrlHandler, bAdd=True, /):
    """Add or remove a handler of console events; None switches Ctrl+C off and on again."""
    if ctrlHandler is None:
        _check(_SetConsoleCtrlHandler(None, bool(bAdd)), "SetConsoleCtrlHandler")
        return
    if not callable(ctrlHandler):
        raise TypeError("First argument must be callable")
    if bAdd:
        native = _Handler(lambda event: bool(ctrlHandler(event)))
        _check(_SetConsoleCtrlHandler(native, True), "SetConsoleCtrlHandler")
        _handlers.append((ctrlHandler, native))
        return
    for entry in _handlers:
        if entry[0] == ctrlHandler:
            _check(_SetConsoleCtrlHandler(entry[1], False), "SetConsoleCtrlHandler")
            _handlers.remove(entry)
            return
    raise error(_ERROR_INVALID_PARAMETER, "SetConsoleCtrlHandler", error_text(_ERROR_INVALID_PARAMETER))


def GenerateConsoleCtrlEvent(ctrlEvent, processGroupId, /):
    """Send Ctrl+C or Ctrl+Break to a group of processes."""
    _check(_GenerateConsoleCtrlEvent(ctrlEvent, processGroupId), "GenerateConsoleCtrlEvent")


_OutputDebugString = _function("OutputDebugStringW", None, LPCWSTR)


def OutputDebugString(msg, /):
    """Send a text to a debugger."""
    _OutputDebugString(msg)


_SetErrorMode = _function("SetErrorMode", UINT, UINT)


def SetErrorMode(errorMode, /):
    """Choose which failures show a message box; the former mode."""
    return _SetErrorMode(errorMode)


# ---- modules and folders ---------------------------------------------------------------------------------------------

_GetModuleFileName = _function("GetModuleFileNameW", DWORD, c_void_p, c_wchar_p, DWORD)
_GetModuleHandle = _function("GetModuleHandleW", c_void_p, LPCWSTR)
_LoadLibraryEx = _function("LoadLibraryExW", c_void_p, LPCWSTR, c_void_p, DWORD)
_FreeLibrary = _function("FreeLibrary", BOOL, c_void_p)
_GetSystemDirectory = _function("GetSystemDirectoryW", UINT, c_wchar_p, UINT)
_GetWindowsDirectory = _function("GetSystemWindowsDirectoryW", UINT, c_wchar_p, UINT)
_GetLongPathName = _function("GetLongPathNameW", DWORD, LPCWSTR, c_wchar_p, DWORD)
_GetShortPathName = _function("GetShortPathNameW", DWORD, LPCWSTR, c_wchar_p, DWORD)


def GetModuleFileName(hModule=None, /):
    """The path of a DLL, or with 0 of this process's program."""
    return _path_of(_GetModuleFileName, "GetModuleFileName", _number(hModule))


GetModuleFileNameW = GetModuleFileName


def GetModuleHandle(fileName=None, /):
    """The handle of a loaded DLL, or of this process's program."""
    return _check(_GetModuleHandle(fileName), "GetModuleHandle")


def LoadLibraryEx(fileName, handle, flags, /):
    """Load a DLL; its handle."""
    return _check(_LoadLibraryEx(fileName, _number(handle), flags), "LoadLibraryEx")


def LoadLibrary(fileName, /):
    """Load a DLL; its handle."""
    return _check(_LoadLibraryEx(fileName, 0, 0), "LoadLibrary")


def FreeLibrary(hModule, /):
    """Give up a DLL."""
    _check(_FreeLibrary(_number(hModule)), "FreeLibrary")


def GetSystemDirectory():
    """The folder of the system's DLLs."""
    return _path_of(_GetSystemDirectory, "GetSystemDirectory")


def GetWindowsDirectory():
    """The folder of Windows."""
    return _path_of(_GetWindowsDirectory, "GetWindowsDirectory")


def GetLongPathName(fileName, /):
    """A path without short names."""
    return _path_of(_GetLongPathName, "GetLongPathName", fileName)


def GetShortPathName(path, /):
    """A path in short names."""
    return _path_of(_GetShortPathName, "GetShortPathName", path)


# ---- files -----------------------------------------------------------------------------------------------------------

_CopyFile = _function("CopyFileW", BOOL, LPCWSTR, LPCWSTR, BOOL)
_DeleteFile = _function("DeleteFileW", BOOL, LPCWSTR)
_MoveFileEx = _function("MoveFileExW", BOOL, LPCWSTR, LPCWSTR, DWORD)
_GetFileAttributes = _function("GetFileAttributesW", DWORD, LPCWSTR)
_SetFileAttributes = _function("SetFileAttributesW", BOOL, LPCWSTR, DWORD)
_GetLogicalDriveStrings = _function("GetLogicalDriveStringsW", DWORD, DWORD, c_void_p)
_INVALID_ATTRIBUTES = 0xFFFFFFFF


def CopyFile(fromName, to, bFailIfExists=0, /):
    """Copy a file."""
    _check(_CopyFile(fromName, to, bool(bFailIfExists)), "CopyFile")


def DeleteFile(fileName, /):
    """Delete a file."""
    _check(_DeleteFile(fileName), "DeleteFile")


def MoveFile(srcName, destName, /):
    """Rename a file or folder."""
    _check(_MoveFileEx(srcName, destName, 2), "MoveFile")  # MOVEFILE_COPY_ALLOWED, as MoveFile has it


def MoveFileEx(srcName, destName, flag, /):
    """Rename a file or folder; None as the new name deletes it."""
    _check(_MoveFileEx(srcName, destName, flag), "MoveFileEx")


def GetFileAttributes(pathName, /):
    """The FILE_ATTRIBUTE_* bits of a file."""
    attributes = _GetFileAttributes(pathName)
    _check(attributes != _INVALID_ATTRIBUTES, "GetFileAttributes")
    return attributes


def SetFileAttributes(pathName, attrs, /):
    """Set the FILE_ATTRIBUTE_* bits of a file."""
    _check(_SetFileAttributes(pathName, attrs), "SetFileAttributes")


def GetLogicalDriveStrings():
    r"""The drives as "C:\", each with a NUL behind it."""
    size = _check(_GetLogicalDriveStrings(0, None), "GetLogicalDriveStrings")
    buffer = ctypes.create_unicode_buffer(size)
    length = _check(_GetLogicalDriveStrings(size, buffer), "GetLogicalDriveStrings")
    return buffer[:length]


# ---- the rest --------------------------------------------------------------------------------------------------------


def GetSystemMetrics(index, /):
    """A measure of the system."""
    user32 = ctypes.WinDLL("user32")
    user32.GetSystemMetrics.argtypes = [c_int]
    return user32.GetSystemMetrics(index)


def GetUserNameEx(NameFormat, /):
    """The name of this thread's account, in one of the Name* forms."""
    secur32 = ctypes.WinDLL("secur32", use_last_error=True)
    call = secur32.GetUserNameExW
    call.argtypes = [c_int, c_wchar_p, POINTER(DWORD)]
    call.restype = ctypes.c_ubyte
    size = DWORD(0)
    call(NameFormat, None, byref(size))
    buffer = ctypes.create_unicode_buffer(max(size.value, 1))
    _check(call(NameFormat, buffer, byref(size)), "GetUserNameEx")
    return buffer.value


_FORMAT_ALLOCATE_BUFFER = 0x0100
_FORMAT_IGNORE_INSERTS = 0x0200
_FORMAT_FROM_STRING = 0x0400
_FORMAT_FROM_SYSTEM = 0x1000
_FORMAT_ARGUMENT_ARRAY = 0x2000
_MOST_INSERTS = 99  # %1 to %99

_FormatMessage = _function(
    "FormatMessageW", DWORD, DWORD, c_void_p, DWORD, DWORD, POINTER(c_void_p), DWORD, POINTER(LPCWSTR)
)
_LocalFree = _function("LocalFree", c_void_p, c_void_p)


def FormatMessageW(flags=None, source=None, messageId=0, languageID=0, inserts=None, /):
    """The text of a system error (its code alone, or nothing for the last error), or any message of a DLL."""
    if flags is None or (source is None and messageId == 0 and inserts is None):
        messageId = last_error() if flags is None else flags
        flags = _FORMAT_FROM_SYSTEM | _FORMAT_IGNORE_INSERTS
    if flags & _FORMAT_FROM_STRING:
        text = ctypes.create_unicode_buffer(source)
        source_address = ctypes.addressof(text)
    else:
        source_address = _number(source)
    array = None
    if inserts is not None:
        # A message may name more inserts than there are.
        texts = [*inserts, *[""] * (_MOST_INSERTS - len(inserts))]
        array = (LPCWSTR * len(texts))(*texts)
        flags |= _FORMAT_ARGUMENT_ARRAY
    else:
        flags |= _FORMAT_IGNORE_INSERTS
    result = c_void_p()
    done = _FormatMessage(
        flags | _FORMAT_ALLOCATE_BUFFER, source_address, messageId & 0xFFFFFFFF, languageID, byref(result), 0, array
    )
    _check(done, "FormatMessage")
    try:
        return ctypes.wstring_at(result.value, done)
    finally:
        _LocalFree(result)


FormatMessage = FormatMessageW
