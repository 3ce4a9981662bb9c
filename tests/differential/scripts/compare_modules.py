# SPDX-License-Identifier: MIT
"""pywin32's modules and those of the engine in one process: the same names, values, signatures, results and exceptions.

    python.exe compare_modules.py FOLDER-OF-PYTHONSERVICE FINDER.py

Prints every difference, and at the end what was compared. A line of _KNOWN is a difference on purpose, with its reason.
"""

import importlib
import importlib.util
import inspect
import os
import sys
import threading

NAMES = (
    "pywintypes",
    "win32api",
    "win32con",
    "win32event",
    "win32evtlog",
    "win32evtlogutil",
    "win32service",
    "win32serviceutil",
    "win32timezone",
    "winerror",
)

# What ours has and pywin32 has not, or has otherwise.
_KNOWN = {
    "pywintypes.PyHANDLE": "a type without a public name in pywin32",
    "pywintypes.PyIID": "a type without a public name in pywin32",
    "pywintypes.SECURITY_ATTRIBUTES": "a function in pywin32, its type here",
    "win32serviceutil.DebugService signature": "its default is a tuple, as what a service class gets is one",
    "winerror.SCODE_CODE signature": "one function with HRESULT_CODE",
    "winerror.SCODE_FACILITY signature": "one function with HRESULT_FACILITY",
    "winerror.SCODE_SEVERITY signature": "one function with HRESULT_SEVERITY",
    "SetEvent(1.5)": "a float is no handle",
    "WaitForSingleObject(1.5, 0)": "a float is no handle",
}

PATIENCE = 10_000  # ms; nothing here lasts as long


def load(folder, finder_file):
    """(pywin32's modules, ours) by name."""
    real = {name: importlib.import_module(name) for name in NAMES}
    for name in [*NAMES, "servicemanager"]:
        sys.modules.pop(name, None)
    spec = importlib.util.spec_from_file_location("_pythonservice_finder", finder_file)
    finder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(finder)
    engine = os.path.join(folder, f"servicemanager.cp3{sys.version_info.minor}-win_amd64.pyd")
    # In front, for once.
    sys.meta_path.insert(0, finder.EmbeddedModules(None, engine))
    ours = {name: importlib.import_module(name) for name in NAMES}
    for name, module in ours.items():
        assert module.__spec__.origin == "PythonService", name
        assert module is not real[name]
    return real, ours


class Comparison:
    def __init__(self, real, ours):
        self.real = real
        self.ours = ours
        self.compared = {"names": 0, "signatures": 0, "calls": 0}

    def differ(self, what, real, ours):
        if what not in _KNOWN:
            print(ascii(f"{what}: pywin32 {real}, ours {ours}"))

    # ---- names -------------------------------------------------------------------------------------------------------

    def names(self, name):
        real, ours = self.real[name], self.ours[name]
        for attribute in dir(ours):
            if attribute.startswith("_") or (not hasattr(real, attribute) and is_imported(getattr(ours, attribute), name)):
                continue
            self.compared["names"] += 1
            what = f"{name}.{attribute}"
            if not hasattr(real, attribute):
                self.differ(what, "has none", "has one")
                continue
            own, their = getattr(ours, attribute), getattr(real, attribute)
            if isinstance(own, (int, str)):
                if own != their or type(own) is not type(their):
                    self.differ(what, repr(their), repr(own))
            elif inspect.isfunction(their):
                self.signature(what, their, own)
            elif callable(own) != callable(their):
                self.differ(what, their, own)

    def signature(self, what, real, ours):
        self.compared["signatures"] += 1

        def shape(function):
            return [(p.name, p.default) for p in inspect.signature(function).parameters.values()]

        if shape(real) != shape(ours):
            self.differ(f"{what} signature", inspect.signature(real), inspect.signature(ours))

    # ---- calls -------------------------------------------------------------------------------------------------------

    def calls(self, what, call):
        """What `call(modules)` returns or raises, with each set of modules."""
        self.compared["calls"] += 1
        outcomes = []
        for modules in (self.real, self.ours):
            try:
                outcomes.append(plain(call(Modules(modules))))
            except Exception as error:
                # The text of an exception of Python itself is its own matter.
                known = hasattr(error, "winerror") or hasattr(error, "hresult")
                outcomes.append((type(error).__name__, error.args if known else "..."))
        if outcomes[0] == outcomes[1]:
            return
        if all(isinstance(outcome, list) for outcome in outcomes) and len(outcomes[0]) == len(outcomes[1]):
            for index, (real, ours) in enumerate(zip(*outcomes)):
                if real != ours:
                    self.differ(f"{what}, step {index}", real, ours)
        else:
            self.differ(what, *outcomes)


def is_imported(value, name):
    """Whether a module has it only because its own code uses it."""
    return inspect.ismodule(value) or getattr(value, "__module__", name) != name


class Modules:
    def __init__(self, modules):
        self.__dict__.update(modules)


def plain(value):
    """Values without what differs from object to object."""
    if isinstance(value, (tuple, list)):
        return type(value)(plain(item) for item in value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if type(value).__name__ in ("PyHANDLE", "PySC_HANDLE", "PyEVTLOG_HANDLE"):
        return "a handle" if value else "no handle"
    return value


# ---- behaviours --------------------------------------------------------------------------------------------------------


def new_event(m, manual=0, initial=0, name=None):
    return m.win32event.CreateEvent(None, manual, initial, name)


def event_behaviours(c):
    def sequence(manual):
        def run(m):
            e, event = m.win32event, new_event(m, manual, 1)
            first = [e.WaitForSingleObject(event, 0) for _ in range(2)]
            results = [e.SetEvent(event), e.ResetEvent(event), e.WaitForSingleObject(event, 0), e.PulseEvent(event)]
            return first + results

        return run

    c.calls("automatic event", sequence(0))
    c.calls("manual event", sequence(1))
    for bad in (None, 0, 5, 123456, "x", 1.5, b"x", [1]):
        c.calls(f"SetEvent({bad!r})", lambda m: m.win32event.SetEvent(bad))
        c.calls(f"WaitForSingleObject({bad!r}, 0)", lambda m: m.win32event.WaitForSingleObject(bad, 0))
    for bad in (None, 7, "x", [], [5], ["x"], [None]):
        c.calls(f"WaitForMultipleObjects({bad!r}, 0, 0)", lambda m: m.win32event.WaitForMultipleObjects(bad, 0, 0))
    for bad in (1.5, None, "x"):
        c.calls(f"timeout {bad!r}", lambda m: m.win32event.WaitForSingleObject(new_event(m), bad))
    c.calls("timeout of more than 32 bits", lambda m: m.win32event.WaitForSingleObject(new_event(m), 1 << 32))
    c.calls("65 handles", lambda m: m.win32event.WaitForMultipleObjects([new_event(m)] * 65, 0, 0))

    def several(m):
        e = m.win32event
        events = [new_event(m) for _ in range(3)]
        e.SetEvent(events[2])
        one = e.WaitForMultipleObjects(events, 0, PATIENCE)
        some = e.WaitForMultipleObjectsEx(tuple(events), True, 0, False)
        for event in events:
            e.SetEvent(event)
        every = e.WaitForMultipleObjects(events, True, PATIENCE)
        messages = e.MsgWaitForMultipleObjects(events, 0, 0, e.QS_ALLINPUT)
        return one, some, every, messages, e.MsgWaitForMultipleObjectsEx(events, 0, e.QS_ALLINPUT, 0)

    c.calls("several events", several)

    def by_thread(m):
        event = new_event(m)
        threading.Timer(0.01, m.win32event.SetEvent, [event]).start()
        return m.win32event.WaitForSingleObject(event, m.win32event.INFINITE)

    c.calls("event of another thread", by_thread)

    def named(m):
        name = f"pysvc {id(m)}"
        first = new_event(m, 1, 0, name)
        before = m.win32api.GetLastError()
        second = new_event(m, 1, 0, name)
        after = m.win32api.GetLastError()
        m.win32event.SetEvent(m.win32event.OpenEvent(m.win32event.EVENT_ALL_ACCESS, False, name))
        result = m.win32event.WaitForSingleObject(second, 0)
        first.Close()
        return before in (0, 126), after, result

    c.calls("named event", named)
    c.calls("missing event", lambda m: m.win32event.OpenEvent(2, 0, "pysvc missing"))
    c.calls("missing mutex", lambda m: m.win32event.OpenMutex(2, 0, "pysvc missing"))
    c.calls("missing semaphore", lambda m: m.win32event.OpenSemaphore(2, 0, "pysvc missing"))
    for bad in (7, b"x"):
        c.calls(f"event named {bad!r}", lambda m: new_event(m, name=bad))
    c.calls("attributes of no kind", lambda m: m.win32event.CreateEvent(7, 0, 0, None))
    c.calls("too few arguments", lambda m: m.win32event.CreateEvent(None, 0, 0))

    def mutex(m):
        e = m.win32event
        mutex = e.CreateMutex(None, True, None)
        results = [e.WaitForSingleObject(mutex, 0)]
        thread = threading.Thread(target=lambda: results.append(e.WaitForSingleObject(mutex, 0)))
        thread.start()
        thread.join()
        return results + [e.ReleaseMutex(mutex), e.ReleaseMutex(mutex)]

    def mutex_of_nobody(m):
        m.win32event.ReleaseMutex(m.win32event.CreateMutex(None, False, None))

    def abandoned(m):
        e = m.win32event
        mutex = e.CreateMutex(None, False, None)
        thread = threading.Thread(target=lambda: e.WaitForSingleObject(mutex, 0))
        thread.start()
        thread.join()
        return e.WaitForSingleObject(mutex, PATIENCE)

    c.calls("mutex", mutex)
    c.calls("mutex of nobody", mutex_of_nobody)
    c.calls("abandoned mutex", abandoned)

    def semaphore(m):
        e = m.win32event
        semaphore = e.CreateSemaphore(None, 1, 2, None)
        taken = [e.WaitForSingleObject(semaphore, 0) for _ in range(2)]
        return taken, e.ReleaseSemaphore(semaphore, 2)

    c.calls("semaphore", semaphore)
    c.calls(
        "semaphore beyond its maximum",
        lambda m: m.win32event.ReleaseSemaphore(m.win32event.CreateSemaphore(None, 1, 2, None), 2),
    )
    c.calls("semaphore that cannot be", lambda m: m.win32event.CreateSemaphore(None, 3, 2, None))

    def timer(m):
        e = m.win32event
        timer = e.CreateWaitableTimer(None, 1, None)
        results = [e.SetWaitableTimer(timer, -10_000, 0, None, None, False), e.WaitForSingleObject(timer, PATIENCE)]
        return results + [e.CancelWaitableTimer(timer)]

    c.calls("timer", timer)
    c.calls(
        "timer with a function",
        lambda m: m.win32event.SetWaitableTimer(m.win32event.CreateWaitableTimer(None, 1, None), 0, 0, id, None, 0),
    )


def type_behaviours(c):
    for arguments in ((), (5,), (5, "f"), (5, "f", "t"), (5, "f", "t", "more"), ("text",)):

        def made(m):
            error = m.pywintypes.error(*arguments)
            return str(error), repr(error), error.args, error.winerror, error.funcname, error.strerror

        c.calls(f"error{arguments}", made)
    c.calls("module of error", lambda m: (m.pywintypes.error.__module__, m.pywintypes.error.__mro__[1:]))
    c.calls("one error", lambda m: {m.pywintypes.error} == {getattr(m, n).error for n in ("win32api", "win32event", "win32service", "win32evtlog")})

    def com_error(m):
        error = m.pywintypes.com_error(1, "t", None, 4)
        return repr(error), error.hresult, error.strerror, error.excepinfo, error.argerror

    c.calls("com_error", com_error)

    def handle(m):
        event = new_event(m)
        number = int(event)
        same = (event == number, number == event, event.handle == number, repr(event) == f"<PyHANDLE:{number}>", str(event) == repr(event))
        detached = event.Detach() == number
        after = (bool(event), int(event), repr(event), event.Close(), event.close())
        owner = m.pywintypes.HANDLE(number)
        closed = (owner.Close(), bool(owner), type(owner) is m.pywintypes.HANDLEType, isinstance(event, m.pywintypes.HANDLEType))
        return same, detached, after, closed

    c.calls("handle", handle)
    c.calls("new handle", lambda m: (int(m.pywintypes.HANDLE()), bool(m.pywintypes.HANDLE())))

    text = "{6b29fc40-ca47-1067-b31d-00dd010662da}"

    def iid(m):
        iid = m.pywintypes.IID(text)
        twin = m.pywintypes.IID(bytes(iid), True)
        return str(iid), repr(iid), iid == twin, hash(iid) == hash(twin), iid == text, bytes(iid), isinstance(iid, m.pywintypes.IIDType)

    c.calls("IID", iid)
    for bad in (5, None):
        c.calls(f"IID({bad!r})", lambda m: m.pywintypes.IID(bad))
    for bad in ("x", text[1:-1], text + "x", text.replace("-", "_")):
        c.calls(f"IID({bad!r})", lambda m: hresult_of(m.pywintypes.IID, bad))
    c.calls("new GUIDs", lambda m: (m.pywintypes.CreateGuid() != m.pywintypes.CreateGuid(), len(str(m.pywintypes.CreateGuid()))))
    c.calls("Time", lambda m: (m.pywintypes.Time(1_700_000_000).timetuple(), isinstance(m.pywintypes.Time(0), m.pywintypes.TimeType)))
    c.calls("attributes", lambda m: bool(m.pywintypes.SECURITY_ATTRIBUTES().bInheritHandle))

    def inherited(m):
        attributes = m.pywintypes.SECURITY_ATTRIBUTES()
        results = []
        for attributes.bInheritHandle in (True, False):
            results.append(os.get_handle_inheritable(int(m.win32event.CreateEvent(attributes, 0, 0, None))))
        return results + [os.get_handle_inheritable(int(new_event(m)))]

    c.calls("inherited handles", inherited)


def hresult_of(function, *arguments):
    """The text of an HRESULT is made by another part of Windows."""
    try:
        function(*arguments)
    except Exception as error:
        return error.hresult


def service_behaviours(c, name):
    def manager(m):
        return m.win32service.OpenSCManager(None, None, m.win32service.SC_MANAGER_ALL_ACCESS)

    def opened(m):
        return m.win32service.OpenService(manager(m), name, m.win32service.SERVICE_ALL_ACCESS)

    c.calls("OpenSCManager of nobody", lambda m: m.win32service.OpenSCManager(5, None, 1))
    c.calls("missing service", lambda m: m.win32service.OpenService(manager(m), "pysvc missing", 1))
    c.calls("key name of a missing service", lambda m: m.win32service.GetServiceKeyName(manager(m), "pysvc missing"))
    c.calls("SmartOpenService", lambda m: m.win32serviceutil.SmartOpenService(manager(m), "pysvc missing", 1))

    def life(m):
        s = m.win32service
        created = s.CreateService(
            manager(m), name, name + " displayed", s.SERVICE_ALL_ACCESS, s.SERVICE_WIN32_OWN_PROCESS,
            s.SERVICE_DEMAND_START, s.SERVICE_ERROR_NORMAL, '"C:\\none.exe" argument', None, 0, ["Eventlog", "RpcSs"], None, None,
        )  # fmt: skip
        results = [created, s.QueryServiceConfig(created), s.QueryServiceStatus(created), s.QueryServiceStatusEx(created)]
        results.append(s.ChangeServiceConfig2(created, s.SERVICE_CONFIG_DESCRIPTION, "a description"))
        results.append(s.QueryServiceConfig2(created, s.SERVICE_CONFIG_DESCRIPTION))
        for level, value in (
            (s.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, True),
            (s.SERVICE_CONFIG_PRESHUTDOWN_INFO, 60_000),
            (s.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, True),
            (s.SERVICE_CONFIG_SERVICE_SID_INFO, 1),
            (s.SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, ["SeChangeNotifyPrivilege"]),
            (
                s.SERVICE_CONFIG_FAILURE_ACTIONS,
                {"ResetPeriod": 60, "RebootMsg": None, "Command": None, "Actions": [(s.SC_ACTION_RESTART, 1000)]},
            ),
        ):
            for call in (lambda: s.ChangeServiceConfig2(created, level, value), lambda: s.QueryServiceConfig2(created, level)):
                try:
                    results.append(call())
                except m.pywintypes.error as error:
                    results.append(error.args)
        no = s.SERVICE_NO_CHANGE
        results.append(s.ChangeServiceConfig(created, no, s.SERVICE_DISABLED, no, None, None, 0, None, None, None, name + " again"))
        results.append(s.QueryServiceConfig(opened(m)))
        results.append(s.GetServiceKeyName(manager(m), name + " again"))
        results.append(s.GetServiceDisplayName(manager(m), name))
        results.append(m.win32serviceutil._GetServiceShortName(name + " again"))
        results.append(m.win32serviceutil.LocateSpecificServiceExe(name))
        results.append(m.win32serviceutil.QueryServiceStatus(name))
        results.append([entry for entry in s.EnumServicesStatus(manager(m)) if entry[0] == name])
        results.append([entry for entry in s.EnumServicesStatusEx(manager(m)) if entry["ServiceName"] == name])
        results.append(s.EnumDependentServices(created))
        for call in (
            lambda: s.StartService(created, None),
            lambda: s.ControlService(created, s.SERVICE_CONTROL_STOP),
            lambda: m.win32serviceutil.StopService(name),
            lambda: m.win32serviceutil.WaitForServiceStatus(name, s.SERVICE_RUNNING, 0),
        ):
            try:
                results.append(call())
            except m.pywintypes.error as error:
                results.append(error.args)
        for option, value in (("number", 7), ("text", "\N{GREEK SMALL LETTER ALPHA}")):
            results.append(m.win32serviceutil.SetServiceCustomOption(name, option, value))
            results.append(m.win32serviceutil.GetServiceCustomOption(name, option))
        results.append(m.win32serviceutil.GetServiceCustomOption(name, "missing", "default"))
        results.append(m.win32serviceutil.InstallPythonClassString("module.Class", name))
        results.append(m.win32api.RegQueryValue(m.win32con.HKEY_LOCAL_MACHINE, f"SYSTEM\\CurrentControlSet\\Services\\{name}\\PythonClass"))
        results.append(s.DeleteService(created))
        results.append(s.CloseServiceHandle(created))
        return results

    c.calls("life of a service", life)
    c.calls("class string", lambda m: m.win32serviceutil.GetServiceClassString(Main, [__file__]))
    c.calls("class string of a module", lambda m: m.win32serviceutil.GetServiceClassString(threading.Thread))


class Main:
    __module__ = "__main__"


def system_behaviours(c):
    c.calls("module file name", lambda m: m.win32api.GetModuleFileName(0))
    c.calls("module handle", lambda m: m.win32api.GetModuleHandle(None) == m.win32api.GetModuleHandle("python.exe"))
    c.calls("computer", lambda m: m.win32api.GetComputerName().lower())
    c.calls("user", lambda m: m.win32api.GetUserName().lower())
    for code in (2, 5, 87, 1060, 1062, 1072):
        c.calls(f"FormatMessage({code})", lambda m: m.win32api.FormatMessage(code))
        c.calls(f"FormatMessage(flags, {code})", lambda m: m.win32api.FormatMessage(m.win32con.FORMAT_MESSAGE_FROM_SYSTEM, None, code, 0, None))
    c.calls("Sleep", lambda m: m.win32api.Sleep(1))
    c.calls("process id", lambda m: (m.win32api.GetCurrentProcessId(), m.win32api.GetCurrentProcess()))
    c.calls("thread id", lambda m: m.win32api.GetCurrentThreadId())
    c.calls("missing process", lambda m: m.win32api.OpenProcess(1, 0, 3))
    c.calls("own process", lambda m: m.win32api.OpenProcess(m.win32con.PROCESS_ALL_ACCESS, 0, os.getpid()))
    c.calls("bad handle", lambda m: m.win32api.CloseHandle(123456))
    c.calls("folders", lambda m: (m.win32api.GetSystemDirectory(), m.win32api.GetWindowsDirectory(), m.win32api.GetTempPath().lower()))
    c.calls("drives", lambda m: m.win32api.GetLogicalDriveStrings())
    c.calls("full path", lambda m: m.win32api.GetFullPathName("x\\..\\y"))
    c.calls("attributes of a file", lambda m: m.win32api.GetFileAttributes(sys.executable))
    c.calls("attributes of none", lambda m: m.win32api.GetFileAttributes("C:\\missing"))
    c.calls("missing file", lambda m: m.win32api.DeleteFile("C:\\missing"))
    c.calls("words", lambda m: (m.win32api.LOWORD(0x12345678), m.win32api.HIWORD(0x12345678)))
    c.calls("language", lambda m: m.win32api.MAKELANGID(m.win32con.LANG_NEUTRAL, m.win32con.SUBLANG_DEFAULT))
    c.calls("environment", lambda m: m.win32api.ExpandEnvironmentStrings("%SystemRoot%|%none%"))
    c.calls("handler of no kind", lambda m: m.win32api.SetConsoleCtrlHandler(5, True))

    def handler(m):
        return m.win32api.SetConsoleCtrlHandler(print, True), m.win32api.SetConsoleCtrlHandler(print, False)

    c.calls("console handler", handler)

    def registry(m):
        a, k = m.win32api, m.win32con
        path = "SOFTWARE\\pysvc compared"
        key = a.RegCreateKey(k.HKEY_CURRENT_USER, path)
        a.RegSetValueEx(key, "text", 0, k.REG_SZ, "x")
        a.RegSetValueEx(key, "number", 0, k.REG_DWORD, 7)
        a.RegSetValueEx(key, "texts", 0, k.REG_MULTI_SZ, ["a", "b"])
        results = [a.RegQueryValueEx(key, name) for name in ("text", "number", "texts")]
        results.append([a.RegEnumValue(key, index) for index in range(3)])
        results.append(a.RegQueryInfoKey(key)[:2])
        results.append(a.RegDeleteValue(key, "text"))
        results.append(a.RegCloseKey(key))
        with_read = a.RegOpenKeyEx(k.HKEY_CURRENT_USER, path, 0, k.KEY_READ)
        for call in (
            lambda: a.RegQueryValueEx(with_read, "missing"),
            lambda: a.RegOpenKey(k.HKEY_CURRENT_USER, path + " missing"),
            lambda: a.RegEnumKey(with_read, 0),
        ):
            try:
                results.append(call())
            except m.pywintypes.error as error:
                results.append(error.args)
        results.append(a.RegDeleteKey(k.HKEY_CURRENT_USER, path))
        return results

    c.calls("registry", registry)
    for hr in (0, 1, -2147467259, 0x80070005 - (1 << 32)):
        c.calls(f"HRESULT {hr}", lambda m: [f(hr) for f in (m.winerror.SUCCEEDED, m.winerror.FAILED, m.winerror.HRESULT_CODE, m.winerror.HRESULT_FACILITY, m.winerror.HRESULT_SEVERITY)])
    c.calls("HRESULT_FROM_WIN32", lambda m: [m.winerror.HRESULT_FROM_WIN32(code) for code in (0, 5, 1060, -5)])


def event_log_behaviours(c, name):
    def source(m):
        key = f"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\{name}"
        util = m.win32evtlogutil
        results = [util.AddSourceToRegistry(name, "C:\\messages.dll", categoryDLL="C:\\categories.dll", categoryCount=3)]
        opened = m.win32api.RegOpenKey(m.win32con.HKEY_LOCAL_MACHINE, key)
        for value in ("EventMessageFile", "TypesSupported", "CategoryMessageFile", "CategoryCount"):
            results.append(m.win32api.RegQueryValueEx(opened, value))
        results.append(util.ReportEvent(name, 1, 2, m.win32evtlog.EVENTLOG_WARNING_TYPE, ["a text"], b"data"))
        results.append(util.ReportEvent(name, 0xC00000FF - (1 << 32)))
        results += [util.RemoveSourceFromRegistry(name), util.RemoveSourceFromRegistry(name)]
        return results

    c.calls("event source", source)
    c.calls("handle of no event log", lambda m: m.win32evtlog.DeregisterEventSource(123456))


def main():
    comparison = Comparison(*load(sys.argv[1], sys.argv[2]))
    for name in NAMES:
        comparison.names(name)
    event_behaviours(comparison)
    type_behaviours(comparison)
    service_behaviours(comparison, "pysvc compared")
    system_behaviours(comparison)
    event_log_behaviours(comparison, "pysvc compared")
    print("compared", comparison.compared)


if __name__ == "__main__":
    main()
