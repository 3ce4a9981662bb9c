// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace pysvc {

// Times of the system's clock as text, in UTC; years of four digits. Both sort as the times do.

/// 2026-01-31T12:00:00Z
[[nodiscard]] std::string utc_text(std::chrono::sys_seconds time);

/// 20260131T120000Z, for names of files.
[[nodiscard]] std::string compact_utc(std::chrono::sys_seconds time);

}  // namespace pysvc
