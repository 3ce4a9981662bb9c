// SPDX-License-Identifier: MIT
#include "tests/scm/harness/fake_python.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <string>

namespace pysvc::test {

namespace fs = std::filesystem;

fs::path python_dll() {
    for (const auto& entry : fs::directory_iterator(python_executable().parent_path())) {
        const std::wstring name = entry.path().filename().native();
        // Not python3.dll, which only leads to the other.
        if (name.starts_with(L"python3") && name.ends_with(L".dll") && name.size() > 11) return entry.path();
    }
    return {};
}

FakePython::FakePython(const wchar_t* name) : folder_(work_folder() / name) {
    fs::create_directories(folder_ / L"Lib" / L"encodings");
    write_file(folder_ / L"Lib" / L"encodings" / L"__init__.py", "");
    write_file(folder_ / L"Lib" / L"os.py", "");
    fs::copy_file(python_executable(), executable(), fs::copy_options::overwrite_existing);
}

}  // namespace pysvc::test
