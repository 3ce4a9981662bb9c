// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/report.hpp"
#include "host/commands/waiting.hpp"
#include "host/service/control.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pysvc {
namespace {

bool is_stopped(const ServiceSnapshot& snapshot) { return snapshot.state == State::Stopped; }

/// A service takes no STOP while it starts or changes state: wait for that first.
bool takes_controls(const ServiceSnapshot& snapshot) {
    return !is_pending(snapshot.state) || snapshot.state == State::StopPending ||
           (snapshot.accepted & accept::kStop) != 0;
}

Error with_dependents(Error error, const std::string& service, CommandPorts& ports) {
    if (error.os_code != win32::kDependentServicesRunning) return error;
    const auto dependents = ports.scm.running_dependents(service);
    if (dependents && !dependents->empty()) error.context += fmt::format("; running: {}", fmt::join(*dependents, ", "));
    return error;
}

/// Sends STOP. True when it was sent or is under way, false when the service is stopped already.
Result<bool> send_stop(const std::string& service, const StopRequest& request, CommandPorts& ports) {
    const auto ready = wait_until(
        service, [](const ServiceSnapshot& s) { return takes_controls(s); }, request.wait, ports);
    if (!ready) return failure(ready.error());
    if (is_stopped(*ready)) return false;
    if (ready->state == State::StopPending) return true;
    const auto sent = ports.scm.control(service, control::kStop);
    if (sent) return true;
    if (sent.error().os_code == win32::kServiceNotActive) return false;
    const auto now = ports.scm.status(service);
    if (now && (now->state == State::StopPending || is_stopped(*now))) return true;
    return failure(with_dependents(sent.error(), service, ports));
}

}  // namespace

Result<int> stop_command(const StopRequest& request, CommandPorts& ports) {
    const auto service = ports.scm.key_name(request.service);
    if (!service) return failure(service.error());
    const auto status = ports.scm.status(*service);
    if (!status) return failure(status.error());
    // Opened before the stop: afterwards the id may be another process's.
    const auto process = status->process_id == 0 ? nullptr : ports.scm.watch_process(status->process_id);

    const auto sent = is_stopped(*status) ? Result<bool>(false) : send_stop(*service, request, ports);
    if (!sent) return failure(sent.error());
    if (!*sent) {
        if (request.wait.strict) return failure(ErrorCode::ServiceControlFailed, win32::kServiceNotActive, *service);
        ports.output.write(Stream::Err, fmt::format("{}: already STOPPED\n", *service));
        return 0;
    }
    if (request.wait.no_wait) {
        ports.output.write(Stream::Out, fmt::format("{}: stopping\n", *service));
        return 0;
    }
    const auto end = wait_until(*service, is_stopped, request.wait, ports);
    if (!end) return failure(end.error());
    if (auto gone = wait_for_process(*service, process.get(), request.wait, ports); !gone) {
        return failure(gone.error());
    }
    if (is_failure(end->exit)) return failure(service_failure(*service, end->exit, "while stopping", ports));
    ports.output.write(Stream::Out, fmt::format("{}: STOPPED\n", *service));
    return 0;
}

}  // namespace pysvc
