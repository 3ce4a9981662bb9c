// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace pysvc::test {
namespace {

void expect_not_started(const RunOutcome& run, ErrorCode code, std::string_view part) {
    EXPECT_EQ(run.kind, PYSVC_RUN_NOT_STARTED);
    EXPECT_EQ(static_cast<int>(run.code), static_cast<int>(code)) << run.text;
    EXPECT_TRUE(contains(run.text, part)) << run.text;
}

TEST(EngineRun, ReportsTheStepsOfAStart) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("helper_module.py", "");
        const int before = session.host.imports;
        EXPECT_GT(before, 0);
        const RunOutcome run = session.run_body("import helper_module");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_GT(session.host.imports, before + 1);
        EXPECT_EQ(joined(session.host.steps), "class loaded\nconstructed\nbefore run\nafter run");
    });
}

TEST(EngineRun, NamesAMissingModule) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run("nosuchmodule");
        expect_not_started(run, ErrorCode::ModuleNotFound, "no module 'nosuchmodule'");
        EXPECT_TRUE(contains(run.text, session.folder.string())) << "sys.path is told: " << run.text;
        expect_not_started(session.run("nopackage.svc"), ErrorCode::ModuleNotFound, "no module 'nopackage'");
        EXPECT_EQ(joined(session.host.steps), "after run\nafter run");
        session.file("pk/__init__.py", "");
        expect_not_started(session.run("pk.svc"), ErrorCode::ModuleNotFound, "no module 'pk.svc'");
    });
}

TEST(EngineRun, TellsAMissingDependencyFromAMissingModule) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py", "import nosuchdependency\n");
        const RunOutcome run = session.run("svc");
        expect_not_started(run, ErrorCode::ImportRaised, "No module named 'nosuchdependency'");
        EXPECT_TRUE(contains(run.text, "svc.py\", line 1")) << run.text;
    });
}

TEST(EngineRun, NamesThePlaceOfASyntaxError) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py", "x = 1\n  def broken(:\n");
        const RunOutcome run = session.run("svc");
        expect_not_started(run, ErrorCode::ModuleSyntaxError, "svc.py', line 2: ");
        EXPECT_TRUE(contains(run.text, "def broken(:")) << run.text;
    });
}

TEST(EngineRun, ReportsWhatAnImportRaises) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("one.py",
                     "def f(): raise ValueError('b\xC3\xA4h')\ntry:\n    f()\nexcept ValueError as e:\n    raise "
                     "KeyError('second') from e\n");
        const RunOutcome run = session.run("one");
        expect_not_started(run, ErrorCode::ImportRaised, "ValueError: b\xC3\xA4h");
        EXPECT_TRUE(contains(run.text, "direct cause")) << run.text;
        EXPECT_TRUE(contains(run.text, "KeyError: 'second'")) << run.text;
        session.file("two.py", "import sys\nsys.exit(3)\n");
        expect_not_started(session.run("two"), ErrorCode::ImportRaised, "SystemExit: 3");
        session.file("three.py", "raise KeyboardInterrupt\n");
        expect_not_started(session.run("three"), ErrorCode::ImportRaised, "KeyboardInterrupt");
    });
}

TEST(EngineRun, SuggestsAClassName) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py", "from decimal import Decimal\nclass BackupService: pass\nnumber = 5\n");
        expect_not_started(session.run("svc", "BackupServise"), ErrorCode::ClassNotFound,
                           "did you mean 'BackupService'?");
        expect_not_started(session.run("svc", "Other"), ErrorCode::ClassNotFound, "its classes are 'BackupService'");
        expect_not_started(session.run("svc", "number"), ErrorCode::ClassNotFound, "no class but a 'int'");
        session.file("empty.py", "");
        expect_not_started(session.run("empty"), ErrorCode::ClassNotFound, "it defines no class");
    });
}

TEST(EngineRun, ReportsAFailingConstructor) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py",
                     "import servicemanager\n"
                     "class Svc:\n    def __init__(self, args): raise RuntimeError('no database')\n"
                     "class Quiet:\n    def __init__(self, args): raise servicemanager.startup_error('told already')\n"
                     "class Sub(servicemanager.startup_error): pass\n"
                     "class QuietToo:\n    def __init__(self, args): raise Sub('told already')\n"
                     "class Exits:\n    def __init__(self, args): raise SystemExit(2)\n"
                     "class Old:\n    def __init__(self): pass\n");
        expect_not_started(session.run("svc"), ErrorCode::ConstructorRaised, "RuntimeError: no database");
        expect_not_started(session.run("svc", "Quiet"), ErrorCode::StartupErrorRaised, "told already");
        expect_not_started(session.run("svc", "QuietToo"), ErrorCode::StartupErrorRaised, "told already");
        expect_not_started(session.run("svc", "Exits"), ErrorCode::ConstructorRaised, "SystemExit: 2");
        expect_not_started(session.run("svc", "Old"), ErrorCode::ConstructorRaised, "TypeError");
    });
}

TEST(EngineRun, FindsTheRunMethod) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py",
                     "class Base:\n    def __init__(self, args): pass\n"
                     "class None_(Base): pass\n"
                     "class Both(Base):\n    def SvcRun(self): print('SvcRun')\n    def run(self): print('no')\n"
                     "class Run(Base):\n    SvcRun = None\n    def run(self): print('run')\n"
                     "class Call(Base):\n    run = 5\n    def __call__(self): print('call')\n"
                     "class Outer:\n    class Inner(Base):\n        def run(self): print('inner')\n");
        expect_not_started(session.run("svc", "None_"), ErrorCode::NoRunMethod, "None_");
        for (const char* name : {"Both", "Run", "Call", "Outer.Inner"}) {
            const RunOutcome run = session.run("svc", name);
            EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        }
        EXPECT_EQ(joined(session.host.output), "SvcRun\nrun\ncall\ninner");
    });
}

TEST(EngineRun, MapsSystemExit) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const auto exits = [&](const char* statement, std::uint32_t code, const std::string& text) {
            const RunOutcome run = session.run_body(statement);
            EXPECT_EQ(run.kind, PYSVC_RUN_EXITED) << statement << run.text;
            EXPECT_EQ(run.exit_code, code) << statement;
            EXPECT_EQ(run.text, text) << statement;
        };
        exits("sys.exit()", 0, "");
        exits("raise SystemExit(None)", 0, "");
        exits("sys.exit(0)", 0, "");
        exits("sys.exit(7)", 7, "");
        exits("sys.exit(-1)", 0xFFFFFFFF, "");
        exits("sys.exit(2 ** 32 + 5)", 5, "");
        exits("sys.exit(True)", 1, "");
        exits("sys.exit('b\xC3\xA4h \\udc80')", 1, "b\xC3\xA4h \xED\xB2\x80");
        exits("sys.exit((1, 2))", 1, "(1, 2)");
    });
}

TEST(EngineRun, ReportsWhatRunRaises) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        RunOutcome run = session.run_body("try: 1/0\nexcept ZeroDivisionError: raise OSError('second')");
        EXPECT_EQ(run.kind, PYSVC_RUN_RAISED);
        EXPECT_EQ(run.code, ErrorCode::RunRaised);
        EXPECT_TRUE(contains(run.text, "ZeroDivisionError")) << run.text;
        EXPECT_TRUE(contains(run.text, "During handling")) << run.text;
        EXPECT_TRUE(contains(run.text, "OSError: second")) << run.text;
        run = session.run_body("raise KeyboardInterrupt");
        EXPECT_EQ(run.kind, PYSVC_RUN_RAISED);
        // The text of the exception itself raises.
        run = session.run_body("class Bad(Exception):\n    def __str__(self): raise self\nraise Bad");
        EXPECT_EQ(run.kind, PYSVC_RUN_RAISED);
        EXPECT_TRUE(contains(run.text, "Bad")) << run.text;
    });
}

TEST(EngineRun, EveryFailureNamesTheClassAndThePath) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("bad.py",
                     "raise_now = False\n"
                     "class Constructor:\n    def __init__(self, args): 1/0\n"
                     "class NoRun:\n    def __init__(self, args): pass\n"
                     "class Run(NoRun):\n    def SvcRun(self): 1/0\n");
        session.file("raises.py", "1/0\n");
        const std::string folder = session.folder.string();
        for (const auto& [module, name] : {std::pair{"missing", "Svc"},
                                           {"raises", "Svc"},
                                           {"bad", "Missing"},
                                           {"bad", "Constructor"},
                                           {"bad", "NoRun"},
                                           {"bad", "Run"}}) {
            const RunOutcome run = session.run(module, name);
            EXPECT_TRUE(
                contains(run.text, "\nclass: " + folder + "\\" + module + "." + name + "\nsys.path:\n  " + folder))
                << run.text;
        }
        // Who broke sys.path gets the traceback all the same.
        session.file("broken.py",
                     "import sys\nclass Svc:\n    def __init__(self, args): pass\n"
                     "    def SvcRun(self): sys.path = None; 1/0\n");
        EXPECT_TRUE(session.run("broken").text.ends_with("ZeroDivisionError: division by zero"));
    });
}

TEST(EngineRun, ReleasesTheInstance) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py",
                     "class Svc:\n    def __init__(self, args): pass\n    def SvcRun(self): raise OSError\n"
                     "    def __del__(self): print('gone')\n");
        EXPECT_EQ(session.run("svc").kind, PYSVC_RUN_RAISED);
        EXPECT_EQ(joined(session.host.output), "gone");
    });
}

TEST(EngineRun, ImportsAModuleOfAPackageByItsPath) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("outer/__init__.py", "");
        session.file("outer/inner/__init__.py", "");
        session.file("outer/sibling.py", "NAME = 'sibling'\n");
        session.file("outer/inner/svc.py",
                     "from ..sibling import NAME\n"
                     "class Svc:\n    def __init__(self, args): pass\n    def SvcRun(self): print(__name__, NAME)\n");
        const std::string directory = (session.folder / "outer/inner").string();
        RunOutcome run = session.run("svc", "Svc", directory);
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        run = session.run("outer.inner.svc", "Svc");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "outer.inner.svc sibling\nouter.inner.svc sibling");
    });
}

TEST(EngineRun, AStrayInitFileChangesNothing) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("__init__.py", "raise RuntimeError('never meant to run')\n");
        session.file("sibling_module.py", "NAME = 'absolute'\n");
        const RunOutcome run = session.run_body("import sibling_module\nprint(__name__, sibling_module.NAME)");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), "body1 absolute");
    });
}

TEST(EngineRun, PutsAFolderOnThePathOnce) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const std::string body = "print(sys.path.count(" + ("r'" + session.folder.string() + "'") + "), sys.path[0])";
        session.run_body(body);
        session.run_body(body);
        EXPECT_EQ(joined(session.host.output), "1 " + session.folder.string() + "\n1 " + session.folder.string());
    });
}

TEST(EngineRun, EndsUserCodeWithSystemExit) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        std::atomic<int> raised = 0;
        std::thread helper;
        session.host.on_before_run = [&] {
            helper = std::thread([&] { raised = session.engine->raise_system_exit(Session::service()); });
        };
        session.host.on_after_run = [&] { helper.join(); };
        const RunOutcome run = session.run_body("import time\nwhile True: time.sleep(0.001)");
        EXPECT_EQ(run.kind, PYSVC_RUN_EXITED) << run.text;
        EXPECT_EQ(run.exit_code, 0U);
        EXPECT_EQ(raised, 1);
        EXPECT_EQ(session.engine->raise_system_exit(Session::service()), 0) << "no user code runs any more";
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineRun, ClearsASystemExitThatCameTooLate) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.host.on_after_run = [&] {
            // What a helper does that found the code running just before it ended.
            const auto gil = session.python<int()>("PyGILState_Ensure")();
            const auto thread = session.python<unsigned long()>("PyThread_get_thread_ident")();
            auto** system_exit = session.python<void*>("PyExc_SystemExit");
            session.python<int(unsigned long, void*)>("PyThreadState_SetAsyncExc")(thread, *system_exit);
            session.python<void(int)>("PyGILState_Release")(gil);
        };
        const RunOutcome run = session.run_body(
            "import threading, time, atexit\n"
            "atexit.register(lambda: print('atexit'))\n"
            "threading.Thread(target=lambda: (time.sleep(0.05), print('worker'))).start()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_EQ(joined(session.host.output), "worker\natexit");
        EXPECT_EQ(joined(session.host.errors), "");
    });
}

TEST(EngineRun, RunsSeveralServicesAtOnce) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        session.file("svc.py",
                     "import threading\n"
                     "meet = threading.Barrier(3)\n"
                     "class Svc:\n    def __init__(self, args): pass\n    def SvcRun(self): meet.wait(30)\n");
        std::atomic<int> returned = 0;
        const auto run = [&] { returned += session.run("svc").kind == PYSVC_RUN_RETURNED ? 1 : 0; };
        std::thread second(run);
        std::thread third(run);
        run();
        second.join();
        third.join();
        EXPECT_EQ(returned, 3);
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineRun, TakesAClassObject) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        void* kept = nullptr;
        // The class hands itself over as a control handler would be.
        session.run_body("servicemanager.RegisterServiceCtrlHandler('Svc', Svc)");
        ASSERT_EQ(session.host.handlers.size(), 1U);
        kept = session.host.handlers[0].callable;
        const RunOutcome run = session.run_object(kept);
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        session.engine->release_object(kept);
        session.engine->release_object(nullptr);
        EXPECT_EQ(session.finalize(), 0);
    });
}

}  // namespace
}  // namespace pysvc::test
