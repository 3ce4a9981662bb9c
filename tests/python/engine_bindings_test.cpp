// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// Runs `body` in a started session; fails the test when it raises. `prepare` comes first, `check` last.
void with_body(std::string_view body, const std::function<void(Session&)>& check,
               const std::function<void(Session&)>& prepare = {}) {
    in_child([&] {
        Session session;
        if (prepare) prepare(session);
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body(body);
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        check(session);
        EXPECT_EQ(session.finalize(), 0);
    });
}

void expect_output(Session& session, const std::string& text) { EXPECT_EQ(joined(session.host.output), text); }

TEST(EngineBindings, AreABuiltInModule) {
    with_body(
        "print(servicemanager.__spec__.origin, 'servicemanager' in sys.builtin_module_names, servicemanager.__file__)\n"
        "print(bool(servicemanager.__doc__), servicemanager.startup_error, servicemanager.startup_error.__mro__[1])\n"
        "before = servicemanager.startup_error\n"
        "del sys.modules['servicemanager']\n"
        "import servicemanager as again\n"
        "print(again.startup_error is before)",
        [](Session& session) {
            expect_output(session,
                          "built-in True /opt/PythonServiceMessages.dll\n"
                          "True <class 'servicemanager.startup_error'> <class 'Exception'>\nTrue");
        });
}

TEST(EngineBindings, AgreeWithTheStubFile) {
    with_body("sys.path.insert(0, r'" PYSVC_TEST_SOURCES
              "')\n"
              "import compare_stub\n"
              "stub = open(r'" PYSVC_TEST_PYI
              "', encoding='utf-8').read()\n"
              "for line in compare_stub.differences(servicemanager, stub): print(line)\n"
              "for change in compare_stub.unnoticed(servicemanager, stub): print('not noticed:', change)\n"
              "print(len(compare_stub.describe(servicemanager)))",
              // 13 constants, pywin32's 16 functions and 3 of our own, startup_error.
              [](Session& session) { expect_output(session, "33"); });
}

TEST(EngineBindings, AreDocumented) {
    with_body(
        "import inspect\n"
        "documented = [servicemanager] + [v for n, v in vars(servicemanager).items() if n[0] != '_' and callable(v)]\n"
        "for value in documented:\n"
        "    first = (inspect.getdoc(value) or '').partition('\\n\\n')[0]\n"
        "    if len(first) < 15 or first[-1] != '.': print(value, repr(first))\n"
        "print(len(documented))",
        [](Session& session) { expect_output(session, "21"); });
}

TEST(EngineBindings, PassSignsOfLifeOnToTheHost) {
    with_body(
        "sm = servicemanager\n"
        "for seconds in (30, 1.5, 0.0001, True, 0, None, 49 * 24 * 3600): sm.Watchdog(seconds)\n"
        "sm.Watchdog(2, 'Sv\u00e7')\n"
        "sm.Heartbeat(); sm.Heartbeat('Svc'); sm.Heartbeat(None)\n"
        "sm.NotifyReady(); sm.NotifyReady('Svc')",
        [](Session& session) {
            EXPECT_EQ(session.host.liveness,
                      (std::vector<std::string>{"watch  30000", "watch  1500", "watch  1", "watch  1000", "watch  0",
                                                "watch  0", "watch  4233600000", "watch Sv\xC3\xA7 2000", "heartbeat ",
                                                "heartbeat Svc", "heartbeat ", "ready ", "ready Svc"}));
        });
}

TEST(EngineBindings, RefuseSignsOfLifeThatMeanNothing) {
    with_body(
        "def tell(function, *args):\n"
        "    try: function(*args)\n"
        "    except Exception as e: print(type(e).__name__, e)\n"
        "sm = servicemanager\n"
        "for seconds in (-1, -0.5, float('nan'), float('inf'), 49 * 24 * 3600 + 1): tell(sm.Watchdog, seconds)\n"
        "for seconds in ('5', [], 10 ** 400): tell(sm.Watchdog, seconds)\n"
        "tell(sm.Watchdog, 5, 7); tell(sm.Heartbeat, b'x'); tell(sm.NotifyReady, 3)\n"
        "tell(sm.Watchdog); tell(sm.Heartbeat, 'a', 'b')",
        [](Session& session) {
            const std::string range = "ValueError seconds must be between 0 and 4233600 (49 days)\n";
            const std::string text = joined(session.host.output);
            EXPECT_TRUE(text.starts_with(range + range + range + range + range +
                                         "TypeError must be real number, not str\n"
                                         "TypeError must be real number, not list\n"
                                         "OverflowError int too large to convert to float\n"
                                         "TypeError service_name must be a str, not 'int'\n"))
                << text;
            EXPECT_EQ(session.host.liveness, std::vector<std::string>());
        });
}

TEST(EngineBindings, SayWhichServiceASignOfLifeCannotBeFor) {
    const auto tell = [](std::uint32_t result, const std::string& text) {
        with_body(
            "for function, args in ((servicemanager.Watchdog, (1,)), (servicemanager.Heartbeat, ()),\n"
            "                       (servicemanager.NotifyReady, ('Svc',))):\n"
            "    try: function(*args)\n"
            "    except ValueError as e: print(e)",
            [&](Session& session) { expect_output(session, text); },
            [=](Session& session) { session.host.liveness_result = result; });
    };
    tell(123,
         "no service runs in this process\nno service runs in this process\n"
         "the service 'Svc' is not hosted by this process");
    const std::string several = "this process hosts several services: name the one that is meant";
    tell(234, several + "\n" + several + "\n" + several);
}

TEST(EngineBindings, LogEvents) {
    with_body(
        "sm = servicemanager\n"
        "sm.LogMsg(4, 0x40001002, ('Svc', ''))\n"
        "sm.LogMsg(2, 0xC0000005)\n"
        "sm.LogMsg(1, -1073741819, ['a\\0b', '\\udc80', '\\u20ac'])\n"
        "sm.LogMsg(1, 5, 'xy')\n"
        "sm.LogMsg(1, 5, None)\n"
        "sm.LogInfoMsg('i'); sm.LogWarningMsg('w'); sm.LogErrorMsg('e')",
        [](Session& session) {
            const std::vector<ReportedEvent> expected = {
                {4, 0x40001002, {"Svc", ""}},
                {2, 0xC0000005, {}},
                {1, 0xC0000005, {std::string("a\0b", 3), "\xED\xB2\x80", "\xE2\x82\xAC"}},
                {1, 5, {"x", "y"}},
                {1, 5, {}},
                {4, 0x400000FF, {"i"}},
                {2, 0x400000FF, {"w"}},
                {1, 0xC00000FF, {"e"}},
            };
            EXPECT_EQ(session.host.events, expected);
        });
}

TEST(EngineBindings, RefuseWrongArguments) {
    // Call and exception, which is pywin32's in every row.
    with_body(
        "sm = servicemanager\n"
        "TypeErrors = '''\n"
        "LogMsg(); LogMsg(1); LogMsg(1, 5, 7); LogMsg(1, 5, {'a': 1}); LogMsg(1, 5, {'a'}); LogMsg(1, 5, ('a', 1))\n"
        "LogMsg(1, 5, b'ab'); LogMsg(1, 5, ['a', None]); LogMsg(1, 5, ('a',), 1); LogMsg(errorType=1, eventId=5)\n"
        "LogMsg('1', 5); LogMsg(1.0, 5); LogMsg(1, 5.0); LogMsg(None, 5); LogMsg(1, None)\n"
        "LogInfoMsg(); LogInfoMsg(b'x'); LogInfoMsg(None); LogInfoMsg(5); LogInfoMsg('a', 'b'); LogInfoMsg(msg='a')\n"
        "LogWarningMsg(); LogWarningMsg(b'x'); LogErrorMsg(); LogErrorMsg(b'x')\n"
        "SetEventSourceName(); SetEventSourceName(b'x'); SetEventSourceName(None); SetEventSourceName('x', 'y')\n"
        "SetEventSourceName('x', None); SetEventSourceName('x', 2.5); SetEventSourceName('x', 1, 2)\n"
        "Initialize(b'x'); Initialize(5); Initialize('a', 'b', 'c'); Initialize('a', b'b')\n"
        "RegisterServiceCtrlHandler(); RegisterServiceCtrlHandler('x'); RegisterServiceCtrlHandler('x', 5)\n"
        "RegisterServiceCtrlHandler(b'x', print); RegisterServiceCtrlHandler(None, print)\n"
        "RegisterServiceCtrlHandler('x', print, 'y'); RegisterServiceCtrlHandler('x', print, None)\n"
        "RegisterServiceCtrlHandler('x', print, extra_args=True)\n"
        "CoInitializeEx(); CoInitializeEx('x'); CoInitializeEx(1.5); CoUninitialize(1)\n"
        "Debugging('x'); Debugging(None); Debugging(1.5); Debugging(1, 2); RunningAsService(1)\n"
        "Finalize(1); PumpWaitingMessages(a=1); PrepareToHostSingle(1, 2)\n"
        "PrepareToHostMultiple('x'); PrepareToHostMultiple(5, int); PrepareToHostMultiple(None, int)\n"
        "PrepareToHostMultiple(b'x', int); StartServiceCtrlDispatcher(1)'''\n"
        "OverflowErrors = '''\n"
        "LogMsg(1, 2 ** 32); LogMsg(1, -2 ** 31 - 1); LogMsg(1, 2 ** 70); LogMsg(2 ** 70, 5); LogMsg(70000, 5)\n"
        "LogMsg(-1, 5); SetEventSourceName('x', 2 ** 40); CoInitializeEx(2 ** 40); Debugging(2 ** 40)'''\n"
        "for kind, calls in (TypeError, TypeErrors), (OverflowError, OverflowErrors):\n"
        "    for call in calls.replace('\\n', ';').split(';'):\n"
        "        if not call.strip(): continue\n"
        "        try: eval('sm.' + call.strip())\n"
        "        except kind as e: assert str(e), call\n"
        "        except Exception as e: print(call, repr(e))\n"
        "        else: print(call, 'is accepted')\n"
        "def text_of(*args):\n"
        "    try: sm.LogMsg(*args)\n"
        "    except Exception as e: return str(e)\n"
        "print(text_of(1, 5, 7), '|', text_of(1, 5, [5]), '|', text_of('1', 5), '|', text_of(1, 2 ** 70))\n",
        [](Session& session) {
            expect_output(session,
                          "strings must be None or a sequence | each of strings must be a str, not 'int' | "
                          "'str' object cannot be interpreted as an integer | "
                          "eventId must be between -2147483648 and 4294967295");
            EXPECT_TRUE(session.host.events.empty());
            EXPECT_TRUE(session.host.sources.empty());
            EXPECT_TRUE(session.host.handlers.empty());
            EXPECT_EQ(session.host.prepared, 0);
        });
}

TEST(EngineBindings, TakeEveryIdThatAMessageCanHave) {
    with_body(
        "class Index:\n"
        "    def __index__(self): return 5\n"
        "for id in 0, 0x7FFFFFFF, 0x80000000, 0xC0000005, 0xFFFFFFFF, -1, -1073741819, -2 ** 31, True, Index():\n"
        "    servicemanager.LogMsg(True, id)\n"
        "servicemanager.LogMsg(65535, 1)",
        [](Session& session) {
            std::vector<ReportedEvent> expected;
            for (const std::uint32_t id : {0u, 0x7FFFFFFFu, 0x80000000u, 0xC0000005u, 0xFFFFFFFFu, 0xFFFFFFFFu,
                                           0xC0000005u, 0x80000000u, 1u, 5u}) {
                expected.push_back({1, id, {}});
            }
            expected.push_back({65535, 1, {}});
            EXPECT_EQ(session.host.events, expected);
        });
}

TEST(EngineBindings, TakeInsertsOfAnyText) {
    with_body(
        "sm = servicemanager\n"
        "sm.LogMsg(1, 5, ['100% %1 %% %n', '', 'a\\0b', '\\udc80', '\\U0001f40d'])\n"
        "sm.LogMsg(1, 5, [str(n) for n in range(300)])\n"
        "class Lazy:\n"
        "    def __len__(self): return 2\n"
        "    def __getitem__(self, i): return 'item ' + str(i)\n"
        "sm.LogMsg(1, 5, Lazy())\n"
        "sm.LogInfoMsg('x' * 60_000)\n"
        "class Broken(Lazy):\n"
        "    def __getitem__(self, i): raise KeyError(i)\n"
        "try: sm.LogMsg(1, 5, Broken())\n"
        "except KeyError as e: print(repr(e))",
        [](Session& session) {
            expect_output(session, "KeyError(0)");
            ASSERT_EQ(session.host.events.size(), 4U);
            EXPECT_EQ(session.host.events[0].inserts,
                      (std::vector<std::string>{"100% %1 %% %n", "", std::string("a\0b", 3), "\xED\xB2\x80",
                                                "\xF0\x9F\x90\x8D"}));
            ASSERT_EQ(session.host.events[1].inserts.size(), 300U);
            EXPECT_EQ(session.host.events[1].inserts[299], "299");
            EXPECT_EQ(session.host.events[2].inserts, (std::vector<std::string>{"item 0", "item 1"}));
            EXPECT_EQ(session.host.events[3].inserts, (std::vector<std::string>{std::string(60'000, 'x')}));
        });
}

TEST(EngineBindings, OwnFileIsTheMessageTableBesideIt) {
    with_body(
        "import os\n"
        "servicemanager.Initialize('A', os.path.abspath(servicemanager.__file__))\n"
        "print(servicemanager.__file__)\n"
        // As in python.exe, where the import system names the engine itself, which holds no messages.
        "servicemanager.__file__ = os.path.join(os.sep, 'opt', 'servicemanager.cp311-win_amd64.pyd')\n"
        "servicemanager.Initialize('A', '/own/messages.dll')\n"
        "servicemanager.Initialize('A', os.path.abspath(servicemanager.__file__))",
        [](Session& session) {
            expect_output(session, "/opt/PythonServiceMessages.dll");
            EXPECT_EQ(session.host.message_files,
                      (std::vector<std::string>{"/opt/PythonServiceMessages.dll", "/own/messages.dll",
                                                "/opt/PythonServiceMessages.dll"}));
        });
}

/// Catches what a refused event raises, as `e` and its class as `kind`.
constexpr const char* kCatchError =
    "try: servicemanager.LogInfoMsg('x')\n"
    "except Exception as caught: e, kind = caught, type(caught)\n"
    "print(kind.__module__, kind.__qualname__, e.args[:2], e.winerror, e.funcname, e.strerror == e.args[2] != '')\n";

TEST(EngineBindings, RaiseOurPywintypesErrorWherePywin32IsMissing) {
    with_body(
        std::string(kCatchError) +
            "print(str(e) == str(e.args), repr(e) == 'error' + repr(e.args), kind.__mro__[1:2], kind.__doc__)\n"
            // What a script makes of it itself, as pywin32's own class does.
            "for args in (), (5,), (5, 'f'), (5, 'f', 't'), (5, 'f', 't', 'more'):\n"
            "    own = kind(*args)\n"
            "    print(repr(own), own.args == args, own.winerror, own.funcname, own.strerror)\n"
            "try: servicemanager.StartServiceCtrlDispatcher()\n"
            "except kind as again: print(again.args[:2], type(again) is kind)\n"
            "import pywintypes\n"
            "print(kind is pywintypes.error)",
        [](Session& session) {
            expect_output(
                session,
                "pywintypes error (5, 'RegisterEventSource/ReportEvent') 5 RegisterEventSource/ReportEvent True\n"
                "True True (<class 'Exception'>,) None\n"
                "error() True None None None\n"
                "error(5) True 5 None None\n"
                "error(5, 'f') True 5 f None\n"
                "error(5, 'f', 't') True 5 f t\n"
                "error(5, 'f', 't', 'more') True 5 f t\n"
                "(1063, 'StartServiceCtrlDispatcher') True\n"
                "True");
        },
        [](Session& session) {
            session.host.report_result = 5;
            session.host.dispatcher_result = 1063;
        });
}

TEST(EngineBindings, RaiseTheRealPywintypesError) {
    with_body(
        std::string(kCatchError) +
            "import pywintypes\n"
            "try: servicemanager.LogInfoMsg('x')\n"
            "except pywintypes.error as e: print('caught')",
        [](Session& session) {
            expect_output(
                session,
                "pywintypes error (5, 'RegisterEventSource/ReportEvent') 5 RegisterEventSource/ReportEvent True\n"
                "caught");
        },
        [](Session& session) {
            session.host.report_result = 5;
            session.file("pywintypes.py",
                         "class error(Exception):\n"
                         "    def __init__(self, *args):\n"
                         "        super().__init__(*args)\n"
                         "        self.winerror, self.funcname, self.strerror = args\n");
        });
}

TEST(EngineBindings, RegisterHandlers) {
    with_body(
        "def f(*a): pass\n"
        "print(servicemanager.RegisterServiceCtrlHandler('Svc', f))\n"
        "print(servicemanager.RegisterServiceCtrlHandler('Svc', f, True))",
        [](Session& session) {
            expect_output(session, "18446744073709551615\n18446744073709551615");
            ASSERT_EQ(session.host.handlers.size(), 2U);
            EXPECT_EQ(session.host.handlers[0].service, "Svc");
            EXPECT_FALSE(session.host.handlers[0].extra_args);
            EXPECT_TRUE(session.host.handlers[1].extra_args);
        },
        [](Session& session) { session.host.register_handle = UINT64_MAX; });
    with_body("print(servicemanager.RegisterServiceCtrlHandler('Svc', print))",
              [](Session& session) { expect_output(session, "None"); });
    const char* refused =
        "import sys\n"
        "f = lambda c: None\n"
        "n = sys.getrefcount(f)\n"
        "try: servicemanager.RegisterServiceCtrlHandler('Other', f)\n"
        "except Exception as e: print(type(e).__name__, e.args[0], sys.getrefcount(f) - n)";
    with_body(
        refused,
        [](Session& session) {
            expect_output(session, "ValueError the service 'Other' is not hosted by this process 0");
        },
        [](Session& session) { session.host.register_result = 123; });
    with_body(
        refused, [](Session& session) { expect_output(session, "error 1083 0"); },
        [](Session& session) { session.host.register_result = 1083; });
}

TEST(EngineBindings, ForwardInterrogateOnlyToOwnCode) {
    with_body(
        "import win32serviceutil as w\n"
        "class Plain(w.ServiceFramework): pass\n"
        "class Interrogated(w.ServiceFramework):\n"
        "    def SvcInterrogate(self): pass\n"
        "class Handled(w.ServiceFramework):\n"
        "    def ServiceCtrlHandlerEx(self, c, t, d): return super().ServiceCtrlHandlerEx(c, t, d)\n"
        "for c in (Plain, Interrogated, Handled):\n"
        "    servicemanager.RegisterServiceCtrlHandler('Svc', c().ServiceCtrlHandlerEx, True)\n"
        "servicemanager.RegisterServiceCtrlHandler('Svc', lambda c: None)",
        [](Session& session) {
            ASSERT_EQ(session.host.handlers.size(), 4U);
            EXPECT_FALSE(session.host.handlers[0].forward_interrogate);
            EXPECT_TRUE(session.host.handlers[1].forward_interrogate);
            EXPECT_TRUE(session.host.handlers[2].forward_interrogate);
            EXPECT_TRUE(session.host.handlers[3].forward_interrogate);
        },
        [](Session& session) {
            session.file("win32serviceutil.py",
                         "class ServiceFramework:\n"
                         "    def ServiceCtrlHandlerEx(self, control, event_type, data): pass\n"
                         "    def SvcInterrogate(self): pass\n");
        });
}

TEST(EngineBindings, TellTheHost) {
    with_body(
        "sm = servicemanager\n"
        "print(sm.Debugging(), sm.Debugging(5), sm.Debugging(0), sm.Debugging(-1), sm.RunningAsService())\n"
        "sm.SetEventSourceName('A'); sm.SetEventSourceName('B', True);\n"
        "print(sm.Initialize(), sm.Initialize('D', None), sm.Initialize('', ''), sm.Initialize(None, 'C:\\\\m.dll'))\n"
        "print(sm.Finalize(), sm.PrepareToHostSingle(), sm.PrepareToHostSingle(Svc), sm.PrepareToHostMultiple('x', "
        "Svc))\n"
        "print(sm.StartServiceCtrlDispatcher(), sm.PumpWaitingMessages(1, 'x'), sm.CoInitializeEx(0), "
        "sm.CoUninitialize())",
        [](Session& session) {
            expect_output(session,
                          "False False True False True\nNone None None None\nNone None None None\nNone 0 0 None");
            EXPECT_EQ(joined(session.host.sources), "A\nB now\nD");
            EXPECT_EQ(session.host.message_file, "C:\\m.dll");
            EXPECT_EQ(session.host.prepared, 3);
        });
}

TEST(EngineBindings, RaiseStartupErrorWhenHostingIsRefused) {
    with_body(
        "for call in (lambda: servicemanager.PrepareToHostSingle(Svc), lambda: "
        "servicemanager.PrepareToHostMultiple('x', Svc)):\n"
        "    try: call()\n"
        "    except servicemanager.startup_error as e: print(e)",
        [](Session& session) { expect_output(session, "PrepareToHostSingle failed!\nPrepareToHostMultiple failed!"); },
        [](Session& session) { session.host.prepare_result = 0; });
}

constexpr const char* kFakeWin32Service =
    "calls = []\n"
    "def SetServiceStatus(handle, status):\n"
    "    calls.append((handle, status))\n"
    "    return 'original'\n"
    "ERROR = 5\n";

TEST(EngineBindings, TakeOverSetServiceStatusForOwnHandles) {
    with_body(
        "import win32service as w, importlib\n"
        "status = (16, 4, 5, 0xC0000005, -1, 7, 5000)\n"
        "print(w.SetServiceStatus(77, status), w.SetServiceStatus(99, status), w.calls)\n"
        "print(type(w.__loader__).__name__, w.__spec__.loader is w.__loader__, w.ERROR, "
        "type(sys.meta_path[0]).__name__)\n"
        "for bad in ((1, 2), [1] * 7, (1, 2, 3, 4, 5, 6, 'x')):\n"
        "    try: w.SetServiceStatus(77, bad)\n"
        "    except TypeError as e: print('TypeError')\n"
        "try: w.SetServiceStatus(77, (2 ** 32,) * 7)\n"
        "except ValueError: print('ValueError')\n"
        "importlib.reload(w)\n"
        "print(w.SetServiceStatus(77, status))",
        [](Session& session) {
            expect_output(session,
                          "None original [(99, (16, 4, 5, 3221225477, -1, 7, 5000))]\n"
                          "SourceFileLoader True 5 ImportHooks\n"
                          "TypeError\nTypeError\nTypeError\nValueError\nNone");
            ASSERT_EQ(session.host.statuses.size(), 2U);
            const pysvc_status& status = session.host.statuses[0];
            EXPECT_EQ(status.service_type, 16U);
            EXPECT_EQ(status.current_state, 4U);
            EXPECT_EQ(status.controls_accepted, 5U);
            EXPECT_EQ(status.win32_exit_code, 0xC0000005U);
            EXPECT_EQ(status.service_specific_exit_code, 0xFFFFFFFFU);
            EXPECT_EQ(status.check_point, 7U);
            EXPECT_EQ(status.wait_hint, 5000U);
        },
        [](Session& session) {
            session.host.status_handle = 77;
            session.file("win32service.py", kFakeWin32Service);
        });
}

TEST(EngineBindings, TakeOverSetServiceStatusInDebugMode) {
    with_body(
        "import win32service as w\n"
        "try: w.SetServiceStatus(None, (16, 1, 0, 0, 0, 0, 0))\n"
        "except Exception as e: print(type(e).__name__, e.args[:2])\n"
        "print(w.calls)",
        [](Session& session) {
            expect_output(session, "error (87, 'SetServiceStatus')\n[]");
            EXPECT_EQ(session.host.statuses.size(), 1U);
        },
        [](Session& session) {
            session.host.status_result = 87;
            session.file("win32service.py", kFakeWin32Service);
        });
}

TEST(EngineBindings, RaisePywintypesErrorWherePywin32IsBroken) {
    with_body(std::string(kCatchError) + "print('pywintypes' in sys.modules)",
              [](Session& session) {
                  expect_output(session,
                                "pywintypes error (5, 'RegisterEventSource/ReportEvent') 5 "
                                "RegisterEventSource/ReportEvent True\n"
                                "False");
              },
              [](Session& session) {
                  session.host.report_result = 5;
                  session.file("pywintypes.py", "raise ImportError('DLL load failed')\n");
              });
}

}  // namespace
}  // namespace pysvc::test
