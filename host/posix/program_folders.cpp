// SPDX-License-Identifier: MIT
#include "host/service/program_folders.hpp"

#include <cstdlib>
#include <filesystem>

namespace pysvc {
namespace {

/// Where a program of this user keeps what it writes.
std::filesystem::path data_folder() {
    const char* state = std::getenv("XDG_STATE_HOME");
    if (state && *state) return state;
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home && *home ? home : "/tmp") / ".local" / "state";
}

}  // namespace

ProgramFolders program_folders() {
    std::error_code ignored;
    const auto executable = std::filesystem::read_symlink("/proc/self/exe", ignored);
    return {executable.string(), executable.parent_path().string(), data_folder().string(),
            std::filesystem::current_path(ignored).string()};
}

}  // namespace pysvc
