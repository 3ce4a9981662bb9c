// SPDX-License-Identifier: MIT
// The way of a control through a ServiceRuntime: accepted by the dispatcher thread, delivered by the control thread.
#include "host/service/service_runtime.hpp"

#include "host/service/text_sink.hpp"

#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

/// Answers to these are used by Windows (a device removal can be refused), so the handler waits this long for them.
constexpr std::chrono::milliseconds kEventReplyWait = 2s;
/// Wait hint of PAUSE_PENDING and CONTINUE_PENDING: no deadline of ours is behind them.
constexpr std::chrono::milliseconds kPauseHint = 30s;

bool is_stop(std::uint32_t code) {
    return code == control::kStop || code == control::kShutdown || code == control::kPreshutdown;
}

}  // namespace

// ---- dispatcher thread: never waits for Python (except for the answers above), writes no file and no event ----------

std::uint32_t ServiceRuntime::on_control(ControlRecord record) noexcept {
    if (is_stop(record.control)) return accept_stop(std::move(record));
    switch (record.control) {
        case control::kInterrogate:
            // MSDN: nothing to report, the SCM has the last status. A class that wants to know is told.
            if (wants_interrogate()) (void)queue_.push({std::move(record), nullptr});
            return win32::kNoError;
        case control::kPause:
        case control::kContinue: return accept_pause_or_continue(std::move(record));
        default: return accept_other(std::move(record));
    }
}

bool ServiceRuntime::wants_interrogate() const {
    const std::lock_guard lock(mutex_);
    return forward_interrogate_ && !code_ended_;
}

std::uint32_t ServiceRuntime::accept_stop(ControlRecord record) {
    std::chrono::milliseconds hint;
    bool ending = false;
    {
        const std::lock_guard lock(mutex_);
        ending = code_ended_;
        if (!ending) {
            if (std::exchange(stop_requested_, true)) return win32::kNoError;
            stop_control_ = record.control;
            begin_stop_deadlines();
            const TimePoint now = context_.clock.now();
            if (runs_without_handler_) deadlines_.begin_grace(now);
            hint = deadlines_.stop_time_left(now);
            if (record.control == control::kShutdown && !class_takes_shutdown_) record.control = control::kStop;
        }
    }
    if (ending) return stop_while_ending();
    status_.publish({State::StopPending, std::nullopt, hint});
    context_.wake_watchdog();
    queue_.push_stop({std::move(record), nullptr});
    return win32::kNoError;
}

void ServiceRuntime::begin_stop_deadlines() {
    std::optional<std::chrono::milliseconds> limit;
    if (stop_control_ == control::kShutdown) limit = shutdown_limit_;
    if (stop_control_ == control::kPreshutdown) limit = preshutdown_limit_;
    deadlines_.begin_stop(context_.clock.now(), limit);
}

/// The code has just ended by itself and STOPPED is on its way. The state has to say so before this control is answered:
/// to whoever asked, and because Wine ends the process of a service that is RUNNING after STOP at its next control.
std::uint32_t ServiceRuntime::stop_while_ending() {
    const State now = status_.last().state;
    if (now == State::StopPending || now == State::Stopped) return win32::kServiceCannotAcceptControl;
    status_.publish({State::StopPending, std::nullopt, settings_.finalize_timeout + 2s});
    return win32::kNoError;
}

std::uint32_t ServiceRuntime::accept_pause_or_continue(ControlRecord record) {
    const bool pause = record.control == control::kPause;
    {
        const std::lock_guard lock(mutex_);
        if (code_ended_) return win32::kServiceCannotAcceptControl;
    }
    const State from = pause ? State::Running : State::Paused;
    const State pending = pause ? State::PausePending : State::ContinuePending;
    if (!status_.publish_if(from, {pending, std::nullopt, kPauseHint})) {
        const State now = status_.last().state;
        // A repeated order is done already, or on its way; the class is asked once for each real change.
        const bool repeated = now == pending || now == (pause ? State::Paused : State::Running);
        return repeated ? win32::kNoError : win32::kServiceCannotAcceptControl;
    }
    if (!queue_.push({std::move(record), nullptr})) {
        return_to(from, pending);
        return refused();
    }
    // It has slept without an end, and heartbeats may come.
    context_.wake_watchdog();
    return win32::kNoError;
}

std::uint32_t ServiceRuntime::accept_other(ControlRecord record) {
    {
        const std::lock_guard lock(mutex_);
        // The trigger is queued again by Windows when it gets this answer.
        if (record.control == control::kTriggerEvent && (stop_requested_ || code_ended_)) {
            return win32::kShutdownInProgress;
        }
        if (code_ended_) return win32::kServiceCannotAcceptControl;
    }
    const std::chrono::milliseconds wait = reply_wait(record.control);
    const auto reply = wait > 0ms ? std::make_shared<Reply>() : nullptr;
    if (!queue_.push({std::move(record), reply})) return refused();
    return reply ? reply->wait(wait).value_or(win32::kNoError) : win32::kNoError;
}

std::uint32_t ServiceRuntime::refused() {
    {
        const std::lock_guard lock(mutex_);
        // Not full but closed: the code has ended while this control was on its way.
        if (code_ended_) return win32::kServiceCannotAcceptControl;
        deadlines_.begin_drop_count(context_.clock.now());
    }
    // One event for a burst: the first one only begins the count.
    if (dropped_.fetch_add(1) == 0) context_.wake_watchdog();
    return win32::kNotEnoughQuota;
}

std::chrono::milliseconds ServiceRuntime::reply_wait(std::uint32_t code) const {
    const std::lock_guard lock(mutex_);
    if (handler_.callable == nullptr) return 0ms;
    switch (code) {
        case control::kDeviceEvent:
        case control::kHardwareProfileChange:
        case control::kPowerEvent: return kEventReplyWait;
        default: break;
    }
    const bool user_defined = code >= control::kFirstUserDefined && code <= control::kLastUserDefined;
    return user_defined ? settings_.control_reply_wait : 0ms;
}

// ---- control thread -------------------------------------------------------------------------------------------------

void ServiceRuntime::run_controls(Handler first) {
    void* thread_state = first.engine->attach_control_thread();
    while (const auto queued = queue_.pop()) deliver(handler(), thread_state, *queued);

    std::vector<void*> callables;
    {
        const std::lock_guard lock(mutex_);
        callables.swap(replaced_callables_);
        callables.push_back(std::exchange(handler_.callable, nullptr));
    }
    for (void* callable : callables) first.engine->release_object(callable);
    first.engine->detach_control_thread(thread_state);
}

void ServiceRuntime::deliver(const Handler& handler, void* thread_state, const QueuedControl& queued) {
    const ControlRecord& record = queued.record;
    const pysvc_control control{record.control, record.event_type, record.data.empty() ? nullptr : record.data.data(),
                                record.data.size(), handler.args};
    std::string text;
    pysvc_call_result result{};
    result.failure.text = sink_into(text);

    if (record.control == control::kInterrogate) interrogating_ = std::this_thread::get_id();
    handler.engine->call_control(thread_state, handler.callable, &control, &result);
    interrogating_ = std::thread::id();

    if (queued.reply) queued.reply->set(result.code);
    if (result.kind != PYSVC_CALL_RETURNED) {
        const std::string context = fmt::format("{}: control {}: {}", name(), record.control, text);
        context_.journal.report(Error{ErrorCode::ControlFailed, 0, context});
    } else if (result.code != win32::kNoError) {
        context_.journal.note(LogLevel::Info,
                              fmt::format("{}: control {} answered {}", name(), record.control, result.code));
    }
    after_delivery(queued, result.kind);
}

void ServiceRuntime::after_delivery(const QueuedControl& queued, int kind) {
    const std::uint32_t code = queued.record.control;
    if (is_stop(code) && kind == PYSVC_CALL_RAISED) {
        const std::lock_guard lock(mutex_);
        if (!grace_exit_) {
            grace_exit_ = ExitStatus{win32::kNoError, error_info(ErrorCode::ControlFailed).exit_code};
            deadlines_.begin_grace(context_.clock.now());
        }
        context_.wake_watchdog();
    }
    // The class did not report the end of the change: the service is in its former state.
    if (code == control::kPause) return_to(State::Running, State::PausePending);
    if (code == control::kContinue) return_to(State::Paused, State::ContinuePending);
}

void ServiceRuntime::return_to(State state, State from_pending) {
    if (status_.last().state != from_pending) return;
    {
        const std::lock_guard lock(mutex_);
        deadlines_.hear(context_.clock.now());
    }
    status_.publish_if(from_pending, {state, std::nullopt, {}});
}

}  // namespace pysvc
