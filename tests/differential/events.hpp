// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pysvc::test {

/// One call of ReportEventW, as it left the process.
struct ReportedEvent {
    std::uint32_t type = 0;
    std::uint32_t category = 0;
    std::uint32_t id = 0;
    /// As Wine's trace shows them: in quotes, escaped, cut after some 300 bytes.
    std::vector<std::string> inserts;
};

/// The events of all processes since `begin`, a former end_of_trace(). Wine's event log keeps nothing, so they are read
/// from the trace that scripts/test has Wine write (PYSVC_WINE_TRACE); both hosts are seen alike by it. On Windows there
/// is no such trace: none are seen, and none are compared.
[[nodiscard]] std::vector<ReportedEvent> reported_events(std::size_t begin);

[[nodiscard]] std::size_t end_of_trace();

}  // namespace pysvc::test
