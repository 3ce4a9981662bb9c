// SPDX-License-Identifier: MIT
#include "host/service/service_threads.hpp"

#include <system_error>
#include <utility>

namespace pysvc {

void ServiceThreads::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    threads_.remove_if([](Thread& thread) {
        if (!thread.ended) return false;
        thread.thread.join();
        return true;
    });
    Thread& made = threads_.emplace_back();
    try {
        made.thread = std::thread([&made, work = std::move(work)]() mutable {
            work();
            // What it holds goes with the work, not with the thread that is joined some day.
            work = nullptr;
            made.ended = true;
        });
    } catch (const std::system_error&) {
        threads_.pop_back();
        throw;
    }
}

void ServiceThreads::join() {
    std::list<Thread> all;
    {
        const std::lock_guard lock(mutex_);
        all.swap(threads_);
    }
    for (Thread& thread : all) thread.thread.join();
}

std::size_t ServiceThreads::size() const {
    const std::lock_guard lock(mutex_);
    return threads_.size();
}

}  // namespace pysvc
