// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <thread>

namespace pysvc {

/// Calls that may hang, each made on a thread of its own, so that whoever needs them does not hang with them. For one
/// calling thread: the watchdog.
class BoundedCalls {
public:
    enum class Result { Done, Late, NoThread };

    BoundedCalls() = default;
    /// Waits for calls that are still under way. In a process that the host ends by itself nobody comes here.
    ~BoundedCalls();
    BoundedCalls(const BoundedCalls&) = delete;
    BoundedCalls& operator=(const BoundedCalls&) = delete;

    /// Calls `call` and waits for it, at most `patience`. Late: it goes on, for ever perhaps, so it owns what it uses.
    /// NoThread: it was not called.
    Result run(std::function<void()> call, std::chrono::milliseconds patience);

private:
    struct Progress;
    struct Call {
        std::thread thread;
        std::shared_ptr<Progress> progress;
    };
    std::list<Call> calls_;  // those that were late
};

}  // namespace pysvc
