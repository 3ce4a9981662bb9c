// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/layout.hpp"

#include <optional>
#include <string_view>

namespace pysvc {

/// What `--python 3.13` asks for instead of a path: "3.13", "3.13t" (free-threaded), and either with "-64" or "-arm64"
/// as py.exe takes them; which of the two it is, the machine decides. nullopt for everything else, also for "3.13.5":
/// nobody announces patch versions, and one that is named would be gone with the next update.
[[nodiscard]] std::optional<PythonAbi> parse_version_request(std::string_view text);

}  // namespace pysvc
