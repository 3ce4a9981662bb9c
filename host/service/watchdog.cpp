// SPDX-License-Identifier: MIT
// The watchdog thread of ServiceHost: deadlines, checkpoints, stacks, the last resort. It never waits for the GIL.
#include "host/base/text.hpp"
#include "host/service/service_host.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

/// How often progress becomes a checkpoint: often enough for any wait hint, rarely enough not to slow down what makes
/// it (each is an RPC).
constexpr std::chrono::milliseconds kCheckpointInterval = 1s;
/// How long a last STOPPED may take before the process ends without it.
constexpr std::chrono::milliseconds kLastStatusWait = 2s;

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
    for (;;) {
        std::vector<RuntimePointer> watched = runtimes();
        {
            // A service in its finalisation is no longer active, its deadline still counts.
            const std::lock_guard lock(mutex_);
            if (last_) watched.push_back(last_);
        }
        report_repeats(reports_.take_due(ports_.clock.now()));
        TimePoint next = reports_.next();
        for (const RuntimePointer& runtime : watched) {
            while (const auto action = runtime->take_due(ports_.clock.now())) act(runtime, *action);
            if (runtime->take_heartbeat()) {
                runtime->publish_heartbeat();
            } else if (runtime->take_progress()) {
                runtime->publish_progress();
            }
            next = std::min(next, runtime->next_deadline());
            if (is_pending(runtime->status().state)) {
                next = std::min(next, ports_.clock.now() + kCheckpointInterval);
            }
        }
        std::unique_lock lock(watch_mutex_);
        if (watch_end_) return;
        if (!watch_poked_) ports_.clock.wait_until(lock, watch_condition_, next);
        watch_poked_ = false;
        if (watch_end_) return;
    }
}

void ServiceHost::act(const RuntimePointer& runtime, DeadlineAction action) {
    switch (action) {
        case DeadlineAction::WarnStartSlow: report_with_stacks(ErrorCode::StartSlow, runtime->name()); break;
        case DeadlineAction::WarnStopSlow: report_with_stacks(ErrorCode::StopSlow, runtime->name()); break;
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
        case DeadlineAction::ReportDropped: runtime->report_dropped(); break;
        case DeadlineAction::EndFinalize:
            report_with_stacks(ErrorCode::FinalizeTimedOut, runtime->name());
            end_process(runtime, runtime->exit_status());
            break;
    }
}

void ServiceHost::report_with_stacks(ErrorCode code, const std::string& service) {
    const std::string stacks = ports_.process.python_stacks();
    ports_.journal.report(Error{code, 0, stacks.empty() ? service : fmt::format("{}\n{}", service, stacks)});
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
    report_with_stacks(code, runtime->name());
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
        runtime->publish_stopped(exit);
    } else {
        end_process(runtime, exit);
    }
}

void ServiceHost::end_process(const RuntimePointer& runtime, ExitStatus exit) {
    const bool as_crash = runtime->fails_as_crash(exit);
    report_repeats(reports_.take_all());
    ports_.journal.note(LogLevel::Warning, fmt::format("{}: the process is ended{}", runtime->name(),
                                                       as_crash ? " without STOPPED (FailAs)" : ""));
    if (!as_crash) send_last_status(runtime, exit);
    ports_.process.terminate(exit.process_code());
    if (as_crash) runtime->end_without_stopped();
    announce_closed(exit.process_code());
}

void ServiceHost::send_last_status(const RuntimePointer& runtime, ExitStatus exit) {
    // SetServiceStatus may hang with everything else; the process ends regardless.
    struct Sent {
        std::mutex mutex;
        std::condition_variable condition;
        bool done = false;
    };
    const auto sent = std::make_shared<Sent>();
    senders_.emplace_back([runtime, exit, sent] {
        runtime->publish_stopped(exit);
        {
            const std::lock_guard lock(sent->mutex);
            sent->done = true;
        }
        sent->condition.notify_all();
    });
    std::unique_lock lock(sent->mutex);
    sent->condition.wait_for(lock, kLastStatusWait, [&] { return sent->done; });
}

void ServiceHost::end_at_once() {
    const std::string text = "ended by a second Ctrl+C\n" + ports_.process.python_stacks();
    // A console has no log.
    if (ports_.console) ports_.console(2, text);
    ports_.journal.note(LogLevel::Error, text);
    ports_.process.terminate(1);
}

}  // namespace pysvc
