# SPDX-License-Identifier: MIT
"""The Service Control Manager, with pywin32's names, arguments, results and exceptions.

Used where pywin32 is not installed. Every service imports this module for its constants and SetServiceStatus; the
functions for managing services are made on first use, because they need ctypes.
"""

import sys

from _pythonservice_absent import module_getattr, only_on_windows
from pywintypes import error

SC_MANAGER_CONNECT = 0x0001
SC_MANAGER_CREATE_SERVICE = 0x0002
SC_MANAGER_ENUMERATE_SERVICE = 0x0004
SC_MANAGER_LOCK = 0x0008
SC_MANAGER_QUERY_LOCK_STATUS = 0x0010
SC_MANAGER_MODIFY_BOOT_CONFIG = 0x0020
SC_MANAGER_ALL_ACCESS = 0xF003F
SC_GROUP_IDENTIFIER = 43  # "+"
SC_ENUM_PROCESS_INFO = 0

SERVICE_QUERY_CONFIG = 0x0001
SERVICE_CHANGE_CONFIG = 0x0002
SERVICE_QUERY_STATUS = 0x0004
SERVICE_ENUMERATE_DEPENDENTS = 0x0008
SERVICE_START = 0x0010
SERVICE_STOP = 0x0020
SERVICE_PAUSE_CONTINUE = 0x0040
SERVICE_INTERROGATE = 0x0080
SERVICE_USER_DEFINED_CONTROL = 0x0100
SERVICE_ALL_ACCESS = 0xF01FF

SERVICE_KERNEL_DRIVER = 0x01
SERVICE_FILE_SYSTEM_DRIVER = 0x02
SERVICE_DRIVER = 0x0B
SERVICE_WIN32_OWN_PROCESS = 0x10
SERVICE_WIN32_SHARE_PROCESS = 0x20
SERVICE_WIN32 = 0x30
SERVICE_INTERACTIVE_PROCESS = 0x100

SERVICE_BOOT_START = 0
SERVICE_SYSTEM_START = 1
SERVICE_AUTO_START = 2
SERVICE_DEMAND_START = 3
SERVICE_DISABLED = 4

SERVICE_ERROR_IGNORE = 0
SERVICE_ERROR_NORMAL = 1
SERVICE_ERROR_SEVERE = 2
SERVICE_ERROR_CRITICAL = 3

SERVICE_NO_CHANGE = -1

SERVICE_ACTIVE = 1
SERVICE_INACTIVE = 2
SERVICE_STATE_ALL = 3

SERVICE_STOPPED = 1
SERVICE_START_PENDING = 2
SERVICE_STOP_PENDING = 3
SERVICE_RUNNING = 4
SERVICE_CONTINUE_PENDING = 5
SERVICE_PAUSE_PENDING = 6
SERVICE_PAUSED = 7

SERVICE_SPECIFIC_ERROR = 1066

SERVICE_CONTROL_STOP = 1
SERVICE_CONTROL_PAUSE = 2
SERVICE_CONTROL_CONTINUE = 3
SERVICE_CONTROL_INTERROGATE = 4
SERVICE_CONTROL_SHUTDOWN = 5
SERVICE_CONTROL_PARAMCHANGE = 6
SERVICE_CONTROL_NETBINDADD = 7
SERVICE_CONTROL_NETBINDREMOVE = 8
SERVICE_CONTROL_NETBINDENABLE = 9
SERVICE_CONTROL_NETBINDDISABLE = 10
SERVICE_CONTROL_DEVICEEVENT = 11
SERVICE_CONTROL_HARDWAREPROFILECHANGE = 12
SERVICE_CONTROL_POWEREVENT = 13
SERVICE_CONTROL_SESSIONCHANGE = 14
SERVICE_CONTROL_PRESHUTDOWN = 15

SERVICE_ACCEPT_STOP = 0x001
SERVICE_ACCEPT_PAUSE_CONTINUE = 0x002
SERVICE_ACCEPT_SHUTDOWN = 0x004
SERVICE_ACCEPT_PARAMCHANGE = 0x008
SERVICE_ACCEPT_NETBINDCHANGE = 0x010
SERVICE_ACCEPT_HARDWAREPROFILECHANGE = 0x020
SERVICE_ACCEPT_POWEREVENT = 0x040
SERVICE_ACCEPT_SESSIONCHANGE = 0x080
SERVICE_ACCEPT_PRESHUTDOWN = 0x100

DBT_QUERYCHANGECONFIG = 0x0017
DBT_CONFIGCHANGED = 0x0018
DBT_CONFIGCHANGECANCELED = 0x0019
DBT_DEVICEARRIVAL = 0x8000
DBT_DEVICEQUERYREMOVE = 0x8001
DBT_DEVICEQUERYREMOVEFAILED = 0x8002
DBT_DEVICEREMOVEPENDING = 0x8003
DBT_DEVICEREMOVECOMPLETE = 0x8004
DBT_DEVICETYPESPECIFIC = 0x8005
DBT_CUSTOMEVENT = 0x8006

SERVICE_CONFIG_DESCRIPTION = 1
SERVICE_CONFIG_FAILURE_ACTIONS = 2
SERVICE_CONFIG_DELAYED_AUTO_START_INFO = 3
SERVICE_CONFIG_FAILURE_ACTIONS_FLAG = 4
SERVICE_CONFIG_SERVICE_SID_INFO = 5
SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO = 6
SERVICE_CONFIG_PRESHUTDOWN_INFO = 7

SC_ACTION_NONE = 0
SC_ACTION_RESTART = 1
SC_ACTION_REBOOT = 2
SC_ACTION_RUN_COMMAND = 3

SERVICE_SID_TYPE_NONE = 0
SERVICE_SID_TYPE_UNRESTRICTED = 1
SERVICE_SID_TYPE_RESTRICTED = 3

UNICODE = 1

# Functions of _pythonservice_scm.
_MANAGEMENT = frozenset(
    """ChangeServiceConfig ChangeServiceConfig2 CloseServiceHandle ControlService CreateService DeleteService
    EnumDependentServices EnumServicesStatus EnumServicesStatusEx GetServiceDisplayName GetServiceKeyName
    LockServiceDatabase OpenSCManager OpenService QueryServiceConfig QueryServiceConfig2 QueryServiceLockStatus
    QueryServiceStatus QueryServiceStatusEx StartService UnlockServiceDatabase""".split()
)


def SetServiceStatus(scHandle, serviceStatus, /):
    """Report the status of a service. In a process that PythonService hosts the host takes the place of this function."""
    if scHandle is None:
        return  # debug mode without a host: there is nobody to report to
    _management("SetServiceStatus")(scHandle, serviceStatus)


def _management(name):
    """The function of that name, or on POSIX one that says what to do instead."""
    if sys.platform == "win32":
        import _pythonservice_scm

        return getattr(_pythonservice_scm, name)

    def refuse(*_arguments, **_keywords):
        raise only_on_windows(f"win32service.{name}")

    refuse.__name__ = refuse.__qualname__ = name
    return refuse


def _make(name):
    if name not in _MANAGEMENT:
        return None
    globals()[name] = function = _management(name)
    return function


__getattr__ = module_getattr(__name__, _make)


def __dir__():
    return sorted(_MANAGEMENT.union(globals()))
