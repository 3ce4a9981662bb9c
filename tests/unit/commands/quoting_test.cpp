// SPDX-License-Identifier: MIT
#include "host/commands/quoting.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

TEST(Quoting, FollowsCommandLineToArgvW) {
    EXPECT_EQ(quote_argument("plain"), "plain");
    EXPECT_EQ(quote_argument(""), "\"\"");
    EXPECT_EQ(quote_argument("two words"), "\"two words\"");
    EXPECT_EQ(quote_argument("C:\\no space\\"), "\"C:\\no space\\\\\"");
    EXPECT_EQ(quote_argument("C:\\plain\\"), "C:\\plain\\");
    EXPECT_EQ(quote_argument("say \"hi\""), "\"say \\\"hi\\\"\"");
    EXPECT_EQ(quote_argument("back\\\"slash"), "\"back\\\\\\\"slash\"");
}

TEST(Quoting, ImagePathIsAlwaysQuoted) {
    EXPECT_EQ(image_path("C:\\host.exe", ""), "\"C:\\host.exe\"");
    EXPECT_EQ(image_path("C:\\my dir\\host.exe", "-x"), "\"C:\\my dir\\host.exe\" -x");
}

TEST(Quoting, ProgramOfTakesAnImagePathApart) {
    EXPECT_EQ(program_of("\"C:\\my dir\\host.exe\" -x"), "C:\\my dir\\host.exe");
    EXPECT_EQ(program_of("C:\\my dir\\host.EXE -x"), "C:\\my dir\\host.EXE");
    EXPECT_EQ(program_of("host"), "host");
    EXPECT_EQ(program_of(""), "");
}

TEST(Quoting, ArgumentsOfIsTheRestOfAnImagePath) {
    EXPECT_EQ(arguments_of("\"C:\\my dir\\host.exe\"  -x \"y z\" "), "-x \"y z\"");
    EXPECT_EQ(arguments_of("C:\\my dir\\host.EXE -x"), "-x");
    EXPECT_EQ(arguments_of("\"C:\\host.exe\""), "");
    EXPECT_EQ(arguments_of("\"C:\\host.exe"), "");
    EXPECT_EQ(arguments_of("host"), "");
    EXPECT_EQ(arguments_of(""), "");
}

}  // namespace
}  // namespace pysvc
