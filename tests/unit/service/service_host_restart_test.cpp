// SPDX-License-Identifier: MIT
// One service of a shared process that stops and starts again, and again.
#include "tests/unit/service/host_test.hpp"

#include <algorithm>

namespace pysvc {
namespace {

using enum State;

constexpr int kRestarts = 1'000;
/// More than are ever there at once, which also depends on how fast a thread ends; far less than a leak would make.
constexpr std::size_t kHandful = 16;

class ServiceHostRestartTest : public HostTest {
protected:
    ServiceHostRestartTest() {
        table.emplace(ServiceTable::group({"stays", "again"}));
        for (const char* name : {"stays", "again"}) config.set_class(name, "module.Class");
    }

    /// One life of "again", from ServiceMain's call to its return.
    void live_once() {
        ServiceHost& made = host();
        std::thread service_main([&made] { made.service_main({"again"}); });
        // The statuses of the instance before end with STOPPED.
        scm.wait_until("again", "the next instance to run", [](const std::vector<StatusRecord>& statuses) {
            return !statuses.empty() && statuses.back().state == Running;
        });
        EXPECT_EQ(scm.control("again", control::kStop), win32::kNoError);
        service_main.join();
        EXPECT_EQ(states("again"), (std::vector{StartPending, Running, StopPending, Stopped}));
    }
};

TEST_F(ServiceHostRestartTest, RestartsLeaveNothingBehind) {
    start_and_wait("stays");
    ServiceHost::Held most;
    for (int i = 0; i < kRestarts && !HasFailure(); ++i) {
        live_once();
        const ServiceHost::Held held = host().held();
        most.runtimes = std::max(most.runtimes, held.runtimes);
        most.threads = std::max(most.threads, held.threads);
    }
    EXPECT_LE(most.runtimes, kHandful);
    EXPECT_LE(most.threads, kHandful);
    EXPECT_EQ(engine.attached(), 1) << "control threads";
    EXPECT_EQ(engine.starts(), 1);
    stop_and_wait("stays");
}

TEST_F(ServiceHostRestartTest, RestartsOnPyMainLeaveNothingBehind) {
    // py-main is free again when "first" has stopped, and the one that stays has a thread of its own.
    table.emplace(ServiceTable::group({"first", "stays", "again"}));
    config.set_class("first", "module.Class");
    start_and_wait("first");
    start_and_wait("stays");
    EXPECT_EQ(scm.control("first", control::kStop), win32::kNoError);
    wait_until_stopped("first");
    ServiceHost::Held most;
    for (int i = 0; i < kRestarts && !HasFailure(); ++i) {
        live_once();
        most.runtimes = std::max(most.runtimes, host().held().runtimes);
    }
    EXPECT_LE(most.runtimes, kHandful);
    EXPECT_EQ(host().held().threads, 1U);
    stop_and_wait("stays");
}

TEST_F(ServiceHostRestartTest, AReportAfterTheEndOfAServiceGoesNowhere) {
    start_and_wait("stays");
    ServicePointer instance;
    engine.on_run("again", [&](const ServicePointer& service) {
        instance = service;
        return ordinary_class()(service);
    });
    live_once();
    // A thread that the class left behind. Given to the real SetServiceStatus, it would be the status of a stopped
    // service, or of its next instance.
    EXPECT_EQ(instance->report(Running, accept::kStop), std::optional<std::uint32_t>(win32::kNoError));
    EXPECT_EQ(states("again").back(), Stopped);
    stop_and_wait("stays");
}

TEST_F(ServiceHostRestartTest, NorDoesAReportOfAServiceThatWasGivenUp) {
    start_and_wait("stays");
    ServicePointer instance;
    engine.on_run("again", [&](const ServicePointer& service) {
        instance = service;
        return hanging_class()(service);
    });
    start_and_wait("again");
    EXPECT_EQ(scm.control("again", control::kStop), win32::kNoError);
    clock.advance(std::chrono::seconds(180));
    wait_until_stopped("again");
    start("again");
    scm.wait_until("again", "the restart to be refused",
                   [](const std::vector<StatusRecord>& statuses) { return statuses.size() == 2; });
    EXPECT_EQ(instance->report(Running, accept::kStop), std::optional<std::uint32_t>(win32::kNoError));
    EXPECT_EQ(states("again"), (std::vector{StartPending, Stopped}));
    stop_and_wait("stays");
}

}  // namespace
}  // namespace pysvc
