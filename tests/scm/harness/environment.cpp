// SPDX-License-Identifier: MIT
#include "tests/scm/harness/environment.hpp"

#include "host/windows/win32.hpp"

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// Removed when the program ends.
class WorkFolder {
public:
    WorkFolder()
        : path_(fs::temp_directory_path() / (L"pysvc t\u00e9st \u670d\u52a1 " + std::to_wstring(GetCurrentProcessId()))) {
        fs::create_directories(path_);
    }
    ~WorkFolder() {
        std::error_code ignored;
        if (environment_variable("PYSVC_KEEP_TEST_FILES").empty()) fs::remove_all(path_, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    [[nodiscard]] const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

}  // namespace

fs::path program_folder() {
    std::wstring name(32'768, L'\0');
    name.resize(GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size())));
    return fs::path(name).parent_path();
}

fs::path host_executable() { return program_folder() / L"PythonService.exe"; }

fs::path services_folder() { return program_folder() / L"services"; }

fs::path python_executable() {
    const std::string chosen = environment_variable("PYSVC_TEST_PYTHON");
    return chosen.empty() ? fs::path(L"C:\\Python313\\python.exe") : path_of(chosen);
}

const fs::path& work_folder() {
    static const WorkFolder folder;
    return folder.path();
}

std::string environment_variable(const char* name) {
    const std::wstring wide = win::widen(name);
    const DWORD size = GetEnvironmentVariableW(wide.c_str(), nullptr, 0);
    if (size == 0) return {};
    std::wstring value(size, L'\0');
    value.resize(GetEnvironmentVariableW(wide.c_str(), value.data(), size));
    return win::narrow(value);
}

bool is_wine() { return GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr; }

std::string text_of(const fs::path& path) { return win::narrow(path.native()); }

fs::path path_of(const std::string& text) { return fs::path(win::widen(text)); }

}  // namespace pysvc::test
