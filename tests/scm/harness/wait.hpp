// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <thread>

namespace pysvc::test {

/// How long a condition may take before the test gives up: far more than it ever takes, since what is tested is never
/// the time but the order of things.
inline constexpr std::chrono::seconds kPatience{60};

/// True as soon as `condition` is; false after `limit`. Asks every 25 ms: under Wine a client that asks more often slows
/// down the service it waits for.
template <class Condition>
[[nodiscard]] bool wait_until(Condition condition, std::chrono::milliseconds limit = kPatience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= end) return condition();
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
    return true;
}

}  // namespace pysvc::test
