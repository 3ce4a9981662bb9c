// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace pysvc::posix {

/// The processes that this one has started and that still run, one a line: "4242 ffmpeg". From /proc; empty without it.
[[nodiscard]] std::string children();

}  // namespace pysvc::posix
