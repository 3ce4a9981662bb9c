// SPDX-License-Identifier: MIT
#include "host/commands/service_group.hpp"

#include "host/base/text.hpp"
#include "host/commands/quoting.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pysvc {
namespace {

/// Names of services are compared without case.
auto named(const std::string& service) {
    return [&service](const std::string& member) { return equal_ignoring_case(member, service); };
}

std::string group_arguments(const std::string& group) {
    return fmt::format("{} {} {}", kServiceFlag, kGroupFlag, quote_argument(group));
}

/// What group_in could not read back is no name for a group.
Result<void> check_group_name(const std::string& group) {
    const bool unusual = std::ranges::any_of(group, [](unsigned char c) { return c < ' ' || c == '"' || c == '\\'; });
    if (!unusual && utf16_length(group) <= 256) return {};
    return failure(ErrorCode::Usage, 0,
                   fmt::format("'{}' is no name for a group: at most 256 characters, none of \" and \\", group));
}

/// The account that a service has, as it can be compared.
std::string comparable_account(const std::string& account) {
    return account.empty() ? account_name("LocalSystem") : account_name(account);
}

/// Windows starts no service in a process that runs as somebody else.
Result<void> check_account(const ServicePlan& plan, const ServiceSetup* installed, CommandPorts& ports) {
    const auto members = group_members(ports.registry, *plan.group);
    if (!members) return failure(members.error());
    const std::string account = comparable_account(plan.account.value_or(installed ? installed->account : ""));
    for (const std::string& member : *members) {
        if (equal_ignoring_case(member, plan.name)) continue;
        const auto setup = ports.scm.setup(member);
        // A name left behind by a service that somebody else deleted or changed.
        if (!setup || !equal_ignoring_case(group_in(setup->image_path), *plan.group)) continue;
        const std::string theirs = comparable_account(setup->account);
        if (equal_ignoring_case(theirs, account)) continue;
        return failure(ErrorCode::ServiceControlFailed, win32::kDifferentServiceAccount,
                       fmt::format("{}; its account would be {}, but '{}' of the group '{}' has {}", plan.name, account,
                                   member, *plan.group, theirs));
    }
    return {};
}

Result<void> check_arguments(const ServicePlan& plan, const ServiceSetup* installed) {
    std::string arguments = plan.exe_args;
    const bool keeps_program = !plan.image_path && installed != nullptr && group_in(installed->image_path).empty();
    if (keeps_program) arguments = arguments_of(installed->image_path);
    if (arguments.empty()) return {};
    return failure(
        ErrorCode::Usage, 0,
        fmt::format("'{}' has arguments of its own ({}) and cannot be in a group: Windows lets only services "
                    "with equal command lines share a process",
                    plan.name, arguments));
}

}  // namespace

std::string group_in(std::string_view image_path) {
    const std::string flags = fmt::format("{} {} ", kServiceFlag, kGroupFlag);
    const std::string arguments = arguments_of(image_path);
    if (!arguments.starts_with(flags)) return {};
    const std::string group = arguments.substr(flags.size());
    // No name has a quote in it.
    return group.starts_with('"') ? group.substr(1, group.find('"', 1) - 1) : group.substr(0, group.find(' '));
}

Result<std::vector<std::string>> group_members(RegistryEditor& registry, const std::string& group) {
    return read_lines(registry, kGroupsKey, group);
}

Result<void> join_group(RegistryEditor& registry, const std::string& group, const std::string& service) {
    auto members = group_members(registry, group);
    if (!members) return failure(members.error());
    if (std::ranges::any_of(*members, named(service))) return {};
    members->push_back(service);
    return write_lines(registry, kGroupsKey, group, *members);
}

Result<void> leave_group(RegistryEditor& registry, const std::string& group, const std::string& service) {
    auto members = group_members(registry, group);
    if (!members) return failure(members.error());
    if (std::erase_if(*members, named(service)) == 0) return {};
    if (members->empty()) return registry.delete_value(kGroupsKey, group);
    return write_lines(registry, kGroupsKey, group, *members);
}

Result<void> settle_group(ServicePlan& plan, const ServiceSetup* installed, CommandPorts& ports) {
    plan.former_group = installed ? group_in(installed->image_path) : std::string();
    if (!plan.group) plan.group = plan.former_group;
    const std::uint32_t interactive =
        plan.service_type.value_or(installed ? installed->service_type : 0) & service_type::kInteractive;
    if (plan.group->empty()) {
        if (plan.former_group.empty()) return {};
        if (!plan.image_path) plan.image_path = image_path(ports.folders.executable, "");
        plan.service_type = service_type::kOwnProcess | interactive;
        return {};
    }
    if (auto good = check_group_name(*plan.group); !good) return good;
    if (auto good = check_arguments(plan, installed); !good) return good;
    if (auto good = check_account(plan, installed, ports); !good) return good;
    plan.image_path = image_path(ports.folders.executable, group_arguments(*plan.group));
    plan.service_type = service_type::kShareProcess | interactive;
    return {};
}

void note_running_group(const ServicePlan& plan, CommandPorts& ports) {
    if (!plan.group || plan.group->empty() || equal_ignoring_case(*plan.group, plan.former_group)) return;
    const auto members = group_members(ports.registry, *plan.group);
    if (!members) return;
    const bool running = std::ranges::any_of(*members, [&](const std::string& member) {
        const auto status = ports.scm.status(member);
        return !equal_ignoring_case(member, plan.name) && status && status->state != State::Stopped;
    });
    if (!running) return;
    ports.output.write(
        Stream::Err, fmt::format("note: the process of the group '{}' is running and takes no new service; '{}' can be "
                                 "started when all services of the group have been stopped once\n",
                                 *plan.group, plan.name));
}

}  // namespace pysvc
