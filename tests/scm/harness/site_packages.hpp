// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <filesystem>

namespace pysvc::test {

[[nodiscard]] inline std::filesystem::path site_packages() {
    return python_executable().parent_path() / L"Lib" / L"site-packages";
}

/// While it lives, `import servicemanager` of every python.exe finds our module in front of pywin32's: the only way for
/// a script that may not be changed. A .pth file works under -E as well, where PYTHONPATH does not.
class ModuleInFront {
public:
    ModuleInFront() { write_file(file_, "import sys; sys.path.insert(0, r'" + text_of(program_folder()) + "')\n"); }
    ~ModuleInFront() {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
    }
    ModuleInFront(const ModuleInFront&) = delete;
    ModuleInFront& operator=(const ModuleInFront&) = delete;

private:
    const std::filesystem::path file_ = site_packages() / L"pysvc_test.pth";
};

}  // namespace pysvc::test
