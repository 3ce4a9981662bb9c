// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/clock.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// A report that came again: what it said when it was written, and how often it was not written since.
struct RepeatedReport {
    Error first;
    std::size_t repeats = 0;
};

/// Decides which of many reports are written. A loop that fails every second says the same again and again: the first
/// report is written, those of the next ten minutes are counted, and the count is written once. Any thread.
class RepeatedReports {
public:
    /// How long after a report the same one is only counted.
    static constexpr std::chrono::minutes kWindow{10};
    /// How many different reports are remembered; whatever comes beyond them is written.
    static constexpr std::size_t kMaxReports = 100;

    /// True when `error` is to be written, false when it was counted.
    [[nodiscard]] bool is_news(const Error& error, TimePoint now);

    /// Those whose time is over and that were counted at least once. They are forgotten.
    [[nodiscard]] std::vector<RepeatedReport> take_due(TimePoint now);
    /// As take_due at the end of the process: there is no later.
    [[nodiscard]] std::vector<RepeatedReport> take_all() { return take_due(TimePoint::max()); }

    /// When take_due is to be called next.
    [[nodiscard]] TimePoint next() const;

private:
    struct Entry {
        Error first;
        TimePoint until;
        std::size_t repeats = 0;
    };

    mutable std::mutex mutex_;  // a leaf
    std::map<std::string, Entry> entries_;
};

/// What two reports have in common that say the same: the text with its numbers left out. Thread and task names count
/// up ("Task-17"), addresses differ; the line numbers of a traceback stay.
[[nodiscard]] std::string without_numbers(std::string_view text);

/// The report of a count.
[[nodiscard]] Error counted(const RepeatedReport& report);

}  // namespace pysvc
