// SPDX-License-Identifier: MIT
#include "host/cli/run_cli.hpp"

#include "host/cli/app.hpp"
#include "host/commands/commands.hpp"
#include "host/commands/report.hpp"

#include <fmt/format.h>

#include <exception>
#include <span>
#include <variant>

namespace pysvc {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

Result<int> run(ParsedCommand command, CommandPorts& ports) {
    return std::visit(Overloaded{
                          [&](InstallRequest& request) { return install_command(std::move(request), ports); },
                          [&](UpdateCommand& update) { return update_command(std::move(update.request), ports); },
                          [&](RemoveRequest& request) { return remove_command(request, ports); },
                          [&](StartRequest& request) { return start_command(request, ports); },
                          [&](StopRequest& request) { return stop_command(request, ports); },
                          [&](RestartCommand& restart) { return restart_command(restart.request, ports); },
                          [&](StatusRequest& request) { return status_command(request, ports); },
                          [&](DebugCommand& request) { return debug_command(request, ports); },
                          [&](DoctorRequest& request) { return doctor_command(request, ports); },
                          [&](VersionCommand&) { return version_command(ports); },
                          [&](HelpText& help) -> Result<int> {
                              ports.output.write(Stream::Out, help.text);
                              return 0;
                          },
                      },
                      command);
}

/// Started without arguments from a shell: how to use it, and what there is to use it on.
int show_overview(CommandPorts& ports) {
    ports.output.write(Stream::Err, general_help());
    if (ports.scm.services()) {
        ports.output.write(Stream::Err, "\nInstalled Python services:\n");
        static_cast<void>(status_command({}, ports));
    }
    return 2;
}

int run_arguments(std::span<const std::string> arguments, CommandPorts& ports) {
    if (arguments.empty()) return show_overview(ports);
    auto line = normalise(arguments);
    if (!line) return finish(failure(line.error()), ports.output);
    auto command = parse_command(std::move(*line));
    if (!command) return finish(failure(command.error()), ports.output);
    return finish(run(std::move(*command), ports), ports.output);
}

}  // namespace

int run_cli(const std::vector<std::string>& argv, CommandPorts& ports) {
    try {
        return run_arguments(std::span(argv).subspan(argv.empty() ? 0 : 1), ports);
    } catch (const std::exception& error) {
        // CLI11 and the standard library throw on what cannot be foreseen, such as a path that is no text.
        ports.output.write(Stream::Err, fmt::format("error: {}\n", error.what()));
        return 1;
    }
}

}  // namespace pysvc
