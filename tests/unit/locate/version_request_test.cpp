// SPDX-License-Identifier: MIT
#include "host/locate/version_request.hpp"

#include <gtest/gtest.h>

namespace pysvc {
namespace {

TEST(VersionRequest, IsAMinorWithOrWithoutTheWidthAndTheBuild) {
    EXPECT_EQ(parse_version_request("3.9"), (PythonAbi{9}));
    EXPECT_EQ(parse_version_request("3.13"), (PythonAbi{13}));
    EXPECT_EQ(parse_version_request("3.13-64"), (PythonAbi{13}));
    EXPECT_EQ(parse_version_request("3.13-arm64"), (PythonAbi{13}));
    EXPECT_EQ(parse_version_request("3.14t"), (PythonAbi{14, PythonBuild::FreeThreaded}));
    EXPECT_EQ(parse_version_request("3.14t-64"), (PythonAbi{14, PythonBuild::FreeThreaded}));
}

TEST(VersionRequest, IsNothingElse) {
    for (const char* text :
         {"", "3", "3.", "2.7", "3.13.5", "3.13-32", "3.13-64-64", "3.x", "3.-1", "python3.13", "3.13 "}) {
        EXPECT_FALSE(parse_version_request(text)) << text;
    }
}

TEST(AbiOfLibrary, IsInItsName) {
    using enum PythonBuild;
    EXPECT_EQ(abi_of_library(System::Windows, "Python313.DLL"), (PythonAbi{13, Regular}));
    EXPECT_EQ(abi_of_library(System::Windows, "python314t.dll"), (PythonAbi{14, FreeThreaded}));
    EXPECT_EQ(abi_of_library(System::Windows, "python310_d.dll"), (PythonAbi{10, Debug}));
    EXPECT_EQ(abi_of_library(System::Windows, "python313t_d.dll"), (PythonAbi{13, Debug}));
    EXPECT_EQ(abi_of_library(System::Posix, "libpython3.11.so.1.0"), (PythonAbi{11, Regular}));
    EXPECT_EQ(abi_of_library(System::Posix, "libpython3.13t.so.1.0"), (PythonAbi{13, FreeThreaded}));
    EXPECT_EQ(abi_of_library(System::Posix, "libpython3.11d.so.1.0"), (PythonAbi{11, Debug}));
    for (const char* name :
         {"python3.dll", "python3_d.dll", "python3t.dll", "python27.dll", "python313.zip", "xpython313.dll"}) {
        EXPECT_FALSE(abi_of_library(System::Windows, name)) << name;
    }
    EXPECT_FALSE(abi_of_library(System::Posix, "libpython3.11.so"));
    EXPECT_FALSE(abi_of_library(System::Posix, "libpython3.so.1.0"));
}

TEST(BuildOfInterpreter, IsInItsNameWhenThereIsAVersion) {
    using enum PythonBuild;
    EXPECT_EQ(build_of_interpreter("python3.13t.exe"), FreeThreaded);
    EXPECT_EQ(build_of_interpreter("python3.13.exe"), Regular);
    EXPECT_EQ(build_of_interpreter("PYTHON_D.EXE"), Debug);
    EXPECT_EQ(build_of_interpreter("python3.13t_d.exe"), Debug);
    EXPECT_EQ(build_of_interpreter("python3.11-dbg"), Debug);
    EXPECT_EQ(build_of_interpreter("python3.13td"), Debug);
    for (const char* name : {"python.exe", "python3", "pythonw.exe", "py.exe", ""}) {
        EXPECT_FALSE(build_of_interpreter(name)) << name;
    }
}

}  // namespace
}  // namespace pysvc
