// SPDX-License-Identifier: MIT
// Exceptions that nobody handles, and warnings: each reaches the host once, and nothing else.
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// What the host was told when a service whose SvcRun has `body` has run and the interpreter has ended.
std::vector<ReportedError> reports_of(std::string_view body) {
    Session session;
    EXPECT_TRUE(session.start()) << session.start_failure.text;
    const RunOutcome run = session.run_body(body);
    EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
    EXPECT_EQ(session.finalize(), 0);
    // Not on stderr as well.
    EXPECT_EQ(joined(session.host.errors), "");
    EXPECT_TRUE(session.host.warnings.empty()) << joined(session.host.warnings);
    return session.host.reported;
}

/// Expects one report of `code` that has all of `parts`, in their order.
void expect_report(const std::string& body, const std::vector<std::string>& parts,
                   ErrorCode code = ErrorCode::UnhandledException) {
    in_child([&] {
        const std::vector<ReportedError> reports = reports_of(body);
        ASSERT_EQ(reports.size(), 1U);
        EXPECT_EQ(reports[0].code, code);
        std::size_t position = 0;
        for (const std::string& part : parts) {
            position = reports[0].text.find(part, position);
            ASSERT_NE(position, std::string::npos) << "no '" << part << "' in\n" << reports[0].text;
        }
    });
}

TEST(EngineExceptions, OfAThreadAreReportedWithItsNameAndTheirCauses) {
    expect_report(
        "import threading\n"
        "def work():\n"
        "    try: {}['missing']\n"
        "    except KeyError as cause: raise ValueError('\\u20ac \\udc80') from cause\n"
        "thread = threading.Thread(target=work, name='worker')\n"
        "thread.start(); thread.join()",
        {"thread 'worker'\n", "KeyError: 'missing'", "was the direct cause of", "in work",
         "ValueError: \xE2\x82\xAC \xED\xB2\x80"});
}

TEST(EngineExceptions, OfAThreadMadeByHandAreReported) {
    expect_report(
        "import _thread, time\n"
        "lock = _thread.allocate_lock(); lock.acquire()\n"
        "class Guard:\n"
        "    def __del__(self): lock.release()\n"
        "def work(guard): raise ValueError('by hand')\n"
        "_thread.start_new_thread(work, (Guard(),))\n"
        "lock.acquire()",
        {"thread started by", "work", "ValueError: by hand"});
}

TEST(EngineExceptions, SystemExitEndsItsThreadInSilence) {
    in_child([] {
        EXPECT_TRUE(reports_of("import threading\n"
                               "thread = threading.Thread(target=sys.exit, args=(3,))\n"
                               "thread.start(); thread.join()")
                        .empty());
    });
}

TEST(EngineExceptions, OfADestructorAreReported) {
    expect_report(
        "class Held:\n"
        "    def __del__(self): raise ValueError('in del')\n"
        "    def __repr__(self): raise RuntimeError\n"
        "Held()",
        {"Exception ignored in: <function ", "Held.__del__", "ValueError: in del"});
}

TEST(EngineExceptions, OfAnObjectWithoutReprAreReported) {
    expect_report(
        "class Callback:\n"
        "    def __call__(self): raise ValueError('at exit')\n"
        "    def __repr__(self): raise RuntimeError\n"
        "import atexit; atexit.register(Callback())",
        {"atexit", "<Callback object, its repr() failed>", "ValueError: at exit"});
}

TEST(EngineExceptions, OfACallbackFromCAreReported) {
    expect_report(
        "import ctypes\n"
        "def compare(*_): raise ValueError('in C')\n"
        "callback = ctypes.CFUNCTYPE(ctypes.c_int)(compare)\n"
        "callback()",
        {"callback function", "compare", "ValueError: in C"});
}

TEST(EngineExceptions, OfATaskThatNobodyAwaitsAreReportedWithItsName) {
    expect_report(
        "import asyncio, gc\n"
        "async def fail(): raise ValueError('lost')\n"
        "async def main():\n"
        "    task = asyncio.create_task(fail(), name='lost one')\n"
        "    await asyncio.sleep(0)\n"
        "    del task; gc.collect()\n"
        "asyncio.run(main())",
        {"asyncio: Task exception was never retrieved", "name='lost one'", "in fail", "ValueError: lost"});
}

TEST(EngineExceptions, OfACallbackOfAnEventLoopAreReported) {
    expect_report(
        "import asyncio\n"
        "def fail(): raise ValueError('called soon')\n"
        "async def main():\n"
        "    asyncio.get_running_loop().call_soon(fail)\n"
        "    await asyncio.sleep(0)\n"
        "asyncio.run(main())",
        {"asyncio: Exception in callback", "ValueError: called soon"});
}

TEST(EngineExceptions, OfAForeignEventLoopAreReported) {
    // As uvloop and others do: a loop that is none of asyncio's logs with asyncio's logger.
    expect_report(
        "import asyncio.log\n"
        "try: raise ValueError('foreign')\n"
        "except ValueError: asyncio.log.logger.error('Unhandled exception in event loop', exc_info=True)",
        {"asyncio: Unhandled exception in event loop", "ValueError: foreign"});
}

TEST(EngineExceptions, OfTasksOfTheServiceFrameworkAreReported) {
    expect_report(
        "import asyncio, gc\n"
        "from pythonservice._async_run import AsyncRun\n"
        "from pythonservice._stopping import StopEvent\n"
        "async def fail(): raise ValueError('in the framework')\n"
        "async def run():\n"
        "    asyncio.ensure_future(fail())\n"
        "    await asyncio.sleep(0)\n"
        "    gc.collect()\n"
        "AsyncRun(StopEvent()).run(run, lambda: None)",
        {"asyncio: ", "ValueError: in the framework"});
}

TEST(EngineExceptions, ReachTheLoggingOfTheServiceAsWell) {
    expect_report(
        "import asyncio, io, logging\n"
        "text = io.StringIO()\n"
        "logging.basicConfig(stream=text, format='%(name)s %(message)s')\n"
        "from pythonservice._log_handler import EventLogHandler\n"
        "logging.getLogger().addHandler(EventLogHandler())\n"
        "asyncio.new_event_loop().call_exception_handler({'message': 'broken'})\n"
        "assert text.getvalue() == 'asyncio broken\\n', text.getvalue()\n"
        "logging.getLogger('asyncio').warning('slow')\n"
        "assert text.getvalue().endswith('asyncio slow\\n'), text.getvalue()",
        {"asyncio: broken"});
}

TEST(EngineExceptions, GivenToSysExcepthookAreReported) {
    expect_report(
        "try: raise ValueError('printed')\n"
        "except ValueError: sys.excepthook(*sys.exc_info())",
        {"sys.excepthook in thread ", "ValueError: printed"});
}

TEST(EngineExceptions, OfAHookAreReported) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import threading\n"
            "def broken(args): raise RuntimeError('the hook')\n"
            "threading.excepthook = broken\n"
            "thread = threading.Thread(target=lambda: 1/0)\n"
            "thread.start(); thread.join()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        // The headline is threading's.
        EXPECT_EQ(joined(session.host.errors), "Exception in threading.excepthook:");
        ASSERT_EQ(session.host.reported.size(), 1U);
        EXPECT_TRUE(contains(session.host.reported[0].text, "RuntimeError: the hook"));
    });
}

TEST(EngineExceptions, WarningsAreReportedOnceForEachPlace) {
    expect_report(
        "import warnings\n"
        "def old(): warnings.warn('do not use old', FutureWarning, stacklevel=2)\n"
        "for _ in range(3):\n"
        "    old()",
        {"body1.py:", "FutureWarning: do not use old", "old()"}, ErrorCode::PythonWarning);
}

TEST(EngineExceptions, WarningsOfForgottenCoroutinesAreReported) {
    expect_report("async def nothing(): pass\nnothing()", {"RuntimeWarning: coroutine ", "nothing' was never awaited"},
                  ErrorCode::PythonWarning);
}

TEST(EngineExceptions, RecordedAndRedirectedWarningsGoWhereTheServiceWantsThem) {
    in_child([] {
        EXPECT_TRUE(reports_of("import io, logging, warnings\n"
                               "with warnings.catch_warnings(record=True) as caught:\n"
                               "    warnings.warn('recorded')\n"
                               "assert len(caught) == 1\n"
                               "text = io.StringIO()\n"
                               "warnings.showwarning(UserWarning('to a file'), UserWarning, 'x.py', 1, file=text)\n"
                               "assert 'to a file' in text.getvalue()\n"
                               "logging.getLogger('py.warnings').addHandler(logging.StreamHandler(text))\n"
                               "logging.captureWarnings(True)\n"
                               "warnings.warn('logged')\n"
                               "assert 'logged' in text.getvalue()")
                        .empty());
    });
}

TEST(EngineExceptions, GoToTheHooksThatTheServiceSets) {
    in_child([] {
        EXPECT_TRUE(reports_of("import asyncio, threading\n"
                               "seen = []\n"
                               "threading.excepthook = lambda args: seen.append(str(args.exc_value))\n"
                               "sys.unraisablehook = lambda args: seen.append(str(args.exc_value))\n"
                               "def fail(text): raise ValueError(text)\n"
                               "thread = threading.Thread(target=fail, args=('thread',))\n"
                               "thread.start(); thread.join()\n"
                               "class Held:\n"
                               "    def __del__(self): fail('del')\n"
                               "Held()\n"
                               "async def main():\n"
                               "    loop = asyncio.get_running_loop()\n"
                               "    loop.set_exception_handler(lambda _, context: seen.append(context['message']))\n"
                               "    loop.call_exception_handler({'message': 'loop'})\n"
                               "asyncio.run(main())\n"
                               "assert seen == ['thread', 'del', 'loop'], seen")
                        .empty());
    });
}

TEST(EngineExceptions, TheirHooksImportNothing) {
    expect_output("print({'threading', 'asyncio', 'logging', 'traceback', 'warnings'} & set(sys.modules))", "set()");
}

TEST(EngineExceptions, OfTheLastMomentsAreOnStderr) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        // Destroyed with the globals of its module: nothing can be imported any more, not even traceback.
        const RunOutcome run = session.run_body(
            "class Late:\n"
            "    def __del__(self): raise ValueError('late')\n"
            "sys.modules[__name__].kept = Late()");
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_TRUE(contains(joined(session.host.errors), "ValueError: late"));
        EXPECT_TRUE(session.host.reported.empty());
    });
}

}  // namespace
}  // namespace pysvc::test
