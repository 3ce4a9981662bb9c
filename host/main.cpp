// SPDX-License-Identifier: MIT
// PythonService.exe: a service when the Service Control Manager starts it, a management command otherwise.
#include "host/main.hpp"

#include "host/cli/arguments.hpp"
#include "host/cli/run_cli.hpp"
#include "host/cli/safe_output.hpp"
#include "host/commands/service_group.hpp"
#include "host/hosting.hpp"
#include "host/locate/python_loader.hpp"
#include "host/service/local_path.hpp"
#include "host/service/permissions.hpp"
#include "host/service/platform.hpp"
#include "host/service/private_folder.hpp"

#include <algorithm>
#include <exception>
#include <span>
#include <string>
#include <vector>

namespace pysvc {
namespace {

/// The value behind `--group`, empty without one.
std::string group_of(std::span<const std::string> arguments) {
    const auto flag = std::ranges::find(arguments, kGroupFlag);
    return flag == arguments.end() || flag + 1 == arguments.end() ? std::string() : *(flag + 1);
}

PythonFinder python_finder(const std::string& exe_directory) {
    return [exe_directory](const PythonQuery& query) -> Result<PythonChoice> {
        LocateRequest request;
        request.mode = LocateMode::Interactive;
        request.exe_directory = exe_directory;
        request.script_directory = query.script_directory;
        request.python = query.named.empty() ? query.stored : query.named;
        request.python_origin = query.named.empty() ? "the service's Parameters\\Python" : "--python";
        auto found = locate_python(request, *make_file_probe());
        if (!found) return failure(found.error());
        return PythonChoice{found->executable, found->reason};
    };
}

int run_command(const std::vector<std::string>& argv, Output& output) {
    const auto scm = make_scm_client();
    const auto registry = make_registry_editor();
    const auto child = make_child_process();
    const auto interrupts = make_interrupts();
    const auto permissions = make_permissions();
    SteadyClock clock;
    SafeOutput safe_output(output);
    CommandPorts ports{*scm,
                       *registry,
                       *child,
                       safe_output,
                       *interrupts,
                       *permissions,
                       make_file_probe()->system(),
                       clock,
                       python_finder(program_directory()),
                       [](const LocateRequest& request) { return trace_python(request, *make_file_probe()); },
                       request_of_service,
                       program_folders(),
                       make_private_folder,
                       local_path,
                       [&](const DebugRequest& request) { return host_on_console(argv, request, output); }};
    return run_cli(argv, ports);
}

}  // namespace

int run(const std::vector<std::string>& argv) noexcept {
    const auto output = make_output();
    // What reaches this point is a defect or a lack of memory: the process ends with its text, not with a dialogue box.
    try {
        const std::span<const std::string> arguments = std::span(argv).subspan(argv.empty() ? 0 : 1);
        const bool asked = std::ranges::find(arguments, kServiceFlag) != arguments.end();
        if (!names_command(arguments) && (asked || started_by_scm(argv))) {
            return host_services(argv, group_of(arguments), *output);
        }
        return run_command(argv, *output);
    } catch (const std::exception& error) {
        output->write(Stream::Err, std::string("PythonService: ") + error.what() + "\n");
        return 1;
    }
}

}  // namespace pysvc
