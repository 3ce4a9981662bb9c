// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_group.hpp"
#include "host/commands/service_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

// A deleted service goes when its last handle is closed: other programs need a moment.
constexpr auto kGoneLimit = 10s;
constexpr auto kGonePause = 100ms;

Result<void> check_ours(const std::string& service, CommandPorts& ports) {
    if (has_python_class(ports.registry, service)) return {};
    const auto setup = ports.scm.setup(service);
    if (!setup) return failure(setup.error());
    if (equal_ignoring_case(program_of(setup->image_path), ports.folders.executable)) return {};
    return failure(ErrorCode::Usage, 0,
                   fmt::format("'{}' is a service of another program ({}); --force removes it all the same", service,
                               setup->image_path));
}

Result<void> stop_first(const RemoveRequest& request, const std::string& service, CommandPorts& ports) {
    StopRequest stop{service, request.wait};
    stop.wait.no_wait = false;
    stop.wait.strict = false;
    const auto status = ports.scm.status(service);
    if (!status) return failure(status.error());
    if (status->state == State::Stopped) return {};
    const auto stopped = stop_command(stop, ports);
    if (stopped) return {};
    // How a service ended does not matter any more; that it did not end does.
    if (stopped.error().code != ErrorCode::ServiceFailed) return failure(stopped.error());
    ports.output.write(Stream::Err, fmt::format("warning: {}\n", explain(stopped.error())));
    return {};
}

Result<void> wait_until_gone(const std::string& service, CommandPorts& ports) {
    const TimePoint deadline = ports.clock.now() + kGoneLimit;
    while (true) {
        const auto status = ports.scm.status(service);
        if (!status && status.error().os_code == win32::kServiceDoesNotExist) return {};
        if (!status && status.error().os_code != win32::kServiceMarkedForDelete) return failure(status.error());
        if (ports.clock.now() >= deadline || ports.interrupts.requested()) {
            return failure(ErrorCode::ServiceControlFailed, win32::kServiceMarkedForDelete, service);
        }
        const auto next = ports.scm.wait_for_change(service, status.value_or(ServiceSnapshot{}), kGonePause);
        if (!next && next.error().os_code == win32::kServiceDoesNotExist) return {};
    }
}

/// Only what install made, and the folder only when nothing is in it.
void remove_leftovers(const std::string& service, const std::string& group, CommandPorts& ports) {
    const auto warn = [&](const Result<void>& result) {
        if (!result) ports.output.write(Stream::Err, fmt::format("warning: {}\n", explain(result.error())));
    };
    if (event_source_owner(ports.registry, service) == SourceOwner::Us) {
        warn(ports.registry.delete_key(event_source_key(service)));
    }
    if (!group.empty()) warn(leave_group(ports.registry, group, service));
    std::error_code error;
    const auto folder = to_path(default_log_folder(service, ports.folders));
    std::filesystem::remove(folder, error);
    if (error && std::filesystem::exists(folder)) {
        ports.output.write(Stream::Err, fmt::format("note: its logs stay in {}\n", from_path(folder)));
    }
}

}  // namespace

Result<int> remove_command(const RemoveRequest& request, CommandPorts& ports) {
    const auto service = ports.scm.key_name(request.service);
    if (!service) return failure(service.error());
    if (!request.force) {
        if (auto ours = check_ours(*service, ports); !ours) return failure(ours.error());
    }
    if (auto stopped = stop_first(request, *service, ports); !stopped) return failure(stopped.error());
    const auto setup = ports.scm.setup(*service);
    const std::string group = setup ? group_in(setup->image_path) : std::string();
    const auto removed = ports.scm.remove(*service);
    const bool already = !removed && removed.error().os_code == win32::kServiceMarkedForDelete;
    if (!removed && !already) return failure(removed.error());
    remove_leftovers(*service, group, ports);
    if (auto gone = wait_until_gone(*service, ports); !gone) return failure(gone.error());
    ports.output.write(Stream::Out, fmt::format("{}: removed\n", *service));
    return 0;
}

}  // namespace pysvc
