// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"

#include <string>

namespace pysvc {

/// Makes a folder (and its parents) that only administrators, the system and `account` (empty: nobody else) may write
/// and read. One that exists keeps its permissions.
[[nodiscard]] Result<void> make_private_folder(const std::string& folder, const std::string& account);

/// A folder for what the account of this process will execute: makes it, private to that account, or makes sure that
/// the one that is there is: no link, and owned and writable by nobody but the account, administrators and the system.
/// Its parent exists. Fails with OperatingSystem and who else may change it.
[[nodiscard]] Result<void> claim_private_folder(const std::string& folder);

}  // namespace pysvc
