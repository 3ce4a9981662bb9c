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

/// Puts there what a search in `folder` would find: modules and packages of the standard library, ours, DLLs that can be
/// loaded and are no KnownDLLs.
void plant(const fs::path& folder) {
    for (const char* module : {"json.py", "servicemanager.py", "site.py", "sitecustomize.py", "usercustomize.py",
                               "encodings/__init__.py"}) {
        fs::create_directories((folder / module).parent_path());
        write_file(folder / module, "planted = True\n");
    }
    const std::string python = "python3" + text_of(python_executable().parent_path().filename()).substr(7);
    for (const std::string& library : {python + ".dll", std::string("python3.dll"), std::string("version.dll"),
                                       std::string("vcruntime140.dll"), std::string("secur32.dll")}) {
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
    /// Starts the service; nothing that it uses is below `folder`, except what `except` names there.
    static void expect_nothing_from(const std::string& folder_name, TestService& service) {
        service.start();
        const std::string prefix = shown(python_executable().parent_path());
        EXPECT_EQ(service.report().wait("prefix"), "'" + prefix + "'");
        EXPECT_EQ(service.report().wait("servicemanager"), "'built-in'");
        EXPECT_EQ(service.report().wait("json").find(prefix + "\\\\Lib"), 1u);
        EXPECT_EQ(service.report().wait("path").find(folder_name), std::string::npos);
        EXPECT_EQ(service.report().wait("modules").find(folder_name), std::string::npos);
        EXPECT_EQ(service.stop(), kSuccess);
    }

    /// The DLLs of the process that are in a folder of this name.
    static std::vector<std::string> libraries_from(const std::string& folder_name, const TestService& service) {
        std::vector<std::string> found;
        std::string rest = service.report().wait("libraries");
        for (std::size_t at = rest.find(folder_name); at != std::string::npos; at = rest.find(folder_name)) {
            rest.erase(0, at + folder_name.size());
            found.push_back(rest.substr(0, rest.find('\'')));
        }
        return found;
    }
};

TEST_F(PlantedFiles, OfTheCurrentFolderAreNotLoaded) {
    const fs::path folder = fresh_folder(L"planted current");
    plant(folder);
    TestService service("facts.Origins");
    service.set("WorkingDirectory", text_of(folder));
    expect_nothing_from("planted current", service);
    EXPECT_TRUE(libraries_from("planted current", service).empty());
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
    expect_nothing_from("planted program", service);
    for (const std::string& library : libraries_from("planted program", service)) {
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
    expect_nothing_from("planted environment", service);
    EXPECT_TRUE(libraries_from("planted environment", service).empty());
}

TEST_F(PlantedFiles, OfABuildOfPythonAboveItsFolderAreNotLoaded) {
    // CVE-2026-12003: to getpath a `..\..\Modules\Setup.local` means that python.exe is in the tree it was built in.
    const fs::path root = (python_executable().parent_path() / L".." / L"..").lexically_normal();
    const fs::path landmark = root / L"Modules" / L"Setup.local";
    ASSERT_FALSE(fs::exists(landmark)) << text_of(landmark);
    const bool made_folder = fs::create_directories(landmark.parent_path());
    write_file(landmark, "");
    {
        TestService service("facts.Origins");
        expect_nothing_from("no other folder", service);
    }
    fs::remove(landmark);
    if (made_folder) fs::remove(landmark.parent_path());
}

TEST_F(PlantedFiles, BesideTheClassAreItsOwnExceptForTheHostsModule) {
    const fs::path folder = fresh_folder(L"planted beside");
    fs::copy(services_folder(), folder, fs::copy_options::recursive);
    write_file(folder / L"servicemanager.py", "planted = True\n");
    TestService service(text_of(folder) + "\\facts.Origins");
    service.start();
    EXPECT_EQ(service.report().wait("servicemanager"), "'built-in'");
    EXPECT_EQ(service.stop(), kSuccess);
}

}  // namespace
}  // namespace pysvc::test
