// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <string>

namespace pysvc::win {

/// A SID as text, S-1-5-18; empty when it is none.
[[nodiscard]] std::string sid_text(PSID sid);

/// The account that services have without one being named.
[[nodiscard]] bool is_local_system(const std::string& account);

/// The SID, as text, of an account as services name it; empty when there is no such account. LocalSystem has one too.
[[nodiscard]] std::string sid_of_account(const std::string& account);

/// DOMAIN\name of a SID given as text; the text itself where Windows cannot tell.
[[nodiscard]] std::string account_of_sid(const std::string& sid);

}  // namespace pysvc::win
