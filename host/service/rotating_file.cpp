// SPDX-License-Identifier: MIT
#include "host/service/rotating_file.hpp"

#include "host/base/paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint::duration kFirstDelay = 1s;
constexpr TimePoint::duration kLongestDelay = 60s;

/// A file that is open tells nobody that it was deleted; to ask before each record would double its cost.
constexpr TimePoint::duration kLookInterval = 1s;

TimePoint::duration longer(TimePoint::duration delay) { return std::clamp(2 * delay, kFirstDelay, kLongestDelay); }

/// Without cause and remedy, which the event has: for a record.
std::string in_short(const Error& error) {
    if (error.os_code == 0) return error.context;
    return fmt::format("{}: {} ({})", error.context, os_error_text(error.os_code), error.os_code);
}

}  // namespace

RotatingFile::RotatingFile(LogStorage& storage, const Clock& clock, std::filesystem::path path, Limits limits,
                           MakeRecord make_record)
    : storage_(storage),
      clock_(clock),
      path_(std::move(path)),
      limits_(limits),
      make_record_(std::move(make_record)) {}

Result<void> RotatingFile::open() {
    const TimePoint now = clock_.now();
    auto opened = reopen(now);
    if (!opened) begin_or_continue_failing(opened.error(), now);
    return opened;
}

std::optional<Error> RotatingFile::write(std::string_view record) {
    const TimePoint now = clock_.now();
    if (failing_ && now < next_try_) {
        ++lost_;
        return std::nullopt;
    }
    if (file_ && (now >= next_look_ || wants_rotation(record.size(), now))) look_after_file(now);
    const bool deleted = !file_ && !failing_;
    const bool news = is_news(now);
    const std::uint64_t lost = lost_;

    auto done = file_ ? Result<void>() : reopen(now);
    if (done) {
        if (wants_rotation(record.size(), now)) rotate(now);
        done = append(record);
    }
    if (!done) {
        ++lost_;
        begin_or_continue_failing(done.error(), now);
        if (news) return done.error();
        return std::nullopt;
    }
    if (deleted || failing_) recovered_ = now;
    failing_ = false;
    if (!deleted || !news) return std::nullopt;
    return Error{ErrorCode::LogUnavailable, 0, fmt::format("{}; it was made again, {} records are lost", why_, lost)};
}

/// An outage soon after the one before is still the same for the administrator: a disk on which now and then a record
/// fits must not fill the event log as well.
bool RotatingFile::is_news(TimePoint now) const {
    return !failing_ && (!recovered_ || now - *recovered_ >= kLongestDelay);
}

void RotatingFile::begin_or_continue_failing(const Error& error, TimePoint now) {
    if (!failing_) why_ = in_short(error);
    retry_delay_ = is_news(now) ? kFirstDelay : longer(retry_delay_);
    next_try_ = now + retry_delay_;
    failing_ = true;
    // What is wrong may be wrong with what is open (a network drive that came back), and a deleted file must not fill a
    // disk that is full.
    file_.reset();
}

/// Leaves no file when it was deleted.
void RotatingFile::look_after_file(TimePoint now) {
    next_look_ = now + kLookInterval;
    switch (file_->place(path_)) {
        case LogFile::Place::Here:
            size_ = file_->size();  // another process may write to it as well
            break;
        case LogFile::Place::Elsewhere:
            // Renamed by a person, or rotated by another process. Until there is a new one, this one keeps the records.
            (void)reopen(now);
            break;
        case LogFile::Place::Nowhere:
            lost_ += unchecked_;
            why_ = fmt::format("'{}' was deleted while the service wrote it", from_path(path_));
            file_.reset();
            break;
    }
    unchecked_ = 0;
}

/// A failure leaves what is open as it is.
Result<void> RotatingFile::reopen(TimePoint now) {
    auto opened = storage_.open(path_);
    if (!opened) return failure(std::move(opened.error()));
    file_ = std::move(*opened);
    size_ = file_->size();
    within_line_ = storage_.ends_within_line(path_);
    unchecked_ = 0;
    next_look_ = now + kLookInterval;
    return {};
}

Result<void> RotatingFile::append(std::string_view record) {
    std::string block;
    if (within_line_ || lost_ != 0 || !remarks_.empty()) {
        if (within_line_) block += '\n';
        block += remarks_;
        if (lost_ != 0) block += make_record_(fmt::format("{} records are lost: {}", lost_, why_));
        block += record;
        record = block;
    }
    const auto [bytes, os_code] = file_->append(record);
    size_ += bytes;
    if (bytes != 0) within_line_ = record[bytes - 1] != '\n';
    if (bytes != record.size()) {
        return failure(ErrorCode::LogUnavailable, os_code, fmt::format("'{}'", from_path(path_)));
    }
    remarks_.clear();
    lost_ = 0;
    ++unchecked_;
    return {};
}

bool RotatingFile::wants_rotation(std::size_t next, TimePoint now) const {
    return file_ && size_ != 0 && size_ + next > limits_.bytes && now >= next_rotation_;
}

void RotatingFile::rotate(TimePoint now) {
    auto done = shift_files();
    if (done) done = reopen(now);
    if (done) {
        rotation_delay_ = {};
        return;
    }
    // Most likely somebody reads one of the files and does not let others rename it.
    if (rotation_delay_ == TimePoint::duration{}) {
        remarks_ += make_record_(fmt::format("the log is not rotated but goes on in this file until that is possible: {}",
                                             in_short(done.error())));
    }
    rotation_delay_ = longer(rotation_delay_);
    next_rotation_ = now + rotation_delay_;
}

/// Up to the first number that is free, so that a shift that was interrupted costs no file when it is repeated.
Result<void> RotatingFile::shift_files() {
    std::uint32_t number = 1;
    while (number <= limits_.files && storage_.exists(older(number))) ++number;
    if (number > limits_.files) {
        number = limits_.files;
        if (auto removed = storage_.remove(older(number)); !removed) return removed;
    }
    for (; number > 1; --number) {
        if (auto renamed = storage_.rename(older(number - 1), older(number)); !renamed) return renamed;
    }
    return storage_.rename(path_, older(1));
}

std::filesystem::path RotatingFile::older(std::uint32_t number) const {
    std::filesystem::path name = path_.stem();
    name += '.' + std::to_string(number);
    name += path_.extension();
    return path_.parent_path() / name;
}

}  // namespace pysvc
