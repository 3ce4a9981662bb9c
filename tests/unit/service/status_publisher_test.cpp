// SPDX-License-Identifier: MIT
#include "host/service/status_publisher.hpp"

#include "tests/fakes/fake_scm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using fakes::FakeScm;
using fakes::Gate;

constexpr std::uint32_t kPowerEvents = 0x40;

/// A control sink that does what the test says.
class Sink final : public ControlSink {
public:
    std::uint32_t on_control(ControlRecord record) noexcept override { return script ? script(record.control) : 0; }
    std::function<std::uint32_t(std::uint32_t)> script;
};

class StatusPublisherTest : public testing::Test {
protected:
    void SetUp() override {
        const auto handle = scm.register_handler("svc", sink);
        ASSERT_TRUE(handle);
        publisher.attach(*handle);
    }

    void publish_start() { publisher.publish({State::StartPending, std::nullopt, 10s}); }
    void publish_running(std::uint32_t accepted) { publisher.publish({State::Running, accepted, {}}); }

    FakeScm scm;
    Sink sink;
    int failures = 0;
    StatusPublisher publisher{scm, ServiceType::OwnProcess, [this] { ++failures; }};
};

TEST_F(StatusPublisherTest, ReportsAnOrdinaryLife) {
    publish_start();
    publish_running(accept::kStop);
    publisher.publish({State::StopPending, std::nullopt, 20s});
    publisher.publish_stopped(ExitStatus::service_specific(3));

    const auto statuses = scm.statuses("svc");
    ASSERT_EQ(statuses.size(), 4U);
    EXPECT_EQ(statuses[0], (StatusRecord{ServiceType::OwnProcess, State::StartPending, 0, {}, 1, 10s}));
    EXPECT_EQ(statuses[1],
              (StatusRecord{ServiceType::OwnProcess, State::Running, accept::kStop | accept::kShutdown, {}, 0, {}}));
    EXPECT_EQ(statuses[2], (StatusRecord{ServiceType::OwnProcess, State::StopPending, 0, {}, 1, 20s}));
    EXPECT_EQ(statuses[3],
              (StatusRecord{ServiceType::OwnProcess, State::Stopped, 0, ExitStatus::service_specific(3), 0, {}}));
    EXPECT_TRUE(publisher.is_stopped());
}

TEST_F(StatusPublisherTest, ReportsTheTypeOfASharedProcess) {
    StatusPublisher shared(scm, ServiceType::ShareProcess, [] {});
    shared.attach(publisher.handle());
    shared.publish({State::StartPending, std::nullopt, 1s});
    EXPECT_EQ(scm.last("svc").type, ServiceType::ShareProcess);
}

TEST_F(StatusPublisherTest, CheckpointMovesInPendingStatesAndStartsAgainInTheNext) {
    for (int i = 0; i < 3; ++i) publish_start();
    EXPECT_EQ(scm.last("svc").check_point, 3U);
    publisher.publish({State::StopPending, std::nullopt, 1s});
    EXPECT_EQ(scm.last("svc").check_point, 1U);
    publisher.publish({State::StopPending, std::nullopt, 1s});
    EXPECT_EQ(scm.last("svc").check_point, 2U);
}

TEST_F(StatusPublisherTest, RefusesIllegalMovesAndSendsNothing) {
    publish_start();
    EXPECT_FALSE(publisher.publish({State::Paused, std::nullopt, {}}));
    publish_running(accept::kStop);
    EXPECT_FALSE(publisher.publish({State::StartPending, std::nullopt, 1s}));
    EXPECT_FALSE(publisher.publish({State::ContinuePending, std::nullopt, 1s}));
    publisher.publish({State::StopPending, std::nullopt, 1s});
    EXPECT_FALSE(publisher.publish({State::Running, accept::kStop, {}}));
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Running, State::StopPending}));
}

TEST_F(StatusPublisherTest, AnEqualStatusIsNotSentAgain) {
    publish_start();
    publish_running(accept::kStop);
    EXPECT_TRUE(publisher.publish({State::Running, accept::kStop, {}}));
    EXPECT_EQ(scm.statuses("svc").size(), 2U);
    publish_running(accept::kStop | accept::kPauseContinue);
    EXPECT_EQ(scm.statuses("svc").size(), 3U);
}

TEST_F(StatusPublisherTest, StoppedIsSentOnceAndIsTheLast) {
    publish_start();
    EXPECT_TRUE(publisher.publish_stopped({}));
    EXPECT_FALSE(publisher.publish_stopped(ExitStatus::service_specific(1)));
    EXPECT_FALSE(publisher.publish({State::Running, accept::kStop, {}}));
    EXPECT_FALSE(publisher.publish_if(State::Stopped, {State::Running, accept::kStop, {}}));
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Stopped}));
}

TEST_F(StatusPublisherTest, PublishIfLooksAtTheStateFirst) {
    publish_start();
    EXPECT_FALSE(publisher.publish_if(State::Running, {State::PausePending, std::nullopt, 1s}));
    publish_running(accept::kStop);
    EXPECT_TRUE(publisher.publish_if(State::Running, {State::PausePending, std::nullopt, 1s}));
    EXPECT_EQ(scm.last("svc").state, State::PausePending);
}

TEST_F(StatusPublisherTest, AStoppingServiceTakesNoOrdersButTheEventsItAskedFor) {
    publish_start();
    publish_running(accept::kStop | kPowerEvents);
    publisher.publish({State::StopPending,
                       accept::kStop | accept::kPauseContinue | accept::kShutdown | accept::kPreshutdown | kPowerEvents,
                       1s});
    EXPECT_EQ(scm.last("svc").accepted, kPowerEvents);
}

TEST_F(StatusPublisherTest, StartPendingAcceptsOnlyWhatTheClassAsksFor) {
    publish_start();
    EXPECT_EQ(scm.last("svc").accepted, 0U);
    scm.controls_while_pending = true;
    publisher.publish({State::StartPending, accept::kStop, 1s});
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop);
    publish_running(0);
    EXPECT_EQ(scm.last("svc").accepted, 0U);
}

TEST_F(StatusPublisherTest, WhatAClassAcceptsWhileStartingSurvivesACheckpoint) {
    scm.controls_while_pending = true;
    publish_start();
    publisher.publish({State::StartPending, accept::kStop, 1s});
    publish_start();
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop);
    publisher.publish({State::StopPending, std::nullopt, 1s});
    EXPECT_EQ(scm.last("svc").accepted, 0U);
}

TEST_F(StatusPublisherTest, WhoTakesStopTakesShutdownUnlessItTakesPreshutdown) {
    publish_start();
    publish_running(accept::kStop);
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kShutdown);
    publish_running(accept::kStop | accept::kPreshutdown);
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kPreshutdown);
    publish_running(kPowerEvents);
    EXPECT_EQ(scm.last("svc").accepted, kPowerEvents);
}

TEST_F(StatusPublisherTest, TheMaskOfTheClassSurvivesAPause) {
    publish_start();
    publish_running(accept::kStop | accept::kPauseContinue);
    publisher.publish({State::PausePending, std::nullopt, 1s});
    EXPECT_EQ(scm.last("svc").accepted, accept::kStop | accept::kPauseContinue | accept::kShutdown);
}

TEST_F(StatusPublisherTest, AFailingCallDoesNotStopTheNext) {
    publish_start();
    scm.fail_statuses(1722);
    EXPECT_TRUE(publisher.publish({State::Running, accept::kStop, {}}));
    scm.fail_statuses(0);
    EXPECT_TRUE(publisher.publish_stopped({}));
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Stopped}));
}

TEST_F(StatusPublisherTest, AStatusThatWasNotSentIsSentAgain) {
    publish_start();
    scm.fail_statuses(1722);
    publish_running(accept::kStop);
    publish_running(accept::kStop);
    EXPECT_EQ(scm.states("svc"), std::vector{State::StartPending});
    scm.fail_statuses(0);
    publish_running(accept::kStop);
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Running}));
    publish_running(accept::kStop);
    EXPECT_EQ(scm.statuses("svc").size(), 2U) << "now it is known";
}

TEST_F(StatusPublisherTest, FailuresAreToldOnceUntilOneIsSent) {
    publish_start();
    EXPECT_EQ(publisher.take_failure(), std::nullopt);
    for (int burst = 1; burst <= 2; ++burst) {
        scm.fail_statuses(1722);
        for (int i = 0; i < 3; ++i) publish_start();
        EXPECT_EQ(failures, burst);
        const auto failure = publisher.take_failure();
        ASSERT_TRUE(failure);
        EXPECT_EQ(failure->code, ErrorCode::SetStatusFailed);
        EXPECT_EQ(failure->os_code, 1722U);
        EXPECT_EQ(failure->context, "START_PENDING");
        EXPECT_EQ(publisher.take_failure(), std::nullopt);
        scm.fail_statuses(0);
        publish_start();
    }
}

TEST_F(StatusPublisherTest, RunningNeverOvertakesStopPending) {
    // RUNNING stands inside SetServiceStatus when STOP comes: STOP_PENDING must
    // be the later of the two at the SCM.
    publish_start();
    Gate running_is_in;
    Gate stop_came;
    scm.before_status = [&](const std::string&, const StatusRecord& status) {
        if (status.state != State::Running) return;
        running_is_in.open();
        stop_came.wait();
    };
    std::thread service([&] { publish_running(accept::kStop); });
    running_is_in.wait();
    std::thread handler([&] {
        stop_came.open();
        publisher.publish({State::StopPending, std::nullopt, 1s});
    });
    service.join();
    handler.join();
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Running, State::StopPending}));
    EXPECT_FALSE(publisher.publish({State::Running, accept::kStop, {}}));
}

TEST_F(StatusPublisherTest, ManyThreadsNeverBreakARule) {
    // The strict fake judges: no illegal order, no checkpoint that stands still,
    // nothing after STOPPED.
    publish_start();
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this, i] {
            for (int round = 0; round < 100; ++round) {
                publish_running(accept::kStop | accept::kPauseContinue);
                publisher.publish_if(State::Running, {State::PausePending, std::nullopt, 1s});
                publisher.publish({State::Paused, std::nullopt, {}});
                if (i == 0 && round == 60) publisher.publish({State::StopPending, std::nullopt, 1s});
                if (i == 1 && round == 80) publisher.publish_stopped({});
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto states = scm.states("svc");
    EXPECT_EQ(states.back(), State::Stopped);
    const auto stop = std::ranges::find(states, State::StopPending);
    EXPECT_EQ(std::ranges::count(stop, states.end(), State::Running), 0);
}

TEST_F(StatusPublisherTest, StoppedThatWaitsForAHandlerDoesNotBlockThatHandler) {
    // Wine: SetServiceStatus(STOPPED) returns when no handler runs. The handler
    // wants to publish meanwhile.
    scm.stopped_waits_for_handler = true;
    publish_start();
    publish_running(accept::kStop);
    Gate in_handler;
    Gate stopped_is_sent;
    sink.script = [&](std::uint32_t) {
        in_handler.open();
        stopped_is_sent.wait();
        publisher.publish({State::StopPending, std::nullopt, 1s});
        return 0U;
    };
    scm.before_status = [&](const std::string&, const StatusRecord& status) {
        if (status.state == State::Stopped) stopped_is_sent.open();
    };
    std::thread dispatcher([&] { scm.control("svc", control::kStop); });
    in_handler.wait();
    EXPECT_TRUE(publisher.publish_stopped({}));
    dispatcher.join();
    EXPECT_EQ(scm.states("svc"), (std::vector{State::StartPending, State::Running, State::Stopped}));
}

}  // namespace
}  // namespace pysvc
