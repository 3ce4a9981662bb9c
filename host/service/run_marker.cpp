// SPDX-License-Identifier: MIT
#include "host/service/run_marker.hpp"

#include <fmt/format.h>

#include <charconv>

namespace pysvc {
namespace {

/// Takes a number and the character that ends it from the front of `text`.
template <class Number>
bool take(std::string_view& text, Number& number, char end) {
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || rest == text.data() + text.size() || *rest != end) return false;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()) + 1);
    return true;
}

}  // namespace

std::string to_text(const RunMarker& marker) {
    return fmt::format("{} {} {}\n", marker.process.id, marker.process.created, marker.started.time_since_epoch().count());
}

std::optional<RunMarker> parse_run_marker(std::string_view text) {
    RunMarker marker;
    std::int64_t seconds = 0;
    const bool whole = take(text, marker.process.id, ' ') && take(text, marker.process.created, ' ') &&
                       take(text, seconds, '\n') && text.empty();
    // The last second of the year 9999: nothing that is shown as a date is larger.
    constexpr std::int64_t kLatest = 253'402'300'799;
    if (!whole || seconds < 0 || seconds > kLatest) return std::nullopt;
    marker.started = std::chrono::sys_seconds(std::chrono::seconds(seconds));
    return marker;
}

}  // namespace pysvc
