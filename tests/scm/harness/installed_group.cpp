// SPDX-License-Identifier: MIT
#include "tests/scm/harness/installed_group.hpp"

#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"

#include <utility>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

std::string key_of(const std::string& name) { return R"(SYSTEM\CurrentControlSet\Services\)" + name; }

}  // namespace

InstalledGroup::InstalledGroup(std::vector<std::string> names)
    : names_(std::move(names)), folder_(work_folder() / L"group 服务") {
    fs::create_directories(folder_);
    fs::copy_file(services_folder() / L"installable.py", folder_ / L"installable.py",
                  fs::copy_options::overwrite_existing);
    remove_all();
}

InstalledGroup::~InstalledGroup() {
    remove_all();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    for (const std::string& name : names_) {
        fs::remove_all(path_of(environment_variable("ProgramData")) / L"PythonService" / path_of(name), ignored);
    }
}

void InstalledGroup::remove_all() const {
    for (const std::string& name : names_) {
        if (registry::exists(key_of(name))) (void)run({"remove", name});
    }
    registry::remove(kGroupsKey);
}

CommandResult InstalledGroup::run(const std::vector<std::string>& arguments) const {
    return run_command(arguments, folder_);
}

CommandResult InstalledGroup::install(const std::string& name, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "install",  text_of(folder_ / L"installable.py"), "--name",         name, "--startup", "manual",
        "--python", text_of(python_executable()),         "--display-name", name};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
}

std::vector<std::string> InstalledGroup::seen() const { return complete_lines(read_file(folder_ / L"seen.txt")); }

std::string InstalledGroup::image_path(const std::string& name) {
    return registry::read_text(key_of(name), "ImagePath").value_or("");
}

std::uint32_t InstalledGroup::type(const std::string& name) {
    return registry::read_number(key_of(name), "Type").value_or(0);
}

}  // namespace pysvc::test
