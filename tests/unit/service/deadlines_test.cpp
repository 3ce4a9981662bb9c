// SPDX-License-Identifier: MIT
#include "host/service/deadlines.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace pysvc {

std::ostream& operator<<(std::ostream& out, DeadlineAction action) { return out << static_cast<int>(action); }

namespace {

using namespace std::chrono_literals;
using enum DeadlineAction;

const TimePoint kStart{std::chrono::hours(100)};

using Due = std::vector<std::pair<std::chrono::milliseconds, DeadlineAction>>;

/// Everything that becomes due, and when: runs through the deadlines as the
/// watchdog does.
Due run_through(Deadlines& deadlines) {
    Due due;
    while (deadlines.next() != TimePoint::max()) {
        const TimePoint at = deadlines.next();
        EXPECT_FALSE(deadlines.take_due(at - 1ms)) << "before its time";
        const auto action = deadlines.take_due(at);
        if (!action) {
            ADD_FAILURE() << "next() promised an action";
            break;
        }
        due.emplace_back(std::chrono::duration_cast<std::chrono::milliseconds>(at - kStart), *action);
    }
    return due;
}

struct Case {
    const char* name;
    std::function<void(Deadlines&)> setup;
    Due due;

    friend std::ostream& operator<<(std::ostream& out, const Case& row) { return out << row.name; }
};

class DeadlinesTable : public testing::TestWithParam<Case> {};

TEST_P(DeadlinesTable, ComesDueAsExpected) {
    Deadlines deadlines{Settings{}};
    GetParam().setup(deadlines);
    EXPECT_EQ(run_through(deadlines), GetParam().due);
}

INSTANTIATE_TEST_SUITE_P(
    Deadlines, DeadlinesTable,
    testing::Values(
        Case{"NothingAtFirst", [](Deadlines&) {}, {}},
        Case{"AStartIsSlowThenOver",
             [](Deadlines& d) { d.begin_start(kStart); },
             {{60s, WarnStartSlow}, {600s, EndStart}}},
        Case{"ProgressPutsOffOnlyTheWarning",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 d.progress(kStart + 59s);
             },
             {{119s, WarnStartSlow}, {600s, EndStart}}},
        Case{"OneWarningInAStart",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 EXPECT_EQ(d.take_due(kStart + 60s), WarnStartSlow);
                 d.progress(kStart + 61s);
             },
             {{600s, EndStart}}},
        Case{"ProgressWithoutAStartIsNothing", [](Deadlines& d) { d.progress(kStart); }, {}},
        Case{"RunningHasNoDeadline",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 d.end_start();
             },
             {}},
        Case{"AStopIsSlowThenOver", [](Deadlines& d) { d.begin_stop(kStart); }, {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"AStopEndsTheStart",
             [](Deadlines& d) {
                 d.begin_start(kStart - 30s);
                 d.begin_stop(kStart);
             },
             {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"ARepeatedStopChangesNothing",
             [](Deadlines& d) {
                 d.begin_stop(kStart);
                 d.begin_stop(kStart + 50s);
             },
             {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"AShutdownLimitShortensBoth",
             [](Deadlines& d) { d.begin_stop(kStart, 4s); },
             {{4s, WarnStopSlow}, {4s, EndStop}}},
        Case{"ALongLimitLengthensNothing",
             [](Deadlines& d) { d.begin_stop(kStart, 1'000s); },
             {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"AHintLengthensBoth",
             [](Deadlines& d) {
                 d.begin_stop(kStart);
                 d.extend_stop(kStart + 50s, 300s);
             },
             {{350s, WarnStopSlow}, {350s, EndStop}}},
        Case{"AHintNeverShortens",
             [](Deadlines& d) {
                 d.begin_stop(kStart);
                 d.extend_stop(kStart + 1s, 5s);
             },
             {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"AHintDoesNotPassTheLimitOfAShutdown",
             [](Deadlines& d) {
                 d.begin_stop(kStart, 4s);
                 d.extend_stop(kStart + 1s, 300s);
             },
             {{4s, WarnStopSlow}, {4s, EndStop}}},
        Case{"AShutdownShortensAStopThatIsUnderWay",
             [](Deadlines& d) {
                 d.begin_stop(kStart - 10s);
                 d.begin_stop(kStart, 4s);
             },
             {{4s, WarnStopSlow}, {4s, EndStop}}},
        Case{"AWarningThatWasGivenDoesNotComeBack",
             [](Deadlines& d) {
                 d.begin_stop(kStart);
                 EXPECT_EQ(d.take_due(kStart + 60s), WarnStopSlow);
                 d.extend_stop(kStart + 61s, 300s);
             },
             {{361s, EndStop}}},
        Case{"GraceAsksThenEnds", [](Deadlines& d) { d.begin_grace(kStart); }, {{3s, RaiseSystemExit}, {4s, EndGrace}}},
        Case{"GraceBeginsOnce",
             [](Deadlines& d) {
                 d.begin_grace(kStart);
                 d.begin_grace(kStart + 2s);
                 EXPECT_EQ(d.take_due(kStart + 3s), RaiseSystemExit);
                 d.begin_grace(kStart + 3s);
             },
             {{4s, EndGrace}}},
        Case{"GraceEndsTheStart",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 d.begin_grace(kStart);
             },
             {{3s, RaiseSystemExit}, {4s, EndGrace}}},
        Case{"TheEndOfTheCodeEndsGraceAndStart",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 d.begin_grace(kStart);
                 d.end_run(kStart);
             },
             {{60s, WarnStopSlow}, {180s, EndStop}}},
        Case{"TheEndOfTheCodeKeepsAStop",
             [](Deadlines& d) {
                 d.begin_stop(kStart - 20s);
                 d.end_run(kStart);
             },
             {{40s, WarnStopSlow}, {160s, EndStop}}},
        Case{"FinalisingTakesTheStopsPlace",
             [](Deadlines& d) {
                 d.begin_stop(kStart);
                 d.begin_finalize(kStart + 1s);
             },
             {{11s, EndFinalize}}},
        Case{"FinalisingDoesNotPassTheLimitOfAShutdown",
             [](Deadlines& d) {
                 d.begin_stop(kStart, 4s);
                 d.begin_finalize(kStart + 1s);
             },
             {{4s, EndFinalize}}},
        Case{"RefusedControlsAreCountedForAWhile",
             [](Deadlines& d) {
                 d.begin_drop_count(kStart);
                 d.begin_drop_count(kStart + 1s);
             },
             {{10s, ReportDropped}}},
        Case{"ClearEndsEverything",
             [](Deadlines& d) {
                 d.begin_start(kStart);
                 d.begin_stop(kStart);
                 d.begin_grace(kStart);
                 d.begin_finalize(kStart);
                 d.begin_drop_count(kStart);
                 d.clear();
             },
             {}}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Deadlines, TakesTheTimesOfTheSettings) {
    Settings settings;
    settings.start_timeout = 10s;
    settings.stop_timeout = 2s;
    settings.stop_kill_timeout = 3s;
    settings.stop_grace = 0s;
    settings.finalize_timeout = 7s;
    Deadlines start{settings};
    start.begin_start(kStart);
    EXPECT_EQ(run_through(start), (Due{{10s, EndStart}}));
    Deadlines stop{settings};
    stop.begin_stop(kStart);
    EXPECT_EQ(run_through(stop), (Due{{2s, WarnStopSlow}, {3s, EndStop}}));
    Deadlines grace{settings};
    grace.begin_grace(kStart);
    EXPECT_EQ(run_through(grace), (Due{{0s, RaiseSystemExit}, {1s, EndGrace}}));
    Deadlines finalize{settings};
    finalize.begin_finalize(kStart);
    EXPECT_EQ(run_through(finalize), (Due{{7s, EndFinalize}}));
}

TEST(Deadlines, WaitHintsAreWhatIsLeftAndAtLeastASecond) {
    Deadlines deadlines{Settings{}};
    EXPECT_EQ(deadlines.start_time_left(kStart), 1s);
    deadlines.begin_start(kStart);
    EXPECT_EQ(deadlines.start_time_left(kStart), 600s);
    EXPECT_EQ(deadlines.start_time_left(kStart + 100s), 500s);
    EXPECT_EQ(deadlines.start_time_left(kStart + 599'900ms), 1s);
    EXPECT_EQ(deadlines.start_time_left(kStart + 700s), 1s);
    deadlines.begin_stop(kStart);
    EXPECT_EQ(deadlines.stop_time_left(kStart + 30s), 150s);
    EXPECT_EQ(deadlines.stop_time_left(kStart + 400s), 1s);
}

}  // namespace
}  // namespace pysvc
