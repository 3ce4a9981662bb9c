// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <gtest/gtest.h>
#include <sddl.h>

#include <filesystem>
#include <string>

namespace pysvc {

[[nodiscard]] inline std::string text_of(const std::filesystem::path& path) { return win::narrow(path.native()); }

/// Gives a folder the DACL of this SDDL.
inline void set_permissions(const std::filesystem::path& folder, const wchar_t* descriptor) {
    PSECURITY_DESCRIPTOR security = nullptr;
    ASSERT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor, SDDL_REVISION_1, &security, nullptr));
    const win::UniqueLocalMemory owner(security);
    ASSERT_TRUE(SetFileSecurityW(folder.c_str(), DACL_SECURITY_INFORMATION, security)) << GetLastError();
}

}  // namespace pysvc
