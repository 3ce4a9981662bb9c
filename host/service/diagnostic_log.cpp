// SPDX-License-Identifier: MIT
#include "host/service/diagnostic_log.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

namespace pysvc {
namespace {

/// Enough for a start that fails before its log could be opened; a flood before that is not worth the memory.
constexpr std::size_t kEarlyRecords = 1'000;

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::Debug: return spdlog::level::debug;
        case LogLevel::Info: return spdlog::level::info;
        case LogLevel::Warning: return spdlog::level::warn;
        case LogLevel::Error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

/// Hides spdlog from every other file: its headers cost seconds of compile time.
class DiagnosticLog::File {
public:
    File(const std::filesystem::path& path, const Settings& settings)
        : logger_("service", std::make_shared<spdlog::sinks::rotating_file_sink_mt>(path.native(), settings.log_max_bytes,
                                                                                    settings.log_files)) {
        logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %-7l [%P.%t] %v",
                                                                          spdlog::pattern_time_type::utc, "\n"));
        logger_.set_level(spdlog::level::from_str(settings.log_level));
        logger_.flush_on(spdlog::level::debug);
        // A full disk must not end a service, and there is nobody to tell on stderr.
        logger_.set_error_handler([](const std::string&) {});
    }

    void write(LogLevel level, std::string_view line) {
        logger_.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
    }
    void flush() { logger_.flush(); }

private:
    spdlog::logger logger_;
};

DiagnosticLog::DiagnosticLog() = default;
DiagnosticLog::~DiagnosticLog() = default;

Result<void> DiagnosticLog::open(const std::filesystem::path& path, const Settings& settings) {
    std::error_code folder_error;
    std::filesystem::create_directories(path.parent_path(), folder_error);
    const std::lock_guard lock(mutex_);
    opened_ = true;
    const std::vector<Record> early = std::exchange(early_, {});
    try {
        file_ = std::make_unique<File>(path, settings);
    } catch (const spdlog::spdlog_ex& error) {
        return failure(ErrorCode::LogUnavailable, static_cast<std::uint32_t>(folder_error.value()),
                       from_path(path) + ": " + error.what());
    }
    for (const Record& record : early) file_->write(record.level, record.line);
    return {};
}

void DiagnosticLog::write(LogLevel level, std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    for (bool first = true;; first = false) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        // The mark tells a continuation from a record that merely looks like one.
        write_line(level, first ? escaped(line) : "  | " + escaped(line));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

void DiagnosticLog::write_line(LogLevel level, std::string_view line) {
    const std::lock_guard lock(mutex_);
    if (file_) {
        file_->write(level, line);
    } else if (!opened_ && early_.size() < kEarlyRecords) {
        early_.push_back({level, std::string(line)});
    }
}

void DiagnosticLog::flush() {
    const std::lock_guard lock(mutex_);
    if (file_) file_->flush();
}

}  // namespace pysvc
