// SPDX-License-Identifier: MIT
// The watchdog thread of ServiceHost: deadlines, checkpoints, stacks, the last resort. It never waits for the GIL.
#include "host/base/text.hpp"
#include "host/service/evidence.hpp"
#include "host/service/service_host.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

/// How often progress becomes a checkpoint: often enough for any wait hint, rarely enough not to slow down what makes
/// it (each is an RPC).
constexpr std::chrono::milliseconds kCheckpointInterval = 1s;
/// How long an event or a last STOPPED may take before things go on without it.
constexpr std::chrono::milliseconds kLastCallWait = 2s;
/// How long Python is given to say which threads it has, when there is time and when Windows is shutting down.
constexpr std::chrono::milliseconds kGilWait = 1s;
constexpr std::chrono::milliseconds kGilWaitAtShutdown = 200ms;

}  // namespace

std::vector<ServiceHost::RuntimePointer> ServiceHost::runtimes() const {
    const std::lock_guard lock(mutex_);
    return active_;
}

std::vector<ServiceHost::RuntimePointer> ServiceHost::known_runtimes() const {
    const std::lock_guard lock(mutex_);
    std::vector<RuntimePointer> known;
    for (const auto& [name, service] : services_) {
        if (service.newest) known.push_back(service.newest);
        if (service.abandoned) known.push_back(service.abandoned);
    }
    return known;
}

void ServiceHost::wake_watchdog() {
    {
        const std::lock_guard lock(watch_mutex_);
        watch_poked_ = true;
    }
    watch_condition_.notify_all();
}

void ServiceHost::watch() {
    for (TimePoint next = TimePoint::max();;) {
        {
            std::unique_lock lock(watch_mutex_);
            watch_busy_ = false;
            watch_condition_.notify_all();
            if (!watch_end_ && !watch_poked_) ports_.clock.wait_until(lock, watch_condition_, next);
            if (watch_end_) return;
            watch_poked_ = false;
            watch_busy_ = true;
        }
        next = look_after_services();
    }
}

TimePoint ServiceHost::look_after_services() {
    std::vector<RuntimePointer> watched = runtimes();
    {
        // A service in its finalisation is no longer active, its deadline still counts.
        const std::lock_guard lock(mutex_);
        if (last_) watched.push_back(last_);
    }
    if (auto due = reports_.take_due(ports_.clock.now()); !due.empty()) {
        bounded([this, due = std::move(due)] { report_repeats(due); });
    }
    TimePoint next = reports_.next();
    for (const RuntimePointer& runtime : watched) {
        while (const auto action = runtime->take_due(ports_.clock.now())) act(runtime, *action);
        if (auto failure = runtime->take_status_failure()) report_bounded(std::move(*failure));
        if (runtime->take_heartbeat()) {
            runtime->publish_heartbeat();
        } else if (runtime->take_progress()) {
            runtime->publish_progress();
        }
        next = std::min(next, runtime->next_deadline());
        if (is_pending(runtime->status().state)) next = std::min(next, ports_.clock.now() + kCheckpointInterval);
    }
    return next;
}

/// The end of the process would take what the watchdog is just reporting with it.
void ServiceHost::let_watchdog_finish() {
    std::unique_lock lock(watch_mutex_);
    watch_condition_.wait_for(lock, kLastCallWait, [this] { return !watch_busy_ && !watch_poked_; });
}

void ServiceHost::act(const RuntimePointer& runtime, DeadlineAction action) {
    switch (action) {
        case DeadlineAction::WarnStartSlow: report_with_evidence(runtime, ErrorCode::StartSlow); break;
        case DeadlineAction::WarnStopSlow: report_with_evidence(runtime, ErrorCode::StopSlow); break;
        case DeadlineAction::EndStart:
            last_resort(runtime, ErrorCode::StartTimedOut, runtime->forced_exit(ErrorCode::StartTimedOut));
            break;
        case DeadlineAction::EndStop:
            last_resort(runtime, ErrorCode::StopTimedOut, runtime->forced_exit(ErrorCode::StopTimedOut));
            break;
        case DeadlineAction::RaiseSystemExit:
            if (const pysvc_engine_api* engine = engine_) runtime->raise_system_exit(*engine);
            break;
        case DeadlineAction::EndGrace:
            last_resort(runtime, ErrorCode::GraceExpired, runtime->forced_exit(ErrorCode::GraceExpired));
            break;
        case DeadlineAction::EndUnheard:
            last_resort(runtime, ErrorCode::WatchdogExpired, runtime->forced_exit(ErrorCode::WatchdogExpired));
            break;
        case DeadlineAction::ReportDropped:
            bounded([runtime] { runtime->report_dropped(); });
            break;
        case DeadlineAction::EndFinalize:
            report_with_evidence(runtime, ErrorCode::FinalizeTimedOut);
            end_process(runtime, runtime->exit_status());
            break;
    }
}

void ServiceHost::report_with_evidence(const RuntimePointer& runtime, ErrorCode code) {
    const auto patience = runtime->system_shuts_down() ? kGilWaitAtShutdown : kGilWait;
    const std::string evidence =
        gather_evidence({ports_.process, engine_, runtime->thread(), bounded_calls_, patience});
    report_bounded(Error{code, 0, fmt::format("{}\n{}", runtime->name(), evidence)});
}

void ServiceHost::report_bounded(Error error) {
    bounded([this, error = std::move(error)] { ports_.journal.report(error); });
}

/// What may hang with everything else: the file system, the event log, the SCM.
void ServiceHost::bounded(std::function<void()> call) {
    const auto made = bounded_calls_.run(call, kLastCallWait);
    // Without another thread the risk is taken: a call that hangs is less likely than one that is missed.
    if (made == BoundedCalls::Result::NoThread) call();
}

void ServiceHost::report_unless_repeated(const Error& error) {
    if (!reports_.is_news(error, ports_.clock.now())) return;
    ports_.journal.report(error);
    wake_watchdog();
}

void ServiceHost::report_repeats(const std::vector<RepeatedReport>& reports) {
    for (const RepeatedReport& report : reports) ports_.journal.report(counted(report));
}

void ServiceHost::last_resort(const RuntimePointer& runtime, ErrorCode code, ExitStatus exit) {
    report_with_evidence(runtime, code);
    bool others = false;
    {
        const std::lock_guard lock(mutex_);
        const auto position = std::ranges::find(active_, runtime);
        if (position == active_.end()) return;  // it has just ended by itself
        active_.erase(position);
        runtime->abandon();
        services_[lower_case(runtime->name())].abandoned = runtime;
        others = !active_.empty();
        if (!others) closing_ = true;
    }
    // Its thread goes on: nothing in this process can be taken apart any more.
    skip_finalize_ = true;
    if (others) {
        bounded([runtime, exit] { runtime->publish_stopped(exit); });
    } else {
        end_process(runtime, exit);
    }
}

void ServiceHost::end_process(const RuntimePointer& runtime, ExitStatus exit) {
    const bool as_crash = runtime->fails_as_crash(exit);
    bounded([this, runtime, as_crash] {
        conclude();
        ports_.journal.note(LogLevel::Warning, fmt::format("{}: the process is ended{}", runtime->name(),
                                                           as_crash ? " without STOPPED (FailAs)" : ""));
    });
    if (!as_crash) bounded([runtime, exit] { runtime->publish_stopped(exit); });
    ports_.process.terminate(exit.process_code());
    if (as_crash) runtime->end_without_stopped();
    announce_closed(exit.process_code());
}

void ServiceHost::end_at_once() {
    const std::string text = "ended by a second Ctrl+C\n" + ports_.process.python_stacks();
    // A console has no log.
    if (ports_.console) ports_.console(2, text);
    ports_.journal.note(LogLevel::Error, text);
    ports_.process.terminate(1);
}

}  // namespace pysvc
