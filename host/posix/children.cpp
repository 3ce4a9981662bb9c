// SPDX-License-Identifier: MIT
#include "host/posix/children.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace pysvc::posix {

std::string children() {
    std::string lines;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        std::ifstream file(entry.path() / "stat");
        std::string stat;
        if (!std::getline(file, stat)) continue;
        // proc(5): pid (name) state ppid. The name may hold anything, brackets and spaces too.
        const std::size_t open = stat.find('(');
        const std::size_t close = stat.rfind(')');
        if (open == std::string::npos || close == std::string::npos) continue;
        std::istringstream rest(stat.substr(close + 1));
        char state = 0;
        pid_t parent = 0;
        // A zombie has ended; it only waits for somebody to ask how.
        if (!(rest >> state >> parent) || parent != getpid() || state == 'Z') continue;
        lines += stat.substr(0, open) + stat.substr(open + 1, close - open - 1) + "\n";
    }
    return lines;
}

}  // namespace pysvc::posix
