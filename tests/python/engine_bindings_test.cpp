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
    with_body(
        "import ast, inspect\n"
        "tree = ast.parse(open(r'" PYSVC_TEST_PYI
        "', encoding='utf-8').read())\n"
        "names, signatures = {}, {}\n"
        "for node in tree.body:\n"
        "    if isinstance(node, ast.AnnAssign): names[node.target.id] = ast.literal_eval(node.value)\n"
        "    elif isinstance(node, ast.ClassDef): names[node.name] = None\n"
        "    elif isinstance(node, ast.FunctionDef):\n"
        "        names[node.name] = None\n"
        "        a = node.args\n"
        "        signatures.setdefault(node.name, ([x.arg for x in a.posonlyargs],\n"
        "            [ast.literal_eval(d) for d in a.defaults], a.vararg and a.vararg.arg))\n"
        "ours = {n for n in vars(servicemanager) if not n.startswith('_')}\n"
        "print(sorted(ours ^ set(names)), len(signatures))\n"
        "for name, value in names.items():\n"
        "    if value is not None and getattr(servicemanager, name) != value: print(name, value)\n"
        "for name, (args, defaults, vararg) in signatures.items():\n"
        "    ps = list(inspect.signature(getattr(servicemanager, name)).parameters.values())\n"
        "    got = ([p.name for p in ps if p.kind is p.POSITIONAL_ONLY], [p.default for p in ps if p.default is not "
        "p.empty],\n"
        "           next((p.name for p in ps if p.kind is p.VAR_POSITIONAL), None))\n"
        "    if got != (args, defaults, vararg): print(name, got, (args, defaults, vararg))\n"
        "    if len(inspect.getdoc(getattr(servicemanager, name))) < 30: print('no doc', name)",
        [](Session& session) { expect_output(session, "[] 16"); });
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
                {1, 0xC0000005, {"a\\0b", "\xED\xB2\x80", "\xE2\x82\xAC"}},
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
    with_body(
        "sm = servicemanager\n"
        "def refused(call, *args, **kw):\n"
        "    try: call(*args, **kw)\n"
        "    except Exception as e: print(type(e).__name__, str(e) if 'incompatible' not in str(e) else '')\n"
        "    else: print('accepted', call, args)\n"
        "refused(sm.LogMsg, 1, 5, 7)\n"
        "refused(sm.LogMsg, 1, 5, {'a': 1})\n"
        "refused(sm.LogMsg, 1, 5, ('a', 1))\n"
        "refused(sm.LogMsg, 1, 5, b'ab')\n"
        "refused(sm.LogMsg, 1, 2 ** 32)\n"
        "refused(sm.LogMsg, 70000, 5)\n"
        "refused(sm.LogMsg, errorType=1, eventId=5)\n"
        "refused(sm.LogInfoMsg, b'x')\n"
        "refused(sm.LogInfoMsg, None)\n"
        "refused(sm.SetEventSourceName, b'x')\n"
        "refused(sm.Initialize, b'x')\n"
        "refused(sm.RegisterServiceCtrlHandler, 'Svc', 5)\n"
        "refused(sm.RegisterServiceCtrlHandler, b'Svc', print)\n"
        "refused(sm.PrepareToHostMultiple, 'Svc')\n"
        "refused(sm.CoInitializeEx)",
        [](Session& session) {
            expect_output(session,
                          "TypeError strings must be None or a sequence\n"
                          "TypeError strings must be None or a sequence\n"
                          "TypeError each of strings must be a str, not 'int'\n"
                          "TypeError each of strings must be a str, not 'int'\n"
                          "OverflowError eventId must fit into 32 bits\n"
                          "OverflowError errorType must fit into 16 bits\n"
                          "TypeError \nTypeError \nTypeError \nTypeError \n"
                          "TypeError eventSourceName must be None or a str\n"
                          "TypeError the service control handler must be callable\n"
                          "TypeError \nTypeError \nTypeError ");
            EXPECT_TRUE(session.host.events.empty());
        });
}

constexpr const char* kCatchError =
    "try: servicemanager.LogInfoMsg('x')\n"
    "except Exception as e: print(type(e).__module__, type(e).__name__, e.args[:2], e.winerror, e.funcname, "
    "bool(e.strerror))\n";

TEST(EngineBindings, RaiseALookAlikeOfPywintypesError) {
    with_body(
        std::string(kCatchError) +
            "try: servicemanager.StartServiceCtrlDispatcher()\n"
            "except Exception as e: print(e.args[:2])\n"
            "servicemanager.startup_error",
        [](Session& session) {
            expect_output(
                session,
                "pywintypes error (5, 'RegisterEventSource/ReportEvent') 5 RegisterEventSource/ReportEvent True\n"
                "(1063, 'StartServiceCtrlDispatcher')");
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
                          "SourceFileLoader True 5 Win32ServiceFinder\n"
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

TEST(EngineBindings, LeaveAMissingWin32serviceMissing) {
    with_body(
        "try: import win32service\n"
        "except ModuleNotFoundError as e: print(e)",
        [](Session& session) { expect_output(session, "No module named 'win32service'"); });
}

}  // namespace
}  // namespace pysvc::test
