// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/settings.hpp"

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class LogLevel { Debug, Info, Warning, Error };

/// The rotating log file of a service process: the host's own records, every event, print and logging output, stacks.
/// Synchronous, so that nothing is lost when the process is ended; UTC; one record per line. Records written before
/// `open` are kept and written then. Any thread, never under the GIL, never from a control handler.
class DiagnosticLog {
public:
    DiagnosticLog();
    ~DiagnosticLog();
    DiagnosticLog(const DiagnosticLog&) = delete;
    DiagnosticLog& operator=(const DiagnosticLog&) = delete;

    /// Starts writing to `file` (folders are created); on failure records are dropped from here on.
    Result<void> open(const std::filesystem::path& file, const Settings& settings);

    /// Writes `text`; each of its lines is a record.
    void write(LogLevel level, std::string_view text);

    void flush();

private:
    struct Record {
        LogLevel level;
        std::string line;
    };
    class File;

    void write_line(LogLevel level, std::string_view line);

    std::mutex mutex_;
    bool opened_ = false;
    std::vector<Record> early_;
    std::unique_ptr<File> file_;
};

}  // namespace pysvc
