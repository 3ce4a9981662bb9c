// SPDX-License-Identifier: MIT
#include "host/locate/pyvenv_cfg.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

TEST(PyvenvCfg, ReadsWhatVenvWrites) {
    const PyvenvCfg cfg = parse_pyvenv_cfg(
        "home = C:\\Python313\r\n"
        "include-system-site-packages = false\r\n"
        "version = 3.13.5\r\n"
        "executable = C:\\Python313\\python.exe\r\n"
        "command = C:\\Python313\\python.exe -m venv C:\\home = here\r\n");
    EXPECT_EQ(cfg.home, R"(C:\Python313)");
    EXPECT_EQ(cfg.executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(cfg.minor, 13);
}

TEST(PyvenvCfg, ReadsWhatVirtualenvAndUvWrite) {
    EXPECT_EQ(
        parse_pyvenv_cfg("home = C:\\P\nversion_info = 3.12.1.final.0\nbase-executable = C:\\P\\python.exe\n").minor,
        12);
    EXPECT_EQ(parse_pyvenv_cfg("base-executable = C:\\P\\python.exe\n").executable, R"(C:\P\python.exe)");
    EXPECT_EQ(parse_pyvenv_cfg("home = C:\\P\nimplementation = CPython\nuv = 0.4\nversion_info = 3.10.8\n").minor, 10);
}

TEST(PyvenvCfg, KeysAreCaseInsensitiveAndSpaceIsFree) {
    EXPECT_EQ(parse_pyvenv_cfg("  HOME=C:\\with = sign \t").home, R"(C:\with = sign)");
}

TEST(PyvenvCfg, ToleratesAByteOrderMarkAndLinesThatAreNoPair) {
    EXPECT_EQ(parse_pyvenv_cfg("\xEF\xBB\xBFhome = C:\\D\xC3\xBC\nnonsense\n\n").home, "C:\\D\xC3\xBC");
}

TEST(PyvenvCfg, OfAnEmptyFileIsEmpty) {
    const PyvenvCfg cfg = parse_pyvenv_cfg("");
    EXPECT_TRUE(cfg.home.empty());
    EXPECT_FALSE(cfg.minor);
}

TEST(MinorOfVersion, TakesPython3Only) {
    EXPECT_EQ(minor_of_version("3.9"), 9);
    EXPECT_EQ(minor_of_version("3.14.0rc1"), 14);
    EXPECT_FALSE(minor_of_version("2.7.18"));
    EXPECT_FALSE(minor_of_version("3"));
    EXPECT_FALSE(minor_of_version("3.x"));
    EXPECT_FALSE(minor_of_version("3.13rc1"));
    EXPECT_FALSE(minor_of_version(""));
}

}  // namespace
}  // namespace pysvc
