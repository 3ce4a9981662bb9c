// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/report.hpp"
#include "tests/unit/commands/recording_ports.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using fakes::FakeScmClient;
using fakes::RecordingPorts;

int exit_code(const Result<int>& result) { return result ? *result : exit_code_of(result.error()); }

TEST(StartCommand, WaitsForRunning) {
    RecordingPorts fake;
    fake.scm.add("svc");
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.installed.at("svc").snapshot.state, State::Running);
    EXPECT_NE(fake.output.out.find("svc: RUNNING, process 42"), std::string::npos);
    EXPECT_EQ(fake.output.err, "");
}

TEST(StartCommand, TakesDisplayNames) {
    RecordingPorts fake;
    fake.scm.add("svc");
    EXPECT_EQ(exit_code(start_command({"svc (display)", {}, {}}, fake.ports)), 0);
}

TEST(StartCommand, RunningIsSuccessUnlessStrict) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 0);
    EXPECT_NE(fake.output.err.find("already RUNNING"), std::string::npos);
    WaitRequest strict;
    strict.strict = true;
    const auto refused = start_command({"svc", {}, strict}, fake.ports);
    EXPECT_EQ(finish(refused, fake.output), 1056);
    EXPECT_NE(fake.output.err.find("PythonService status svc\n"), std::string::npos);
}

TEST(StartCommand, RetriesALockedDatabase) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.failures["start"] = {1055, 1055, 0};
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.calls.size(), 3U);
}

TEST(StartCommand, ServiceThatEndsWhileStartingIsExplained) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start = {{0ms, FakeScmClient::in_state(State::StartPending, 42)},
                         {10ms, FakeScmClient::stopped_with(ExitStatus::service_specific(0x20000001))}};
    const auto result = start_command({"svc", {}, {}}, fake.ports);
    EXPECT_EQ(finish(result, fake.output), 1066);
    EXPECT_NE(fake.output.err.find("ended with an exception"), std::string::npos);
    EXPECT_NE(fake.output.err.find("svc.log"), std::string::npos);
}

TEST(StartCommand, ServiceThatEndsRightAfterRunningIsAFailure) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start = {{0ms, FakeScmClient::in_state(State::Running, 42)},
                         {150ms, FakeScmClient::in_state(State::StopPending, 42)},
                         {900ms, FakeScmClient::stopped_with(ExitStatus::service_specific(0x20000001))}};
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 1066);
}

TEST(StartCommand, Win32ExitCodeOfTheServiceIsTheExitCode) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start = {{0ms, FakeScmClient::stopped_with({193, 0})}};
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 193);
}

TEST(StartCommand, TheServicesOwnCodeIsBetterThan1053) {
    RecordingPorts fake;
    fake.scm.add("svc").snapshot = FakeScmClient::stopped_with(ExitStatus::service_specific(0x20002030));
    fake.scm.failures["start"] = {1053};
    const auto result = start_command({"svc", {}, {}}, fake.ports);
    EXPECT_EQ(exit_code(result), 1066);
    EXPECT_NE(result.error().context.find("Python was not found"), std::string::npos);
}

TEST(StartCommand, GivesUpWithoutProgressAndShowsIt) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start = {{0ms, FakeScmClient::in_state(State::StartPending, 42)}};
    const auto before = fake.clock.now();
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 1460);
    EXPECT_GE(fake.clock.now() - before, 30s);
    EXPECT_LT(fake.clock.now() - before, 32s);
    EXPECT_NE(fake.output.err.find("svc: START_PENDING"), std::string::npos);
}

TEST(StartCommand, ProgressExtendsTheWait) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start.resize(1);
    for (std::uint32_t i = 1; i < 6; ++i) {
        auto step = FakeScmClient::in_state(State::StartPending, 42);
        step.check_point = i;
        fake.scm.on_start.push_back({20s, step});
    }
    fake.scm.on_start.push_back({20s, FakeScmClient::in_state(State::Running, 42)});
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 0);
}

TEST(StartCommand, TimeoutIsALimitWhateverTheProgress) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.scm.on_start = {{0ms, FakeScmClient::in_state(State::StartPending, 42)}};
    WaitRequest wait;
    wait.limit = 5s;
    const auto before = fake.clock.now();
    EXPECT_EQ(exit_code(start_command({"svc", {}, wait}, fake.ports)), 1460);
    EXPECT_LT(fake.clock.now() - before, 6s);
}

TEST(StartCommand, CtrlCEndsTheWaitOnly) {
    RecordingPorts fake;
    fake.scm.add("svc");
    fake.interrupts.pressed = true;
    EXPECT_EQ(exit_code(start_command({"svc", {}, {}}, fake.ports)), 1223);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"start svc"}));
}

TEST(StartCommand, NoWaitReturnsAtOnce) {
    RecordingPorts fake;
    fake.scm.add("svc");
    WaitRequest wait;
    wait.no_wait = true;
    EXPECT_EQ(exit_code(start_command({"svc", {}, wait}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.installed.at("svc").snapshot.state, State::StartPending);
}

TEST(StartCommand, UnknownServiceIs1060) {
    RecordingPorts fake;
    const auto result = start_command({"svc", {}, {}}, fake.ports);
    EXPECT_EQ(finish(result, fake.output), 1060);
    EXPECT_NE(fake.output.err.find("refused: svc"), std::string::npos) << fake.output.err;
}

TEST(StopCommand, WaitsForTheEndOfTheProcess) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    fake.scm.process_ends_after = 3s;
    const auto before = fake.clock.now();
    EXPECT_EQ(exit_code(stop_command({"svc", {}}, fake.ports)), 0);
    EXPECT_GE(fake.clock.now() - before, 3s);
    EXPECT_NE(fake.output.out.find("svc: STOPPED"), std::string::npos);
}

TEST(StopCommand, StoppedIsSuccessUnlessStrict) {
    RecordingPorts fake;
    fake.scm.add("svc");
    EXPECT_EQ(exit_code(stop_command({"svc", {}}, fake.ports)), 0);
    WaitRequest strict;
    strict.strict = true;
    EXPECT_EQ(exit_code(stop_command({"svc", strict}, fake.ports)), 1062);
}

TEST(StopCommand, WaitsUntilAStartingServiceTakesAStop) {
    RecordingPorts fake;
    auto& service = fake.scm.add("svc", State::StartPending);
    service.snapshot.accepted = 0;
    service.coming.push_back({2s, FakeScmClient::in_state(State::Running, 42)});
    EXPECT_EQ(exit_code(stop_command({"svc", {}}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"control svc"}));
}

TEST(StopCommand, ErrorOfTheServiceIsAnError) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    fake.scm.on_stop = {{1ms, FakeScmClient::stopped_with({1066, 3})}};
    EXPECT_EQ(exit_code(stop_command({"svc", {}}, fake.ports)), 1066);
}

TEST(StopCommand, LastResortWithWin32CodeZeroIsAnError) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    fake.scm.on_stop = {{1ms, FakeScmClient::stopped_with({0, 0x20002043})}};
    const auto result = stop_command({"svc", {}}, fake.ports);
    EXPECT_EQ(exit_code(result), 1066);
    EXPECT_NE(result.error().context.find("did not stop"), std::string::npos);
}

TEST(StopCommand, NamesDependents) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    fake.scm.failures["control"] = {1051};
    fake.scm.dependents = {"child"};
    const auto result = stop_command({"svc", {}}, fake.ports);
    EXPECT_EQ(exit_code(result), 1051);
    EXPECT_NE(result.error().context.find("child"), std::string::npos);
}

TEST(RestartCommand, StopsAndStarts) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    EXPECT_EQ(exit_code(restart_command({"svc", {}, {}}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"control svc", "start svc"}));
}

TEST(RestartCommand, StartsAStoppedService) {
    RecordingPorts fake;
    fake.scm.add("svc");
    EXPECT_EQ(exit_code(restart_command({"svc", {}, {}}, fake.ports)), 0);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"start svc"}));
}

TEST(RestartCommand, DoesNotStartWhatDidNotStop) {
    RecordingPorts fake;
    fake.scm.add("svc", State::Running);
    fake.scm.on_stop = {{0ms, FakeScmClient::in_state(State::StopPending, 42)}};
    EXPECT_EQ(exit_code(restart_command({"svc", {}, {}}, fake.ports)), 1460);
    EXPECT_EQ(fake.scm.calls, (std::vector<std::string>{"control svc"}));
}

}  // namespace
}  // namespace pysvc
