// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace pysvc
