// SPDX-License-Identifier: MIT
#include "host/service/repeated_reports.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace pysvc {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

std::string without_numbers(std::string_view text) {
    std::string out;
    for (std::size_t begin = 0; begin < text.size();) {
        const bool address = text.substr(begin, 2) == "0x";
        std::size_t end = begin + (address ? 2 : 0);
        while (end < text.size() && (address ? is_hex_digit(text[end]) : is_digit(text[end]))) ++end;
        if (end == begin) {
            out += text[begin++];
            continue;
        }
        if (out.ends_with("line ")) {
            out += text.substr(begin, end - begin);
        } else {
            out += '#';
        }
        begin = end;
    }
    return out;
}

bool RepeatedReports::is_news(const Error& error, TimePoint now) {
    std::string key = fmt::format("{} {}", error_info(error.code).name, without_numbers(error.context));
    const std::lock_guard lock(mutex_);
    if (const auto known = entries_.find(key); known != entries_.end()) {
        ++known->second.repeats;
        return false;
    }
    if (entries_.size() < kMaxReports) entries_.emplace(std::move(key), Entry{error, now + kWindow});
    return true;
}

std::vector<RepeatedReport> RepeatedReports::take_due(TimePoint now) {
    std::vector<RepeatedReport> due;
    const std::lock_guard lock(mutex_);
    for (auto item = entries_.begin(); item != entries_.end();) {
        Entry& entry = item->second;
        if (entry.until > now) {
            ++item;
            continue;
        }
        if (entry.repeats != 0) due.push_back({std::move(entry.first), entry.repeats});
        item = entries_.erase(item);
    }
    return due;
}

TimePoint RepeatedReports::next() const {
    const std::lock_guard lock(mutex_);
    TimePoint next = TimePoint::max();
    for (const auto& [key, entry] : entries_) next = std::min(next, entry.until);
    return next;
}

Error counted(const RepeatedReport& report) {
    Error error = report.first;
    error.context = fmt::format("{} more {} since this was reported:\n{}", report.repeats,
                                report.repeats == 1 ? "time" : "times", report.first.context);
    return error;
}

}  // namespace pysvc
