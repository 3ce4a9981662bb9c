// SPDX-License-Identifier: MIT
// Python's threads as evidence, and what the end of an interpreter waits for.
#include "tests/python/engine_fixture.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <regex>
#include <thread>

namespace pysvc::test {
namespace {

struct Described {
    int result = 0;
    std::string text;
};

/// describe_threads on a thread of its own, as the host calls it.
Described describe(const Session& session) {
    Described described;
    std::thread([&] {
        const auto put = [](void* context, const char* data, std::size_t size) {
            static_cast<std::string*>(context)->append(data, size);
        };
        described.result = session.engine->describe_threads({&described.text, put});
    }).join();
    return described;
}

TEST(EngineThreads, AreNamedUnlessTheyAreDaemons) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import builtins, threading\n"
            "builtins.go_on = threading.Event()\n"
            "threading.Thread(target=go_on.wait, name='upl\u00f6ader').start()\n"
            "for _ in range(2): threading.Thread(target=go_on.wait, daemon=True).start()");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        const Described described = describe(session);
        EXPECT_EQ(described.result, 1);
        EXPECT_TRUE(std::regex_match(described.text, std::regex("0x[0-9a-f]{16} MainThread\n"
                                                                "0x[0-9a-f]{16} upl\xC3\xB6"
                                                                "ader\n"
                                                                "daemon threads: [23]")))
            << described.text;
        EXPECT_EQ(session.run_body("go_on.set()").kind, PYSVC_RUN_RETURNED);
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineThreads, OfAProgramThatNeverImportedThreadingAreNone) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        ASSERT_EQ(session.run_body("sys.modules.pop('threading', None)").kind, PYSVC_RUN_RETURNED);
        EXPECT_EQ(describe(session).text, "daemon threads: 0");
        session.finalize();
    });
}

TEST(EngineThreads, ThatCannotBeListedAreSaidToBeSo) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body("import threading\nthreading.enumerate = lambda: 1 / 0");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        const Described described = describe(session);
        EXPECT_EQ(described.result, 1);
        EXPECT_TRUE(described.text.starts_with("not to be had: ZeroDivisionError")) << described.text;
        EXPECT_EQ(session.finalize(), 0);
    });
}

TEST(EngineThreads, ThatHoldUpTheEndAreNamedWhileTheInterpreterWaitsForThem) {
    in_child([] {
        Session session;
        int pipe_ends[2];
        ASSERT_EQ(pipe(pipe_ends), 0);
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(
            "import os, threading\n"
            "def hold_up():\n"
            "    threading.main_thread().join()\n"
            "    print('the main thread has ended')\n"
            "    os.read(" +
            std::to_string(pipe_ends[0]) +
            ", 1)\n"
            "threading.Thread(target=hold_up, name='the culprit').start()");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        std::thread watchdog([&] {
            const auto is_ending = [&] {
                const std::scoped_lock lock(session.host.mutex);
                return !session.host.output.empty();
            };
            while (!is_ending()) std::this_thread::yield();
            const Described described = describe(session);
            EXPECT_EQ(described.result, 1);
            EXPECT_TRUE(contains(described.text, " the culprit\n")) << described.text;
            EXPECT_EQ(write(pipe_ends[1], "x", 1), 1);
        });
        EXPECT_EQ(session.finalize(), 0);
        watchdog.join();
        EXPECT_EQ(describe(session).result, 0) << "there is no interpreter any more";
    });
}

// ---- what has to be over before STOPPED
// ------------------------------------------------------------------------------

/// What a service whose SvcRun has `body` printed by the end of its interpreter.
void expect_at_the_end(std::string_view body, const std::string& output) {
    in_child([&] {
        Session session;
        ASSERT_TRUE(session.start());
        const RunOutcome run = session.run_body(body);
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_EQ(joined(session.host.output), output);
        EXPECT_EQ(joined(session.host.errors), "");
    });
}

TEST(EngineEnd, RunsAtexitFunctionsLastInFirstOut) {
    expect_at_the_end("import atexit\nfor text in ('first', 'last'): atexit.register(print, text)", "last\nfirst");
}

TEST(EngineEnd, ShutsLoggingDown) {
    expect_at_the_end(
        "import logging, logging.handlers\n"
        "target = logging.StreamHandler(sys.stdout)\n"
        "buffered = logging.handlers.MemoryHandler(100, flushLevel=logging.CRITICAL, target=target)\n"
        "logging.getLogger().addHandler(buffered)\n"
        "logging.warning('buffered until the end')",
        "buffered until the end");
}

TEST(EngineEnd, FinishesWhatExecutorsHaveTakenOn) {
    expect_at_the_end(
        "import time\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "executor = ThreadPoolExecutor(1)\n"
        "executor.submit(time.sleep, 0.02)\n"
        "executor.submit(print, 'queued')",
        "queued");
}

TEST(EngineEnd, JoinsThreadsThatAreNoDaemonsAndOnlyThose) {
    expect_at_the_end(
        "import threading, time\n"
        "def work(seconds, text):\n"
        "    time.sleep(seconds)\n"
        "    print(text)\n"
        "threading.Thread(target=work, args=(600, 'daemon'), daemon=True).start()\n"
        "threading.Thread(target=work, args=(0.02, 'joined')).start()",
        "joined");
}

TEST(EngineEnd, FlushesWhatFilesAndStreamsHold) {
    in_child([] {
        Session session;
        ASSERT_TRUE(session.start());
        const std::string path = (session.folder / "held.txt").string();
        const RunOutcome run =
            session.run_body("import builtins\nbuiltins.held = open('" + path +
                             "', 'w')\nheld.write('in the buffer')\nprint('without a line break', end='')");
        ASSERT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(session.finalize(), 0);
        EXPECT_EQ(joined(session.host.output), "without a line break");
        std::ifstream file(path);
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "in the buffer");
    });
}

}  // namespace
}  // namespace pysvc::test
