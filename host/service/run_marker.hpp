// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/crash_watch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// What the file says that lies beside the log while an instance of a service runs. One that nobody removed is the trace
/// of an instance that ended without stopping.
struct RunMarker {
    ProcessIdentity process;
    std::chrono::sys_seconds started;

    friend bool operator==(const RunMarker&, const RunMarker&) = default;
};

[[nodiscard]] std::string to_text(const RunMarker& marker);

/// nullopt for anything else than to_text makes: after a loss of power a file may hold NULs, or a part of itself.
[[nodiscard]] std::optional<RunMarker> parse_run_marker(std::string_view text);

}  // namespace pysvc
