# SPDX-License-Identifier: MIT
"""Managing services on Windows: the functions of win32service beyond SetServiceStatus, over ctypes.

Imported when the first of them is used, so that no service start pays for ctypes.
"""

import ctypes
from ctypes import POINTER, Structure, byref, c_int32, c_void_p, c_wchar_p, cast, sizeof
from ctypes.wintypes import BOOL, DWORD, LPCWSTR, LPWSTR

from _pythonservice import error_text
from pywintypes import PyHANDLE, error

_ERROR_INSUFFICIENT_BUFFER = 122
_ERROR_MORE_DATA = 234
_advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)


class PySC_HANDLE(PyHANDLE):
    """A handle of the Service Control Manager."""

    __slots__ = ()


class _ServiceStatus(Structure):
    _fields_ = [
        ("ServiceType", DWORD),
        ("CurrentState", DWORD),
        ("ControlsAccepted", DWORD),
        ("Win32ExitCode", DWORD),
        ("ServiceSpecificExitCode", DWORD),
        ("CheckPoint", DWORD),
        ("WaitHint", DWORD),
    ]


class _ServiceStatusProcess(Structure):
    _fields_ = [*_ServiceStatus._fields_, ("ProcessId", DWORD), ("ServiceFlags", DWORD)]


class _EnumServiceStatus(Structure):
    _fields_ = [("ServiceName", LPWSTR), ("DisplayName", LPWSTR), ("status", _ServiceStatus)]


class _EnumServiceStatusProcess(Structure):
    _fields_ = [("ServiceName", LPWSTR), ("DisplayName", LPWSTR), ("status", _ServiceStatusProcess)]


class _QueryServiceConfig(Structure):
    _fields_ = [
        ("service_type", DWORD),
        ("start_type", DWORD),
        ("error_control", DWORD),
        ("binary_path", LPWSTR),
        ("load_order_group", LPWSTR),
        ("tag", DWORD),
        ("dependencies", c_void_p),
        ("account", LPWSTR),
        ("display_name", LPWSTR),
    ]


class _QueryServiceLockStatus(Structure):
    _fields_ = [("is_locked", DWORD), ("owner", LPWSTR), ("duration", DWORD)]


class _Text(Structure):
    _fields_ = [("text", LPWSTR)]


class _MultiText(Structure):
    _fields_ = [("text", c_void_p)]


class _Number(Structure):
    _fields_ = [("number", DWORD)]


class _Action(Structure):
    # The delay is unsigned in Windows; pywin32 and so its callers have -1 for INFINITE.
    _fields_ = [("type", c_int32), ("delay", DWORD)]


class _FailureActions(Structure):
    _fields_ = [
        ("reset_period", DWORD),
        ("reboot_message", LPWSTR),
        ("command", LPWSTR),
        ("count", DWORD),
        ("actions", POINTER(_Action)),
    ]


# ---- calling ---------------------------------------------------------------------------------------------------------


def _function(name, result, *arguments):
    function = getattr(_advapi32, name)
    function.restype = result
    function.argtypes = arguments
    return function


_OpenSCManager = _function("OpenSCManagerW", c_void_p, LPCWSTR, LPCWSTR, DWORD)
_OpenService = _function("OpenServiceW", c_void_p, c_void_p, LPCWSTR, DWORD)
_CloseServiceHandle = _function("CloseServiceHandle", BOOL, c_void_p)
_CreateService = _function(
    "CreateServiceW", c_void_p, c_void_p, LPCWSTR, LPCWSTR, DWORD, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR,
    POINTER(DWORD), c_void_p, LPCWSTR, LPCWSTR,
)  # fmt: skip
_ChangeServiceConfig = _function(
    "ChangeServiceConfigW", BOOL, c_void_p, DWORD, DWORD, DWORD, LPCWSTR, LPCWSTR, POINTER(DWORD), c_void_p, LPCWSTR,
    LPCWSTR, LPCWSTR,
)  # fmt: skip
_ChangeServiceConfig2 = _function("ChangeServiceConfig2W", BOOL, c_void_p, DWORD, c_void_p)
_QueryServiceConfig_ = _function("QueryServiceConfigW", BOOL, c_void_p, c_void_p, DWORD, POINTER(DWORD))
_QueryServiceConfig2 = _function("QueryServiceConfig2W", BOOL, c_void_p, DWORD, c_void_p, DWORD, POINTER(DWORD))
_StartService = _function("StartServiceW", BOOL, c_void_p, DWORD, POINTER(LPCWSTR))
_ControlService = _function("ControlService", BOOL, c_void_p, DWORD, POINTER(_ServiceStatus))
_DeleteService = _function("DeleteService", BOOL, c_void_p)
_QueryServiceStatus = _function("QueryServiceStatus", BOOL, c_void_p, POINTER(_ServiceStatus))
_QueryServiceStatusEx = _function("QueryServiceStatusEx", BOOL, c_void_p, DWORD, c_void_p, DWORD, POINTER(DWORD))
_SetServiceStatus = _function("SetServiceStatus", BOOL, c_void_p, POINTER(_ServiceStatus))
_EnumServicesStatus = _function(
    "EnumServicesStatusW", BOOL, c_void_p, DWORD, DWORD, c_void_p, DWORD, POINTER(DWORD), POINTER(DWORD), POINTER(DWORD)
)
_EnumServicesStatusEx = _function(
    "EnumServicesStatusExW", BOOL, c_void_p, DWORD, DWORD, DWORD, c_void_p, DWORD, POINTER(DWORD), POINTER(DWORD),
    POINTER(DWORD), LPCWSTR,
)  # fmt: skip
_EnumDependentServices = _function(
    "EnumDependentServicesW", BOOL, c_void_p, DWORD, c_void_p, DWORD, POINTER(DWORD), POINTER(DWORD)
)
_GetServiceKeyName = _function("GetServiceKeyNameW", BOOL, c_void_p, LPCWSTR, c_wchar_p, POINTER(DWORD))
_GetServiceDisplayName = _function("GetServiceDisplayNameW", BOOL, c_void_p, LPCWSTR, c_wchar_p, POINTER(DWORD))
_LockServiceDatabase = _function("LockServiceDatabase", c_void_p, c_void_p)
_UnlockServiceDatabase = _function("UnlockServiceDatabase", BOOL, c_void_p)
_QueryServiceLockStatus_ = _function("QueryServiceLockStatusW", BOOL, c_void_p, c_void_p, DWORD, POINTER(DWORD))


def _failed(function, code=None):
    code = ctypes.get_last_error() if code is None else code
    return error(code, function, error_text(code))


def _check(result, function):
    if not result:
        raise _failed(function)
    return result


def _number(handle):
    if isinstance(handle, (PyHANDLE, int)):
        return int(handle)
    raise TypeError("The object is not a PyHANDLE object")


def _text(value, optional=True):
    """A str for a LPCWSTR; None where it may be missing."""
    if isinstance(value, str) or (optional and value is None):
        return value
    raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to Unicode.")


def _uint32(value):
    return value & 0xFFFFFFFF


def _multi_text(texts):
    """A buffer with NUL-terminated strings and another NUL; None for None."""
    if texts is None:
        return None
    if isinstance(texts, str):
        raise TypeError("a sequence of str is needed, not a str")
    return ctypes.create_unicode_buffer("".join(_text(text, optional=False) + "\0" for text in texts))


def _texts_at(address):
    """The strings of such a buffer."""
    texts = []
    while address:
        text = ctypes.wstring_at(address)
        if not text:
            break
        texts.append(text)
        address += (len(text.encode("utf-16-le", "surrogatepass")) // 2 + 1) * 2
    return texts


def _query(call, function):
    """What `call(buffer, size, needed)` writes into a buffer that grows until it is large enough."""
    size = 0
    needed = DWORD()
    buffer = None
    while not call(buffer, size, byref(needed)):
        if ctypes.get_last_error() not in (_ERROR_INSUFFICIENT_BUFFER, _ERROR_MORE_DATA) or needed.value <= size:
            raise _failed(function)
        size = needed.value
        buffer = ctypes.create_string_buffer(size)
    return buffer


def _fields(status):
    return tuple(getattr(status, name) for name, _type in status._fields_)


def _named_fields(status):
    return {name: getattr(status, name) for name, _type in status._fields_}


# ---- handles ---------------------------------------------------------------------------------------------------------


def _close_number(handle):
    _check(_CloseServiceHandle(handle), "CloseServiceHandle")


PySC_HANDLE._close_number = staticmethod(_close_number)


def OpenSCManager(machineName, dbName, desiredAccess, /):
    """The Service Control Manager of this machine (None) or of another one."""
    handle = _OpenSCManager(_text(machineName), _text(dbName), _uint32(desiredAccess))
    return PySC_HANDLE(_check(handle, "OpenSCManager"))


def OpenService(scHandle, name, desiredAccess, /):
    """The service of that key name."""
    handle = _OpenService(_number(scHandle), _text(name, optional=False), _uint32(desiredAccess))
    return PySC_HANDLE(_check(handle, "OpenService"))


def CloseServiceHandle(scHandle, /):
    """Close what OpenSCManager, OpenService or CreateService returned."""
    if isinstance(scHandle, PyHANDLE):
        scHandle.Close()
    else:
        _close_number(_number(scHandle))


# ---- configuration ---------------------------------------------------------------------------------------------------


def CreateService(
    scHandle, name, displayName, desiredAccess, serviceType, startType, errorControl, binaryFile, loadOrderGroup,
    bFetchTag, serviceDeps, acctName, password, /,
):  # fmt: skip
    """A new service; its handle, or (handle, tag) with bFetchTag."""
    tag = DWORD()
    handle = _CreateService(
        _number(scHandle), _text(name, optional=False), _text(displayName, optional=False), _uint32(desiredAccess),
        _uint32(serviceType), _uint32(startType), _uint32(errorControl), _text(binaryFile, optional=False),
        _text(loadOrderGroup), byref(tag) if bFetchTag else None, _multi_text(serviceDeps), _text(acctName),
        _text(password),
    )  # fmt: skip
    service = PySC_HANDLE(_check(handle, "CreateService"))
    return (service, tag.value) if bFetchTag else service


def ChangeServiceConfig(
    scHandle, serviceType, startType, errorControl, binaryFile, loadOrderGroup, bFetchTag, serviceDeps, acctName,
    password, displayName, /,
):  # fmt: skip
    """Change a service; SERVICE_NO_CHANGE and None leave a value as it is. The tag with bFetchTag, else None."""
    tag = DWORD()
    done = _ChangeServiceConfig(
        _number(scHandle), _uint32(serviceType), _uint32(startType), _uint32(errorControl), _text(binaryFile),
        _text(loadOrderGroup), byref(tag) if bFetchTag else None, _multi_text(serviceDeps), _text(acctName),
        _text(password), _text(displayName),
    )  # fmt: skip
    _check(done, "ChangeServiceConfig")
    return tag.value if bFetchTag else None


def QueryServiceConfig(scHandle, /):
    """(type, start type, error control, command line, group, tag, dependencies, account, display name)."""
    handle = _number(scHandle)
    buffer = _query(lambda *rest: _QueryServiceConfig_(handle, *rest), "QueryServiceConfig")
    config = cast(buffer, POINTER(_QueryServiceConfig)).contents
    return (
        config.service_type,
        config.start_type,
        config.error_control,
        config.binary_path,
        config.load_order_group,
        config.tag,
        _texts_at(config.dependencies),
        config.account,
        config.display_name,
    )


_DESCRIPTION, _FAILURE_ACTIONS, _DELAYED_START, _FAILURE_ACTIONS_FLAG, _SID, _PRIVILEGES, _PRESHUTDOWN = range(1, 8)


def _failure_actions(values):
    """SERVICE_FAILURE_ACTIONS of pywin32's dict."""
    actions = values["Actions"]
    structure = _FailureActions(
        _uint32(values["ResetPeriod"]), _text(values["RebootMsg"]), _text(values["Command"]), 0, None
    )
    if actions is not None:
        # Windows takes a missing array for "leave the actions alone" and an empty one for "none".
        array = (_Action * max(len(actions), 1))(*[(kind, _uint32(delay)) for kind, delay in actions])
        structure.count = len(actions)
        structure.actions = cast(array, POINTER(_Action))
    return structure


def ChangeServiceConfig2(hService, InfoLevel, info, /):
    """Change what SERVICE_CONFIG_* `InfoLevel` names."""
    keep_alive = None
    if InfoLevel == _DESCRIPTION:
        structure = _Text(_text(info))
    elif InfoLevel == _FAILURE_ACTIONS:
        structure = _failure_actions(info)
    elif InfoLevel in (_DELAYED_START, _FAILURE_ACTIONS_FLAG):
        structure = _Number(1 if info else 0)
    elif InfoLevel in (_SID, _PRESHUTDOWN):
        structure = _Number(_uint32(info))
    elif InfoLevel == _PRIVILEGES:
        keep_alive = _multi_text(info)
        structure = _MultiText(cast(keep_alive, c_void_p))
    else:
        raise NotImplementedError(f"InfoLevel {InfoLevel} is not supported")
    _check(_ChangeServiceConfig2(_number(hService), InfoLevel, byref(structure)), "ChangeServiceConfig2")


def QueryServiceConfig2(hService, InfoLevel, /):
    """What SERVICE_CONFIG_* `InfoLevel` names."""
    handle = _number(hService)
    if not _DESCRIPTION <= InfoLevel <= _PRESHUTDOWN:
        raise NotImplementedError(f"InfoLevel {InfoLevel} is not supported")
    buffer = _query(lambda *rest: _QueryServiceConfig2(handle, InfoLevel, *rest), "QueryServiceConfig2")

    def read(structure):
        return cast(buffer, POINTER(structure)).contents

    if InfoLevel == _DESCRIPTION:
        return read(_Text).text
    if InfoLevel == _FAILURE_ACTIONS:
        actions = read(_FailureActions)
        return {
            "ResetPeriod": actions.reset_period,
            "RebootMsg": actions.reboot_message,
            "Command": actions.command,
            "Actions": tuple((action.type, action.delay) for action in actions.actions[: actions.count]),
        }
    if InfoLevel == _PRIVILEGES:
        return _texts_at(read(_MultiText).text)
    number = read(_Number).number
    return bool(number) if InfoLevel in (_DELAYED_START, _FAILURE_ACTIONS_FLAG) else number


def DeleteService(scHandle, /):
    """Mark the service for deletion."""
    _check(_DeleteService(_number(scHandle)), "DeleteService")


# ---- control and status ----------------------------------------------------------------------------------------------


def StartService(scHandle, args, /):
    """Start the service with these arguments (a sequence of str, or None)."""
    texts = [_text(text, optional=False) for text in args or ()]
    vector = (LPCWSTR * len(texts))(*texts) if texts else None
    _check(_StartService(_number(scHandle), len(texts), vector), "StartService")


def ControlService(scHandle, code, /):
    """Send a control; the status after it as a 7-tuple."""
    status = _ServiceStatus()
    _check(_ControlService(_number(scHandle), _uint32(code), byref(status)), "ControlService")
    return _fields(status)


def QueryServiceStatus(scHandle, /):
    """The status as a 7-tuple."""
    status = _ServiceStatus()
    _check(_QueryServiceStatus(_number(scHandle), byref(status)), "QueryServiceStatus")
    return _fields(status)


def QueryServiceStatusEx(scHandle, /):
    """The status as a dict, with ProcessId and ServiceFlags."""
    status = _ServiceStatusProcess()
    needed = DWORD()
    done = _QueryServiceStatusEx(_number(scHandle), 0, byref(status), sizeof(status), byref(needed))
    _check(done, "QueryServiceStatusEx")
    return _named_fields(status)


def SetServiceStatus(scHandle, serviceStatus, /):
    """Report the status of a service of this process, straight to Windows."""
    fields = _ServiceStatus(*[_uint32(field) for field in serviceStatus])
    _check(_SetServiceStatus(_number(scHandle), byref(fields)), "SetServiceStatus")


# ---- lists -----------------------------------------------------------------------------------------------------------


def _enumerate(call, structure, function):
    """All records of `call(buffer, size, needed, count)`; the buffer keeps the texts they point to."""
    size = 0
    needed = DWORD()
    count = DWORD()
    buffer = None
    while not call(buffer, size, byref(needed), byref(count)):
        if ctypes.get_last_error() not in (_ERROR_MORE_DATA, _ERROR_INSUFFICIENT_BUFFER):
            raise _failed(function)
        # `needed` is what does not fit; services may come while we ask.
        size += needed.value
        buffer = ctypes.create_string_buffer(size)
    if not count.value:
        return []
    return list(cast(buffer, POINTER(structure * count.value)).contents)


def EnumServicesStatus(hSCManager, ServiceType=0x30, ServiceState=3, /):
    """(name, display name, status as 7-tuple) of the services of these types and states."""
    manager = _number(hSCManager)

    def call(buffer, size, needed, count):
        # From the first service on: a list is asked for in one piece.
        return _EnumServicesStatus(manager, ServiceType, ServiceState, buffer, size, needed, count, byref(DWORD()))

    return tuple(
        (record.ServiceName, record.DisplayName, _fields(record.status))
        for record in _enumerate(call, _EnumServiceStatus, "EnumServicesStatus")
    )


def EnumServicesStatusEx(SCManager, ServiceType=0x30, ServiceState=3, InfoLevel=0, GroupName=None):
    """The services of these types and states as dicts with ServiceName, DisplayName, the status and ProcessId."""
    manager = _number(SCManager)

    def call(buffer, size, needed, count):
        resume = DWORD()
        return _EnumServicesStatusEx(
            manager, InfoLevel, ServiceType, ServiceState, buffer, size, needed, count, byref(resume), _text(GroupName)
        )

    return tuple(
        {"ServiceName": record.ServiceName, "DisplayName": record.DisplayName, **_named_fields(record.status)}
        for record in _enumerate(call, _EnumServiceStatusProcess, "EnumServicesStatusEx")
    )


def EnumDependentServices(hService, ServiceState=3, /):
    """(name, display name, status as 7-tuple) of the services that depend on this one."""
    service = _number(hService)

    def call(buffer, size, needed, count):
        return _EnumDependentServices(service, ServiceState, buffer, size, needed, count)

    return tuple(
        (record.ServiceName, record.DisplayName, _fields(record.status))
        for record in _enumerate(call, _EnumServiceStatus, "EnumDependentServices")
    )


_LONGEST_NAME = 257  # 256 characters and the NUL


def _name_of(call, manager, name, function):
    buffer = ctypes.create_unicode_buffer(_LONGEST_NAME)
    length = DWORD(_LONGEST_NAME)
    _check(call(_number(manager), _text(name, optional=False), buffer, byref(length)), function)
    return buffer.value


def GetServiceKeyName(hSCManager, DisplayName, /):
    """The key name of the service with this display name."""
    return _name_of(_GetServiceKeyName, hSCManager, DisplayName, "GetServiceKeyName")


def GetServiceDisplayName(hSCManager, ServiceName, /):
    """The display name of the service with this key name."""
    return _name_of(_GetServiceDisplayName, hSCManager, ServiceName, "GetServiceDisplayName")


# ---- the lock of the database, which Windows ignores since Vista -----------------------------------------------------


def LockServiceDatabase(sc_handle, /):
    """The lock of the service database."""
    return int(_check(_LockServiceDatabase(_number(sc_handle)), "LockServiceDatabase"))


def UnlockServiceDatabase(lock, /):
    """Give the lock back."""
    _check(_UnlockServiceDatabase(_number(lock)), "UnlockServiceDatabase")


def QueryServiceLockStatus(hSCManager, /):
    """(whether locked, by whom, for how many seconds)."""
    manager = _number(hSCManager)
    buffer = _query(lambda *rest: _QueryServiceLockStatus_(manager, *rest), "QueryServiceLockStatus")
    status = cast(buffer, POINTER(_QueryServiceLockStatus)).contents
    return bool(status.is_locked), status.owner, status.duration
