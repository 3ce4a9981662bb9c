// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/settings.hpp"

#include <string>

namespace pysvc {

/// The files in which a service process leaves its traces.
struct LogFiles {
    std::string directory;
    std::string log;        ///< the rotating diagnostic log
    std::string crash_log;  ///< faulthandler's, and whatever C code writes to descriptor 2
    std::string run_marker;    ///< there while an instance runs (run_marker.hpp)
    std::string crash_folder;  ///< crash_folder.hpp
};

/// `service` as the name of a file or folder that no other service has: what a file system refuses or takes for something
/// else (characters, devices, a dot at the end) is written as %NN, and a name that is too long ends with a fingerprint.
[[nodiscard]] std::string file_name_for(const std::string& service);

/// Where they are: LogDirectory, or `program_data`/PythonService/<service>.
[[nodiscard]] LogFiles log_files(const std::string& service, const Settings& settings, const std::string& program_data);

}  // namespace pysvc
