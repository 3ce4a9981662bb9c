// SPDX-License-Identifier: MIT
#include "host/service/local_path.hpp"

#include "host/base/paths.hpp"
#include "host/windows/win32.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

std::string text_of(const std::filesystem::path& path) { return win::narrow(path.native()); }

std::string settled(const std::string& path) {
    const auto local = local_path(path);
    return local ? *local : "refused: " + local.error().context;
}

/// The temporary folder under its long name, whatever %TEMP% says.
std::filesystem::path long_name(const std::filesystem::path& path) {
    wchar_t name[MAX_PATH];
    return std::wstring(name, GetLongPathNameW(path.c_str(), name, MAX_PATH));
}

TEST(LocalPath, IsTheSameForAFileOnADisk) {
    const TemporaryFolder temporary;
    const auto folder = long_name(temporary.path());
    EXPECT_EQ(settled(text_of(folder / L"missing.py")), text_of(folder / L"missing.py"));
    EXPECT_EQ(settled(R"(\\?\)" + text_of(folder / L"missing.py")), text_of(folder / L"missing.py"));
}

TEST(LocalPath, HasLongNames) {
    const TemporaryFolder temporary;
    const auto folder = long_name(temporary.path()) / L"a folder with a long name";
    std::filesystem::create_directory(folder);
    wchar_t name[MAX_PATH];
    const std::wstring with_short_names(name, GetShortPathNameW(folder.c_str(), name, MAX_PATH));
    EXPECT_EQ(settled(win::narrow(with_short_names)), text_of(folder));
}

TEST(LocalPath, SharesStaySharesWhenTheyAreMadeAbsolute) {
    EXPECT_EQ(absolute_from(R"(C:\a)", R"(\\server\share\b\..\c)"), R"(\\server\share\c)");
    EXPECT_EQ(absolute_from(R"(C:\a)", "//server/share/c"), R"(\\server\share\c)");
    EXPECT_EQ(absolute_from(R"(\\server\share)", R"(b\..\c)"), R"(\\server\share\c)");
    EXPECT_EQ(absolute_from(R"(\\server\share)", R"(D:\c)"), R"(D:\c)");
    EXPECT_EQ(absolute_from(R"(C:\a)", R"(\c)"), R"(C:\c)");
}

TEST(LocalPath, IsRefusedOutsideOfTheDisks) {
    for (const char* path : {R"(\\server\share\x.py)", R"(\\?\UNC\server\share\x.py)", R"(\\.\C:\x.py)",
                             R"(\\?\GLOBALROOT\Device\x)", R"(C:\con.py)", R"(C:\x.py:stream)"}) {
        const auto local = local_path(path);
        ASSERT_FALSE(local) << path;
        EXPECT_EQ(local.error().code, ErrorCode::PathRefused) << path;
        EXPECT_NE(local.error().context.find(path), std::string::npos) << local.error().context;
    }
}

TEST(LocalPath, IsRefusedOnASubstitutedDrive) {
    const TemporaryFolder temporary;
    const std::wstring folder = long_name(temporary.path()).native();
    ASSERT_TRUE(DefineDosDeviceW(0, L"Q:", folder.c_str())) << GetLastError();
    const auto local = local_path(R"(Q:\x.py)");
    EXPECT_TRUE(DefineDosDeviceW(DDD_REMOVE_DEFINITION, L"Q:", nullptr));
    ASSERT_FALSE(local) << *local;
    EXPECT_NE(local.error().context.find("subst"), std::string::npos) << local.error().context;
}

}  // namespace
}  // namespace pysvc
