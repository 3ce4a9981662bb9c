// SPDX-License-Identifier: MIT
#include "host/service/status.hpp"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <utility>

namespace pysvc {
namespace {

using enum State;

constexpr std::array kStates{Stopped, StartPending, StopPending, Running, ContinuePending, PausePending, Paused};

TEST(Status, AllowsExactlyTheMovesOfTheContract) {
    const std::set<std::pair<State, State>> legal{
        {StartPending, Running},     {StartPending, StopPending}, {StartPending, Stopped},
        {Running, PausePending},     {Running, Paused},           {Running, StopPending},
        {Running, Stopped},          {PausePending, Paused},      {PausePending, Running},
        {PausePending, StopPending}, {PausePending, Stopped},     {Paused, ContinuePending},
        {Paused, Running},           {Paused, StopPending},       {Paused, Stopped},
        {ContinuePending, Running},  {ContinuePending, Paused},   {ContinuePending, StopPending},
        {ContinuePending, Stopped},  {StopPending, Stopped},
    };
    for (const State from : kStates) {
        for (const State to : kStates) {
            const bool stays = from == to && from != Stopped;
            EXPECT_EQ(is_legal_move(from, to), stays || legal.contains({from, to}))
                << name_of(from) << " -> " << name_of(to);
        }
    }
}

TEST(Status, NothingFollowsStopped) {
    for (const State to : kStates) EXPECT_FALSE(is_legal_move(Stopped, to)) << name_of(to);
}

TEST(Status, FourStatesArePending) {
    const std::set<State> pending{StartPending, StopPending, PausePending, ContinuePending};
    for (const State state : kStates) EXPECT_EQ(is_pending(state), pending.contains(state)) << name_of(state);
}

TEST(Status, EveryStateHasItsWindowsName) {
    EXPECT_EQ(name_of(StartPending), "START_PENDING");
    std::set<std::string_view> names;
    for (const State state : kStates) names.insert(name_of(state));
    EXPECT_EQ(names.size(), kStates.size());
    EXPECT_EQ(name_of(static_cast<State>(99)), "UNKNOWN");
}

TEST(ExitStatus, ProcessCodeIsTheSpecificOneIfThereIsOne) {
    EXPECT_EQ(ExitStatus::success().process_code(), 0U);
    EXPECT_EQ(ExitStatus::service_specific(7).process_code(), 7U);
    EXPECT_EQ((ExitStatus{win32::kShutdownInProgress, 0}).process_code(), 1115U);
    // The last resort after an administrator's stop: no failure, our code is only
    // a note.
    EXPECT_EQ((ExitStatus{win32::kNoError, 7}).process_code(), 0U);
}

}  // namespace
}  // namespace pysvc
