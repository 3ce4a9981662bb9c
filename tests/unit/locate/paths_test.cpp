// SPDX-License-Identifier: MIT
#include "host/locate/paths.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

constexpr auto kWindows = System::Windows;
constexpr auto kPosix = System::Posix;

TEST(NormalPath, WindowsRules) {
    struct Row {
        const char* path;
        const char* normal;
    };
    const Row rows[] = {
        {"", ""},
        {R"(C:\Python)", R"(C:\Python)"},
        {R"(C:/Python//Lib/)", R"(C:\Python\Lib)"},
        {R"(C:\)", R"(C:\)"},
        {R"(C:\a\..\b\.\c)", R"(C:\b\c)"},
        {R"(C:\..\..\a)", R"(C:\a)"},
        {R"(\\?\C:\Python\)", R"(C:\Python)"},
        {R"(\\?\UNC\server\share\p)", R"(\\server\share\p)"},
        {R"(\\?\unc\server\share\p)", R"(\\server\share\p)"},
        {R"(//server/share/a/../b)", R"(\\server\share\b)"},
        {R"(\\server\share\..\x)", R"(\\server\share\x)"},
        {R"(..\venv)", R"(..\venv)"},
        {R"(a\..\..\b)", R"(..\b)"},
        {"C:\\Dienst \xC3\xBCn\xC3\xAF\\", "C:\\Dienst \xC3\xBCn\xC3\xAF"},
    };
    for (const Row& row : rows) EXPECT_EQ(normal_path(kWindows, row.path), row.normal);
}

TEST(NormalPath, PosixRules) {
    EXPECT_EQ(normal_path(kPosix, "/usr//bin/../lib/"), "/usr/lib");
    EXPECT_EQ(normal_path(kPosix, "/"), "/");
    EXPECT_EQ(normal_path(kPosix, "/.."), "/");
    EXPECT_EQ(normal_path(kPosix, R"(/a\b)"), R"(/a\b)");
}

TEST(JoinPath, AddsOneSeparator) {
    EXPECT_EQ(join_path(kWindows, R"(C:\)", "Lib/encodings"), R"(C:\Lib\encodings)");
    EXPECT_EQ(join_path(kWindows, R"(C:\P)", "Lib"), R"(C:\P\Lib)");
    EXPECT_EQ(join_path(kPosix, "/usr", "lib/python3"), "/usr/lib/python3");
}

TEST(ParentPath, EndsAtTheRoot) {
    EXPECT_EQ(parent_path(kWindows, R"(C:\a\b)"), R"(C:\a)");
    EXPECT_EQ(parent_path(kWindows, R"(C:\a)"), R"(C:\)");
    EXPECT_EQ(parent_path(kWindows, R"(C:\)"), "");
    EXPECT_EQ(parent_path(kWindows, R"(\\server\share\a)"), R"(\\server\share\)");
    EXPECT_EQ(parent_path(kWindows, R"(\\server\share)"), "");
    EXPECT_EQ(parent_path(kPosix, "/usr"), "/");
    EXPECT_EQ(parent_path(kPosix, "/"), "");
    EXPECT_EQ(parent_path(kPosix, "name"), "");
}

TEST(FileName, IsTheLastPart) {
    EXPECT_EQ(file_name(kWindows, R"(C:\a\python.exe)"), "python.exe");
    EXPECT_EQ(file_name(kPosix, "/usr/bin/python3"), "python3");
    EXPECT_EQ(file_name(kPosix, "python3"), "python3");
}

TEST(SamePath, IgnoresCaseOnWindowsOnly) {
    EXPECT_TRUE(same_path(kWindows, R"(C:\Venv)", R"(c:\vENV)"));
    EXPECT_FALSE(same_path(kPosix, "/Venv", "/venv"));
}

TEST(IsFullPath, NeedsNoCurrentDirectory) {
    for (const char* path : {R"(C:\x)", "c:/x", R"(C:\)", R"(\\server\share\x)", R"(\\?\C:\x)"}) {
        EXPECT_TRUE(is_full_path(System::Windows, path)) << path;
    }
    for (const char* path : {"", "x", R"(.\x)", R"(\x)", "C:", "C:x", "3.13"}) {
        EXPECT_FALSE(is_full_path(System::Windows, path)) << path;
    }
    EXPECT_TRUE(is_full_path(System::Posix, "/usr/bin"));
    EXPECT_FALSE(is_full_path(System::Posix, "bin/python3"));
}

TEST(UnquotedPath, TakesOnlyAPairOfQuotes) {
    EXPECT_EQ(unquoted_path(R"("C:\a b")"), R"(C:\a b)");
    EXPECT_EQ(unquoted_path(R"("C:\a b)"), R"("C:\a b)");
    EXPECT_EQ(unquoted_path("\""), "\"");
}

}  // namespace
}  // namespace pysvc
