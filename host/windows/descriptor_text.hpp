// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <string>

namespace pysvc::win {

/// Owner and DACL of a security descriptor as SDDL, for parse_security_descriptor. `what` is it of, for the error.
[[nodiscard]] Result<std::string> descriptor_text(PSECURITY_DESCRIPTOR security, const std::string& what);

}  // namespace pysvc::win
