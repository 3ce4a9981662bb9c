// SPDX-License-Identifier: MIT
#include "host/service/diagnostic_log.hpp"

#include "host/base/text.hpp"
#include "host/service/clock.hpp"
#include "host/service/rotating_file.hpp"

#include <spdlog/pattern_formatter.h>

#include <optional>
#include <utility>

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
    File(LogStorage& storage, const std::filesystem::path& path, const Settings& settings)
        : level_(spdlog::level::from_str(settings.log_level)),
          formatter_("%Y-%m-%dT%H:%M:%S.%eZ %-7l [%P.%t] %v", spdlog::pattern_time_type::utc, "\n"),
          file_(storage, clock_, path, {settings.log_max_bytes, settings.log_files}, [this](const std::string& remark) {
              spdlog::memory_buf_t record;
              format(LogLevel::Warning, remark, record);
              return std::string(record.data(), record.size());
          }) {}

    Result<void> open() { return file_.open(); }

    std::optional<Error> write(LogLevel level, std::string_view text) {
        if (spdlog_level(level) < level_) return std::nullopt;
        buffer_.clear();
        while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
        for (bool first = true;; first = false) {
            const std::size_t end = text.find('\n');
            std::string_view line = text.substr(0, end);
            if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
            // The mark tells a continuation from a record that merely looks like one.
            format(level, first ? escaped(line) : "  | " + escaped(line), buffer_);
            if (end == std::string_view::npos) return file_.write({buffer_.data(), buffer_.size()});
            text.remove_prefix(end + 1);
        }
    }

private:
    void format(LogLevel level, std::string_view line, spdlog::memory_buf_t& buffer) {
        formatter_.format(spdlog::details::log_msg(spdlog::string_view_t(), spdlog_level(level),
                                                   spdlog::string_view_t(line.data(), line.size())),
                          buffer);
    }

    const spdlog::level::level_enum level_;
    const SteadyClock clock_;
    spdlog::pattern_formatter formatter_;
    spdlog::memory_buf_t buffer_;
    RotatingFile file_;
};

DiagnosticLog::DiagnosticLog(OnFailure on_failure) : on_failure_(std::move(on_failure)) {}
DiagnosticLog::~DiagnosticLog() = default;

Result<void> DiagnosticLog::open(LogStorage& storage, const std::filesystem::path& file, const Settings& settings) {
    const std::lock_guard lock(mutex_);
    file_ = std::make_unique<File>(storage, file, settings);
    auto opened = file_->open();
    // A failure is the caller's to report, once.
    for (const Record& record : std::exchange(early_, {})) (void)file_->write(record.level, record.text);
    return opened;
}

void DiagnosticLog::write(LogLevel level, std::string_view text) {
    std::optional<Error> error;
    {
        const std::lock_guard lock(mutex_);
        if (file_) {
            error = file_->write(level, text);
        } else if (early_.size() < kEarlyRecords) {
            early_.push_back({level, std::string(text)});
        }
    }
    if (error && on_failure_) on_failure_(*error);
}

}  // namespace pysvc
