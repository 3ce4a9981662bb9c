// SPDX-License-Identifier: MIT
#include "host/commands/commands.hpp"
#include "host/commands/json.hpp"
#include "host/commands/program.hpp"
#include "host/commands/registration.hpp"
#include "host/commands/report.hpp"
#include "host/commands/service_group.hpp"
#include "host/commands/service_log.hpp"
#include "host/commands/service_plan.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {
namespace {

// What the Linux Standard Base gives an init script's `status`.
constexpr int kLsbRunning = 0;
constexpr int kLsbNotRunning = 3;
constexpr int kLsbUnknown = 4;

constexpr std::size_t kLogLines = 5;

struct Report {
    std::string name;
    ServiceSnapshot status;
    ServiceSetup setup;
    std::string class_string;
    std::string program;  ///< kind, target and arguments; empty for a class
    std::string python;
    std::string log;
};

Result<Report> gather(const std::string& service, CommandPorts& ports) {
    Report report;
    report.name = service;
    const auto status = ports.scm.status(service);
    if (!status) return failure(status.error());
    report.status = *status;
    auto setup = ports.scm.setup(service);
    if (!setup) return failure(setup.error());
    report.setup = std::move(*setup);
    report.class_string = read_text(ports.registry, python_class_key(service), "").value_or("");
    if (const std::string kind = program_kind_of(report.class_string); !kind.empty()) {
        const std::string parameters = parameters_key(service);
        const auto arguments = read_lines(ports.registry, parameters, "ProgramArguments");
        report.program = program_text(kind, read_text(ports.registry, parameters, "Program").value_or(""),
                                      arguments.value_or(std::vector<std::string>()));
    }
    report.python = read_text(ports.registry, parameters_key(service), "Python").value_or("");
    report.log = log_file(service, ports);
    return report;
}

std::string as_json(const Report& report) {
    JsonObject exit;
    exit.number("win32", report.status.exit.win32)
        .number("specific", report.status.exit.specific)
        .text("error", error_name_of(report.status.exit));
    JsonObject object;
    object.text("name", report.name)
        .text("display_name", report.setup.display_name)
        .text("state", name_of(report.status.state))
        .number("pid", report.status.process_id)
        .text("start_type", start_type_name(report.setup.start_type, report.setup.delayed))
        .text("account", report.setup.account)
        .text("command_line", report.setup.image_path)
        .text("class", report.class_string)
        .text("python", report.python)
        .number("checkpoint", report.status.check_point)
        .number("wait_hint_ms", static_cast<std::uint64_t>(report.status.wait_hint.count()))
        .raw("exit", exit.str())
        .text("log", report.log)
        .text("group", group_in(report.setup.image_path))
        .text("program", report.program);
    return object.str();
}

std::string as_text(const Report& report) {
    const auto known = [](const std::string& text) { return text.empty() ? std::string("(not set)") : text; };
    std::string text = fmt::format("{}: {}\n", report.name, name_of(report.status.state));
    text += fmt::format("  display name: {}\n", report.setup.display_name);
    if (report.status.process_id != 0) text += fmt::format("  process: {}\n", report.status.process_id);
    if (is_pending(report.status.state)) text += fmt::format("  checkpoint: {}\n", report.status.check_point);
    text += fmt::format("  start type: {}\n", start_type_name(report.setup.start_type, report.setup.delayed));
    text += fmt::format("  account: {}\n", known(report.setup.account));
    text += report.program.empty() ? fmt::format("  class: {}\n", known(report.class_string))
                                   : fmt::format("  program: {}\n", report.program);
    text += fmt::format("  Python: {}\n", known(report.python));
    if (const std::string group = group_in(report.setup.image_path); !group.empty()) {
        text += fmt::format("  group: {}\n", group);
    }
    if (report.status.state == State::Stopped)
        text += fmt::format("  last exit: {}\n", explain_exit(report.status.exit));
    text += fmt::format("  log: {}\n", report.log);
    for (const std::string& line : last_lines(report.log, kLogLines)) text += fmt::format("    {}\n", line);
    return text;
}

int lsb_code(State state) {
    const bool up = state == State::Running || state == State::Paused || state == State::PausePending ||
                    state == State::ContinuePending;
    return up ? kLsbRunning : kLsbNotRunning;
}

Result<int> status_of_all(const StatusRequest& request, CommandPorts& ports) {
    auto all = ports.scm.services();
    if (!all) return failure(all.error());
    std::ranges::sort(*all);
    std::string text;
    std::string json;
    for (const std::string& service : *all) {
        if (!has_python_class(ports.registry, service)) continue;
        const auto report = gather(service, ports);
        if (!report) continue;
        text += fmt::format("{}: {}\n", service, name_of(report->status.state));
        json += fmt::format("{}\n  {}", json.empty() ? "" : ",", as_json(*report));
    }
    if (request.json) {
        ports.output.write(Stream::Out, fmt::format("[{}{}]\n", json, json.empty() ? "" : "\n"));
    } else if (text.empty()) {
        ports.output.write(Stream::Err, "no Python service is installed\n");
    } else {
        ports.output.write(Stream::Out, text);
    }
    return 0;
}

}  // namespace

Result<int> status_command(const StatusRequest& request, CommandPorts& ports) {
    if (request.service.empty() && !request.quiet) return status_of_all(request, ports);
    const auto service = ports.scm.key_name(request.service);
    if (request.quiet) {
        const auto status = service ? ports.scm.status(*service) : Result<ServiceSnapshot>(failure(service.error()));
        return status ? lsb_code(status->state) : kLsbUnknown;
    }
    if (!service) return failure(service.error());
    const auto report = gather(*service, ports);
    if (!report) return failure(report.error());
    ports.output.write(Stream::Out, request.json ? as_json(*report) + "\n" : as_text(*report));
    return 0;
}

}  // namespace pysvc
