// SPDX-License-Identifier: MIT
// What an event says about a service that did not do what it should, and that nothing of it keeps the process alive.
#include "host/base/text.hpp"
#include "tests/unit/service/host_test.hpp"

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

class ServiceHostEvidenceTest : public HostTest {
protected:
    /// Returns when the stop of a class that does not stop is slow, and that has been reported.
    void let_a_stop_be_slow() {
        engine.on_run(hanging_class());
        start_and_wait("svc");
        EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
        clock.wait_until_watched(60s);
        clock.advance(60s);
        events.wait_for(ErrorCode::StopSlow);
    }
    [[nodiscard]] bool says(const std::string& part) const {
        return events.text(ErrorCode::StopSlow).find(part) != std::string::npos;
    }
};

TEST_F(ServiceHostEvidenceTest, HasThreadsChildrenNativeAndPythonStacks) {
    let_a_stop_be_slow();
    EXPECT_TRUE(
        says("svc\n"
             "threads of Python that keep it alive:\n"
             "  0x00000001 MainThread\n"
             "  0x00000002 uploader\n"
             "  daemon threads: 3\n"
             "child processes:\n"
             "  4242 ffmpeg.exe\n"
             "native stack of the service's thread:\n"
             "  ntdll.dll!NtWaitForSingleObject+0x14\n"
             "  python313.dll+0x1234\n"
             "stacks of Python:\n"
             "Thread 0x01 (most recent call first):\n"))
        << events.text(ErrorCode::StopSlow);
}

TEST_F(ServiceHostEvidenceTest, OfAStartBeforePythonSaysSo) {
    Gate& go_on = gate("go_on");
    engine.on_start = [&](const auto&) -> Result<void> {
        go_on.wait();
        return {};
    };
    start("svc");
    trace.wait_for("start interpreter");
    clock.wait_until_watched(60s);
    clock.advance(60s);
    events.wait_for(ErrorCode::StartSlow);
    EXPECT_NE(events.text(ErrorCode::StartSlow).find("threads of Python: it has not started"), std::string::npos);
    go_on.open();
    scm.wait_for("svc", Running);
    stop_and_wait();
}

TEST_F(ServiceHostEvidenceTest, SaysThatTheGilWasNotToBeHad) {
    Gate& gil = gate("gil");
    engine.on_describe_threads = [&] {
        gil.wait();
        return true;
    };
    let_a_stop_be_slow();
    EXPECT_TRUE(says("the GIL was not free for 1000 ms")) << events.text(ErrorCode::StopSlow);
    EXPECT_TRUE(says("in SvcDoRun")) << "the stacks need no GIL";
    // The answer that comes late is nobody's.
    gil.open();
}

TEST_F(ServiceHostEvidenceTest, SaysThatPythonTakesItselfApart) {
    engine.on_describe_threads = [] { return false; };
    let_a_stop_be_slow();
    EXPECT_TRUE(says("the interpreter is shutting down"));
}

TEST_F(ServiceHostEvidenceTest, NamesTheServicesThreadWhicheverItIs) {
    // The interpreter is shut down by py-main, whoever ran the service.
    Gate& go_on = gate("go_on");
    engine.on_finalize = [&] { go_on.wait(); };
    engine.on_run([](const ServicePointer&) { return RunAnswer::returned(); });
    start("svc");
    trace.wait_for("finalize");
    clock.wait_until_watched(10s);
    clock.advance(10s);
    events.wait_for(ErrorCode::FinalizeTimedOut);
    const std::string text = events.text(ErrorCode::FinalizeTimedOut);
    EXPECT_NE(text.find("NtWaitForSingleObject"), std::string::npos) << text;
    EXPECT_NE(text.find("uploader"), std::string::npos) << text;
    process.wait_for_end();
    go_on.open();
}

TEST_F(ServiceHostEvidenceTest, AnEventLogThatHangsKeepsNoServiceFromItsStopped) {
    Gate& event_log_works = gate("event_log_works");
    events.before_report = [&](const Event&) { event_log_works.wait(); };
    engine.on_run(hanging_class());
    config.set_parameter("svc", "StopTimeout", fakes::number_value(200'000));
    start_and_wait("svc");
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.wait_until_watched(180s);
    clock.advance(180s);
    process.wait_for_end();
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_EQ(events.count(ErrorCode::StopTimedOut), 0U);
    event_log_works.open();
}

}  // namespace
}  // namespace pysvc
