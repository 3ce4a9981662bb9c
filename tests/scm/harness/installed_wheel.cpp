// SPDX-License-Identifier: MIT
#include "tests/scm/harness/installed_wheel.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <string>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

constexpr wchar_t kFinder[] = L"_pythonservice_finder.py";
constexpr wchar_t kPackage[] = L"pythonservice";

/// The names that the .pth file tells the finder: all modules but the two that the wheel has as files.
std::string module_names(const fs::path& modules) {
    std::string names = "'servicemanager', '_pythonservice'";
    for (const auto& entry : fs::directory_iterator(modules)) {
        const fs::path name = entry.path().filename();
        if (name == kFinder || name == kPackage) continue;
        names += ", '" + text_of(name.stem()) + "'";
    }
    return names;
}

}  // namespace

fs::path install_wheel(const VirtualEnvironment& environment) {
    const fs::path modules = program_folder() / L"wheel";
    const fs::path packages = environment.site_packages();
    const fs::path package = packages / kPackage;
    fs::copy(modules / kPackage, package, fs::copy_options::recursive);
    fs::copy_file(modules / kFinder, packages / kFinder);
    for (const auto& entry : fs::directory_iterator(program_folder())) {
        const std::wstring name = entry.path().filename().native();
        if (name.starts_with(L"PythonService") || name.starts_with(L"servicemanager.")) {
            fs::copy_file(entry.path(), package / name);
        }
    }
    write_file(
        packages / L"zz_pythonservice.pth",
        "import _pythonservice_finder; _pythonservice_finder.install_for_python([" + module_names(modules) + "])\n");
    return package / L"PythonService.exe";
}

}  // namespace pysvc::test
