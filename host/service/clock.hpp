// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace pysvc {

using TimePoint = std::chrono::steady_clock::time_point;

/// Port: monotonic time. A fake one makes hours pass in a test; wall-clock jumps never matter.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual TimePoint now() const = 0;
    /// Waits until `until` or until notified, whichever comes first; spurious returns are allowed.
    virtual void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, TimePoint until) = 0;
};

/// The real one.
class SteadyClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
    void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, TimePoint until) override {
        if (until == TimePoint::max()) {
            condition.wait(lock);
        } else {
            condition.wait_until(lock, until);
        }
    }
};

}  // namespace pysvc
