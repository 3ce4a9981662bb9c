// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace pysvc::test {

/// What the SCM says of a service that somebody else installed; state 0 when there is none of that name.
[[nodiscard]] SERVICE_STATUS_PROCESS service_status(const std::string& name);

/// True when the process has loaded a DLL of this folder whose name begins so.
[[nodiscard]] bool has_module(DWORD process, const std::filesystem::path& folder, std::wstring_view beginning);

}  // namespace pysvc::test
