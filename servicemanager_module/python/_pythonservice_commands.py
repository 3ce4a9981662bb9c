# SPDX-License-Identifier: MIT
"""The command line of service scripts: win32serviceutil.HandleCommandLine."""

import getopt
import os
import sys

import win32service
import win32serviceutil

_OPTIONS = ["username=", "password=", "startup=", "interactive", "perfmonini=", "perfmondll=", "wait="]

# Start types by their names, with the delayed flag to set (None leaves it alone).
_STARTUP = {
    "manual": (win32service.SERVICE_DEMAND_START, None),
    "auto": (win32service.SERVICE_AUTO_START, False),
    "delayed": (win32service.SERVICE_AUTO_START, True),
    "disabled": (win32service.SERVICE_DISABLED, None),
}

_ERROR_ACCESS_DENIED = 5
_ERROR_SERVICE_EXISTS = 1073


def print_usage():
    """How to call the script."""
    print(
        f"""Usage: {os.path.basename(sys.argv[0])} [OPTION...] COMMAND

Commands:
  install             create the service, or update it if it exists
  update              change the service
  remove              delete the service
  start [ARG...]      start it; the service class gets the arguments
  stop                stop it
  restart [ARG...]    stop it and start it again
  debug [ARG...]      run it on this console, without the Service Control Manager; Ctrl+C stops it

Options of install and update, in front of the command:
  --startup WHEN      manual (the default), auto, delayed or disabled
  --username NAME     the account: DOMAIN\\user, .\\user; without it LocalSystem
  --password WORD     its password; asked for if it is left out and the account needs one
  --interactive       let the service show windows on the desktop (Windows before Vista)
  --perfmonini FILE   the .ini file of the service's performance counters
  --perfmondll FILE   the DLL of the counters, when the .ini file does not name it

Option of start, stop and restart:
  --wait SECONDS      wait until it is done; stop then stops dependent services too"""
    )


class _Usage(Exception):
    """The command line cannot be understood."""


class _CommandLine:
    """The options and the command of a script's command line."""

    def __init__(self, arguments, custom_options):
        try:
            self.options, words = getopt.getopt(arguments, custom_options, _OPTIONS)
        except getopt.GetoptError as problem:
            raise _Usage(str(problem)) from None
        if not words:
            raise _Usage("no command")
        self.command, *self.arguments = words
        self._values = dict(self.options)

    def text(self, name):
        return self._values.get(name)

    def start_type(self):
        """(start type, delayed flag), each None when it is to stay as it is."""
        name = self._values.get("--startup")
        if name is None:
            return None, None
        if name.lower() not in _STARTUP:
            raise _Usage(f"--startup {name}: must be one of {', '.join(_STARTUP)}")
        return _STARTUP[name.lower()]

    def wait_seconds(self):
        """0 when the command is not to wait."""
        text = self._values.get("--wait", "0")
        try:
            return int(text)
        except ValueError:
            raise _Usage(f"--wait {text}: must be a number of seconds") from None

    def password(self):
        """The password, asked for where that is possible: what stands in a command line can be read by others."""
        user = self._values.get("--username")
        password = self._values.get("--password")
        if password is not None or user is None or not _needs_password(user):
            return password
        if sys.stdin is None or not sys.stdin.isatty():
            return None
        from getpass import getpass

        return getpass(f"Password of {user}: ")


def _needs_password(user):
    """Not so: the accounts of Windows itself, virtual accounts and group managed ones (with a $)."""
    domain, _backslash, name = user.rpartition("\\")
    return domain.lower() not in ("nt authority", "nt service") and name.lower() != "localsystem" and not name.endswith("$")


def handle_command_line(cls, class_string, argv, custom_options, custom_handler):
    """win32serviceutil.HandleCommandLine."""
    if hasattr(sys.stdout, "reconfigure"):
        # A name that the console's code page does not have must not make a command fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    argv = sys.argv if argv is None else argv
    if len(argv) <= 1:
        win32serviceutil.usage()
    if class_string is None:
        class_string = win32serviceutil.GetServiceClassString(cls, argv)
    try:
        line = _CommandLine(argv[1:], custom_options)
        return _run(cls, class_string, line, custom_handler)
    except _Usage as problem:
        print(problem)
        win32serviceutil.usage()


def _run(cls, class_string, line, custom_handler):
    takes_arguments = {"start": _start, "restart": _restart, "debug": _debug}
    if line.command in takes_arguments:
        return takes_arguments[line.command](cls, class_string, line)
    takes_none = {"install": _install, "update": _update, "remove": _remove, "stop": _stop}
    if line.command not in takes_none:
        raise _Usage(f"{line.command!r} is no command")
    if line.arguments:
        raise _Usage(f"{line.command} takes no arguments; options stand in front of the command")
    if line.command in ("install", "update"):
        return takes_none[line.command](cls, class_string, line, custom_handler)
    return takes_none[line.command](cls, line)


def _report(what, failure):
    """Print a Windows error; its code."""
    print(f"Error {what}: {failure.strerror} ({failure.winerror})")
    if failure.winerror == _ERROR_ACCESS_DENIED:
        print("Run this command as administrator.")
    return failure.winerror


def _attempt(what, function, *arguments, **keywords):
    """Call `function`; 0, or the code of the Windows error that it raised."""
    try:
        function(*arguments, **keywords)
    except win32service.error as failure:
        return _report(what, failure)
    return 0


# ---- install, update, remove -----------------------------------------------------------------------------------------


def _settings(cls, line):
    """What InstallService and ChangeServiceConfig have in common."""
    start_type, delayed = line.start_type()
    return {
        "startType": start_type,
        "bRunInteractive": 1 if line.text("--interactive") is not None else None,
        "serviceDeps": getattr(cls, "_svc_deps_", None),
        "userName": line.text("--username"),
        "password": line.password(),
        "exeName": getattr(cls, "_exe_name_", None),
        "exeArgs": getattr(cls, "_exe_args_", None),
        "perfMonIni": line.text("--perfmonini"),
        "perfMonDll": line.text("--perfmondll"),
        "description": getattr(cls, "_svc_description_", None),
        "delayedstart": delayed,
    }


def _install(cls, class_string, line, custom_handler):
    name = cls._svc_name_
    settings = _settings(cls, line)
    print(f"Installing service {name}")
    try:
        win32serviceutil.InstallService(class_string, name, cls._svc_display_name_, **settings)
        if custom_handler is not None:
            custom_handler(line.options)
    except win32service.error as failure:
        if failure.winerror == _ERROR_SERVICE_EXISTS:
            return _update(cls, class_string, line, custom_handler)
        return _report("installing service", failure)
    except ValueError as problem:
        print(f"Error installing service: {problem}")
        # With options that its own code refuses the service could not run.
        _attempt("removing the service again", win32serviceutil.RemoveService, name)
        return -1
    print("Service installed")
    return 0


def _update(cls, class_string, line, custom_handler):
    print(f"Changing the configuration of service {cls._svc_name_}")
    code = _attempt(
        "changing service configuration",
        win32serviceutil.ChangeServiceConfig,
        class_string,
        cls._svc_name_,
        displayName=cls._svc_display_name_,
        **_settings(cls, line),
    )
    if code != 0:
        return code
    if custom_handler is not None:
        custom_handler(line.options)
    print("Service updated")
    return 0


def _remove(cls, line):
    print(f"Removing service {cls._svc_name_}")
    code = _attempt("removing service", win32serviceutil.RemoveService, cls._svc_name_)
    if code == 0:
        print("Service removed")
    return code


# ---- start, stop, restart --------------------------------------------------------------------------------------------


def _wait_until_running(name, seconds):
    if seconds:
        win32serviceutil.WaitForServiceStatus(name, win32service.SERVICE_RUNNING, seconds)


def _start(cls, class_string, line):
    seconds = line.wait_seconds()
    print(f"Starting service {cls._svc_name_}")

    def start():
        win32serviceutil.StartService(cls._svc_name_, line.arguments)
        _wait_until_running(cls._svc_name_, seconds)

    return _attempt("starting service", start)


def _restart(cls, class_string, line):
    seconds = line.wait_seconds()
    print(f"Restarting service {cls._svc_name_}")

    def restart():
        win32serviceutil.RestartService(cls._svc_name_, line.arguments)
        _wait_until_running(cls._svc_name_, seconds)

    return _attempt("restarting service", restart)


def _stop(cls, line):
    seconds = line.wait_seconds()
    print(f"Stopping service {cls._svc_name_}")
    if seconds:
        return _attempt("stopping service", win32serviceutil.StopServiceWithDeps, cls._svc_name_, waitSecs=seconds)
    return _attempt("stopping service", win32serviceutil.StopService, cls._svc_name_)


# ---- debug -----------------------------------------------------------------------------------------------------------


def _debug(cls, class_string, line):
    """The class as it is now, in this Python: neither the installed service nor its registry entries are needed."""
    if hasattr(sys, "frozen"):
        win32serviceutil.DebugService(cls, (cls._svc_name_, *line.arguments))
        return 0
    import subprocess

    host = win32serviceutil.LocatePythonServiceExe()
    command = [host, "debug", "--python", sys.executable, "--name", cls._svc_name_, class_string, *line.arguments]
    sys.stdout.flush()
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                pass  # Ctrl+C is for the service, which hears it too
