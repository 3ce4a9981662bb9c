// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>

namespace pysvc::fakes {

/// How long a condition may take before the test counts as hanging. Generous: a sanitizer on a busy machine is slow,
/// and a test that passes never waits for it.
inline constexpr std::chrono::seconds kPatience{60};

/// A mutex and a condition that tests and fakes wait with: no test sleeps.
class Monitor {
public:
    /// Waits until `ready()`, which is called with the lock held. A wait that is never satisfied ends the program: the
    /// threads behind it can not be joined any more, so there is no test to go on with.
    template <class Ready>
    void wait(std::unique_lock<std::mutex>& lock, const std::string& what, Ready ready) {
        if (changed_.wait_for(lock, kPatience, ready)) return;
        std::fprintf(stderr, "test hangs: waited in vain for %s\n", what.c_str());
        std::abort();
    }

    [[nodiscard]] std::unique_lock<std::mutex> lock() const { return std::unique_lock(mutex_); }
    void notify() { changed_.notify_all(); }

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
};

/// Closed until it is opened, once. What one thread of a test waits at and another opens.
class Gate {
public:
    explicit Gate(std::string name = "a gate") : name_(std::move(name)) {}

    void open() {
        {
            const auto lock = monitor_.lock();
            open_ = true;
        }
        monitor_.notify();
    }
    void wait() {
        auto lock = monitor_.lock();
        monitor_.wait(lock, name_, [this] { return open_; });
    }
    [[nodiscard]] bool is_open() const {
        const auto lock = monitor_.lock();
        return open_;
    }

private:
    const std::string name_;
    Monitor monitor_;
    bool open_ = false;
};

}  // namespace pysvc::fakes
