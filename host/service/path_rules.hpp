// SPDX-License-Identifier: MIT
// What Windows takes for something else than it looks like. Texts only, so that the rules can be tested everywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// True for a name that is a device in every folder, whatever extension follows: "nul.log" swallows what is written.
[[nodiscard]] bool is_device_name(std::string_view name);

/// Why a service cannot use a path, and what to do instead, as the rest of a sentence; nullopt when it can. `path` is
/// full, with backslashes and without `..`.
[[nodiscard]] std::optional<std::string> why_refused(std::string_view path);

}  // namespace pysvc
