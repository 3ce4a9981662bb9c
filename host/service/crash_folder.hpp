// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysvc {

/// `crashes` beside the log of a service: minidumps (.dmp), and the texts of crash logs (.txt). Services that share a
/// LogDirectory share it, hence each file begins with the service: NAME-20260131T120000Z-PROCESS.dmp.
class CrashFolder {
public:
    CrashFolder(std::filesystem::path folder, std::string service)
        : folder_(std::move(folder)), service_(std::move(service)) {}

    /// The minidump that a process left, begun at `started` or later.
    [[nodiscard]] std::optional<std::filesystem::path> dump_of(std::uint32_t process, std::chrono::sys_seconds started) const;

    /// Moves `crash_log` in as the text of that process. Empty when that failed.
    [[nodiscard]] std::optional<std::filesystem::path> take_in(const std::filesystem::path& crash_log,
                                                               std::chrono::sys_seconds now, std::uint32_t process) const;

    /// Removes all but the newest `count` minidumps, and all but the newest `count` texts, of the service.
    void keep_newest(std::size_t count) const;

private:
    /// The names of the service's files of one kind, oldest first.
    [[nodiscard]] std::vector<std::string> names(std::string_view extension) const;

    std::filesystem::path folder_;
    std::string service_;
};

}  // namespace pysvc
