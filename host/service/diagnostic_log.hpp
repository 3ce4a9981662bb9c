// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/log_storage.hpp"
#include "host/service/settings.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class LogLevel { Debug, Info, Warning, Error };

/// The rotating log file of a service process: the host's own records, every event, print and logging output, stacks.
/// Each record is given to the system at once, so that nothing is lost when the process is ended; UTC; one record per
/// line, or per line and its continuations. Records written before `open` are kept and written then. No fault of the file
/// reaches the service: rotating_file.hpp. Any thread, never under the GIL, never from a control handler.
class DiagnosticLog {
public:
    /// Told when records begin to be lost, and when somebody deleted the log: by the thread that wrote a record, which
    /// holds no lock of the log.
    using OnFailure = std::function<void(const Error& error)>;

    explicit DiagnosticLog(OnFailure on_failure = {});
    ~DiagnosticLog();
    DiagnosticLog(const DiagnosticLog&) = delete;
    DiagnosticLog& operator=(const DiagnosticLog&) = delete;

    /// Starts writing to `file` (folders are created). After a failure it is tried again, as after any other.
    Result<void> open(LogStorage& storage, const std::filesystem::path& file, const Settings& settings);

    /// Writes `text` as a record; lines after its first one are marked as continuations, and stay with it.
    void write(LogLevel level, std::string_view text);

private:
    struct Record {
        LogLevel level;
        std::string text;
    };
    class File;

    const OnFailure on_failure_;
    std::mutex mutex_;
    std::vector<Record> early_;
    std::unique_ptr<File> file_;
};

}  // namespace pysvc
