// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace pysvc::posix {

/// Opens each of the descriptors 0 to 2 that is closed: 0 and 1 on /dev/null, 2 on `crash_log` (empty: /dev/null).
/// Otherwise the next file that anyone opens would become Python's standard output. py-main.
void repair_descriptors(const std::string& crash_log);

}  // namespace pysvc::posix
