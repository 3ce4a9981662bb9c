// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/posix/no_service_registry.hpp"

#include <cerrno>
#include <filesystem>

#include <unistd.h>

namespace pysvc {

bool started_by_scm(const std::vector<std::string>&) { return false; }

std::vector<std::string> group_names(const std::string&) { return {}; }

Result<ServicePlatform> make_service_platform() {
    return failure(ErrorCode::NotSupportedHere, 0, "running as a service");
}

std::unique_ptr<ServiceConfig> make_service_config() { return std::make_unique<posix::NoServiceRegistry>(); }

std::string program_directory() {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
}

// There are no services here, and nothing like these settings.
void harden_process() {}

std::uint32_t process_id() { return static_cast<std::uint32_t>(getpid()); }

Result<void> set_working_directory(const std::string& directory) {
    if (chdir(directory.c_str()) != 0) {
        return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(errno),
                       "changing to the folder '" + directory + "'");
    }
    return {};
}

}  // namespace pysvc
