// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/clock.hpp"
#include "tests/fakes/waiting.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace pysvc::fakes {

/// Time stands still until the test moves it. Who waits for a time point is woken when it is reached, and not before.
class FakeClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const override {
        const auto lock = monitor_.lock();
        return now_;
    }

    void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& condition, TimePoint until) override {
        const Waiter waiter{lock.mutex(), &condition, until};
        {
            const auto own = monitor_.lock();
            if (now_ >= until) return;
            waiters_.push_back(&waiter);
        }
        monitor_.notify();
        condition.wait(lock);
        const auto own = monitor_.lock();
        std::erase(waiters_, &waiter);
    }

    void advance(std::chrono::milliseconds time) {
        std::vector<Waiter> due;
        {
            const auto own = monitor_.lock();
            now_ += time;
            for (const Waiter* waiter : waiters_) {
                if (waiter->until <= now_) due.push_back(*waiter);
            }
        }
        for (const Waiter& waiter : due) {
            // Whoever registered holds this mutex until it waits: taking it means that the notification is not lost.
            { const std::lock_guard lock(*waiter.mutex); }
            waiter.condition->notify_all();
        }
    }

    /// Waits until somebody waits for a later time than now: what was due has been done.
    void wait_until_idle() {
        auto own = monitor_.lock();
        monitor_.wait(own, "the watchdog to have nothing to do", [this] {
            return std::ranges::any_of(waiters_, [this](const Waiter* waiter) { return waiter->until > now_; });
        });
    }

    /// Waits until somebody waits for no longer than `limit`: whoever was woken to look again has looked.
    void wait_until_watched(std::chrono::milliseconds limit) {
        auto own = monitor_.lock();
        monitor_.wait(own, "the watchdog to look at what is pending", [&] {
            return std::ranges::any_of(waiters_, [&](const Waiter* waiter) { return waiter->until <= now_ + limit; });
        });
    }

    /// Lets time pass and waits until what was due in it has been done.
    void pass(std::chrono::milliseconds time) {
        advance(time);
        wait_until_idle();
    }

private:
    struct Waiter {
        std::mutex* mutex;
        std::condition_variable* condition;
        TimePoint until;
    };

    Monitor monitor_;
    TimePoint now_{std::chrono::hours(1'000)};
    std::vector<const Waiter*> waiters_;
};

}  // namespace pysvc::fakes
