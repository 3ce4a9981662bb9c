// SPDX-License-Identifier: MIT
// Files that somebody put where a careless program would find them before its own.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// A folder of this test, empty.
fs::path fresh_folder(const wchar_t* name) {
    const fs::path folder = work_folder() / name;
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

/// Puts there what a search in `folder` would find: modules and packages of the standard library, ours, and DLLs that the
/// start of Python loads and that are no KnownDLLs.
void plant(const fs::path& folder) {
    for (const char* module : {"json.py", "servicemanager.py", "site.py", "sitecustomize.py", "usercustomize.py",
                               "encodings/__init__.py"}) {
        fs::create_directories((folder / module).parent_path());
        write_file(folder / module, "planted = True\n");
    }
    const std::string python = "python3" + text_of(python_executable().parent_path().filename()).substr(7);
    for (const std::string& library : {python + ".dll", std::string("version.dll"), std::string("vcruntime140.dll"),
                                       std::string("bcrypt.dll")}) {
        fs::copy_file(program_folder() / L"PythonServiceMessages.dll", folder / library,
                      fs::copy_options::overwrite_existing);
    }
}

/// As Python's repr shows a part of a path.
std::string shown(const fs::path& path) {
    std::string out;
    for (const char c : text_of(path)) out += c == '\\' ? std::string("\\\\") : std::string(1, c);
    return out;
}

class PlantedFiles : public ::testing::Test {
protected:
    /// Starts the service; no module that it has comes from a folder of this name.
    static void expect_no_module_from(const std::string& folder_name, TestService& service) {
        service.start();
        const std::string prefix = shown(python_executable().parent_path());
        EXPECT_EQ(service.report().wait("prefix"), "'" + prefix + "'");
        EXPECT_EQ(service.report().wait("servicemanager"), "'built-in'");
        EXPECT_EQ(service.report().wait("json").find(prefix + "\\\\Lib"), 1u);
        EXPECT_EQ(service.report().wait("path").find(folder_name), std::string::npos);
        for (const std::string& file : files_from(folder_name, service.report().wait("modules"))) {
            EXPECT_EQ(file, "\\\\PythonServiceMessages.dll");  // servicemanager.__file__
        }
        EXPECT_EQ(service.stop(), kSuccess);
    }

    /// What follows the name of the folder in each of the reported paths that have it.
    static std::vector<std::string> files_from(const std::string& folder_name, std::string paths) {
        std::vector<std::string> found;
        for (std::size_t at = paths.find(folder_name); at != std::string::npos; at = paths.find(folder_name)) {
            paths.erase(0, at + folder_name.size());
            found.push_back(paths.substr(0, paths.find('\'')));
        }
        return found;
    }
};

TEST_F(PlantedFiles, OfTheCurrentFolderAreNotLoaded) {
    const fs::path folder = fresh_folder(L"planted current");
    plant(folder);
    TestService service("facts.Origins");
    service.set("WorkingDirectory", text_of(folder));
    expect_no_module_from("planted current", service);
    EXPECT_TRUE(files_from("planted current", service.report().wait("libraries")).empty());
}

TEST_F(PlantedFiles, OfTheFolderOfTheExecutableAreNotLoaded) {
    const fs::path folder = fresh_folder(L"planted program");
    for (const auto& entry : fs::directory_iterator(program_folder())) {
        const std::string name = text_of(entry.path().filename());
        const bool ours = name == "PythonService.exe" || name.starts_with("servicemanager.") ||
                          name == "PythonServiceMessages.dll";
        if (ours) fs::copy_file(entry.path(), folder / entry.path().filename());
    }
    plant(folder);
    TestService service("facts.Origins");
    service.set_command_line("\"" + text_of(folder / L"PythonService.exe") + "\"");
    expect_no_module_from("planted program", service);
    for (const std::string& library : files_from("planted program", service.report().wait("libraries"))) {
        const bool ours = library.find("PythonService.exe") != std::string::npos ||
                          library.find("servicemanager.") != std::string::npos;
        EXPECT_TRUE(ours) << library;
    }
}

TEST_F(PlantedFiles, NamedByTheEnvironmentAreNotLoaded) {
    const fs::path folder = fresh_folder(L"planted environment");
    plant(folder);
    const std::string minor = text_of(python_executable().parent_path().filename()).substr(7);
    const fs::path user_site = folder / (L"Python\\Python3" + win::widen(minor)) / L"site-packages";
    fs::create_directories(user_site);
    write_file(user_site / L"usercustomize.py", "planted = True\n");
    write_file(user_site / L"planted.pth", "import planted\n");
    const std::string text = text_of(folder);
    TestService service("facts.Origins");
    service.set_environment({"PYTHONHOME=" + text, "PYTHONPATH=" + text, "PYTHONSTARTUP=" + text + "\\site.py",
                             "PYTHONUSERBASE=" + text + "\\Python", "PYTHONPLATLIBDIR=" + text,
                             "PYTHONBREAKPOINT=planted.planted", "PYTHONINSPECT=1", "APPDATA=" + text});
    expect_no_module_from("planted environment", service);
    EXPECT_TRUE(files_from("planted environment", service.report().wait("libraries")).empty());
}

TEST_F(PlantedFiles, OfABuildOfPythonAboveItsFolderEndTheStartAndAreNotRun) {
    // CVE-2026-12003: to getpath a `..\..\Modules\Setup.local` means that python.exe is in the tree it was built in, with
    // the library in Lib there. On many machines every user may make folders in C:\.
    const fs::path root = (python_executable().parent_path() / L".." / L"..").lexically_normal();
    const fs::path modules = root / L"Modules";
    const fs::path library = root / L"Lib";
    ASSERT_FALSE(fs::exists(modules) || fs::exists(library)) << text_of(root) << " is somebody's";
    fs::create_directories(modules);
    write_file(modules / L"Setup.local", "");
    const fs::path trace = work_folder() / L"planted library was run";
    fs::create_directories(library / L"encodings");
    for (const char* module : {"encodings/__init__.py", "os.py", "site.py", "codecs.py"}) {
        write_file(library / module, "import nt\nnt.close(nt.open(r'" + text_of(trace) + "', nt.O_CREAT | nt.O_WRONLY))\n");
    }
    TestService service("light.Light");
    EXPECT_EQ(service.start_and_wait_for_end(), specific(0x2000203A));
    EXPECT_TRUE(logged(service, 0xC000203A, "error", text_of(root)));
    EXPECT_FALSE(fs::exists(trace));
    fs::remove_all(modules);
    fs::remove_all(library);
}

TEST_F(PlantedFiles, BesideTheClassAreItsOwnExceptForTheHostsModule) {
    const fs::path folder = fresh_folder(L"planted beside");
    for (const auto& entry : fs::directory_iterator(services_folder())) {
        if (entry.is_regular_file()) fs::copy_file(entry.path(), folder / entry.path().filename());
    }
    write_file(folder / L"servicemanager.py", "planted = True\n");
    TestService service(text_of(folder) + "\\facts.Origins");
    service.start();
    EXPECT_EQ(service.report().wait("servicemanager"), "'built-in'");
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
