// SPDX-License-Identifier: MIT
#pragma once

#include "host/commands/ports.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pysvc {

/// %ProgramData%\PythonService\<service>: made by install, removed by remove when empty.
[[nodiscard]] std::string default_log_folder(const std::string& service, const ProgramFolders& folders);

/// Where the service's diagnostic log is by its configuration.
[[nodiscard]] std::string log_file(const std::string& service, CommandPorts& ports);

/// The last lines of a text file, oldest first; none when it cannot be read.
[[nodiscard]] std::vector<std::string> last_lines(const std::string& file, std::size_t count);

/// The newest event in a log, with all its lines; the last lines where there is none.
[[nodiscard]] std::vector<std::string> last_event_lines(const std::string& file);

}  // namespace pysvc
