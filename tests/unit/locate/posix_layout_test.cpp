// SPDX-License-Identifier: MIT
#include "host/locate/locate_python.hpp"
#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::elf_head;
using test::FakeFileProbe;

const std::string kExe = "/opt/pythonservice";

class PosixLayout : public testing::Test {
protected:
    PosixLayout() : probe_(System::Posix) {
        probe_.add_engine(kExe, 11);
        // As Debian has it: the library lies in a directory of its architecture.
        probe_.add("/usr/bin/python3.11", elf_head());
        probe_.link("/usr/bin/python3", "/usr/bin/python3.11");
        probe_.add("/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", elf_head());
        probe_.add("/usr/lib/python3.11/encodings/__init__.py");
    }

    Result<PythonInstallation> examine(const std::string& path) { return examine_python(path, "a test", kExe, probe_); }

    FakeFileProbe probe_;
};

TEST_F(PosixLayout, FindsTheLibraryOfTheSystemsPython) {
    const auto python = examine("/usr/bin/python3");
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->executable, "/usr/bin/python3");
    EXPECT_EQ(python->prefix, "/usr");
    EXPECT_EQ(python->dll, "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0");
    EXPECT_EQ(python->engine, kExe + "/servicemanager.cpython-311-x86_64-linux-gnu.so");
    EXPECT_EQ(python->search_paths, (std::vector<std::string>{"/usr/lib/python311.zip", "/usr/lib/python3.11",
                                                              "/usr/lib/python3.11/lib-dynload"}));
}

TEST_F(PosixLayout, FindsTheBaseOfAnEnvironment) {
    probe_.add_environment("/srv/app/.venv", "/usr/bin", "3.11.2");
    const auto python = examine("/srv/app/.venv");
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->kind, PythonKind::VirtualEnvironment);
    EXPECT_EQ(python->executable, "/srv/app/.venv/bin/python3");
    EXPECT_EQ(python->base_executable, "/usr/bin/python3.11");
    EXPECT_EQ(python->prefix, "/srv/app/.venv");
    EXPECT_EQ(python->base_prefix, "/usr");
}

TEST_F(PosixLayout, TheInterpretersNameDecidesAmongSeveralLibraries) {
    probe_.add("/usr/lib/x86_64-linux-gnu/libpython3.12.so.1.0", elf_head());
    probe_.add("/usr/bin/python3.12", elf_head());
    EXPECT_EQ(examine("/usr/bin/python3")->minor, 11);
    EXPECT_EQ(examine("/usr/bin/python3.12").error().code, ErrorCode::PythonNoStandardLibrary);
}

TEST_F(PosixLayout, OnPathTheFirstUsableOneIsTaken) {
    probe_.add("/home/me/shims/python3", "#!/bin/sh\n");
    probe_.machine_pythons = {{"/home/me/shims/python3", "", "", "", "/home/me/shims/python3", ""},
                              {"/usr/bin/python3", "", "", "", "/usr/bin/python3", ""}};
    LocateRequest request;
    request.exe_directory = kExe;
    request.mode = LocateMode::Interactive;
    const auto python = locate_python(request, probe_);
    ASSERT_TRUE(python) << python.error().context;
    EXPECT_EQ(python->executable, "/usr/bin/python3");
}

}  // namespace
}  // namespace pysvc
