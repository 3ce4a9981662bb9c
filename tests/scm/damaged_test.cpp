// SPDX-License-Identifier: MIT
// Parts that are there and broken: Python's DLL, its library, an environment, the engine, the script. Each is an event
// with its own code, and the next start with what works works.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/fake_python.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"

#include "build_id.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// `content` with the only kind of text in it that is `from` replaced by `to`, of the same length.
std::string patched(std::string content, const std::string& from, const std::string& to) {
    EXPECT_EQ(from.size(), to.size());
    std::size_t found = 0;
    for (std::size_t at = content.find(from); at != std::string::npos; at = content.find(from, at + to.size())) {
        content.replace(at, to.size(), to);
        ++found;
    }
    EXPECT_GT(found, 0u) << "there is no '" << from << "'";
    return content;
}

// ---- Python's DLL ---------------------------------------------------------------------------------------------------

TEST(DamagedPython, DllThatLacksAnotherDllSaysWhichFileCannotBeLoaded) {
    const FakePython python(L"python that lacks a DLL");
    write_file(python.dll(), patched(read_file(python_dll()), "VCRUNTIME140.dll", "VCRUNTIME999.dll"));
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002035));
    EXPECT_TRUE(logged(service, 0xC0002035, "error", text_of(python.dll())));
    EXPECT_TRUE(logged(service, 0xC0002035, "error", "(126)"));
}

TEST(DamagedPython, DllThatIsCutOffIsRefused) {
    const FakePython python(L"python cut off");
    write_file(python.dll(), read_file(python_dll()).substr(0, 4096));
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002035));
    EXPECT_TRUE(logged(service, 0xC0002035, "error", text_of(python.dll())));
}

TEST(DamagedPython, DllThatIsNoneIsRefused) {
    const FakePython python(L"python of text");
    write_file(python.dll(), "this is no DLL\n");
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002031));
    EXPECT_TRUE(logged(service, 0xC0002031, "error", text_of(python.dll().filename())));
}

TEST(DamagedPython, DllThatCannotBeReadIsNamed) {
    const FakePython python(L"python that is locked");
    fs::copy_file(python_dll(), python.dll(), fs::copy_options::overwrite_existing);
    // What an account without access gets is another number; the way to the event is the same.
    const win::UniqueHandle lock(CreateFileW(python.dll().c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr));
    ASSERT_TRUE(lock);
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002032));
    EXPECT_TRUE(logged(service, 0xC0002032, "error", text_of(python.dll())));
    EXPECT_TRUE(logged(service, 0xC0002032, "error", "(32)"));
}

// ---- its library ----------------------------------------------------------------------------------------------------

TEST(DamagedPython, LibraryThatIsBrokenIsToldInPythonsWords) {
    const FakePython python(L"python with a broken library");
    fs::copy_file(python_dll(), python.dll(), fs::copy_options::overwrite_existing);
    TestService service("light.Light");
    service.set("Python", text_of(python.executable()));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002039));
    EXPECT_TRUE(logged(service, 0xC0002039, "error", text_of(python.executable())));
    EXPECT_TRUE(logged(service, 0xC0002039, "error", "encoding"));
    // The process was not ended behind the host's back: the same service runs with a Python that is whole.
    service.set("Python", text_of(python_executable()));
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
}

/// A virtual environment without the programs that make one.
class BareEnvironment {
public:
    explicit BareEnvironment(const wchar_t* name) : folder_(work_folder() / name) {
        fs::create_directories(site_packages());
        fs::create_directories(folder_ / L"Scripts");
        fs::copy_file(python_executable(), python(), fs::copy_options::overwrite_existing);
        write_file(folder_ / L"pyvenv.cfg", "home = " + text_of(python_executable().parent_path()) + "\n");
    }
    [[nodiscard]] fs::path python() const { return folder_ / L"Scripts" / L"python.exe"; }
    [[nodiscard]] fs::path site_packages() const { return folder_ / L"Lib" / L"site-packages"; }

private:
    fs::path folder_;
};

TEST(DamagedPython, BrokenPthFileIsInTheLogAndNoFailure) {
    const BareEnvironment environment(L"environment with a broken pth");
    write_file(environment.site_packages() / L"broken.pth", "import a_module_that_nobody_has\n");
    write_file(environment.site_packages() / L"rubbish.pth", "\xFF\xFE\x01\x02\n");
    TestService service("light.Light");
    service.set("Python", text_of(environment.python()));
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_NE(service.log().text().find("broken.pth"), std::string::npos) << service.log().text();
    EXPECT_NE(service.log().text().find("No module named 'a_module_that_nobody_has'"), std::string::npos);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

// ---- the engine -----------------------------------------------------------------------------------------------------

/// PythonService.exe and its message file in a folder of their own, without engines.
class OtherProgram {
public:
    explicit OtherProgram(const wchar_t* name) : folder_(work_folder() / name) {
        fs::create_directories(folder_);
        for (const wchar_t* file : {L"PythonService.exe", L"PythonServiceMessages.dll"}) {
            fs::copy_file(program_folder() / file, folder_ / file, fs::copy_options::overwrite_existing);
        }
    }
    [[nodiscard]] std::string command_line() const { return '"' + text_of(folder_ / L"PythonService.exe") + '"'; }
    [[nodiscard]] fs::path engine() const { return folder_ / original_engine().filename(); }

    /// The one for the Python of the tests: python313.dll -> servicemanager.cp313-win_amd64.pyd.
    static fs::path original_engine() {
        const std::string minor = text_of(python_dll().stem()).substr(std::string("python3").size());
        return program_folder() / path_of("servicemanager.cp3" + minor + "-win_amd64.pyd");
    }

private:
    fs::path folder_;
};

TEST(DamagedEngine, MissingOneIsNamedWithThoseThatAreThere) {
    const OtherProgram program(L"host without engines");
    TestService service("light.Light");
    service.set_command_line(program.command_line());
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002036));
    EXPECT_TRUE(logged(service, 0xC0002036, "error", "engine-not-found"));
}

TEST(DamagedEngine, OneOfAnotherBuildIsRefused) {
    const OtherProgram program(L"host with an old engine");
    const std::string id = PYSVC_BUILD_ID;
    const std::string other = id.substr(0, id.size() - 4) + "beef";
    ASSERT_NE(id, other);
    write_file(program.engine(), patched(read_file(OtherProgram::original_engine()), id, other));
    TestService service("light.Light");
    service.set_command_line(program.command_line());
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002037));
    EXPECT_TRUE(logged(service, 0xC0002037, "error", text_of(program.engine().filename())));
    EXPECT_TRUE(logged(service, 0xC0002037, "error", id));
}

TEST(DamagedEngine, FileThatIsCutOffIsNamed) {
    const OtherProgram program(L"host with a broken engine");
    write_file(program.engine(), read_file(OtherProgram::original_engine()).substr(0, 4096));
    TestService service("light.Light");
    service.set_command_line(program.command_line());
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002038));
    EXPECT_TRUE(logged(service, 0xC0002038, "error", text_of(program.engine())));
}

// ---- the script, its folder -----------------------------------------------------------------------------------------

TEST(DamagedScript, FileThatIsDeletedWhileItRunsIsMissedAtTheNextStart) {
    const fs::path folder = work_folder() / L"script that goes";
    fs::create_directories(folder);
    for (const wchar_t* file : {L"light.py", L"reporting.py"}) {
        fs::copy_file(services_folder() / file, folder / file, fs::copy_options::overwrite_existing);
    }
    TestService service(text_of(folder / L"light.Light"));
    service.start();
    fs::remove_all(folder);
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE), 0u);
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(service.start_and_wait_for_end(), specific(1));
    EXPECT_TRUE(logged(service, 0xC0000004, "error", text_of(folder)));
}

TEST(DamagedScript, WorkingDirectoryThatIsNotThereIsAnEventAndNoFailure) {
    TestService service("light.Light");
    service.set("WorkingDirectory", R"(C:\no such folder)");
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged(service, 0xC0002055, "error", R"(C:\no such folder)"));
}

// ---- what is changed while it runs ----------------------------------------------------------------------------------

TEST(ChangedWhileItRuns, KeysThatAreDeletedDoNotKeepItFromStopping) {
    TestService service("light.Light");
    service.start();
    registry::remove(service.key() + "\\PythonClass");
    registry::remove(service.key() + "\\Parameters");
    EXPECT_EQ(service.control(SERVICE_CONTROL_INTERROGATE), 0u);
    EXPECT_EQ(service.control(130), 0u);
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

TEST(ChangedWhileItRuns, ServiceThatIsDeletedStops) {
    TestService service("light.Light");
    service.start();
    const Process process = service.process();
    ASSERT_TRUE(DeleteService(service.handle()));
    EXPECT_FALSE(DeleteService(service.handle()));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_SERVICE_MARKED_FOR_DELETE));
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_EQ(process.wait_for_end(), 0u);
}

TEST(ChangedWhileItRuns, ProgramCanBeRenamedAndReplaced) {
    const OtherProgram program(L"host that is replaced");
    fs::copy_file(OtherProgram::original_engine(), program.engine(), fs::copy_options::overwrite_existing);
    TestService service("light.Light");
    service.set_command_line(program.command_line());
    service.start();
    // Whoever updates a running program moves it aside and puts the new one in its place.
    const fs::path exe = program.engine().parent_path() / L"PythonService.exe";
    fs::rename(exe, exe.parent_path() / L"PythonService.old.exe");
    fs::rename(program.engine(), program.engine().parent_path() / L"old engine");
    fs::copy_file(host_executable(), exe);
    fs::copy_file(OtherProgram::original_engine(), program.engine());
    EXPECT_EQ(service.stop(), kSuccess);
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged_nothing(service, "error"));
}

}  // namespace
}  // namespace pysvc::test
