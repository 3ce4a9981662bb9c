// SPDX-License-Identifier: MIT
#include "host/commands/exposure.hpp"

#include "tests/fakes/fake_permissions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

namespace pysvc {
namespace {

using fakes::FakePermissions;

const std::string kEverybodysFolder = "O:BAD:AI(A;OICIID;FA;;;BA)(A;ID;0x1301bf;;;AU)(A;OICIIOID;SDGXGWGR;;;AU)";
const std::string kUsers = "O:BAD:(A;;FW;;;BU)";

class Exposures : public testing::Test {
protected:
    std::vector<Exposure> find(const std::vector<Guarded>& guarded, const std::vector<std::string>& trusted = {}) {
        return find_exposures(System::Windows, guarded, trusted, permissions_);
    }
    /// "path (use, use)" of each.
    std::vector<std::string> found(const std::vector<Guarded>& guarded) {
        std::vector<std::string> lines;
        for (const Exposure& one : find(guarded)) lines.push_back(fmt::format("{} ({})", one.path, fmt::join(one.uses, ", ")));
        return lines;
    }
    std::vector<std::string> remedies(const Guarded& guarded) {
        const auto exposures = find({guarded});
        return exposures.size() == 1 ? remedies_for(exposures[0], permissions_) : std::vector<std::string>();
    }

    FakePermissions permissions_;
};

using Lines = std::vector<std::string>;

TEST_F(Exposures, AreNoneWhereOnlyAdministratorsMayChangeAnything) {
    EXPECT_EQ(found({{GuardedKind::File, R"(C:\Program Files\x\y.exe)", "y"}}), Lines());
    EXPECT_EQ(permissions_.asked, (std::set<std::string>{R"(C:\)", R"(C:\Program Files)", R"(C:\Program Files\x)",
                                                         R"(C:\Program Files\x\y.exe)"}));
}

TEST_F(Exposures, AreFoundInEveryFolderAbove) {
    permissions_.descriptors[R"(C:\app)"] = kEverybodysFolder;
    EXPECT_EQ(found({{GuardedKind::File, R"(C:\app\lib\deep\y.py)", "y"}}), Lines{"C:\\app ()"});
}

TEST_F(Exposures, FolderThatOnlyLeadsSomewhereMayHaveNewFiles) {
    permissions_.descriptors[R"(C:\app)"] = "O:BAD:(A;;DCLC;;;AU)";
    EXPECT_EQ(found({{GuardedKind::File, R"(C:\app\y.exe)", "y"}}), Lines());
    EXPECT_EQ(found({{GuardedKind::File, R"(C:\app\y.exe)", "y"}, {GuardedKind::Folder, R"(c:\APP)", "code"}}),
              Lines{"C:\\app (code)"});
}

TEST_F(Exposures, OutermostFolderStandsForWhatItGivesAway) {
    for (const char* path : {R"(C:\app)", R"(C:\app\venv)", R"(C:\app\venv\x.py)"}) {
        permissions_.descriptors[path] = kEverybodysFolder;
    }
    permissions_.descriptors[R"(C:\app\own.py)"] = kUsers;
    EXPECT_EQ(found({{GuardedKind::Folder, R"(C:\app\venv)", "venv"},
                     {GuardedKind::File, R"(C:\app\venv\x.py)", "code"},
                     {GuardedKind::File, R"(C:\app\own.py)", "more code"}}),
              (Lines{"C:\\app (venv, code)", "C:\\app\\own.py (more code)"}));
}

TEST_F(Exposures, MissingFileIsOpenToThoseWhoMayMakeIt) {
    permissions_.missing = {R"(C:\app\x\y.zip)", R"(C:\app\x)"};
    permissions_.descriptors[R"(C:\app)"] = "O:BAD:(A;;LC;;;AU)";
    EXPECT_EQ(found({{GuardedKind::File, R"(C:\app\x\y.zip)", "zip"}}), Lines{"C:\\app (zip)"});
}

TEST_F(Exposures, AccountOfTheServiceIsTrusted) {
    permissions_.descriptors[R"(C:\app)"] = "O:S-1-5-21-1-2-3-1001D:(A;OICI;FA;;;S-1-5-21-1-2-3-1001)";
    const std::vector<Guarded> guarded{{GuardedKind::Folder, R"(C:\app)", "code"}};
    EXPECT_EQ(find(guarded).size(), 1U);
    EXPECT_EQ(find(guarded, {"S-1-5-21-1-2-3-1001"}).size(), 0U);
}

TEST_F(Exposures, WhatCannotBeReadIsLeftOut) {
    permissions_.descriptors[R"(C:\app)"] = "no SDDL";
    EXPECT_EQ(found({{GuardedKind::Folder, R"(C:\app)", "code"}}), Lines());
}

TEST_F(Exposures, RemedyIsACommandLineWithSidsAndQuotes) {
    permissions_.descriptors[R"(C:\my app)"] = kEverybodysFolder;
    EXPECT_EQ(remedies({GuardedKind::Folder, R"(C:\my app)", ""}),
              (Lines{R"(icacls "C:\my app" /inheritance:d)", R"(icacls "C:\my app" /grant:r "*S-1-5-11:(OI)(CI)RX")"}));
    permissions_.descriptors[R"(C:\a&b.py)"] = "O:BAD:(A;;FW;;;BU)(A;;FW;;;WD)";
    EXPECT_EQ(remedies({GuardedKind::File, R"(C:\a&b.py)", ""}),
              Lines{R"(icacls "C:\a&b.py" /grant:r "*S-1-5-32-545:RX" "*S-1-1-0:RX")"});
    permissions_.descriptors = {{R"(D:\)", "O:S-1-5-21-1-2-3-1001D:(A;;FA;;;SY)"}};
    EXPECT_EQ(remedies({GuardedKind::Folder, R"(D:\)", ""}), Lines{R"(icacls "D:\\" /setowner *S-1-5-32-544 /T)"});
    permissions_.names["DU"] = "WORK\\Domain Users";
    permissions_.descriptors = {{R"(C:\x.py)", "O:BAD:(A;;FW;;;DU)"}};
    EXPECT_EQ(remedies({GuardedKind::File, R"(C:\x.py)", ""}), Lines{R"(icacls "C:\x.py" /grant:r "WORK\Domain Users:RX")"});
}

TEST_F(Exposures, KeysAndServicesHaveNoFolders) {
    permissions_.descriptors[R"(SYSTEM\CurrentControlSet\Services\x)"] = "O:BAD:(A;;KW;;;BU)";
    permissions_.descriptors["x"] = "O:SYD:(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;AU)(A;;CCLCSWLOCRRC;;;IU)";
    const auto exposures = find({{GuardedKind::Key, R"(SYSTEM\CurrentControlSet\Services\x)", "key"},
                                 {GuardedKind::Service, "x", "service"}});
    ASSERT_EQ(exposures.size(), 2U);
    EXPECT_EQ(permissions_.asked.size(), 2U);
    const std::string service = exposure_text(exposures[0], "", permissions_);
    EXPECT_NE(service.find("the service 'x'"), std::string::npos) << service;
    EXPECT_NE(service.find("S-1-5-11 may make it run another program, delete or rename it"), std::string::npos) << service;
    EXPECT_NE(service.find("sc.exe sdset \"x\" \"D:(A;;"), std::string::npos) << service;
    const std::string key = exposure_text(exposures[1], "", permissions_);
    EXPECT_NE(key.find(R"(HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\x)"), std::string::npos) << key;
    EXPECT_NE(key.find("may set its values, make keys in it"), std::string::npos) << key;
}

TEST_F(Exposures, ServicesGivenByTheSystemAreNotExposed) {
    // The DACL of a new service: everybody on the console may ask and send controls, not change.
    permissions_.descriptors["x"] =
        "O:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)";
    EXPECT_EQ(found({{GuardedKind::Service, "x", "service"}}), Lines());
}

TEST_F(Exposures, TextSaysWhoOwnsIt) {
    permissions_.descriptors[R"(C:\a.py)"] = "O:S-1-5-21-1-2-3-1001D:(A;;FW;;;S-1-5-21-1-2-3-1001)";
    permissions_.descriptors[R"(C:\b.py)"] = "O:S-1-5-21-1-2-3-1001D:(A;;FA;;;SY)";
    const auto exposures = find({{GuardedKind::File, R"(C:\a.py)", ""}, {GuardedKind::File, R"(C:\b.py)", ""}});
    ASSERT_EQ(exposures.size(), 2U);
    const std::string texts = exposure_text(exposures[0], "", permissions_) + exposure_text(exposures[1], "", permissions_);
    EXPECT_NE(texts.find("S-1-5-21-1-2-3-1001 owns it, and so may give himself every right, and may write to it"),
              std::string::npos)
        << texts;
    EXPECT_NE(texts.find("S-1-5-21-1-2-3-1001 owns it, and so may give himself every right\n"), std::string::npos) << texts;
}

TEST_F(Exposures, TextSaysWhatWhoWhyAndHow) {
    permissions_.descriptors[R"(C:\app)"] = kEverybodysFolder;
    permissions_.names["S-1-5-11"] = "NT AUTHORITY\\Authenticated Users";
    const auto exposures = find({{GuardedKind::Folder, R"(C:\app)", "the working directory"}});
    ASSERT_EQ(exposures.size(), 1U);
    EXPECT_EQ(exposure_text(exposures[0], "NT AUTHORITY\\LocalService", permissions_),
              "others can change what the service runs or reads: C:\\app\n"
              "  what it is: the working directory\n"
              "  who: NT AUTHORITY\\Authenticated Users (S-1-5-11) may make files in it, make folders in it, delete or rename "
              "it; inherited from a folder above\n"
              "  why it matters: whoever changes it decides what is done with the rights of NT AUTHORITY\\LocalService\n"
              "  to end it: icacls \"C:\\app\" /inheritance:d\n"
              "  to end it: icacls \"C:\\app\" /grant:r \"*S-1-5-11:(OI)(CI)RX\"\n");
    EXPECT_EQ(exposures_json(exposures, permissions_),
              R"J([{"path": "C:\\app", "kind": "folder", "uses": ["the working directory"], )J"
              R"J("who": [{"name": "NT AUTHORITY\\Authenticated Users", "sid": "S-1-5-11", "may": ["make files in it", )J"
              R"J("make folders in it", "delete or rename it"], "owner": false, "inherited": true}], )J"
              R"J("remedies": ["icacls \"C:\\app\" /inheritance:d", )J"
              R"J("icacls \"C:\\app\" /grant:r \"*S-1-5-11:(OI)(CI)RX\""]}])J");
}

}  // namespace
}  // namespace pysvc
