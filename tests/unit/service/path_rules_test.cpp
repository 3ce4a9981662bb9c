// SPDX-License-Identifier: MIT
#include "host/service/path_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pysvc {
namespace {

TEST(DeviceNames, AreThoseOfWindowsInEveryDisguise) {
    for (const char* name : {"CON", "con", "PRN", "AUX", "NUL", "nul.txt", "NUL.tar.gz", "nul ", "nul  .log", "nul:", "COM1",
                             "com9.x", "COM0", "LPT1", "lpt9", "COM\xC2\xB9", "lpt\xC2\xB3.log", "CONIN$", "conout$"}) {
        EXPECT_TRUE(is_device_name(name)) << name;
    }
    for (const char* name : {"", "CONSOLE", "xCON", "COM", "COM10", "COMx", "LPT", "nul_", "_nul", ".nul", "com1x", "null"}) {
        EXPECT_FALSE(is_device_name(name)) << name;
    }
}

TEST(PathRules, OrdinaryPathsAreGood) {
    for (const char* path : {R"(C:\)", R"(C:\app\service.py)", R"(d:\Program Files\a b\x.y.z)", "C:\\\xE6\x9C\x8D\\\xC3\xBC.py",
                             R"(C:\.venv\Scripts\python.exe)", R"(C:\console\nullable.py)"}) {
        EXPECT_EQ(why_refused(path), std::nullopt) << path;
    }
    EXPECT_EQ(why_refused("C:\\" + std::string(32'000, 'x')), std::nullopt);
}

TEST(PathRules, WhatIsNotWhatItSeemsIsRefusedWithTheReason) {
    const std::pair<std::string, const char*> cases[] = {
        {R"(\\server\share\service.py)", "network share"},
        {R"(\\.\C:\service.py)", "device or a volume"},
        {R"(\\?\Volume{8ad2a4a2-0000-0000-0000-100000000000}\x.py)", "device or a volume"},
        {R"(\\?\GLOBALROOT\Device\HarddiskVolume1\x.py)", "device or a volume"},
        {"service.py", "relative"},
        {R"(\service.py)", "relative"},
        {"C:service.py", "relative"},
        {"C:", "relative"},
        {"", "relative"},
        {R"(1:\x)", "relative"},
        {R"(C:\app\service.py:hidden.py)", "stream"},
        {R"(C:\app::$DATA)", "stream"},
        {R"(C:\app\con.py)", "device"},
        {R"(C:\nul\service.py)", "device"},
        {R"(C:\app\COM1)", "device"},
        {R"(C:\app.\service.py)", "dot or a blank"},
        {R"(C:\app\service.py )", "dot or a blank"},
        {R"(C:\a"b)", "character"},
        {R"(C:\a*b)", "character"},
        {"C:\\a\nb", "character"},
        {std::string("C:\\a\0b", 6), "character"},
        {"C:\\" + std::string(32'768, 'x'), "32,767"},
    };
    for (const auto& [path, reason] : cases) {
        const auto why = why_refused(path);
        ASSERT_TRUE(why) << path.substr(0, 80);
        EXPECT_NE(why->find(reason), std::string::npos) << path.substr(0, 80) << ": " << *why;
    }
}

}  // namespace
}  // namespace pysvc
