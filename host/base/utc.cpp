// SPDX-License-Identifier: MIT
#include "host/base/utc.hpp"

#include <fmt/format.h>

namespace pysvc {
namespace {

std::string formatted(fmt::string_view format, std::chrono::sys_seconds time) {
    const auto midnight = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day day(midnight);
    const std::chrono::hh_mm_ss clock(time - midnight);
    return fmt::format(fmt::runtime(format), static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                       static_cast<unsigned>(day.day()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

}  // namespace

std::string utc_text(std::chrono::sys_seconds time) {
    return formatted("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", time);
}

std::string compact_utc(std::chrono::sys_seconds time) { return formatted("{:04}{:02}{:02}T{:02}{:02}{:02}Z", time); }

}  // namespace pysvc
