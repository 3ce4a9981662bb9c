// SPDX-License-Identifier: MIT
#include "host/commands/waiting.hpp"

#include "host/commands/report.hpp"
#include "host/commands/service_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr auto kSlice = 250ms;
constexpr auto kProcessSlice = 100ms;

std::chrono::milliseconds between(TimePoint from, TimePoint to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

/// Lines on Err: at most one a second, and one every ten seconds when nothing changes.
class Progress {
public:
    Progress(const std::string& service, CommandPorts& ports)
        : service_(service), ports_(ports), start_(ports.clock.now()), shown_(start_) {}

    void show(const ServiceSnapshot& snapshot) {
        const TimePoint now = ports_.clock.now();
        const bool changed = snapshot != last_;
        if (now - shown_ < (changed ? 1s : 10s)) return;
        last_ = snapshot;
        shown_ = now;
        ports_.output.write(Stream::Err, fmt::format("{}: {}, checkpoint {}, {} s\n", service_, name_of(snapshot.state),
                                                     snapshot.check_point, seconds()));
    }

    [[nodiscard]] long long seconds() const {
        return std::chrono::duration_cast<std::chrono::seconds>(ports_.clock.now() - start_).count();
    }

private:
    const std::string& service_;
    CommandPorts& ports_;
    TimePoint start_;
    TimePoint shown_;
    ServiceSnapshot last_;
};

std::chrono::milliseconds patience_for(const ServiceSnapshot& snapshot) {
    return std::max<std::chrono::milliseconds>(kPatience, snapshot.wait_hint);
}

}  // namespace

Result<ServiceSnapshot> wait_until(const std::string& service, const StateTest& done, const WaitRequest& request,
                                   CommandPorts& ports) {
    ports.interrupts.watch();
    auto snapshot = ports.scm.status(service);
    if (!snapshot) return snapshot;
    Progress progress(service, ports);
    const TimePoint start = ports.clock.now();
    TimePoint deadline = start + (request.limit ? *request.limit : patience_for(*snapshot));
    while (!done(*snapshot)) {
        const TimePoint now = ports.clock.now();
        const std::string where =
            fmt::format("'{}' is {} after {} s", service, name_of(snapshot->state), progress.seconds());
        if (ports.interrupts.requested()) return failure(ErrorCode::WaitTimedOut, win32::kCancelled, where);
        if (now >= deadline) return failure(ErrorCode::WaitTimedOut, 0, where);
        auto next = ports.scm.wait_for_change(
            service, *snapshot, std::min<std::chrono::milliseconds>(kSlice, between(now, deadline) + 1ms));
        if (!next) return next;
        if (!request.limit && *next != *snapshot) deadline = ports.clock.now() + patience_for(*next);
        snapshot = std::move(next);
        progress.show(*snapshot);
    }
    return snapshot;
}

Result<void> wait_for_process(const std::string& service, WatchedProcess* process, const WaitRequest& request,
                              CommandPorts& ports) {
    if (!process) return {};
    const TimePoint deadline = ports.clock.now() + (request.limit ? *request.limit : kPatience);
    while (!process->wait_for_end(kProcessSlice)) {
        const std::string where = fmt::format("'{}' has stopped, but its process has not ended", service);
        if (ports.interrupts.requested()) return failure(ErrorCode::WaitTimedOut, win32::kCancelled, where);
        if (ports.clock.now() >= deadline) return failure(ErrorCode::WaitTimedOut, 0, where);
    }
    return {};
}

Error service_failure(const std::string& service, const ExitStatus& exit, const std::string& when,
                      CommandPorts& ports) {
    std::string context = fmt::format("'{}' ended {} with {}", service, when, explain_exit(exit));
    const std::string log = log_file(service, ports);
    const auto lines = last_event_lines(log);
    if (!lines.empty()) {
        context += fmt::format("\nlog: {}", log);
        for (const std::string& line : lines) context += "\n  " + line;
    } else {
        context += fmt::format("\nlog: {} (nothing to read there)", log);
    }
    const std::uint32_t code = exit.win32 != 0 ? exit.win32 : win32::kServiceSpecificError;
    return Error{ErrorCode::ServiceFailed, code, std::move(context)};
}

}  // namespace pysvc
