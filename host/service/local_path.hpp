// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <string>

namespace pysvc {

/// A path as a service will see it: full, on a disk of this machine that every account has, with long names in place of
/// 8.3 ones. `path` is absolute; it need not exist. PathRefused, with the reason, when there is no such path.
[[nodiscard]] Result<std::string> local_path(const std::string& path);

}  // namespace pysvc
