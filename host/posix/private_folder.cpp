// SPDX-License-Identifier: MIT
#include "host/service/private_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace pysvc {

Result<void> make_private_folder(const std::string& folder, const std::string&) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(error.value()), folder);
    return {};
}

Result<void> claim_private_folder(const std::string& folder) {
    const auto refused = [&](int code) {
        return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(code), folder);
    };
    if (::mkdir(folder.c_str(), S_IRWXU) != 0 && errno != EEXIST) return refused(errno);
    struct stat found {};
    if (::lstat(folder.c_str(), &found) != 0) return refused(errno);
    if (!S_ISDIR(found.st_mode)) return refused(ENOTDIR);
    const bool ours = found.st_uid == ::geteuid() || found.st_uid == 0;
    if (!ours || (found.st_mode & (S_IWGRP | S_IWOTH)) != 0) return refused(EPERM);
    return {};
}

}  // namespace pysvc
