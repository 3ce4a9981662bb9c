// SPDX-License-Identifier: MIT
#include "host/service/clock.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

// What every deadline and every wait of the host is made of: a system's clock that is set moves none of them.
static_assert(TimePoint::clock::is_steady);
static_assert(!std::is_convertible_v<std::chrono::system_clock::time_point, TimePoint>);

TEST(SteadyClock, WaitsForAPointOfItsOwnTime) {
    SteadyClock clock;
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    const TimePoint until = clock.now() + 20ms;
    // Spurious returns are allowed, so the caller asks again, as the watchdog does.
    while (clock.now() < until) clock.wait_until(lock, condition, until);
    EXPECT_GE(TimePoint::clock::now(), until);
}

}  // namespace
}  // namespace pysvc
