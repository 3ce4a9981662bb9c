// SPDX-License-Identifier: MIT
#include "host/service/private_folder.hpp"

#include "host/windows/win32.hpp"
#include "tests/unit/service/temporary_folder.hpp"
#include "tests/unit/windows/folder_permissions.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace pysvc {
namespace {

TEST(PrivateFolder, IsMadeAndClaimedAgain) {
    const TemporaryFolder temporary;
    const auto folder = temporary / "own";
    for (int i = 0; i < 2; ++i) {
        const auto claimed = claim_private_folder(text_of(folder));
        ASSERT_TRUE(claimed) << claimed.error().context;
    }
    EXPECT_TRUE(std::filesystem::is_directory(folder));
}

TEST(PrivateFolder, IsRefusedWhenSomebodyElseMayChangeIt) {
    const TemporaryFolder temporary;
    const auto folder = temporary / "shared";
    std::filesystem::create_directory(folder);
    set_permissions(folder, L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;WD)");
    const auto claimed = claim_private_folder(text_of(folder));
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().os_code, static_cast<std::uint32_t>(ERROR_ACCESS_DENIED));
    EXPECT_NE(claimed.error().context.find("may be changed by "), std::string::npos) << claimed.error().context;
}

TEST(PrivateFolder, IsClaimedWhenOthersMayOnlyRead) {
    const TemporaryFolder temporary;
    const auto folder = temporary / "readable";
    std::filesystem::create_directory(folder);
    set_permissions(folder, L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;GRGX;;;WD)");
    const auto claimed = claim_private_folder(text_of(folder));
    EXPECT_TRUE(claimed) << claimed.error().context;
}

TEST(PrivateFolder, IsNoFile) {
    const TemporaryFolder temporary;
    std::ofstream(temporary / "file") << "text";
    const auto claimed = claim_private_folder(text_of(temporary / "file"));
    ASSERT_FALSE(claimed);
    EXPECT_EQ(claimed.error().os_code, static_cast<std::uint32_t>(ERROR_DIRECTORY));
}

TEST(PrivateFolder, IsNotMadeWithoutItsParent) {
    const TemporaryFolder temporary;
    EXPECT_FALSE(claim_private_folder(text_of(temporary / "missing" / "own")));
}

}  // namespace
}  // namespace pysvc
