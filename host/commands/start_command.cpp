// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/report.hpp"
#include "host/commands/waiting.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

// Another service that is being started locks the database; Windows and Wine answer 1055 after some seconds of waiting.
constexpr auto kLockPause = 250ms;
constexpr auto kLockLimit = 30s;

// ServiceFramework reports RUNNING before it calls SvcDoRun: a class that fails at once would count as started.
constexpr auto kSettleTime = 400ms;

Result<void> start_with_retry(const std::string& service, const StartRequest& request, CommandPorts& ports) {
    const TimePoint deadline = ports.clock.now() + kLockLimit;
    while (true) {
        auto started = ports.scm.start(service, request.arguments);
        if (started || started.error().os_code != win32::kServiceDatabaseLocked) return started;
        if (ports.clock.now() >= deadline || ports.interrupts.requested()) return started;
        if (const auto seen = ports.scm.status(service)) {
            if (auto next = ports.scm.wait_for_change(service, *seen, kLockPause); !next) return failure(next.error());
        }
    }
}

bool is_up(const ServiceSnapshot& snapshot) {
    return snapshot.state != State::Stopped && snapshot.state != State::StartPending &&
           snapshot.state != State::StopPending;
}

/// StartService failed; when the service itself said why, that is the better answer.
Error start_failure(const std::string& service, const Error& error, CommandPorts& ports) {
    const auto status = ports.scm.status(service);
    if (error.os_code == win32::kServiceRequestTimeout && status && status->state == State::Stopped &&
        is_failure(status->exit)) {
        return service_failure(service, status->exit, "while starting", ports);
    }
    return error;
}

/// The state of a service that has just come up, `kSettleTime` later or as soon as it is not up any more.
Result<ServiceSnapshot> settle(const std::string& service, ServiceSnapshot snapshot, CommandPorts& ports) {
    const TimePoint deadline = ports.clock.now() + kSettleTime;
    for (TimePoint now = ports.clock.now(); is_up(snapshot) && now < deadline; now = ports.clock.now()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - now);
        const auto next = ports.scm.wait_for_change(service, snapshot, left);
        if (!next) return next;
        snapshot = *next;
    }
    // On its way down: what it ends with is what matters.
    if (snapshot.state != State::StopPending) return snapshot;
    return wait_until(
        service, [](const ServiceSnapshot& s) { return s.state == State::Stopped; }, {}, ports);
}

Result<int> wait_for_start(const std::string& service, const StartRequest& request, CommandPorts& ports) {
    const auto settled = [](const ServiceSnapshot& s) { return is_up(s) || s.state == State::Stopped; };
    auto end = wait_until(service, settled, request.wait, ports);
    if (end) end = settle(service, *end, ports);
    if (!end) return failure(end.error());
    if (end->state == State::Stopped) {
        if (is_failure(end->exit)) return failure(service_failure(service, end->exit, "while starting", ports));
        ports.output.write(Stream::Out, fmt::format("{}: ran and has ended already, without an error\n", service));
        return 0;
    }
    ports.output.write(Stream::Out, fmt::format("{}: {}, process {}\n", service, name_of(end->state), end->process_id));
    return 0;
}

}  // namespace

Result<int> start_command(const StartRequest& request, CommandPorts& ports) {
    const auto service = ports.scm.key_name(request.service);
    if (!service) return failure(service.error());
    auto status = ports.scm.status(*service);
    if (!status) return failure(status.error());
    if (is_up(*status)) {
        if (request.wait.strict) {
            return failure(ErrorCode::ServiceControlFailed, win32::kServiceAlreadyRunning, *service);
        }
        ports.output.write(Stream::Err, fmt::format("{}: already {}\n", *service, name_of(status->state)));
        return 0;
    }
    if (status->state == State::StopPending) {
        const auto stopped = wait_until(
            *service, [](const ServiceSnapshot& s) { return s.state == State::Stopped; }, request.wait, ports);
        if (!stopped) return failure(stopped.error());
    }
    if (status->state != State::StartPending) {
        const auto started = start_with_retry(*service, request, ports);
        const bool running = !started && started.error().os_code == win32::kServiceAlreadyRunning;
        if (!started && !running) return failure(start_failure(*service, started.error(), ports));
    }
    if (request.wait.no_wait) {
        ports.output.write(Stream::Out, fmt::format("{}: starting\n", *service));
        return 0;
    }
    return wait_for_start(*service, request, ports);
}

}  // namespace pysvc
