// SPDX-License-Identifier: MIT
#include "host/service/service_runtime.hpp"

#include "host/base/error.hpp"

#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t kInvalidData = 13;

}  // namespace

ServiceRuntime::ServiceRuntime(std::vector<std::string> args, ServiceType type, RuntimeContext& context)
    : args_(std::move(args)),
      context_(context),
      status_(context.scm, type, [&context] { context.wake_watchdog(); }),
      queue_(context.budget),
      deadlines_(Settings{}) {
    ++context_.live_runtimes;
}

ServiceRuntime::~ServiceRuntime() {
    queue_.close(win32::kNoError);
    if (interrupter_.joinable()) interrupter_.join();
    if (control_thread_.joinable()) control_thread_.join();
    --context_.live_runtimes;
}

Result<void> ServiceRuntime::register_handler(ControlSink& sink) {
    const auto handle = context_.scm.register_handler(name(), sink);
    if (!handle) return failure(handle.error());
    status_.attach(*handle);
    return {};
}

void ServiceRuntime::begin() {
    std::chrono::milliseconds hint;
    {
        const std::lock_guard lock(mutex_);
        deadlines_.begin_start(context_.clock.now());
        hint = deadlines_.start_time_left(context_.clock.now());
    }
    status_.publish({State::StartPending, std::nullopt, hint});
}

void ServiceRuntime::configure(Settings settings, std::chrono::milliseconds shutdown_limit,
                               std::chrono::milliseconds preshutdown_limit) {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    shutdown_limit_ = shutdown_limit;
    preshutdown_limit_ = preshutdown_limit;
    deadlines_ = Deadlines(settings_);
    if (stop_requested_) {
        begin_stop_deadlines();
    } else {
        deadlines_.begin_start(context_.clock.now());
    }
}

void ServiceRuntime::wait_until_stopped() {
    std::unique_lock lock(mutex_);
    stopped_condition_.wait(lock, [this] { return stopped_; });
}

std::uint32_t ServiceRuntime::set_handler(const pysvc_engine_api& engine, void* callable, pysvc_handler_args args,
                                          bool forward_interrogate) {
    const std::lock_guard lock(mutex_);
    const Handler handler{&engine, callable, args};
    // Registered by a thread that outlived the code of its class: nothing is delivered any more.
    if (!code_ended_ && !control_thread_.joinable()) {
        try {
            control_thread_ = std::thread([this, handler] { run_controls(handler); });
        } catch (const std::system_error&) {
            return win32::kTooManyThreads;
        }
    }
    // A callable that is being called right now must live on: replaced ones are released by the control thread's end.
    if (handler_.callable != nullptr) replaced_callables_.push_back(handler_.callable);
    handler_ = handler;
    forward_interrogate_ = forward_interrogate;
    return win32::kNoError;
}

std::uint32_t ServiceRuntime::report(const pysvc_status& status) {
    if (status.current_state < static_cast<std::uint32_t>(State::Stopped) ||
        status.current_state > static_cast<std::uint32_t>(State::Paused)) {
        return kInvalidData;
    }
    const auto state = static_cast<State>(status.current_state);
    const std::chrono::milliseconds hint{status.wait_hint};
    if (state == State::Stopped) {
        begin_grace({status.win32_exit_code, status.service_specific_exit_code});
        return win32::kNoError;
    }
    // pywin32's framework answers INTERROGATE with RUNNING, whatever the state (B30).
    if (state == State::Running && interrogating_.load() == std::this_thread::get_id() &&
        status_.last().state != State::Running) {
        return win32::kNoError;
    }

    StatusChange change{state, status.controls_accepted, hint};
    {
        const std::lock_guard lock(mutex_);
        const TimePoint now = context_.clock.now();
        if (class_exit_ || code_ended_) return win32::kNoError;
        if (state != State::StartPending && state != State::StopPending) {
            class_takes_shutdown_ = (status.controls_accepted & accept::kShutdown) != 0;
            if (state == State::Running) {
                begin_running(change);
            } else {
                deadlines_.end_start();
            }
        } else if (state == State::StartPending) {
            deadlines_.progress(now);
            change.wait_hint = deadlines_.start_time_left(now);
        } else {
            deadlines_.begin_stop(now);
            deadlines_.extend_stop(now, hint);
            change.wait_hint = deadlines_.stop_time_left(now);
        }
    }
    if (!status_.publish(change)) {
        context_.journal.note(LogLevel::Debug, fmt::format("{}: {} reported in {}, ignored", name(), name_of(state),
                                                           name_of(status_.last().state)));
    }
    context_.wake_watchdog();
    return win32::kNoError;
}

void ServiceRuntime::begin_grace(ExitStatus exit) {
    std::chrono::milliseconds hint;
    {
        const std::lock_guard lock(mutex_);
        if (class_exit_ || code_ended_) return;
        class_exit_ = exit;
        deadlines_.begin_grace(context_.clock.now());
        hint = settings_.stop_grace + 2s;
    }
    // Held back from the SCM: it must not see STOPPED while the old process still owns its port and files.
    status_.publish({State::StopPending, std::nullopt, hint});
    context_.wake_watchdog();
}

void ServiceRuntime::note_progress() {
    {
        const std::lock_guard lock(mutex_);
        deadlines_.progress(context_.clock.now());
    }
    progressed_ = true;
}

void ServiceRuntime::note_heartbeat() {
    // A checkpoint moves in pending states only: in any other it is nothing that could be reported, now or later.
    if (is_pending(status_.last().state)) heartbeat_ = true;
    const std::lock_guard lock(mutex_);
    const TimePoint now = context_.clock.now();
    deadlines_.progress(now);
    deadlines_.hear(now);
}

void ServiceRuntime::watch(std::chrono::milliseconds period) {
    {
        const std::lock_guard lock(mutex_);
        // A service that is ending has the deadlines of a stop.
        if (stop_requested_ || class_exit_ || code_ended_) return;
        deadlines_.watch(context_.clock.now(), period);
    }
    context_.wake_watchdog();
}

void ServiceRuntime::begin_running(StatusChange& change) {
    const TimePoint now = context_.clock.now();
    const State before = status_.last().state;
    if (before == State::StartPending && settings_.startup_mode == StartupMode::Notify && !ready_) {
        held_accepts_ = change.accepted;
        deadlines_.progress(now);
        change = {State::StartPending, std::nullopt, deadlines_.start_time_left(now)};
        return;
    }
    deadlines_.end_start();
    // RUNNING again and again is what the framework answers INTERROGATE with, on the control thread: no sign of life.
    if (before != State::Running) deadlines_.hear(now);
}

void ServiceRuntime::notify_ready() {
    std::optional<std::uint32_t> accepts;
    {
        const std::lock_guard lock(mutex_);
        ready_ = true;
        accepts = std::exchange(held_accepts_, std::nullopt);
        const TimePoint now = context_.clock.now();
        deadlines_.progress(now);
        // RUNNING is still the class's to report.
        if (!accepts) return;
        deadlines_.end_start();
        deadlines_.hear(now);
    }
    status_.publish_if(State::StartPending, {State::Running, accepts, {}});
    context_.wake_watchdog();
}

void ServiceRuntime::publish_progress() {
    std::chrono::milliseconds hint;
    {
        const std::lock_guard lock(mutex_);
        // The start is over, successful or not: nothing is left of StartTimeout that could be a hint.
        if (code_ended_) return;
        hint = deadlines_.start_time_left(context_.clock.now());
    }
    status_.publish_if(State::StartPending, {State::StartPending, std::nullopt, hint});
}

void ServiceRuntime::publish_heartbeat() {
    const StatusRecord now = status_.last();
    if (!is_pending(now.state)) return;
    std::chrono::milliseconds hint = now.wait_hint;
    {
        const std::lock_guard lock(mutex_);
        // What the host does from here on has its own hints.
        if (code_ended_) return;
        if (now.state == State::StartPending) hint = deadlines_.start_time_left(context_.clock.now());
        if (now.state == State::StopPending) hint = deadlines_.stop_time_left(context_.clock.now());
    }
    status_.publish_if(now.state, {now.state, std::nullopt, hint});
}

void ServiceRuntime::before_run() {
    {
        const std::lock_guard lock(mutex_);
        deadlines_.progress(context_.clock.now());
    }
    publish_progress();
    const Handler registered = handler();
    const bool has_handler = registered.callable != nullptr;
    const bool reports_status = context_.class_reports_status || registered.args == PYSVC_HANDLER_RAW;
    if (has_handler && reports_status) return;
    if (!has_handler) context_.journal.report(Error{ErrorCode::NoControlHandler, 0, name()});
    // Nobody else would report it, and a service that cannot be stopped helps nobody: without a handler STOP ends it by
    // SystemExit.
    StatusChange running{State::Running, accept::kStop | accept::kShutdown, {}};
    {
        const std::lock_guard lock(mutex_);
        begin_running(running);
        runs_without_handler_ = !has_handler;
        if (stop_requested_ && !has_handler) deadlines_.begin_grace(context_.clock.now());
    }
    status_.publish(running);
    context_.wake_watchdog();
}

void ServiceRuntime::after_run() {
    std::thread interrupter;
    {
        const std::lock_guard lock(mutex_);
        code_ended_ = true;
        deadlines_.end_run(context_.clock.now());
        interrupter.swap(interrupter_);
    }
    if (interrupter.joinable()) interrupter.join();
}

ExitStatus ServiceRuntime::conclude(const RunOutcome& outcome) {
    bool interrupted = false;
    std::optional<ExitStatus> class_exit;
    {
        const std::lock_guard lock(mutex_);
        code_ended_ = true;
        deadlines_.end_run(context_.clock.now());
        interrupted = interrupted_;
        class_exit = class_exit_;
        // What the host itself ended by SystemExit keeps the code of what led to it.
        if (!class_exit && interrupted) class_exit = grace_exit_;
    }
    ExitStatus exit;
    std::optional<Error> error;
    switch (outcome.kind) {
        case PYSVC_RUN_RETURNED: break;
        case PYSVC_RUN_EXITED:
            if (outcome.exit_code == 0 || interrupted) break;
            exit = ExitStatus::service_specific(outcome.exit_code);
            error = Error{ErrorCode::ServiceExited, 0,
                          fmt::format("{}: exit code {}{}{}", name(), outcome.exit_code,
                                      outcome.failure.context.empty() ? "" : ": ", outcome.failure.context)};
            break;
        case PYSVC_RUN_RAISED:
        case PYSVC_RUN_NOT_STARTED:
            exit = ExitStatus::service_specific(error_info(outcome.failure.code).exit_code);
            error = outcome.failure;
            error->context = fmt::format("{}: {}", name(), outcome.failure.context);
            break;
    }
    context_.wake_watchdog();
    if (error) context_.journal.report(*error);
    if (class_exit) exit = *class_exit;
    const std::lock_guard lock(mutex_);
    exit_ = exit;
    return exit;
}

void ServiceRuntime::close_controls() {
    queue_.close(win32::kNoError);
    std::thread control_thread;
    {
        const std::lock_guard lock(mutex_);
        control_thread.swap(control_thread_);
    }
    if (control_thread.joinable()) control_thread.join();
    report_dropped();
}

void ServiceRuntime::report_dropped() {
    const std::uint32_t dropped = dropped_.exchange(0);
    if (dropped == 0) return;
    context_.journal.report(Error{ErrorCode::ControlsDropped, 0, fmt::format("{}: {} controls", name(), dropped)});
}

void ServiceRuntime::begin_finalize() {
    {
        const std::lock_guard lock(mutex_);
        deadlines_.begin_finalize(context_.clock.now());
    }
    status_.publish({State::StopPending, std::nullopt, settings_.finalize_timeout + 2s});
    context_.wake_watchdog();
}

void ServiceRuntime::publish_stopped(ExitStatus exit) {
    {
        const std::lock_guard lock(mutex_);
        deadlines_.clear();
        exit_ = exit;
    }
    status_.publish_stopped(exit);
    // There is no next status that would try again, and soon no watchdog that would say so.
    if (const auto failure = take_status_failure()) context_.journal.report(*failure);
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    stopped_condition_.notify_all();
}

void ServiceRuntime::end_without_stopped() {
    {
        const std::lock_guard lock(mutex_);
        deadlines_.clear();
        stopped_ = true;
    }
    stopped_condition_.notify_all();
}

bool ServiceRuntime::fails_as_crash(ExitStatus exit) const {
    const std::lock_guard lock(mutex_);
    return settings_.fail_as == FailAs::Crash && !stop_requested_ && exit.win32 != win32::kNoError;
}

ExitStatus ServiceRuntime::exit_status() const {
    const std::lock_guard lock(mutex_);
    return exit_;
}

bool ServiceRuntime::system_shuts_down() const {
    const std::lock_guard lock(mutex_);
    return stop_control_ == control::kShutdown;
}

std::optional<Error> ServiceRuntime::take_status_failure() {
    auto failure = status_.take_failure();
    if (failure) failure->context = fmt::format("{}: {}", name(), failure->context);
    return failure;
}

std::optional<DeadlineAction> ServiceRuntime::take_due(TimePoint now) {
    const std::lock_guard lock(mutex_);
    const auto action = deadlines_.take_due(now);
    // Only a RUNNING service has to be heard of.
    if (action == DeadlineAction::EndUnheard && status_.last().state != State::Running) return deadlines_.take_due(now);
    return action;
}

TimePoint ServiceRuntime::next_deadline() const {
    const std::lock_guard lock(mutex_);
    return deadlines_.next();
}

void ServiceRuntime::raise_system_exit(const pysvc_engine_api& engine) {
    const std::lock_guard lock(mutex_);
    if (code_ended_ || interrupter_.joinable()) return;
    try {
        interrupter_ = std::thread([this, &engine] { engine.raise_system_exit(this); });
    } catch (const std::system_error&) {
        return;  // its code goes on, and has the time that is left
    }
    interrupted_ = true;
}

void ServiceRuntime::abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    deadlines_.clear();
}

bool ServiceRuntime::abandoned() const {
    const std::lock_guard lock(mutex_);
    return abandoned_;
}

ExitStatus ServiceRuntime::forced_exit(ErrorCode code) const {
    const std::lock_guard lock(mutex_);
    if (class_exit_) return *class_exit_;
    if (grace_exit_) return *grace_exit_;
    const std::uint32_t specific = error_info(code).exit_code;
    return stop_requested_ ? ExitStatus{win32::kNoError, specific} : ExitStatus::service_specific(specific);
}

ServiceRuntime::Handler ServiceRuntime::handler() const {
    const std::lock_guard lock(mutex_);
    return handler_;
}

}  // namespace pysvc
