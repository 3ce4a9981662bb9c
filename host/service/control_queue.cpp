// SPDX-License-Identifier: MIT
#include "host/service/control_queue.hpp"

#include <utility>

namespace pysvc {

void Reply::set(std::uint32_t code) {
    {
        const std::lock_guard lock(mutex_);
        if (code_) return;
        code_ = code;
    }
    condition_.notify_all();
}

std::optional<std::uint32_t> Reply::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, limit, [this] { return code_.has_value(); });
    return code_;
}

bool QueueBudget::take(std::size_t data_size) {
    if (records_.fetch_add(1) >= kRecords) {
        records_.fetch_sub(1);
        return false;
    }
    if (bytes_.fetch_add(data_size) + data_size > kBytes) {
        give_back(data_size);
        return false;
    }
    return true;
}

void QueueBudget::give_back(std::size_t data_size) {
    records_.fetch_sub(1);
    bytes_.fetch_sub(data_size);
}

ControlQueue::~ControlQueue() {
    for (const QueuedControl& control : controls_) budget_.give_back(control.record.data.size());
}

bool ControlQueue::push(QueuedControl control) {
    const std::size_t data_size = control.record.data.size();
    if (!budget_.take(data_size)) return false;
    {
        const std::lock_guard lock(mutex_);
        if (closed_) {
            budget_.give_back(data_size);
            return false;
        }
        controls_.push_back(std::move(control));
    }
    condition_.notify_one();
    return true;
}

void ControlQueue::push_stop(QueuedControl control) {
    {
        const std::lock_guard lock(mutex_);
        if (closed_ || stop_) return;
        stop_ = std::move(control);
    }
    condition_.notify_one();
}

std::optional<QueuedControl> ControlQueue::pop() {
    std::unique_lock lock(mutex_);
    condition_.wait(lock, [this] { return closed_ || stop_ || !controls_.empty(); });
    if (closed_) return std::nullopt;
    if (stop_) return std::exchange(stop_, std::nullopt);
    QueuedControl control = std::move(controls_.front());
    controls_.pop_front();
    lock.unlock();
    budget_.give_back(control.record.data.size());
    return control;
}

void ControlQueue::close(std::uint32_t default_reply) {
    std::deque<QueuedControl> dropped;
    std::optional<QueuedControl> stop;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        dropped.swap(controls_);
        stop.swap(stop_);
    }
    condition_.notify_all();
    for (const QueuedControl& control : dropped) {
        budget_.give_back(control.record.data.size());
        if (control.reply) control.reply->set(default_reply);
    }
    if (stop && stop->reply) stop->reply->set(default_reply);
}

}  // namespace pysvc
