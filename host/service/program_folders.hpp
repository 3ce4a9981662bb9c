// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <string>

namespace pysvc {

/// Where this program is and may put things. All absolute, in the platform's spelling, without a trailing separator.
struct ProgramFolders {
    std::string executable;    ///< of this process
    std::string directory;     ///< the executable's
    std::string program_data;  ///< %ProgramData%
    std::string current;       ///< the shell's folder
};

[[nodiscard]] ProgramFolders program_folders();

/// Makes a folder (and its parents) that only administrators, the system and `account` (empty: nobody else) may write
/// and read. One that exists keeps its permissions.
[[nodiscard]] Result<void> make_private_folder(const std::string& folder, const std::string& account);

}  // namespace pysvc
