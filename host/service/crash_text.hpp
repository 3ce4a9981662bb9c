// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// What a crash log says about a crash.
struct CrashText {
    std::string headline;  ///< "Windows fatal exception: access violation"
    std::string text;      ///< from the headline on: the stacks
};

/// The last crash in `log`, which faulthandler and CPython's fatal errors have written. Python stacks that the watchdog
/// asked for are in the same file, and no crash (host/windows/stacks.cpp).
[[nodiscard]] std::optional<CrashText> last_crash(std::string_view log);

}  // namespace pysvc
