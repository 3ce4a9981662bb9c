// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/main_thread.hpp"

#include "servicemanager_module/interpreter/gil.hpp"

#include <condition_variable>
#include <mutex>

namespace pysvc::py {
namespace {

constexpr std::chrono::milliseconds kWakeInterval{20};

/// Set by the main thread. Shared, because it may do so long after nobody waits any more.
class Reaction {
public:
    void note() {
        {
            const std::lock_guard lock(mutex_);
            seen_ = true;
        }
        condition_.notify_all();
    }
    bool wait(std::chrono::milliseconds time) {
        std::unique_lock lock(mutex_);
        return condition_.wait_for(lock, time, [this] { return seen_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool seen_ = false;
};

/// A pending call: CPython makes them on its main thread, after the handlers of signals.
int note_reaction(void* argument) {
    const std::unique_ptr<std::shared_ptr<Reaction>> reaction(static_cast<std::shared_ptr<Reaction>*>(argument));
    (*reaction)->note();
    return 0;
}

}  // namespace

bool wait_for_main_thread(unsigned long ident, std::chrono::milliseconds patience) {
    const auto reaction = std::make_shared<Reaction>();
    auto argument = std::make_unique<std::shared_ptr<Reaction>>(reaction);
    if (Py_AddPendingCall(&note_reaction, argument.get()) == 0) {
        argument.release();
    }  // else the queue of CPython is full: it is woken all the same, only nobody learns of it
    const GilReleased released;
    const auto end = std::chrono::steady_clock::now() + patience;
    do {
        wake_main_thread(ident);
        if (reaction->wait(kWakeInterval)) return true;
    } while (std::chrono::steady_clock::now() < end);
    return false;
}

}  // namespace pysvc::py
