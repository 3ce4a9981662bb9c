// SPDX-License-Identifier: MIT
// A system that has no threads left. On POSIX, where every thread can be made to want more stack than there is.
#include "host/service/bounded_calls.hpp"
#include "tests/unit/service/host_test.hpp"

#include <pthread.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using enum State;

/// From here on no thread can be made: glibc takes the size of its stack from these attributes.
class NoMoreThreads {
public:
    NoMoreThreads() {
        pthread_getattr_default_np(&former_);
        pthread_attr_t wanted;
        pthread_attr_init(&wanted);
        pthread_attr_setstacksize(&wanted, std::size_t{1} << 46);
        EXPECT_EQ(pthread_setattr_default_np(&wanted), 0);
        pthread_attr_destroy(&wanted);
    }
    ~NoMoreThreads() {
        pthread_setattr_default_np(&former_);
        pthread_attr_destroy(&former_);
    }
    NoMoreThreads(const NoMoreThreads&) = delete;
    NoMoreThreads& operator=(const NoMoreThreads&) = delete;

private:
    pthread_attr_t former_;
};

class WithoutThreadsTest : public HostTest {
protected:
    void expect_failure_of_the_system() {
        EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(ErrorCode::OperatingSystem).exit_code));
        EXPECT_EQ(process.codes(), std::vector{error_info(ErrorCode::OperatingSystem).exit_code});
        EXPECT_EQ(events.count(ErrorCode::OperatingSystem), 1U);
        EXPECT_NE(events.text(ErrorCode::OperatingSystem).find("starting a thread"), std::string::npos);
        EXPECT_EQ(trace.count("run svc"), 0U);
    }
};

TEST_F(WithoutThreadsTest, NoServiceRunsWithoutItsWatchdog) {
    const NoMoreThreads none;
    host().service_main({"svc"});
    expect_failure_of_the_system();
}

TEST_F(WithoutThreadsTest, NoServiceRunsWithoutAThreadForPython) {
    std::optional<NoMoreThreads> none;
    // The watchdog is there already.
    config.on_parameters = [&] { none.emplace(); };
    host().service_main({"svc"});
    none.reset();
    expect_failure_of_the_system();
}

TEST_F(WithoutThreadsTest, AControlHandlerIsRefusedAndIsStillTheCallers) {
    std::uint32_t code = 0;
    engine.on_run([&](const ServicePointer& service) {
        const NoMoreThreads none;
        code = service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        return RunAnswer::raised("error: (164, 'RegisterServiceCtrlHandlerEx')");
    });
    start("svc");
    wait_until_closed();
    EXPECT_EQ(code, win32::kTooManyThreads);
    EXPECT_TRUE(engine.released_objects().empty());
    EXPECT_EQ(exit_of(), ExitStatus::service_specific(error_info(ErrorCode::RunRaised).exit_code));
}

TEST_F(WithoutThreadsTest, ADeadlineIsKeptAllTheSame) {
    std::optional<NoMoreThreads> none;
    engine.on_run(hanging_class());
    start_and_wait("svc");
    none.emplace();
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    clock.wait_until_watched(60s);
    clock.advance(180s);
    process.wait_for_end();
    none.reset();
    EXPECT_EQ(exit_of(), (ExitStatus{win32::kNoError, error_info(ErrorCode::StopTimedOut).exit_code}));
    EXPECT_EQ(events.count(ErrorCode::StopTimedOut), 1U);
    EXPECT_NE(events.text(ErrorCode::StopTimedOut).find("no thread can be made to ask"), std::string::npos);
}

TEST(WithoutThreads, ABoundedCallIsNotMade) {
    BoundedCalls calls;
    const NoMoreThreads none;
    EXPECT_EQ(calls.run([] { ADD_FAILURE() << "called"; }, 1min), BoundedCalls::Result::NoThread);
}

}  // namespace
}  // namespace pysvc
