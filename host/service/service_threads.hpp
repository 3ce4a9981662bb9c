// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace pysvc {

/// The threads of a shared process's second and further services. One that has ended is joined before the next is made:
/// a service that starts and stops for years leaves nothing behind.
class ServiceThreads {
public:
    ServiceThreads() = default;
    ~ServiceThreads() { join(); }
    ServiceThreads(const ServiceThreads&) = delete;
    ServiceThreads& operator=(const ServiceThreads&) = delete;

    /// Runs `work` on a thread of its own.
    void run(std::function<void()> work);
    /// Waits for all of them.
    void join();
    /// Those that run, and those that nobody has joined yet.
    [[nodiscard]] std::size_t size() const;

private:
    struct Thread {
        std::atomic<bool> ended{false};
        std::thread thread;
    };

    mutable std::mutex mutex_;
    std::list<Thread> threads_;
};

}  // namespace pysvc
