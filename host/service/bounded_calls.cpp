// SPDX-License-Identifier: MIT
#include "host/service/bounded_calls.hpp"

#include <condition_variable>
#include <mutex>
#include <system_error>
#include <utility>

namespace pysvc {

struct BoundedCalls::Progress {
    std::mutex mutex;
    std::condition_variable condition;
    bool done = false;

    void finish() {
        {
            const std::lock_guard lock(mutex);
            done = true;
        }
        condition.notify_all();
    }
    bool wait(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex);
        return condition.wait_for(lock, patience, [this] { return done; });
    }
};

BoundedCalls::~BoundedCalls() {
    for (Call& call : calls_) call.thread.join();
}

BoundedCalls::Result BoundedCalls::run(std::function<void()> call, std::chrono::milliseconds patience) {
    using namespace std::chrono_literals;
    // What was late once and has come back since.
    calls_.remove_if([](Call& late) {
        if (!late.progress->wait(0ms)) return false;
        late.thread.join();
        return true;
    });
    const auto progress = std::make_shared<Progress>();
    std::thread thread;
    try {
        thread = std::thread([call = std::move(call), progress]() mutable {
            call();
            // What it holds goes before anybody hears of its end.
            call = nullptr;
            progress->finish();
        });
    } catch (const std::system_error&) {
        return Result::NoThread;
    }
    if (progress->wait(patience)) {
        thread.join();
        return Result::Done;
    }
    calls_.push_back({std::move(thread), progress});
    return Result::Late;
}

}  // namespace pysvc
