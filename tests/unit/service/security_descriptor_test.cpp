// SPDX-License-Identifier: MIT
#include "host/service/security_descriptor.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace pysvc {
namespace {

constexpr std::uint32_t kFile = access::kChangeFile;
constexpr std::uint32_t kFolder = access::kChangeFolder;
constexpr std::uint32_t kParent = access::kReplaceBelow;

const std::string kInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
const std::string kJoe = "S-1-5-21-1004336348-1177238915-682003330-1001";

/// "S-1-1-0:0x2 S-1-5-11:0x10000(inherited)"; "no descriptor" for what cannot be parsed.
std::string strangers(const std::string& sddl, std::uint32_t rights, const std::vector<std::string>& trusted = {}) {
    const auto descriptor = parse_security_descriptor(sddl);
    if (!descriptor) return "no descriptor";
    std::string text;
    for (const Stranger& stranger : strangers_with(*descriptor, rights, trusted)) {
        if (!text.empty()) text += " ";
        text += fmt::format("{}:{:#x}{}{}", stranger.sid, stranger.rights, stranger.inherited ? "(inherited)" : "",
                            stranger.owner ? "(owner)" : "");
    }
    return text;
}

struct Case {
    const char* what;
    std::string sddl;
    std::uint32_t rights;
    std::string expected;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.what; }

class WhoMayChange : public testing::TestWithParam<Case> {};

TEST_P(WhoMayChange, IsReadFromTheDescriptor) {
    EXPECT_EQ(strangers(GetParam().sddl, GetParam().rights), GetParam().expected) << GetParam().sddl;
}

// Of a fresh Windows 10 and 11: what `icacls /save` shows of them.
const std::string kDriveRoot = "O:" + kInstaller + "G:" + kInstaller +
                               "D:PAI(A;;LC;;;AU)(A;OICIIO;SDGXGWGR;;;AU)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
                               "(A;OICI;0x1200a9;;;BU)";
const std::string kProgramData =
    "O:SYG:SYD:PAI(A;OICIIO;FA;;;CO)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)";
const std::string kProgramFiles =
    "O:" + kInstaller + "G:" + kInstaller + "D:PAI(A;;FA;;;" + kInstaller + ")(A;CIIO;GA;;;" + kInstaller +
    ")(A;;0x1301bf;;;SY)(A;OICIIO;GA;;;SY)(A;;0x1301bf;;;BA)(A;OICIIO;GA;;;BA)(A;;0x1200a9;;;BU)"
    "(A;OICIIO;GXGR;;;BU)(A;OICIIO;GA;;;CO)(A;;0x1200a9;;;AC)(A;OICIIO;GXGR;;;AC)"
    "(A;;0x1200a9;;;S-1-15-2-2)(A;OICIIO;GXGR;;;S-1-15-2-2)";
const std::string kProfile = "O:SYG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;" + kJoe + ")";
const std::string kMadeInDriveRoot = "O:BAG:" + kJoe +
                                     "D:AI(A;OICIID;FA;;;BA)(A;OICIID;FA;;;SY)(A;OICIID;0x1200a9;;;BU)"
                                     "(A;ID;0x1301bf;;;AU)(A;OICIIOID;SDGXGWGR;;;AU)";

INSTANTIATE_TEST_SUITE_P(
    FoldersOfWindows, WhoMayChange,
    testing::Values(Case{"C:\\ lets nobody replace what is in it", kDriveRoot, kParent, ""},
                    Case{"C:\\ lets everybody who logged on make folders", kDriveRoot, kFolder, "S-1-5-11:0x4"},
                    Case{"ProgramData lets nobody replace what is in it", kProgramData, kParent, ""},
                    Case{"ProgramData lets users make files", kProgramData, kFolder, "S-1-5-32-545:0x6"},
                    Case{"Program Files", kProgramFiles, kFolder, ""},
                    Case{"a profile is its user's", kProfile, kFolder, kJoe + ":0xd0046"},
                    Case{"a new folder in C:\\ is everybody's", kMadeInDriveRoot, kFolder, "S-1-5-11:0x10006(inherited)"},
                    Case{"and may be renamed by everybody", kMadeInDriveRoot, kParent, "S-1-5-11:0x10000(inherited)"}));

INSTANTIATE_TEST_SUITE_P(
    Trustees, WhoMayChange,
    testing::Values(Case{"everyone", "O:BAD:(A;;FA;;;WD)", kFile, "S-1-1-0:0xd0006"},
                    Case{"users", "O:BAD:(A;;FW;;;BU)", kFile, "S-1-5-32-545:0x6"},
                    Case{"interactive", "O:BAD:(A;;FW;;;IU)", kFile, "S-1-5-4:0x6"},
                    Case{"guests", "O:BAD:(A;;FW;;;BG)", kFile, "S-1-5-32-546:0x6"},
                    Case{"anonymous", "O:BAD:(A;;FW;;;AN)", kFile, "S-1-5-7:0x6"},
                    Case{"network", "O:BAD:(A;;FW;;;NU)", kFile, "S-1-5-2:0x6"},
                    Case{"local service", "O:BAD:(A;;FW;;;LS)", kFile, "S-1-5-19:0x6"},
                    Case{"domain users, whose SID is the domain's", "O:BAD:(A;;FW;;;DU)", kFile, "DU:0x6"},
                    Case{"an account", "O:BAD:(A;;FW;;;" + kJoe + ")", kFile, kJoe + ":0x6"},
                    Case{"administrators of all kinds", "O:LAD:(A;;FA;;;DA)(A;;FA;;;EA)(A;;FA;;;LA)(A;;FA;;;BA)", kFile, ""},
                    Case{"who is nobody by himself", "O:SYD:(A;;FA;;;CO)(A;;FA;;;CG)(A;;FA;;;OW)", kFile, ""},
                    Case{"a stranger owns it", "O:" + kJoe + "D:(A;;FA;;;SY)", kFile, kJoe + ":0x0(owner)"},
                    Case{"an owner with rights is named once", "O:" + kJoe + "D:(A;ID;FW;;;" + kJoe + ")", kFile,
                         kJoe + ":0x6(inherited)(owner)"},
                    Case{"nobody is known to own it", "D:(A;;FA;;;SY)", kFile, ":0x0(owner)"}));

INSTANTIATE_TEST_SUITE_P(
    Entries, WhoMayChange,
    testing::Values(Case{"no DACL is everybody", "O:SYG:SY", kFile, "S-1-1-0:0x500d0006"},
                    Case{"a null DACL is everybody", "O:SYG:SYD:NO_ACCESS_CONTROL", kFile, "S-1-1-0:0x500d0006"},
                    Case{"an empty DACL is nobody", "O:SYG:SYD:", kFile, ""},
                    Case{"a protected empty DACL is nobody", "O:SYG:SYD:PARAI", kFile, ""},
                    Case{"reading is not changing", "O:SYD:(A;;FRFX;;;WD)(A;;0x1200a9;;;BU)", kFile, ""},
                    Case{"attributes are no content", "O:SYD:(A;;0x110;;;WD)", kFile, ""},
                    Case{"what only children inherit", "O:SYD:(A;OICIIO;FA;;;WD)", kFolder, ""},
                    Case{"generic rights", "O:SYD:(A;;GW;;;WD)(A;;GA;;;BU)", kFile,
                         "S-1-1-0:0x40000000 S-1-5-32-545:0x10000000"},
                    Case{"decimal and octal masks", "O:SYD:(A;;2;;;WD)(A;;04;;;BU)", kFile, "S-1-1-0:0x2 S-1-5-32-545:0x4"},
                    Case{"several entries of one", "O:SYD:(A;;DC;;;WD)(A;ID;SD;;;WD)", kFile, "S-1-1-0:0x10002(inherited)"},
                    Case{"a denial in front", "O:SYD:(D;;DCSD;;;BU)(A;;DCLCSD;;;BU)", kFile, "S-1-5-32-545:0x4"},
                    Case{"a denial of everyone in front", "O:SYD:(D;;FW;;;WD)(A;;FW;;;BU)(A;;FW;;;AN)", kFile,
                         "S-1-5-7:0x6"},
                    Case{"a denial of another", "O:SYD:(D;;FW;;;BG)(A;;FW;;;BU)", kFile, "S-1-5-32-545:0x6"},
                    Case{"a denial that comes too late", "O:SYD:(A;;FW;;;BU)(D;;FW;;;BU)", kFile, "S-1-5-32-545:0x6"},
                    Case{"a denial for children only", "O:SYD:(D;OIIO;FW;;;BU)(A;;FW;;;BU)", kFile, "S-1-5-32-545:0x6"},
                    Case{"an object entry", "O:SYD:(OA;;WDWO;bf967aba-0de6-11d0-a285-00aa003049e2;;BU)", kFile,
                         "S-1-5-32-545:0xc0000"},
                    Case{"an object denial denies a part", "O:SYD:(OD;;FW;bf967aba-0de6-11d0-a285-00aa003049e2;;BU)(A;;FW;;;BU)",
                         kFile, "S-1-5-32-545:0x6"},
                    Case{"a condition may hold", R"S(O:SYD:(XA;;FW;;;BU;(@User.Title=="PM)" && (Member_of {SID(BA)}))))S", kFile,
                         "S-1-5-32-545:0x6"},
                    Case{"a condition may not hold", R"S(O:SYD:(XD;;FW;;;BU;(@User.Title=="PM"))(A;;FW;;;BU))S", kFile,
                         "S-1-5-32-545:0x6"},
                    Case{"the SACL is no matter", "O:SYD:(A;;FA;;;SY)S:AI(AU;SAFA;FA;;;WD)(ML;;NW;;;LW)", kFile, ""}));

TEST(SecurityDescriptorText, TrustsWhomItIsTold) {
    EXPECT_EQ(strangers(kProfile, kFolder, {kJoe}), "");
    EXPECT_EQ(strangers("O:" + kJoe + "D:(A;;FA;;;LS)", kFile, {"S-1-5-19", kJoe}), "");
    EXPECT_NE(strangers(kProfile, kFolder, {"S-1-5-19"}), "");
}

TEST(SecurityDescriptorText, GarbageIsNoDescriptor) {
    for (const char* text :
         {"x", "O:", "O:S-1-", "O:S-1--5", "O:sy", "O:SYG:", "O:SYD:X", "O:SYD:(", "O:SYD:()", "O:SYD:(A;;FA;;;WD",
          "O:SYD:(A;;FA;;WD)", "O:SYD:(A;;FA;;;)", "O:SYD:(A;;FA;;;WDX)", "O:SYD:(A;;F;;;WD)", "O:SYD:(A;;QQ;;;WD)",
          "O:SYD:(A;;0x;;;WD)", "O:SYD:(A;;0xfffffffff;;;WD)", "O:SYD:(A;;09;;;WD)", "O:SYD:(A;OIC;FA;;;WD)",
          "O:SYD:(AU;;FA;;;WD)", "O:SYD:(Q;;FA;;;WD)", "O:SYD:(A;;FA;;;WD)rest", "O:SYD:NO_ACCESS_CONTROL(A;;FA;;;WD)",
          "O:SYD:(XA;;FA;;;WD;(\"))", "D:D:", "\xff\xfe"}) {
        EXPECT_EQ(strangers(text, kFile), "no descriptor") << text;
    }
}

TEST(SecurityDescriptorText, DamagedTextIsReadWithoutHarm) {
    std::mt19937 random(20240229);
    const auto below = [&](std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random); };
    for (int i = 0; i < 20'000; ++i) {
        std::string text = i % 2 == 0 ? kProgramFiles : kProgramData;
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
            const std::size_t at = below(text.size());
            if (below(2) == 0) {
                text.erase(at, below(8));
            } else {
                text[at] = "();:-\"0S\0A"[below(10)];
            }
            if (text.empty()) text = "O:";
        }
        // The sanitizers see the rest.
        EXPECT_NO_THROW(static_cast<void>(strangers(text, kFolder)));
    }
}

}  // namespace
}  // namespace pysvc
