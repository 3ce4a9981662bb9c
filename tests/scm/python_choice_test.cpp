// SPDX-License-Identifier: MIT
// A Python that is not there, or not one that can be used.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/fake_python.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// The headers of a DLL for another machine, enough for whoever looks at them before loading it.
std::string dll_for_machine(std::uint16_t machine) {
    std::string image(4096, '\0');
    image[0] = 'M';
    image[1] = 'Z';
    image[0x3C] = '\x40';
    image.replace(0x40, 2, "PE");
    image[0x44] = static_cast<char>(machine & 0xFF);
    image[0x45] = static_cast<char>(machine >> 8);
    image[0x54] = '\xE0';        // size of the optional header
    image[0x56] = '\x02';        // executable
    image[0x57] = '\x21';        // 32-bit machine, DLL
    image.replace(0x58, 2, "\x0B\x01");  // PE32
    return image;
}

TEST(PythonChoice, MissingFileIsNamed) {
    TestService service("light.Light");
    service.set("Python", R"(C:\no such folder\python.exe)");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002030));
    EXPECT_TRUE(logged(service, 0xC0002030, "error", R"(C:\no such folder\python.exe)"));
}

TEST(PythonChoice, FolderWithoutADllIsNotPython) {
    const FakePython python(L"python without a dll");
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002030));
    EXPECT_TRUE(logged(service, 0xC0002030, "error", text_of(python.folder())));
}

TEST(PythonChoice, DllForAnotherMachineIsRefused) {
    const FakePython python(L"32-bit python");
    write_file(python.dll(), dll_for_machine(0x014C));
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002031));
    EXPECT_TRUE(logged(service, 0xC0002031, "error", text_of(python_dll().filename())));
}

TEST(PythonChoice, VersionWithoutAnEngineIsRefusedWithTheVersionsThatHaveOne) {
    const FakePython python(L"python 3.9");
    fs::copy_file(python_dll(), python.folder() / L"python39.dll", fs::copy_options::overwrite_existing);
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002036));
    EXPECT_TRUE(logged(service, 0xC0002036, "error", "3.9"));
    EXPECT_TRUE(logged(service, 0xC0002036, "error", "3.13"));
}

TEST(PythonChoice, InstallationWithoutItsLibraryIsRefused) {
    const FakePython python(L"python without a library");
    fs::copy_file(python_dll(), python.dll(), fs::copy_options::overwrite_existing);
    fs::remove_all(python.folder() / L"Lib");
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002033));
    EXPECT_TRUE(logged(service, 0xC0002033, "error", "encodings"));
}

TEST(PythonChoice, FreeThreadedAndDebugBuildsAreRefusedAsWhatTheyAre) {
    const std::string stem = text_of(python_dll().stem());
    const std::pair<std::string, std::string> builds[] = {{stem + "t.dll", "free-threaded build"},
                                                          {stem + "_d.dll", "debug build"}};
    for (const auto& [dll, build] : builds) {
        const FakePython python(path_of(build).c_str());
        fs::copy_file(python_dll(), python.folder() / dll, fs::copy_options::overwrite_existing);
        TestService service("light.Light");
        service.set("Python", text_of(python.folder()));
        EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002036));
        EXPECT_TRUE(logged(service, 0xC0002036, "error", dll));
        EXPECT_TRUE(logged(service, 0xC0002036, "error", build));
    }
}

TEST(PythonChoice, StorePythonIsRefused) {
    const FakePython python(L"WindowsApps\\PythonSoftwareFoundation.Python.3.13_x64");
    fs::copy_file(python_dll(), python.dll(), fs::copy_options::overwrite_existing);
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002034));
    EXPECT_TRUE(logged(service, 0xC0002034, "error", text_of(python.executable())));
}

TEST(PythonChoice, EnvironmentWhosePythonIsGoneOrIsNoCPythonIsRefused) {
    const fs::path folder = work_folder() / L"environment without a base";
    fs::create_directories(folder / L"Scripts");
    fs::copy_file(python_executable(), folder / L"Scripts" / L"python.exe", fs::copy_options::overwrite_existing);
    TestService service("light.Light");
    service.set("Python", text_of(folder / L"Scripts" / L"python.exe"));

    write_file(folder / L"pyvenv.cfg", "home = C:\\no such Python\nversion = 3.13.5\n");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002030));
    EXPECT_TRUE(logged(service, 0xC0002030, "error", "create the environment again"));

    write_file(folder / L"pyvenv.cfg",
               "home = " + text_of(python_executable().parent_path()) + "\nimplementation = PyPy\n");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002036));
    EXPECT_TRUE(logged(service, 0xC0002036, "error", "implementation = PyPy"));
}

TEST(PythonChoice, RegisteredPythonIsFoundForAnEntryThatNamesNone) {
    TestService service("light.Light");
    service.set("Python", "");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
