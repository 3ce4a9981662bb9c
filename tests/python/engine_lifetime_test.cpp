// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace pysvc::test {
namespace {

TEST(EngineLifetime, RefusesAHostOfAnotherBuild) {
    in_child([] {
        const Session session;
        pysvc_host_api other = session.host.api;
        other.build_id = "0.0.0+other";
        EXPECT_EQ(session.open(&other), nullptr);
        other = session.host.api;
        other.size -= 8;
        EXPECT_EQ(session.open(&other), nullptr);
        EXPECT_EQ(session.open(nullptr), nullptr);
        EXPECT_EQ(session.open(&session.host.api), session.engine);
        EXPECT_EQ(session.engine->size, sizeof(pysvc_engine_api));
        EXPECT_STREQ(session.engine->build_id, session.host.api.build_id);
    });
}

TEST(EngineLifetime, StartsIsolatedWithTheGivenNames) {
    in_child([] {
        setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
        Session session;
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body(
            "print(sys.executable, sys._base_executable, sys.argv, sys.flags.isolated, sys.flags.no_site,\n"
            "      sys.dont_write_bytecode, sys.flags.no_user_site)\n"
            "import threading, signal\n"
            "print(threading.current_thread() is threading.main_thread())\n"
            "signal.signal(signal.SIGTERM, lambda *_: print('signal'))\n"
            "signal.raise_signal(signal.SIGTERM)\n"
            "print(self.args)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output),
                  "/usr/bin/python3 /usr/bin/python3 ['PythonService', 'h\xC3\xA9llo'] 1 0 False 1\n"
                  "True\nsignal\n('Svc', 'zw\xC3\xB6lf')");
        EXPECT_EQ(joined(session.host.warnings), "");
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineLifetime, HonoursTheEnvironmentWhenAsked) {
    in_child([] {
        setenv("PYTHONDONTWRITEBYTECODE", "1", 1);
        Session session;
        session.use_environment = true;
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body("print(sys.dont_write_bytecode, sys.flags.isolated)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "True 0");
    });
}

TEST(EngineLifetime, TakesExplicitSearchPaths) {
    in_child([] {
        Session session;
        session.search_paths = {"/usr/lib/python3.11", "/usr/lib/python3.11/lib-dynload",
                                "/nowhere/\xC3\xBC\xF0\x9F\x90\x8D"};
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body("print(sys.path[1:4])");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output),
                  "['/usr/lib/python3.11', '/usr/lib/python3.11/lib-dynload', '/nowhere/\xC3\xBC\xF0\x9F\x90\x8D']");
    });
}

TEST(EngineLifetime, KeepsBytecodeInTheGivenFolder) {
    in_child([] {
        Session session;
        session.pycache_prefix = "/var/lib/\xC3\xBC";
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body("print(sys.pycache_prefix)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "/var/lib/\xC3\xBC");
    });
}

TEST(EngineLifetime, ReportsAWrongPrefixAndEnds) {
    in_child([] {
        Session session;
        session.expected_prefix = "/opt/venv";
        EXPECT_FALSE(session.start());
        EXPECT_EQ(session.start_failure.error_code(), ErrorCode::PrefixMismatch);
        EXPECT_EQ(session.start_failure.text, "sys.prefix is '/usr', expected '/opt/venv'");
        EXPECT_EQ(session.python<int()>("Py_IsInitialized")(), 0);
    });
}

TEST(EngineLifetime, ReportsAMissingStandardLibrary) {
    in_child([] {
        Session session;
        session.search_paths = {session.folder.string()};
        EXPECT_FALSE(session.start());
        EXPECT_EQ(session.start_failure.error_code(), ErrorCode::InterpreterFailed);
        // The rest of the text is CPython's and differs between minors.
        EXPECT_EQ(session.start_failure.text.rfind("Py_InitializeFromConfig: ", 0), 0U) << session.start_failure.text;
    });
}

TEST(EngineLifetime, FinaliseRunsAtexitFunctionsAndFlushes) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import atexit, threading, time\n"
            "atexit.register(lambda: servicemanager.LogInfoMsg('late'))\n"
            "atexit.register(lambda: print('atexit', end=''))\n"
            "threading.Thread(target=lambda: (time.sleep(0.05), print('worker done'))).start()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_EQ(joined(session.host.output), "worker done\natexit");
        EXPECT_EQ(joined(session.host.errors), "");
        ASSERT_EQ(session.host.events.size(), 1U);
        EXPECT_EQ(session.host.events[0].inserts, std::vector<std::string>{"late"});
        EXPECT_EQ(session.finalize(), 0) << "a second call does nothing";
    });
}

TEST(EngineLifetime, FinaliseReportsAFailingFlush) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "class Broken:\n"
            "    closed = False\n"
            "    def write(self, text): pass\n"
            "    def flush(self): raise OSError('disk full')\n"
            "sys.stdout = Broken()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), -1);
    });
}

TEST(EngineLifetime, FinalisesWhileDaemonThreadsPrint) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import threading\n"
            "def work():\n"
            "    while True: print('x')\n"
            "for _ in range(4): threading.Thread(target=work, daemon=True).start()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineLifetime, DumpsStacksToTheCrashLogOnSignal) {
    in_child([] {
        Session session;
        session.crash_log = (session.folder / "crash.log").string();
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import os, signal, faulthandler\n"
            "print(faulthandler.is_enabled())\n"
            "os.kill(os.getpid(), signal.SIGUSR2)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "True");
        EXPECT_EQ(session.finalize(), 0);
        std::ifstream log(session.crash_log);
        const std::string text((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
        EXPECT_TRUE(contains(text, "in SvcRun")) << text;
    });
}

TEST(EngineLifetime, AnUnusableCrashLogIsAWarning) {
    in_child([] {
        Session session;
        session.crash_log = "/nowhere/crash.log";
        ASSERT_TRUE(session.start());
        ASSERT_EQ(session.host.warnings.size(), 1U);
        EXPECT_TRUE(contains(session.host.warnings[0], "/nowhere/crash.log")) << session.host.warnings[0];
        EXPECT_EQ(session.finalize(), 0);
    });
}

}  // namespace
}  // namespace pysvc::test
