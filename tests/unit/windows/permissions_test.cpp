// SPDX-License-Identifier: MIT
#include "host/service/permissions.hpp"

#include "host/service/security_descriptor.hpp"
#include "host/windows/win32.hpp"
#include "tests/unit/service/temporary_folder.hpp"
#include "tests/unit/windows/folder_permissions.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

/// The rights that everyone has of those that change a folder.
std::uint32_t rights_of_everyone(const std::string& sddl) {
    const auto descriptor = parse_security_descriptor(sddl);
    EXPECT_TRUE(descriptor) << sddl;
    if (!descriptor) return 0;
    for (const Stranger& stranger : strangers_with(*descriptor, access::kChangeFolder, {})) {
        if (stranger.sid == "S-1-1-0") return stranger.rights;
    }
    return 0;
}

TEST(PermissionsOfWindows, AreThoseOfTheFile) {
    const auto permissions = make_permissions();
    const TemporaryFolder temporary;
    const auto folder = temporary / L"Gr\u00F6\u00DFe";
    std::filesystem::create_directory(folder);
    set_permissions(folder, L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;GRGX;;;WD)");
    auto sddl = permissions->of_file(text_of(folder));
    ASSERT_TRUE(sddl) << sddl.error().context;
    EXPECT_EQ(rights_of_everyone(*sddl), 0U) << *sddl;
    set_permissions(folder, L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;WD)");
    sddl = permissions->of_file(text_of(folder));
    ASSERT_TRUE(sddl) << sddl.error().context;
    EXPECT_EQ(rights_of_everyone(*sddl) & access::kWriteData, access::kWriteData) << *sddl;
}

TEST(PermissionsOfWindows, SayThatAFileIsMissing) {
    const TemporaryFolder temporary;
    const auto sddl = make_permissions()->of_file(text_of(temporary / "missing"));
    ASSERT_FALSE(sddl);
    EXPECT_EQ(sddl.error().os_code, static_cast<std::uint32_t>(ERROR_FILE_NOT_FOUND));
}

TEST(PermissionsOfWindows, AreThoseOfTheKey) {
    const auto permissions = make_permissions();
    const auto sddl = permissions->of_key(R"(SYSTEM\CurrentControlSet\Services)");
    ASSERT_TRUE(sddl) << sddl.error().os_code;
    EXPECT_TRUE(parse_security_descriptor(*sddl)) << *sddl;
    EXPECT_FALSE(permissions->of_key(R"(SYSTEM\NoSuchKey)"));
}

TEST(PermissionsOfWindows, KnowAccountsAndTheirNames) {
    const auto permissions = make_permissions();
    EXPECT_EQ(permissions->sid_of("LocalSystem"), "S-1-5-18");
    EXPECT_EQ(permissions->sid_of("NT AUTHORITY\\LocalService"), "S-1-5-19");
    EXPECT_EQ(permissions->sid_of("no such account \x7F"), "");
    // In the language of the system.
    EXPECT_NE(permissions->name_of("S-1-5-32-544"), "S-1-5-32-544");
    EXPECT_EQ(permissions->name_of("S-1-5-21-1-2-3-4"), "S-1-5-21-1-2-3-4");
    EXPECT_EQ(permissions->name_of("no SID"), "no SID");
}

}  // namespace
}  // namespace pysvc
