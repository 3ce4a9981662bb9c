// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/status.hpp"
#include "host/service/terminal.hpp"

#include <string>

namespace pysvc {

/// Win32 codes that commands give or look at; status.hpp has those of the service side.
namespace win32 {
inline constexpr std::uint32_t kFileNotFound = 2;
inline constexpr std::uint32_t kAccessDenied = 5;
inline constexpr std::uint32_t kNotSupported = 50;
inline constexpr std::uint32_t kDependentServicesRunning = 1051;
inline constexpr std::uint32_t kServiceRequestTimeout = 1053;
inline constexpr std::uint32_t kServiceDatabaseLocked = 1055;
inline constexpr std::uint32_t kServiceDoesNotExist = 1060;
inline constexpr std::uint32_t kServiceNotActive = 1062;
inline constexpr std::uint32_t kServiceMarkedForDelete = 1072;
inline constexpr std::uint32_t kServiceExists = 1073;
inline constexpr std::uint32_t kNeverStarted = 1077;
inline constexpr std::uint32_t kDifferentServiceAccount = 1079;
inline constexpr std::uint32_t kCancelled = 1223;
inline constexpr std::uint32_t kTimeout = 1460;
}  // namespace win32

/// An error for people: describe() of it, with cause and next step of the Win32 code where that says more.
[[nodiscard]] std::string explain(const Error& error);

/// The exit code of a process that failed with `error`: the Win32 code, 2 for usage; never 0.
[[nodiscard]] int exit_code_of(const Error& error);

/// Prints the error, if `result` is one; the exit code of the process.
[[nodiscard]] int finish(const Result<int>& result, Output& output);

/// What a service's exit status means: "0", "1066, service-specific 0x20000001: the service ended with an exception".
[[nodiscard]] std::string explain_exit(const ExitStatus& exit);

/// The stable name of the error (docs/errors.md) that a service-specific code stands for; empty when it is none of
/// ours.
[[nodiscard]] std::string error_name_of(const ExitStatus& exit);

/// True when the service ended with an error; a last resort reports Win32 code 0 and only a specific one.
[[nodiscard]] constexpr bool is_failure(const ExitStatus& exit) {
    return (exit.win32 != 0 && exit.win32 != win32::kNeverStarted) || exit.specific != 0;
}

}  // namespace pysvc
