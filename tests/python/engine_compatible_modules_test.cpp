// SPDX-License-Identifier: MIT
// The modules that stand in for pywin32, inside a host on POSIX. Their equality with pywin32: tests/differential.
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>

namespace pysvc::test {
namespace {

/// What a body raises, as (type, arguments) in one line each.
constexpr const char* kTried =
    "def tried(function, *arguments):\n"
    "    try: print(function(*arguments))\n"
    "    except Exception as error: print(type(error).__name__, *error.args[:2])\n";

// ---- ServiceFramework -----------------------------------------------------------------------------------------------

constexpr const char* kFramework =
    "import servicemanager, win32event, win32service, win32serviceutil\n"
    "class Svc(win32serviceutil.ServiceFramework):\n"
    "    _svc_name_ = 'Svc'\n"
    "    _svc_display_name_ = 'A service'\n"
    "    def __init__(self, args):\n"
    "        super().__init__(args)\n"
    "        self.stop_event = win32event.CreateEvent(None, 0, 0, None)\n"
    "    def SvcStop(self):\n"
    "        self.ReportServiceStatus(win32service.SERVICE_STOP_PENDING)\n"
    "        win32event.SetEvent(self.stop_event)\n";

/// Runs a class of kFramework with these further methods; then `check`.
void with_framework(const std::string& methods, const std::function<void(Session&, const RunOutcome&)>& check) {
    in_child([&] {
        Session session;
        session.file("framework.py", std::string(kFramework) + methods);
        session.host.register_handle = session.host.status_handle = 0x77;
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        check(session, session.run("framework"));
    });
}

pysvc_control control_of(std::uint32_t code) { return {code, 0, nullptr, 0, 1}; }

std::vector<std::array<std::uint32_t, 3>> reported(const Session& session) {
    std::vector<std::array<std::uint32_t, 3>> states;
    for (const pysvc_status& status : session.host.statuses) {
        states.push_back({status.current_state, status.controls_accepted, status.check_point});
    }
    return states;
}

TEST(ServiceFramework, ReportsItsStatesThroughTheHost) {
    with_framework("    def SvcDoRun(self): win32event.SetEvent(self.stop_event)\n",
                   [](Session& session, const RunOutcome& run) {
                       EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
                       using States = std::vector<std::array<std::uint32_t, 3>>;
                       EXPECT_EQ(reported(session), (States{{4, 1, 0}, {3, 0, 1}}));
                       EXPECT_EQ(session.host.statuses.at(0).service_type, 0x10U);
                       EXPECT_EQ(session.host.statuses.at(0).wait_hint, 5000U);
                       EXPECT_EQ(session.host.sources, std::vector<std::string>{"Svc"});
                   });
}

TEST(ServiceFramework, AcceptsWhatTheClassHasMethodsFor) {
    with_framework(
        "    def SvcPause(self): pass\n"
        "    def SvcContinue(self): pass\n"
        "    SvcShutdown = SvcStop\n"
        "    def SvcDoRun(self): pass\n",
        [](Session& session, const RunOutcome&) { EXPECT_EQ(session.host.statuses.at(0).controls_accepted, 7U); });
}

TEST(ServiceFramework, LeadsControlsToTheirMethods) {
    with_framework(
        "    def SvcPause(self): print('SvcPause')\n"
        "    def SvcContinue(self): return 5\n"
        "    def SvcShutdown(self): print('SvcShutdown')\n"
        "    def SvcOther(self, control): print('SvcOther', control)\n"
        "    def SvcDoRun(self): pass\n",
        [](Session& session, const RunOutcome&) {
            void* handler = session.host.handlers.at(0).callable;
            EXPECT_TRUE(session.host.handlers.at(0).extra_args);
            EXPECT_FALSE(session.host.handlers.at(0).forward_interrogate) << "answered by the host";
            for (const std::uint32_t code : {1U, 2U, 4U, 5U, 130U}) {
                EXPECT_EQ(session.call(handler, control_of(code)).code, 0U) << code;
            }
            EXPECT_EQ(session.call(handler, control_of(3)).code, 5U);
            EXPECT_EQ(joined(session.host.output), "SvcPause\nSvcShutdown\nSvcOther 130");
            // SvcStop reports.
            EXPECT_EQ(session.host.statuses.back().current_state, 3U);
        });
}

TEST(ServiceFramework, OwnInterrogateIsTold) {
    with_framework(
        "    def SvcInterrogate(self): pass\n"
        "    def SvcDoRun(self): pass\n",
        [](Session& session, const RunOutcome&) { EXPECT_TRUE(session.host.handlers.at(0).forward_interrogate); });
}

TEST(ServiceFramework, ReportsInDebugModeToo) {
    in_child([] {
        Session session;
        session.file("framework.py", std::string(kFramework) + "    def SvcDoRun(self): print(self.ssh)\n");
        ASSERT_TRUE(session.start());
        EXPECT_EQ(session.run("framework").kind, PYSVC_RUN_RETURNED);
        EXPECT_EQ(joined(session.host.output), "None");
        EXPECT_EQ(session.host.statuses.size(), 2U);
    });
}

TEST(ServiceFramework, MadeByAScriptItselfReportsToNobody) {
    expect_output(
        "import win32serviceutil\n"
        "class Own(win32serviceutil.ServiceFramework):\n"
        "    def __init__(self): self.ssh = None\n"
        "    def SvcDoRun(self): print('ran')\n"
        "Own().SvcRun()",
        "ran");
}

// ---- win32serviceutil -----------------------------------------------------------------------------------------------

TEST(Win32serviceutil, ManagementSaysThatItNeedsWindows) {
    expect_output(
        std::string(kTried) +
            "import win32serviceutil\n"
            "class Svc: _svc_name_ = 'Svc'; _svc_display_name_ = 'A service'\n"
            "tried(win32serviceutil.StartService, 'Svc')\n"
            "tried(win32serviceutil.SetServiceCustomOption, Svc, 'option', 1)\n"
            "print(win32serviceutil.GetServiceCustomOption(Svc, 'option', 7))",
        "NotImplementedError win32service.OpenSCManager works only on Windows; `PythonService debug SCRIPT.py` "
        "runs a service here without it\n"
        "NotImplementedError win32serviceutil.SetServiceCustomOption works only on Windows; `PythonService "
        "debug SCRIPT.py` runs a service here without it\n"
        "7");
}

TEST(Win32serviceutil, ClassStringNamesTheScriptOfAMainClass) {
    expect_output(
        "import win32serviceutil\n"
        "class Main: __module__ = '__main__'\n"
        "class Other: __module__ = 'package.module'\n"
        "print(win32serviceutil.GetServiceClassString(Main, ['/some/folder/../service.v2.py', 'install']))\n"
        "print(win32serviceutil.GetServiceClassString(Other))",
        "/some/service.v2.Main\npackage.module.Other");
}

TEST(Win32serviceutil, CommandLineThatIsWrongIsAUsageError) {
    expect_output(
        "import win32serviceutil\n"
        "class Svc: _svc_name_ = 'Svc'; _svc_display_name_ = 'A service'\n"
        "win32serviceutil.usage = lambda: sys.exit('usage')\n"
        "for line in [], ['--startup', 'auto'], ['--frob', 'install'], ['frob'], ['install', 'more'], "
        "['--startup', 'never', 'install'], ['--wait', 'long', 'start']:\n"
        "    try: win32serviceutil.HandleCommandLine(Svc, argv=['service.py', *line])\n"
        "    except SystemExit as exit: print(exit.code)",
        "usage\n"
        "no command\nusage\n"
        "option --frob not recognized\nusage\n"
        "'frob' is no command\nusage\n"
        "install takes no arguments; options stand in front of the command\nusage\n"
        "--startup never: must be one of manual, auto, delayed, disabled\nusage\n"
        "--wait long: must be a number of seconds\nusage");
}

TEST(Win32serviceutil, UsageNamesEveryCommandAndExitsWithOne) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body("import win32serviceutil; win32serviceutil.usage()");
        EXPECT_EQ(run.kind, PYSVC_RUN_EXITED);
        EXPECT_EQ(run.exit_code, 1U);
        const std::string usage = joined(session.host.output);
        for (const char* word :
             {"install", "update", "remove", "start", "stop", "restart", "debug", "--startup", "--username",
              "--password", "--interactive", "--perfmonini", "--perfmondll", "--wait"}) {
            EXPECT_NE(usage.find(word), std::string::npos) << word;
        }
    });
}

// ---- win32event -----------------------------------------------------------------------------------------------------

/// Everything of win32event that the tests use; a function cannot import *.
constexpr const char* kWin32event =
    "from win32event import (\n"
    "    CancelWaitableTimer, CreateEvent, CreateMutex, CreateSemaphore, CreateWaitableTimer,\n"
    "    EVENT_MODIFY_STATE, INFINITE, MsgWaitForMultipleObjects, OpenEvent, PulseEvent,\n"
    "    QS_ALLINPUT, ReleaseMutex, ReleaseSemaphore, ResetEvent, SetEvent, SetWaitableTimer,\n"
    "    SignalObjectAndWait, WaitForMultipleObjects, WaitForSingleObject\n"
    ")\n";

TEST(Win32event, EventsResetThemselvesOrNot) {
    expect_output(std::string(kWin32event) +
                      "for manual in 0, 1:\n"
                      "    event = CreateEvent(None, manual, 1, None)\n"
                      "    print([WaitForSingleObject(event, 0) for _ in range(2)])\n"
                      "    SetEvent(event)\n"
                      "    ResetEvent(event)\n"
                      "    print(WaitForSingleObject(event, 1))",
                  "[0, 258]\n258\n[0, 0]\n258");
}

TEST(Win32event, WaitEndsWhenAnotherThreadSignals) {
    expect_output(std::string(kWin32event) +
                      "import threading\n"
                      "event = CreateEvent(None, 0, 0, None)\n"
                      "threading.Timer(0.02, SetEvent, [event]).start()\n"
                      "print(WaitForSingleObject(event, INFINITE))",
                  "0");
}

TEST(Win32event, WaitForSeveralTakesOneOrAll) {
    expect_output(std::string(kWin32event) +
                      "events = [CreateEvent(None, 0, 0, None) for _ in range(3)]\n"
                      "def signaled(): return [WaitForSingleObject(event, 0) for event in events]\n"
                      "SetEvent(events[2]); SetEvent(events[1])\n"
                      "print(WaitForMultipleObjects(events, 0, 10), signaled())\n"
                      "SetEvent(events[0]); SetEvent(events[1])\n"
                      "print(WaitForMultipleObjects(events, True, 1), signaled())\n"
                      "for event in events: SetEvent(event)\n"
                      "print(WaitForMultipleObjects(events, True, 10), signaled())\n"
                      "print(MsgWaitForMultipleObjects(events, 0, 1, QS_ALLINPUT), MsgWaitForMultipleObjects([], 0, 1, "
                      "QS_ALLINPUT))",
                  "1 [258, 258, 0]\n258 [0, 0, 258]\n0 [258, 258, 258]\n258 258");
}

TEST(Win32event, PulseReleasesWhoWaitsAndNobodyElse) {
    expect_output(std::string(kWin32event) +
                      "import threading\n"
                      "for manual in 0, 1:\n"
                      "    event, waiting = CreateEvent(None, manual, 0, None), CreateEvent(None, 0, 0, None)\n"
                      "    PulseEvent(event)\n"
                      "    print(WaitForSingleObject(event, 0))\n"
                      "    results = []\n"
                      "    thread = threading.Thread(target=lambda: results.append(SignalObjectAndWait(waiting, event, "
                      "10_000, False)))\n"
                      "    thread.start()\n"
                      // The signal and the begin of the wait are one step.
                      "    WaitForSingleObject(waiting, INFINITE)\n"
                      "    PulseEvent(event)\n"
                      "    thread.join()\n"
                      "    print(results, WaitForSingleObject(event, 0))",
                  "258\n[0] 258\n258\n[0] 258");
}

TEST(Win32event, MutexesBelongToTheirThread) {
    expect_output(std::string(kTried) + kWin32event +
                      "import threading\n"
                      "mutex = CreateMutex(None, True, None)\n"
                      "print(WaitForSingleObject(mutex, 0))\n"
                      "def other(): tried(WaitForSingleObject, mutex, 0); tried(ReleaseMutex, mutex)\n"
                      "def ask(): thread = threading.Thread(target=other); thread.start(); thread.join()\n"
                      "ask(); ReleaseMutex(mutex); ask(); ReleaseMutex(mutex); ask()\n"
                      "tried(ReleaseMutex, mutex)",
                  "0\n"
                  "258\nerror 288 ReleaseMutex\n"
                  "258\nerror 288 ReleaseMutex\n"
                  "0\nNone\n"
                  "error 288 ReleaseMutex");
}

TEST(Win32event, SemaphoresCount) {
    expect_output(std::string(kTried) + kWin32event +
                      "semaphore = CreateSemaphore(None, 1, 2, None)\n"
                      "print([WaitForSingleObject(semaphore, 0) for _ in range(2)])\n"
                      "print(ReleaseSemaphore(semaphore, 2), [WaitForSingleObject(semaphore, 0) for _ in range(3)])\n"
                      "tried(ReleaseSemaphore, semaphore, 3)\n"
                      "tried(CreateSemaphore, None, 3, 2, None)",
                  "[0, 258]\n0 [0, 0, 258]\nerror 298 ReleaseSemaphore\nerror 87 CreateSemaphore");
}

TEST(Win32event, TimersSignalOnceOrAgainAndAgain) {
    expect_output(std::string(kWin32event) +
                      "once, again = CreateWaitableTimer(None, 0, None), CreateWaitableTimer(None, 0, None)\n"
                      "SetWaitableTimer(once, -10_000, 0, None, None, 0)\n"
                      "print(WaitForSingleObject(once, 10_000), WaitForSingleObject(once, 20))\n"
                      "SetWaitableTimer(again, -10_000, 5, None, None, 0)\n"
                      "print([WaitForSingleObject(again, 10_000) for _ in range(3)])\n"
                      "CancelWaitableTimer(again)\n"
                      "WaitForSingleObject(again, 0)\n"
                      "print(WaitForSingleObject(again, 20))",
                  "0 258\n[0, 0, 0]\n258");
}

TEST(Win32event, NamesLeadToOneObjectUntilItsLastHandleIsClosed) {
    expect_output(std::string(kTried) + kWin32event +
                      "import win32api\n"
                      "first = CreateEvent(None, 1, 0, 'name')\n"
                      "print(win32api.GetLastError())\n"
                      "second = CreateEvent(None, 1, 0, 'name')\n"
                      "print(win32api.GetLastError())\n"
                      "third = OpenEvent(EVENT_MODIFY_STATE, 0, 'name')\n"
                      "SetEvent(third)\n"
                      "print(WaitForSingleObject(first, 0), first == second)\n"
                      "tried(CreateMutex, None, 0, 'name')\n"
                      "for handle in first, second, third: handle.Close()\n"
                      "tried(OpenEvent, EVENT_MODIFY_STATE, 0, 'name')",
                  "0\n183\n0 False\nerror 6 CreateMutex\nerror 2 OpenEvent");
}

TEST(Win32event, HandlesAreClosedWithTheirObjects) {
    expect_output(std::string(kTried) + kWin32event +
                      "import pywintypes\n"
                      "with CreateEvent(None, 1, 1, None) as event: number = int(event)\n"
                      "print(bool(event), int(event), event.Close())\n"
                      "tried(WaitForSingleObject, number, 0)\n"
                      "event = CreateEvent(None, 1, 1, None)\n"
                      "number = event.Detach()\n"
                      "print(event, WaitForSingleObject(number, 0))\n"
                      "pywintypes.HANDLE(number).Close()\n"
                      "tried(SetEvent, number)\n"
                      "tried(SetEvent, None)\n"
                      "tried(SetEvent, 'event')\n"
                      "tried(WaitForMultipleObjects, [], 0, 0)\n"
                      "tried(WaitForMultipleObjects, 5, 0, 0)",
                  "False 0 None\nerror 6 WaitForSingleObject\n<PyHANDLE:0> 0\nerror 6 SetEvent\nerror 6 SetEvent\n"
                  "TypeError The object is not a PyHANDLE object\nerror 87 WaitForMultipleObjects\n"
                  "TypeError Handles must be a list of integers");
}

// ---- the rest -------------------------------------------------------------------------------------------------------

TEST(Pywintypes, GuidsAreEqualByTheirValue) {
    expect_output(
        "import pywintypes\n"
        "text = '{6b29fc40-ca47-1067-b31d-00dd010662da}'\n"
        "iid = pywintypes.IID(text)\n"
        "print(repr(iid), iid == pywintypes.IID(text.upper()), {iid: 1}[pywintypes.IID(iid)], iid == text)\n"
        "print(pywintypes.IID(bytes(iid), True) == iid, bytes(iid)[:4])\n"
        "for bad in 'no guid', text[1:-1], text.replace('-', '_'):\n"
        "    try: pywintypes.IID(bad)\n"
        "    except pywintypes.com_error as error: print(error.hresult)",
        "IID('{6B29FC40-CA47-1067-B31D-00DD010662DA}') True 1 False\nTrue b'@\\xfc)k'\n"
        "-2147221005\n-2147221005\n-2147221005");
}

TEST(CompatibleModules, NamesThatTheyLackSayWhatToInstall) {
    expect_output(
        "import importlib\n"
        "for name in 'pywintypes', 'win32api', 'win32con', 'win32event', 'win32evtlog', 'win32evtlogutil', "
        "'win32service', 'win32serviceutil', 'win32timezone', 'winerror':\n"
        "    module = importlib.import_module(name)\n"
        "    print(hasattr(module, 'NoSuchName'), getattr(module, '__path__', None))\n"
        "try: importlib.import_module('win32con').NoSuchName\n"
        "except AttributeError as error: print(error)",
        [] {
            std::string lines;
            for (int i = 0; i < 10; ++i) lines += "False None\n";
            return lines +
                   "win32con.NoSuchName is not part of PythonService's compatible modules; install pywin32 into this "
                   "Python to use it";
        }());
}

TEST(CompatibleModules, AreLookedForFirstOnceOneOfThemWasFoundNowhereElse) {
    expect_output(
        "from importlib.machinery import PathFinder\n"
        "names = []\n"
        "class Recording:\n"
        "    def find_spec(self, name, path=None, target=None): names.append(name)\n"
        "sys.meta_path.insert(sys.meta_path.index(PathFinder), Recording())\n"
        "import win32serviceutil, win32event, win32api, win32con, winerror\n"
        "print(names)",
        "['win32serviceutil']");
}

TEST(CompatibleModules, AreFoundInTheFoldersOfPywin32Too) {
    expect_output(
        "import win32serviceutil, win32event\n"
        "from win32.lib import win32serviceutil as of_lib\n"
        "from win32 import win32event as of_win32\n"
        "print(of_lib is win32serviceutil, of_win32 is win32event)\n"
        "try: from win32 import win32file\n"
        "except ImportError as error: print(error.name)",
        "True True\nwin32");
}

TEST(CompatibleModules, OurPackageSaysNothingAboutPywin32) {
    in_child([] {
        Session session;
        session.file("win32con.py", "installed = True\n");
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body("import pythonservice, win32con\nprint(win32con.installed)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "True");
    });
}

TEST(CompatibleModules, OtherModulesOfPywin32AreNotThere) {
    expect_output(
        "for name in 'win32file', 'win32pipe', 'win32security', 'win32gui', 'win32process', 'pythoncom', 'win32com':\n"
        "    try: __import__(name)\n"
        "    except ModuleNotFoundError as error: print(error.name)",
        "win32file\nwin32pipe\nwin32security\nwin32gui\nwin32process\npythoncom\nwin32com");
}

TEST(CompatibleModules, ServicesImportNothingHeavyWithThem) {
    expect_output(
        "before = set(sys.modules)\n"
        "import servicemanager, win32event, win32service, win32serviceutil\n"
        "heavy = {'ctypes', 'datetime', 'enum', 'functools', 'getopt', 'logging', 're', 'subprocess', 'typing', "
        "'uuid',\n"
        "         'win32api', 'win32con', 'winerror', 'winreg'}\n"
        "print(sorted(heavy & (set(sys.modules) - before)))",
        "[]");
}

TEST(EventLogHandler, ReportsThroughTheHostOnPosix) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import logging, logging.handlers\n"
            "handler = logging.handlers.NTEventLogHandler('App')\n"
            "logging.getLogger().addHandler(handler)\n"
            "logging.error('went wrong')\n"
            "handler.close()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.host.events, (std::vector<ReportedEvent>{{1, 0xF000, {"App, event 1: went wrong"}}}));
    });
}

}  // namespace
}  // namespace pysvc::test
