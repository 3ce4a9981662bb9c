// SPDX-License-Identifier: MIT
#include "host/service/status_publisher.hpp"

namespace pysvc {
namespace {

// A service that is stopping takes no further orders, whatever mask its class reports (pywin32's framework repeats its
// full mask here); events such as power and session changes it may still ask for.
constexpr std::uint32_t kOrders = accept::kStop | accept::kPauseContinue | accept::kShutdown | accept::kPreshutdown;

std::uint32_t effective_accepts(State state, std::uint32_t asked) {
    if (state == State::StopPending) return asked & ~kOrders;
    // A class that can be stopped can be shut down: the runtime delivers SHUTDOWN to it as STOP.
    if (state != State::StartPending && (asked & accept::kStop) != 0 && (asked & accept::kPreshutdown) == 0) {
        return asked | accept::kShutdown;
    }
    return asked;
}

}  // namespace

StatusRecord StatusPublisher::last() const {
    const std::lock_guard lock(record_mutex_);
    return record_;
}

bool StatusPublisher::is_stopped() const { return last().state == State::Stopped; }

bool StatusPublisher::publish(const StatusChange& change) {
    const std::lock_guard lock(publish_mutex_);
    return publish_locked(change);
}

bool StatusPublisher::publish_if(State expected, const StatusChange& change) {
    const std::lock_guard lock(publish_mutex_);
    return last().state == expected && publish_locked(change);
}

bool StatusPublisher::publish_locked(const StatusChange& change) {
    if (stopped_) return false;
    const StatusRecord before = last();
    if (started_ && !is_legal_move(before.state, change.state)) return false;

    StatusRecord next;
    next.type = type_;
    next.state = change.state;
    if (is_pending(next.state)) {
        next.check_point = started_ && before.state == next.state ? before.check_point + 1 : 1;
        next.wait_hint = change.wait_hint;
    }
    if (change.state == State::StartPending || change.state == State::StopPending) {
        // Renewed by the host, with the next checkpoint: what the class asked for in this state stays.
        const std::uint32_t asked_before = started_ && before.state == next.state ? before.accepted : 0;
        next.accepted = effective_accepts(next.state, change.accepted.value_or(asked_before));
    } else {
        class_accepts_ = change.accepted.value_or(class_accepts_);
        next.accepted = effective_accepts(next.state, class_accepts_);
    }
    // MSDN: call SetServiceStatus when the state changes or progress was made, not otherwise.
    if (started_ && next == before && !is_failing()) return true;
    started_ = true;
    remember(next);
    send(next);
    return true;
}

bool StatusPublisher::publish_stopped(ExitStatus exit) {
    StatusRecord next;
    {
        const std::lock_guard lock(publish_mutex_);
        if (stopped_) return false;
        stopped_ = true;
        next.type = type_;
        next.state = State::Stopped;
        next.exit = exit;
        remember(next);
    }
    send(next);
    return true;
}

void StatusPublisher::send(const StatusRecord& record) {
    const auto sent = scm_.set_status(handle_, record);
    bool first = false;
    {
        const std::lock_guard lock(record_mutex_);
        first = !sent && !failing_;
        failing_ = !sent;
        if (first) failure_ = sent.error();
    }
    if (first) on_failure_();
}

bool StatusPublisher::is_failing() const {
    const std::lock_guard lock(record_mutex_);
    return failing_;
}

std::optional<Error> StatusPublisher::take_failure() {
    const std::lock_guard lock(record_mutex_);
    return std::exchange(failure_, std::nullopt);
}

void StatusPublisher::remember(const StatusRecord& record) {
    const std::lock_guard lock(record_mutex_);
    record_ = record;
}

}  // namespace pysvc
