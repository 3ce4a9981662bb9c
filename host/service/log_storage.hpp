// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace pysvc {

/// A log file that is open for appending, by this process and perhaps by others.
class LogFile {
public:
    virtual ~LogFile() = default;

    struct Appended {
        std::size_t bytes = 0;      ///< how many of them are in the file, also after a failure
        std::uint32_t os_code = 0;  ///< why it is not all of them
    };
    /// Adds `bytes` at the end of the file in one call to the system: those of another process come before or after.
    virtual Appended append(std::string_view bytes) = 0;

    [[nodiscard]] virtual std::uint64_t size() const = 0;

    enum class Place {
        Here,       ///< the path names this file
        Elsewhere,  ///< it was renamed; the path names another file, or none
        Nowhere     ///< it was deleted: what is appended is lost
    };
    [[nodiscard]] virtual Place place(const std::filesystem::path& path) const = 0;
};

/// Port: the file system, as far as a log needs it.
class LogStorage {
public:
    virtual ~LogStorage() = default;

    /// Opens the file for appending; it and its folders are created. Others may read, rename and delete it meanwhile.
    /// Refused is what would lose the records or put them elsewhere: a device ("NUL.log" is one), a link, a file with
    /// more than one name, a folder, an alternate data stream. Fails with LogUnavailable, the path and the reason.
    virtual Result<std::unique_ptr<LogFile>> open(const std::filesystem::path& path) = 0;

    /// True when the file ends within a line: who wrote it was interrupted. False also when it cannot be read.
    [[nodiscard]] virtual bool ends_within_line(const std::filesystem::path& path) const = 0;

    [[nodiscard]] virtual bool exists(const std::filesystem::path& path) const = 0;

    /// Renames within a folder, also a file that is open here; never replaces another file.
    virtual Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;

    virtual Result<void> remove(const std::filesystem::path& path) = 0;
};

/// The real one.
[[nodiscard]] std::unique_ptr<LogStorage> make_log_storage();

}  // namespace pysvc
