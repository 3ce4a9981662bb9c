// SPDX-License-Identifier: MIT
// Services in each kind of Python environment, and what doctor says of it. docs/python-environments.md tells which of
// them are the real thing.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/test_service.hpp"
#include "tests/scm/harness/virtual_environment.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// What was fetched for these tests: virtualenv\ and embeddable\.
fs::path fetched(const wchar_t* name) {
    const std::string folder = environment_variable("PYSVC_TEST_ENVIRONMENTS");
    EXPECT_FALSE(folder.empty()) << "PYSVC_TEST_ENVIRONMENTS does not name the folder of the environments";
    return path_of(folder) / name;
}

/// python.org's embeddable Python, in a folder of its own.
fs::path make_embeddable(const std::wstring& name) {
    const fs::path folder = work_folder() / name;
    fs::create_directories(folder.parent_path());
    fs::copy(fetched(L"embeddable"), folder, fs::copy_options::recursive);
    return folder;
}

/// A small full installation of the embeddable Python's files: without a ._pth file, extension modules in DLLs, the
/// library in its zip.
fs::path make_installation(const std::wstring& name) {
    const fs::path folder = make_embeddable(name);
    fs::create_directories(folder / L"DLLs");
    fs::create_directories(folder / L"Lib" / L"site-packages");
    const std::vector<fs::directory_entry> entries(fs::directory_iterator(folder), {});
    for (const auto& entry : entries) {
        if (entry.path().extension() == L"._pth") fs::remove(entry.path());
        if (entry.path().extension() == L".pyd") fs::rename(entry, folder / L"DLLs" / entry.path().filename());
    }
    return folder;
}

std::string doctor(const std::vector<std::string>& arguments, DWORD expected = 0) {
    std::vector<std::string> all{"doctor", "--python"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Command command(all);
    EXPECT_EQ(command.wait(), expected) << command.output();
    return command.output();
}

::testing::AssertionResult has(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos) return ::testing::AssertionSuccess();
    return ::testing::AssertionFailure() << "'" << part << "' is not in\n" << text;
}

/// Runs checks of services/libraries.py in a service with this Python; all of them pass.
void expect_checks(TestService& service, const std::vector<std::string>& checks) {
    std::string names;
    for (const std::string& check : checks) names += check + ' ';
    service.set_environment({"PYSVC_TEST_CHECKS=" + names});
    static_cast<void>(service.try_start());
    EXPECT_EQ(service.wait_for_stopped(4 * kPatience), kSuccess) << service.log().text();
    for (const std::string& check : checks) {
        const auto outcomes = service.report().values(check);
        ASSERT_EQ(outcomes.size(), 1u) << check;
        EXPECT_EQ(outcomes.front(), "'ok'") << check;
    }
}

const std::vector<std::string> kChecks = {
    "paths_as_in_python_exe", "process_and_queue", "subprocess_with_pipes", "ssl_context", "sqlite", "ctypes_callback"};

/// doctor and the service agree on this Python, and what a service needs works in it.
void expect_works(const fs::path& python, const std::string& kind, const std::vector<std::string>& checks = kChecks) {
    TestService service("libraries.Libraries");
    service.set("Python", text_of(python));
    const std::string report = doctor({service.name()});
    EXPECT_TRUE(has(report, "by the rules of a service start"));
    EXPECT_TRUE(has(report, "chosen: " + text_of(python)));
    EXPECT_TRUE(has(report, "why: named by Parameters\\Python"));
    EXPECT_TRUE(has(report, ", " + kind));
    expect_checks(service, checks);
}

TEST(Environments, FullInstallation) { expect_works(python_executable(), "full installation"); }

TEST(Environments, StdlibVenv) {
    const VirtualEnvironment environment(L"stdlib venv");
    expect_works(environment.python(), "virtual environment");
}

TEST(Environments, Virtualenv) {
    const fs::path folder = work_folder() / L"virtualenv f\u00fcr Dienste";
    const std::string program =
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
        "runpy.run_module('virtualenv', run_name='__main__')";
    Command command(python_executable(),
                    {"-c", program, text_of(fetched(L"virtualenv")), "--no-seed", "--no-periodic-update", "--app-data",
                     text_of(work_folder() / L"app data"), text_of(folder)},
                    {});
    ASSERT_EQ(command.wait(4 * kPatience), 0u) << command.output();
    EXPECT_TRUE(has(read_file(folder / L"pyvenv.cfg"), "virtualenv = "));
    expect_works(folder / L"Scripts" / L"python.exe", "virtual environment");
}

/// uv venv, by the file that it writes: its other files are those of a venv.
TEST(Environments, UvVenv) {
    const VirtualEnvironment environment(L"uv venv");
    const std::string full = text_of(python_executable().parent_path().filename());
    write_file(environment.folder() / L"pyvenv.cfg", "home = " + text_of(python_executable().parent_path()) +
                                                         "\n"
                                                         "implementation = CPython\n"
                                                         "uv = 0.13.9\n"
                                                         "version_info = 3." +
                                                         full.substr(full.find('3') + 1) +
                                                         ".1\n"
                                                         "include-system-site-packages = false\n");
    expect_works(environment.python(), "virtual environment");
}

TEST(Environments, Embeddable) {
    const fs::path folder = make_embeddable(L"embeddable");
    expect_works(folder / L"python.exe", "embeddable installation with a ._pth file");
}

/// conda, by its layout: DLLs of extension modules lie in Library\bin, where python.exe of conda looks and nobody else.
TEST(Environments, CondaFindsTheDllsInItsLibraryFolder) {
    const fs::path folder = make_installation(L"conda");
    fs::create_directories(folder / L"conda-meta");
    write_file(folder / L"conda-meta" / L"history", "");
    fs::create_directories(folder / L"Library" / L"bin");
    for (const wchar_t* dll : {L"libcrypto-3.dll", L"libssl-3.dll", L"libffi-8.dll", L"sqlite3.dll"}) {
        fs::rename(folder / dll, folder / L"Library" / L"bin" / dll);
    }
    expect_works(folder / L"python.exe", "conda environment",
                 {"paths_as_in_python_exe", "ssl_context", "sqlite", "ctypes_callback"});
}

/// A copy of the test services in a folder of its own, for services that tell no Python: they find one near it.
class ScriptFolder {
public:
    explicit ScriptFolder(const std::wstring& name) : folder_(work_folder() / name) {
        fs::create_directories(folder_);
        for (const wchar_t* file : {L"libraries.py", L"reporting.py"}) {
            fs::copy_file(services_folder() / file, folder_ / file, fs::copy_options::overwrite_existing);
        }
    }
    [[nodiscard]] std::string class_string() const { return text_of(folder_) + "\\libraries.Libraries"; }
    [[nodiscard]] std::string script() const { return text_of(folder_ / L"libraries.py"); }

private:
    fs::path folder_;
};

TEST(EnvironmentNearTheScript, IsTakenAtAServiceStart) {
    const ScriptFolder scripts(L"nahe \u670d\u52a1\\app");
    const VirtualEnvironment above(L"nahe \u670d\u52a1\\venv");
    TestService service(scripts.class_string());
    service.set("Python", "");
    EXPECT_TRUE(has(doctor({service.name()}), "chosen: " + text_of(above.python())));

    const VirtualEnvironment beside(L"nahe \u670d\u52a1\\app\\.venv");
    const std::string report = doctor({service.name()});
    EXPECT_TRUE(has(report, "chosen: " + text_of(beside.python())));
    EXPECT_TRUE(has(report, "usable, not needed: Python 3."));
    expect_checks(service, {"paths_as_in_python_exe"});
}

TEST(EnvironmentNearTheScript, FurtherUpIsForInstallAndDebugOnly) {
    const ScriptFolder scripts(L"far away\\a\\b");
    const VirtualEnvironment environment(L"far away\\.venv");
    TestService service(scripts.class_string());
    service.set("Python", "");
    const std::string report = doctor({service.name()});
    EXPECT_FALSE(has(report, "chosen: " + text_of(environment.python())));
    EXPECT_TRUE(has(report, "if it were installed anew from here: " + text_of(environment.python())));
    EXPECT_TRUE(has(doctor({scripts.script()}), "chosen: " + text_of(environment.python())));
}

/// A key below HKEY_CURRENT_USER that goes with the object.
class UserKey {
public:
    explicit UserKey(std::wstring name) : name_(std::move(name)) {}
    ~UserKey() { RegDeleteTreeW(HKEY_CURRENT_USER, name_.c_str()); }
    UserKey(const UserKey&) = delete;
    UserKey& operator=(const UserKey&) = delete;

    void set(const wchar_t* subkey, const wchar_t* value, const std::wstring& text) const {
        const auto bytes = static_cast<DWORD>((text.size() + 1) * sizeof(wchar_t));
        EXPECT_EQ(RegSetKeyValueW(HKEY_CURRENT_USER, (name_ + subkey).c_str(), value, REG_SZ, text.c_str(), bytes), 0);
    }

private:
    std::wstring name_;
};

/// Registered as Python's install manager does: below HKEY_CURRENT_USER, with its version.
TEST(PythonByVersion, IsLookedForAmongThoseOfTheUserAndOfTheMachine) {
    const fs::path folder = make_installation(L"Python\\pythoncore-3.13-64");
    const UserKey key(L"SOFTWARE\\Python\\PySvcTest");
    key.set(L"\\3.13-test", L"SysVersion", L"3.13");
    key.set(L"\\3.13-test", L"SysArchitecture", L"64bit");
    key.set(L"\\3.13-test\\InstallPath", nullptr, folder.native() + L'\\');
    key.set(L"\\3.13-test\\InstallPath", L"ExecutablePath", (folder / L"python.exe").native());
    const std::string report = doctor({text_of(services_folder() / L"libraries.py")});
    EXPECT_TRUE(has(report, "HKCU\\SOFTWARE\\Python\\PySvcTest\\3.13-test\n     "));
    EXPECT_TRUE(has(report, "Python 3.13, full installation, " + text_of(folder / L"python.exe")));

    TestService service("libraries.Libraries");
    Command unknown({"update", service.name(), "--python", "3.99"});
    EXPECT_NE(unknown.wait(), 0u);
    EXPECT_TRUE(has(unknown.output(), "there is no Python 3.99"));
    EXPECT_TRUE(has(unknown.output(), "3.13 at " + text_of(folder / L"python.exe")));
    EXPECT_TRUE(has(unknown.output(), "HKLM\\SOFTWARE\\Python\\PythonCore\\3."));
}

TEST(PythonByVersion, OfA32BitPythonSaysSo) {
    const std::string key = "SOFTWARE\\WOW6432Node\\Python\\PySvcTest";
    registry::write_text(key + "\\3.98-32\\InstallPath", "ExecutablePath", "C:\\Python398-32\\python.exe");
    TestService service("libraries.Libraries");
    Command update({"update", service.name(), "--python", "3.98"});
    EXPECT_EQ(update.wait(), DWORD{ERROR_BAD_EXE_FORMAT});
    EXPECT_TRUE(has(update.output(), "3.98, 32-bit at C:\\Python398-32\\python.exe"));
    registry::remove(key);
}

TEST(PythonByVersion, IsStoredAsThePathThatItLedTo) {
    TestService service("libraries.Libraries");
    service.set("Python", "");
    Command update({"update", service.name(), "--python", "3.13"});
    EXPECT_EQ(update.wait(), 0u) << update.output();
    const fs::path stored = path_of(registry::read_text(service.key() + "\\Parameters", "Python").value_or(""));
    EXPECT_TRUE(stored.is_absolute()) << text_of(stored);
    EXPECT_TRUE(fs::exists(stored.parent_path() / L"python313.dll")) << text_of(stored);
}

TEST(Doctor, WarnsOfAPythonInTheFolderOfAUser) {
    const fs::path profile = path_of(environment_variable("USERPROFILE"));
    const fs::path folder = make_installation(L"of a user");
    ASSERT_EQ(text_of(folder).compare(0, text_of(profile).size(), text_of(profile)), 0)
        << "the tests' folder is not below " << text_of(profile);
    TestService service("libraries.Libraries");
    service.set("Python", text_of(folder));
    const std::string report = doctor({service.name()});
    EXPECT_TRUE(has(report, "warning: this Python needs files in a user's own folder, '" + text_of(profile)));
    service.set("Python", text_of(python_executable()));
    EXPECT_FALSE(has(doctor({service.name()}), "in a user's own folder"));
}

TEST(Doctor, RefusalIsTheExitCode) {
    TestService service("libraries.Libraries");
    service.set("Python", "python.exe");
    const std::string report = doctor({service.name()}, 1);
    EXPECT_TRUE(has(report, "refused, and no other is taken"));
    EXPECT_TRUE(has(report, "'python.exe' is no full path"));
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x20002030));
}

TEST(Doctor, JsonNamesTheChoice) {
    TestService service("libraries.Libraries");
    const std::string report = doctor({service.name(), "--json"});
    EXPECT_TRUE(report.starts_with(R"({"subject": ")")) << report;
    EXPECT_TRUE(has(report, R"("rules": "service")"));
    EXPECT_TRUE(has(report, R"("outcome": "chosen")"));
    EXPECT_TRUE(has(report, R"("error": null, "sources": [)"));
}

}  // namespace
}  // namespace pysvc::test
