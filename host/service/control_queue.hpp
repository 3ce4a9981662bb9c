// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/control.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace pysvc {

/// The answer that a control handler may wait for. A leaf: its lock is held for an assignment.
class Reply {
public:
    void set(std::uint32_t code);
    /// The code set by the control thread, or nullopt when `limit` passes first.
    [[nodiscard]] std::optional<std::uint32_t> wait(std::chrono::milliseconds limit);

private:
    std::mutex mutex_;
    std::condition_variable condition_;
    std::optional<std::uint32_t> code_;
};

/// What all queues of the process hold together: 65,536 records and 8 MiB of event data. Lock-free.
class QueueBudget {
public:
    [[nodiscard]] bool take(std::size_t data_size);
    void give_back(std::size_t data_size);

private:
    static constexpr std::size_t kRecords = 65'536;
    static constexpr std::size_t kBytes = std::size_t{8} * 1024 * 1024;
    std::atomic<std::size_t> records_{0};
    std::atomic<std::size_t> bytes_{0};
};

/// A control on its way to Python.
struct QueuedControl {
    ControlRecord record;
    std::shared_ptr<Reply> reply;  ///< may be null: nobody waits
};

/// The controls of one service between its handler (any thread of the SCM) and its control thread. FIFO, except that
/// STOP overtakes and has a slot of its own: it is never refused, and there is at most one.
class ControlQueue {
public:
    explicit ControlQueue(QueueBudget& budget) : budget_(budget) {}
    ~ControlQueue();
    ControlQueue(const ControlQueue&) = delete;
    ControlQueue& operator=(const ControlQueue&) = delete;

    /// False when the budget is used up or the queue is closed: the record was not taken.
    [[nodiscard]] bool push(QueuedControl control);
    void push_stop(QueuedControl control);

    /// Waits for the next control; nullopt once the queue is closed. Control thread.
    [[nodiscard]] std::optional<QueuedControl> pop();

    /// Wakes the control thread for its end and answers everybody who still waits with `default_reply`.
    void close(std::uint32_t default_reply);

private:
    QueueBudget& budget_;
    std::mutex mutex_;
    std::condition_variable condition_;
    std::optional<QueuedControl> stop_;
    std::deque<QueuedControl> controls_;
    bool closed_ = false;
};

}  // namespace pysvc
