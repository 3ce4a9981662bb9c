// SPDX-License-Identifier: MIT
#include "host/service/log_files.hpp"

#include "host/base/text.hpp"
#include "host/service/path_rules.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pysvc {
namespace {

TEST(LogFiles, OrdinaryNamesStayAsTheyAre) {
    for (const char* name : {"backup", "My Service (2)", "a.b", "\xE6\x9C\x8D\xE5\x8A\xA1", "console", "50 percent"}) {
        EXPECT_EQ(file_name_for(name), name);
    }
}

TEST(LogFiles, NamesThatAreNoFileNamesAreWrittenWithPercentSigns) {
    const std::pair<std::string, const char*> cases[] = {
        {"a:b*c?", "a%3Ab%2Ac%3F"}, {"<>\"|", "%3C%3E%22%7C"}, {"a/b\\c", "a%2Fb%5Cc"},     {"con", "%63on"},
        {"NUL.x", "%4EUL.x"},       {"com1", "%63om1"},        {".", "%2E"},                {"..", ".%2E"},
        {"end.", "end%2E"},         {"end ", "end%20"},        {"50%", "50%25"},            {"", "%"},
        {"a\nb", "a%0Ab"},          {"\xED\xA0\x80", "%ED%A0%80"},  // a lone surrogate is no UTF-8 and no path
        {"\xE2\x80\xAE", "%E2%80%AE"},                              // reverses what follows
    };
    std::set<std::string> names;
    for (const auto& [service, expected] : cases) {
        EXPECT_EQ(file_name_for(service), expected) << service;
        EXPECT_FALSE(is_device_name(file_name_for(service)));
        names.insert(file_name_for(service));
    }
    EXPECT_EQ(names.size(), std::size(cases));
}

TEST(LogFiles, ServicesWithDifferentNamesHaveDifferentFolders) {
    // Each pair had one folder when characters were replaced.
    for (const auto& [one, other] : {std::pair("a:b", "a?b"), {"con", "con_"}, {"x.", "x_"}, {"a:b", "a%3Ab"}}) {
        EXPECT_NE(lower_case(file_name_for(one)), lower_case(file_name_for(other))) << one << " " << other;
    }
}

TEST(LogFiles, LongestServiceNameLeavesRoomForTheExtensions) {
    // A part of a path has at most 255 UTF-16 units (NTFS), or bytes elsewhere.
    const std::string one = file_name_for(std::string(255, 'x') + "1");
    const std::string other = file_name_for(std::string(255, 'x') + "2");
    EXPECT_LE(one.size() + std::string(".crash.log").size(), 255U);
    EXPECT_NE(one, other);
    std::string wide;
    for (int i = 0; i < 256; ++i) wide += "\xE6\x9C\x8D";
    const std::string cut = file_name_for(wide);
    EXPECT_LE(cut.size(), 240U);
    EXPECT_EQ(utf8_from_utf16(utf16_from_utf8(cut)), cut) << "a character was split";
}

TEST(LogFiles, LieInTheFolderOfTheService) {
    Settings settings;
    EXPECT_NE(log_files("..", settings, "/data").log.find(".%2E"), std::string::npos);
    settings.log_directory = "/logs";
    EXPECT_TRUE(log_files("con", settings, "/data").log.ends_with("%63on.log"));
}

}  // namespace
}  // namespace pysvc
