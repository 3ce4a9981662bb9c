// SPDX-License-Identifier: MIT
#include "host/service/console_host.hpp"

#include "tests/fakes/fake_config.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

class RecordingOutput final : public Output {
public:
    void write(Stream stream, std::string_view text) override { (stream == Stream::Out ? out : err) += text; }
    Result<Secret> ask_secret(std::string_view) override { return Secret{}; }
    Result<Secret> read_secret_line() override { return Secret{}; }

    std::string out;
    std::string err;
};

class NoSink final : public ControlSink {
public:
    std::uint32_t on_control(ControlRecord) noexcept override { return 0; }
};

TEST(ConsoleEventLog, PrintsEventsAsPywin32DoesInDebug) {
    RecordingOutput output;
    ConsoleEventLog log(output);
    ASSERT_TRUE(log.report("source", Event{EventType::Information, 0x40001002, {"svc", " grün %1"}}));
    ASSERT_TRUE(log.report("source", Event{EventType::Error, 0xC00000FF, {"failed"}}));
    ASSERT_TRUE(log.report("source", Event{EventType::Warning, 0x800000FF, {"careful"}}));
    EXPECT_TRUE(output.out.starts_with("Info 0x40001002 - ")) << output.out;
    EXPECT_NE(output.out.find("svc has started grün %1"), std::string::npos) << output.out;
    EXPECT_NE(output.out.find("\nError 0xC00000FF - "), std::string::npos) << output.out;
    EXPECT_NE(output.out.find("\nWarning 0x800000FF - "), std::string::npos) << output.out;
    EXPECT_TRUE(output.err.empty());
}

TEST(ConsoleEventLog, NeedsNoRegistration) {
    RecordingOutput output;
    ConsoleEventLog log(output);
    EXPECT_TRUE(log.is_source_registered("anything"));
    EXPECT_TRUE(log.register_source("anything", {}));
    EXPECT_TRUE(output.out.empty());
}

TEST(ConsoleScmServer, HasNoHandleAndShowsStatesOnStderr) {
    RecordingOutput output;
    ConsoleScmServer scm(output);
    NoSink sink;
    EXPECT_EQ(*scm.register_handler("svc", sink), 0U);
    ASSERT_TRUE(scm.set_status(0, {ServiceType::OwnProcess, State::StartPending, 0, {}, 1, 1s}));
    ASSERT_TRUE(scm.set_status(0, {ServiceType::OwnProcess, State::StartPending, 0, {}, 2, 1s}));
    ASSERT_TRUE(scm.set_status(0, {ServiceType::OwnProcess, State::Running, 1, {}, 0, {}}));
    ASSERT_TRUE(
        scm.set_status(0, {ServiceType::OwnProcess, State::Stopped, 0, ExitStatus::service_specific(3), 0, {}}));
    EXPECT_EQ(output.err, "svc: START_PENDING\nsvc: RUNNING\nsvc: STOPPED, exit code 3\n");
    EXPECT_TRUE(output.out.empty());
}

TEST(ConsoleScmServer, ShowsAStateOnceAndTellsOfIt) {
    RecordingOutput output;
    std::vector<State> told;
    ConsoleScmServer scm(output, [&](State state) { told.push_back(state); });
    NoSink sink;
    ASSERT_TRUE(scm.register_handler("svc", sink));
    for (const std::uint32_t accepted : {1U, 3U}) {
        ASSERT_TRUE(scm.set_status(0, {ServiceType::OwnProcess, State::Running, accepted, {}, 0, {}}));
    }
    ASSERT_TRUE(scm.set_status(0, {ServiceType::OwnProcess, State::Paused, 3, {}, 0, {}}));
    EXPECT_EQ(output.err, "svc: RUNNING\nsvc: PAUSED\n");
    EXPECT_EQ(told, (std::vector<State>{State::Running, State::Paused}));
}

}  // namespace
}  // namespace pysvc
