# SPDX-License-Identifier: MIT
"""ServiceFramework, and functions and a command line for managing services, as pywin32 has them.

Used where pywin32 is not installed. Every service imports this module: what only the management of services needs is
imported by the functions that need it. Functions that fail raise pywintypes.error.
"""

import sys

import win32service
from _pythonservice_absent import module_getattr, only_on_windows

error = RuntimeError

_SERVICES = "SYSTEM\\CurrentControlSet\\Services\\"

_ERROR_FILE_NOT_FOUND = 2
_ERROR_INVALID_NAME = 123
_ERROR_SERVICE_REQUEST_TIMEOUT = 1053
_ERROR_SERVICE_ALREADY_RUNNING = 1056
_ERROR_SERVICE_DOES_NOT_EXIST = 1060
_ERROR_SERVICE_NOT_ACTIVE = 1062
_ERROR_SERVICE_EXISTS = 1073


class ServiceFramework:
    """A base for service classes: implement SvcDoRun and SvcStop, and name the service with _svc_name_ and
    _svc_display_name_."""

    _svc_deps_ = None  # names of services that must run before this one
    _exe_name_ = None  # another host than PythonService.exe
    _exe_args_ = None  # what follows the host in the command line
    _svc_description_ = None

    _registered = False

    def __init__(self, args):
        import servicemanager

        # None in debug mode.
        self.ssh = servicemanager.RegisterServiceCtrlHandler(args[0], self.ServiceCtrlHandlerEx, True)
        self._registered = True
        servicemanager.SetEventSourceName(self._svc_name_)
        self.checkPoint = 0

    def GetAcceptedControls(self):
        """The SERVICE_ACCEPT_* bits of the Svc* methods that the class has."""
        accepted = 0
        if hasattr(self, "SvcStop"):
            accepted |= win32service.SERVICE_ACCEPT_STOP
        if hasattr(self, "SvcPause") and hasattr(self, "SvcContinue"):
            accepted |= win32service.SERVICE_ACCEPT_PAUSE_CONTINUE
        if hasattr(self, "SvcShutdown"):
            accepted |= win32service.SERVICE_ACCEPT_SHUTDOWN
        return accepted

    def ReportServiceStatus(self, serviceStatus, waitHint=5000, win32ExitCode=0, svcExitCode=0):
        """Report a state; `waitHint` in milliseconds."""
        if self.ssh is None and not self._registered:
            return  # made by a script itself, without a host
        accepted = 0
        if serviceStatus not in (win32service.SERVICE_START_PENDING, win32service.SERVICE_STOP_PENDING):
            accepted = self.GetAcceptedControls()
        check_point = 0
        if serviceStatus not in (win32service.SERVICE_RUNNING, win32service.SERVICE_STOPPED):
            self.checkPoint += 1
            check_point = self.checkPoint
        win32service.SetServiceStatus(
            self.ssh,
            (
                win32service.SERVICE_WIN32_OWN_PROCESS,
                serviceStatus,
                accepted,
                win32ExitCode,
                svcExitCode,
                check_point,
                waitHint,
            ),
        )

    def SvcInterrogate(self):
        """Called for INTERROGATE only when overridden: the host answers from the last status."""

    def SvcOther(self, control):
        """A control without a method of its own."""
        print(f"{self._svc_name_}: control {control} is not handled")

    def SvcOtherEx(self, control, event_type, data):
        """A control without a method of its own, with its data."""
        return self.SvcOther(control)

    def ServiceCtrlHandler(self, control):
        """A control without data."""
        return self.ServiceCtrlHandlerEx(control, 0, None)

    def ServiceCtrlHandlerEx(self, control, event_type, data):
        """Every control of the service; called on its control thread."""
        method = _METHODS.get(control)
        if method is None:
            return self.SvcOtherEx(control, event_type, data)
        return getattr(self, method)()

    def SvcRun(self):
        """Called by the host: RUNNING, SvcDoRun, STOP_PENDING. STOPPED is the host's, when this has returned."""
        self.ReportServiceStatus(win32service.SERVICE_RUNNING)
        self.SvcDoRun()
        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)


_METHODS = {
    win32service.SERVICE_CONTROL_STOP: "SvcStop",
    win32service.SERVICE_CONTROL_PAUSE: "SvcPause",
    win32service.SERVICE_CONTROL_CONTINUE: "SvcContinue",
    win32service.SERVICE_CONTROL_INTERROGATE: "SvcInterrogate",
    win32service.SERVICE_CONTROL_SHUTDOWN: "SvcShutdown",
}


# ---- the host and the class ------------------------------------------------------------------------------------------


def LocatePythonServiceExe(exe=None):
    """The full path of the program that hosts services: `exe` if it is a file, a frozen program itself, else
    PythonService.exe beside the engine."""
    import os

    if exe and os.path.isfile(exe):
        return os.path.abspath(exe)
    if exe:
        raise error(f"the host program {exe!r} of the service (_exe_name_) does not exist")
    if hasattr(sys, "frozen"):
        return sys.executable
    import servicemanager

    # In the host that is the message table, under python.exe the engine: both lie beside the program.
    folder = os.path.dirname(os.path.abspath(servicemanager.__file__))
    program = os.path.join(folder, "PythonService.exe" if sys.platform == "win32" else "PythonService")
    if not os.path.isfile(program):
        raise error(f"{program} does not exist; reinstall PythonService")
    return program


def GetServiceClassString(cls, argv=None):
    """What the registry has for a class: module.Class, and for a class of the script itself the script's full path
    without its extension, a dot and the class."""
    import os

    module = cls.__module__
    if module == "__main__":
        script = (sys.argv if argv is None else argv)[0]
        module = os.path.splitext(os.path.abspath(script))[0]
    return f"{module}.{cls.__name__}"


def LocateSpecificServiceExe(serviceName):
    """The command line of a service, as it is in the registry."""
    return _read_value(_SERVICES + serviceName, "ImagePath")


def _GetServiceShortName(longName):
    """The key name of the service with this display name; None when there is none."""
    with _open_services() as manager:
        for name, display_name, _status in win32service.EnumServicesStatus(
            manager, win32service.SERVICE_DRIVER | win32service.SERVICE_WIN32
        ):
            if display_name.lower() == longName.lower():
                return name
    return None


# ---- the registry ----------------------------------------------------------------------------------------------------


def _read_value(key, name):
    import win32api
    import win32con

    with win32api.RegOpenKeyEx(win32con.HKEY_LOCAL_MACHINE, key, 0, win32con.KEY_READ) as handle:
        return win32api.RegQueryValueEx(handle, name)[0]


def _write_value(key, name, value):
    import win32api
    import win32con

    kind = win32con.REG_DWORD if isinstance(value, int) else win32con.REG_SZ
    with win32api.RegCreateKey(win32con.HKEY_LOCAL_MACHINE, key) as handle:
        win32api.RegSetValueEx(handle, name, 0, kind, value)


def InstallPythonClassString(pythonClassString, serviceName):
    """Store which class PythonService.exe loads for a service."""
    if pythonClassString:
        _write_value(_SERVICES + serviceName + "\\PythonClass", None, pythonClassString)


def _name_of(service):
    """A service may be given by its name, its class or an instance of that."""
    return getattr(service, "_svc_name_", service)


def SetServiceCustomOption(serviceName, option, value):
    """Store an option of a service below its Parameters key: an int as a number, a str as text."""
    if sys.platform != "win32":
        raise only_on_windows("win32serviceutil.SetServiceCustomOption")
    _write_value(f"{_SERVICES}{_name_of(serviceName)}\\Parameters", option, value)


def GetServiceCustomOption(serviceName, option, defaultValue=None):
    """An option of a service, or the default."""
    if sys.platform != "win32":
        return defaultValue  # nothing can have been stored
    from pywintypes import error as windows_error

    try:
        return _read_value(f"{_SERVICES}{_name_of(serviceName)}\\Parameters", option)
    except windows_error as failure:
        if failure.winerror != _ERROR_FILE_NOT_FOUND:
            raise
        return defaultValue


def InstallPerfmonForService(serviceName, iniName, dllName=None):
    """Register a performance counter DLL for a service, and load the names of its counters."""
    import configparser
    import os
    import subprocess

    if not dllName:
        settings = configparser.ConfigParser(strict=False, interpolation=None)
        settings.read(iniName)
        dllName = settings.get("Python", "dll", fallback="")
    if not dllName:
        raise ValueError("the performance DLL must be named, by --perfmondll or as dll= in [Python] of the .ini file")
    key = f"{_SERVICES}{serviceName}\\Performance"
    _write_value(key, "Library", os.path.abspath(dllName))
    for name in ("Open", "Close", "Collect"):
        _write_value(key, name, f"{name}PerformanceData")
    loaded = subprocess.run(["lodctr.exe", os.path.abspath(iniName)], check=False)
    if loaded.returncode != 0:
        print(f"The service is installed, but lodctr could not load its performance counters: {loaded.returncode}")


# ---- installing ------------------------------------------------------------------------------------------------------


def _open_services(machine=None, access=win32service.SC_MANAGER_ALL_ACCESS):
    return win32service.OpenSCManager(machine, None, access)


def SmartOpenService(hscm, name, access):
    """The service of that key name, or else of that display name."""
    try:
        return win32service.OpenService(hscm, name, access)
    except win32service.error as failure:
        if failure.winerror not in (_ERROR_SERVICE_DOES_NOT_EXIST, _ERROR_INVALID_NAME):
            raise
    return win32service.OpenService(hscm, win32service.GetServiceKeyName(hscm, name), access)


def _open_service(manager, name):
    return SmartOpenService(manager, name, win32service.SERVICE_ALL_ACCESS)


def _service_type(interactive):
    return win32service.SERVICE_WIN32_OWN_PROCESS | (win32service.SERVICE_INTERACTIVE_PROCESS if interactive else 0)


def _command_line(program, arguments):
    return f'"{program}"' if arguments is None else f'"{program}" {arguments}'


def _set_details(service, description, delayedstart):
    if description is not None:
        win32service.ChangeServiceConfig2(service, win32service.SERVICE_CONFIG_DESCRIPTION, description)
    if delayedstart is None:
        return
    try:
        win32service.ChangeServiceConfig2(
            service, win32service.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, delayedstart
        )
    except win32service.error as failure:
        # It is off already where it cannot be set.
        if delayedstart:
            print(f"warning: delayed start cannot be set: {failure.strerror}", file=sys.stderr)


def _register(pythonClassString, serviceName, program):
    """What the host reads at a start, and where Event Viewer finds the messages."""
    InstallPythonClassString(pythonClassString, serviceName)
    if not pythonClassString or hasattr(sys, "frozen") or program.lower() == sys.executable.lower():
        return
    _write_value(f"{_SERVICES}{serviceName}\\Parameters", "Python", sys.executable)
    import servicemanager

    # Here and not by the service: its account may not write there.
    servicemanager.SetEventSourceName(serviceName, True)


def InstallService(
    pythonClassString,
    serviceName,
    displayName,
    startType=None,
    errorControl=None,
    bRunInteractive=0,
    serviceDeps=None,
    userName=None,
    password=None,
    exeName=None,
    perfMonIni=None,
    perfMonDll=None,
    exeArgs=None,
    description=None,
    delayedstart=None,
):
    """Create a service that runs a class in this Python."""
    program = LocatePythonServiceExe(exeName)
    with _open_services() as manager, win32service.CreateService(
        manager,
        serviceName,
        displayName,
        win32service.SERVICE_ALL_ACCESS,
        _service_type(bRunInteractive),
        win32service.SERVICE_DEMAND_START if startType is None else startType,
        win32service.SERVICE_ERROR_NORMAL if errorControl is None else errorControl,
        _command_line(program, exeArgs),
        None,
        0,
        serviceDeps,
        userName,
        password,
    ) as service:
        _set_details(service, description, delayedstart)
    _register(pythonClassString, serviceName, program)
    if perfMonIni is not None:
        InstallPerfmonForService(serviceName, perfMonIni, perfMonDll)


def ChangeServiceConfig(
    pythonClassString,
    serviceName,
    startType=None,
    errorControl=None,
    bRunInteractive=0,
    serviceDeps=None,
    userName=None,
    password=None,
    exeName=None,
    displayName=None,
    perfMonIni=None,
    perfMonDll=None,
    exeArgs=None,
    description=None,
    delayedstart=None,
):
    """Change a service: its program, type and class always, everything else that is given."""
    program = LocatePythonServiceExe(exeName)
    with _open_services() as manager, _open_service(manager, serviceName) as service:
        win32service.ChangeServiceConfig(
            service,
            _service_type(bRunInteractive),
            win32service.SERVICE_NO_CHANGE if startType is None else startType,
            win32service.SERVICE_NO_CHANGE if errorControl is None else errorControl,
            _command_line(program, exeArgs),
            None,
            0,
            serviceDeps,
            userName,
            password,
            displayName,
        )
        _set_details(service, description, delayedstart)
    _register(pythonClassString, serviceName, program)
    if perfMonIni is not None:
        InstallPerfmonForService(serviceName, perfMonIni, perfMonDll)


def RemoveService(serviceName):
    """Delete a service and its event source."""
    with _open_services() as manager, _open_service(manager, serviceName) as service:
        win32service.DeleteService(service)
    import win32evtlogutil

    try:
        win32evtlogutil.RemoveSourceFromRegistry(serviceName)
    except win32service.error:
        pass  # texts of past events stay readable, which is no loss


# ---- controlling -----------------------------------------------------------------------------------------------------


def ControlService(serviceName, code, machine=None):
    """Send a control; the status after it as a 7-tuple."""
    with _open_services(machine) as manager, _open_service(manager, serviceName) as service:
        return win32service.ControlService(service, code)


def StopService(serviceName, machine=None):
    """Send STOP; the status after it as a 7-tuple."""
    return ControlService(serviceName, win32service.SERVICE_CONTROL_STOP, machine)


def StartService(serviceName, args=None, machine=None):
    """Start a service with these arguments (a sequence of str)."""
    with _open_services(machine) as manager, _open_service(manager, serviceName) as service:
        win32service.StartService(service, args)


def QueryServiceStatus(serviceName, machine=None):
    """The status as a 7-tuple."""
    with _open_services(machine, win32service.SC_MANAGER_CONNECT) as manager, SmartOpenService(
        manager, serviceName, win32service.SERVICE_QUERY_STATUS
    ) as service:
        return win32service.QueryServiceStatus(service)


def _timed_out(function):
    import win32api

    code = _ERROR_SERVICE_REQUEST_TIMEOUT
    return win32service.error(code, function, win32api.FormatMessage(code).rstrip())


def _wait(query, wanted, seconds, function):
    from time import monotonic, sleep

    end = monotonic() + seconds
    while query()[1] != wanted:
        if monotonic() >= end:
            raise _timed_out(function)
        sleep(0.25)


def WaitForServiceStatus(serviceName, status, waitSecs, machine=None):
    """Wait until a service has this state; pywintypes.error 1053 when it has not after `waitSecs`."""
    _wait(lambda: QueryServiceStatus(serviceName, machine), status, waitSecs, "QueryServiceStatus")


def _stop_and_wait(service, seconds):
    try:
        win32service.ControlService(service, win32service.SERVICE_CONTROL_STOP)
    except win32service.error as failure:
        if failure.winerror != _ERROR_SERVICE_NOT_ACTIVE:
            raise
    stopped = win32service.SERVICE_STOPPED
    _wait(lambda: win32service.QueryServiceStatus(service), stopped, seconds, "ControlService")


def StopServiceWithDeps(serviceName, machine=None, waitSecs=30):
    """Stop a service after all that depend on it, waiting for each."""
    with _open_services(machine) as manager, _open_service(manager, serviceName) as service:
        # In the order in which they must be stopped, and those of theirs too (MSDN, EnumDependentServices).
        for name, _display_name, _status in win32service.EnumDependentServices(service, win32service.SERVICE_ACTIVE):
            with _open_service(manager, name) as dependent:
                _stop_and_wait(dependent, waitSecs)
        _stop_and_wait(service, waitSecs)


def RestartService(serviceName, args=None, waitSeconds=30, machine=None):
    """Stop a service if it runs, and start it as soon as it has stopped."""
    with _open_services(machine) as manager, _open_service(manager, serviceName) as service:
        _stop_and_wait(service, waitSeconds)
        win32service.StartService(service, args)


# ---- debugging -------------------------------------------------------------------------------------------------------


def DebugService(cls, argv=()):
    """Run a service class in this process, on the console: for frozen programs, whose host is the program itself."""
    import servicemanager
    import win32api
    import win32con

    servicemanager.Debugging(True)
    servicemanager.PrepareToHostSingle(cls)
    print(f"Debugging service {cls._svc_name_}; press Ctrl+C to stop it.")
    service = cls(argv)

    def stop(event):
        if event not in (win32con.CTRL_C_EVENT, win32con.CTRL_BREAK_EVENT):
            return False
        print("Stopping the service.")
        service.SvcStop()
        return True

    win32api.SetConsoleCtrlHandler(stop, True)
    try:
        service.SvcRun()
    finally:
        win32api.SetConsoleCtrlHandler(stop, False)
        servicemanager.Debugging(False)


# ---- the command line of a script ------------------------------------------------------------------------------------


def usage():
    """Print how to call the script, and exit with status 1."""
    from _pythonservice_commands import print_usage

    print_usage()
    sys.exit(1)


def HandleCommandLine(cls, serviceClassString=None, argv=None, customInstallOptions="", customOptionHandler=None):
    """Do what the command line of a script says: install, update, remove, start, stop, restart or debug its service.

    customInstallOptions: letters of further options for install and update, as for getopt. customOptionHandler is
    called with all options as (name, value) pairs after the service was installed or updated; a ValueError that it
    raises undoes the installation.

    Returns 0, a Windows error code, or -1.
    """
    from _pythonservice_commands import handle_command_line

    return handle_command_line(cls, serviceClassString, argv, customInstallOptions, customOptionHandler)


__getattr__ = module_getattr(__name__)
