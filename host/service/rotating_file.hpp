// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/clock.hpp"
#include "host/service/log_storage.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// A file of records that goes on under other names when it is full: svc.log, svc.1.log (the one before), svc.2.log ...
/// Nothing is ever truncated, and no fault of the file system reaches the writer: records that cannot be written are
/// counted, the file is tried again after a while, and the first record that it takes again says how many are missing.
/// Not synchronised.
class RotatingFile {
public:
    struct Limits {
        std::uint64_t bytes;  ///< a file that would grow beyond it is rotated first
        std::uint32_t files;  ///< older files that are kept
    };
    /// Makes a record of what the file itself has to say.
    using MakeRecord = std::function<std::string(const std::string& text)>;

    RotatingFile(LogStorage& storage, const Clock& clock, std::filesystem::path path, Limits limits,
                 MakeRecord make_record);

    Result<void> open();

    /// Appends a record with its line end. Returns an error for the administrator: when records begin to be lost, not
    /// again for each of them, and when the file was deleted by somebody.
    [[nodiscard]] std::optional<Error> write(std::string_view record);

private:
    void look_after_file(TimePoint now);
    Result<void> reopen(TimePoint now);
    Result<void> append(std::string_view record);
    [[nodiscard]] bool is_news(TimePoint now) const;
    void begin_or_continue_failing(const Error& error, TimePoint now);
    [[nodiscard]] bool wants_rotation(std::size_t next, TimePoint now) const;
    void rotate(TimePoint now);
    Result<void> shift_files();
    [[nodiscard]] std::filesystem::path older(std::uint32_t number) const;

    LogStorage& storage_;
    const Clock& clock_;
    const std::filesystem::path path_;
    const Limits limits_;
    const MakeRecord make_record_;

    std::unique_ptr<LogFile> file_;
    std::uint64_t size_ = 0;
    bool within_line_ = false;     ///< the last record is there in part: the next one begins with a line end
    std::string remarks_;          ///< records of our own that stand in front of the next one
    std::uint64_t unchecked_ = 0;  ///< records since the file was last seen in its place
    TimePoint next_look_;

    bool failing_ = false;
    std::uint64_t lost_ = 0;
    std::string why_;
    TimePoint::duration retry_delay_{};
    TimePoint next_try_;
    std::optional<TimePoint> recovered_;

    TimePoint::duration rotation_delay_{};
    TimePoint next_rotation_;
};

}  // namespace pysvc
