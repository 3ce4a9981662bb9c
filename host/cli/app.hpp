// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/cli/arguments.hpp"
#include "host/commands/requests.hpp"

#include <string>
#include <variant>

namespace pysvc {

struct VersionCommand {};

/// Text for Out instead of a command: `--help`.
struct HelpText {
    std::string text;
};

struct UpdateCommand {
    InstallRequest request;
};
struct RestartCommand {
    StartRequest request;
};

using ParsedCommand =
    std::variant<InstallRequest, UpdateCommand, RemoveRequest, StartRequest, StopRequest, RestartCommand, StatusRequest,
                 DebugCommand, DoctorRequest, VersionCommand, HelpText>;

/// Takes the options of a verb apart. Usage errors name the option.
[[nodiscard]] Result<ParsedCommand> parse_command(CommandLine line);

/// What `--help` without a verb prints.
[[nodiscard]] std::string general_help();

}  // namespace pysvc
