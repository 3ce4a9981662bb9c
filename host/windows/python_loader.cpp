// SPDX-License-Identifier: MIT
#include "host/locate/python_loader.hpp"

#include "host/windows/stacks.hpp"
#include "host/windows/crash_dumps.hpp"
#include "host/windows/standard_handles.hpp"
#include "host/windows/win32.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <utility>

namespace pysvc::win {
namespace {

// The DLL's own folder (vcruntime lies beside python3XX.dll), AddDllDirectory's, System32. Not the current directory and
// not PATH, where LOAD_WITH_ALTERED_SEARCH_PATH would look. And not the EXE's folder, which LOAD_LIBRARY_SEARCH_DEFAULT_DIRS
// has before System32: python3XX.dll imports version.dll, which is no KnownDLL.
constexpr DWORD kSearch =
    LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS | LOAD_LIBRARY_SEARCH_SYSTEM32;

std::string module_path(HMODULE module) {
    std::wstring path(MAX_PATH, L'\0');
    for (;;) {
        const DWORD size = GetModuleFileNameW(module, path.data(), static_cast<DWORD>(path.size()));
        if (size < path.size()) return narrow(path.substr(0, size));
        path.resize(path.size() * 2);
    }
}

/// Whether two paths lead to one file: short names and junctions are other texts for it.
bool same_file(const std::string& left, const std::string& right) {
    if (same_path(System::Windows, left, right)) return true;
    BY_HANDLE_FILE_INFORMATION found[2] = {};
    const std::string* paths[2] = {&left, &right};
    for (int i = 0; i < 2; ++i) {
        const UniqueHandle file(CreateFileW(widen(*paths[i]).c_str(), 0,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                            OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
        if (!file || !GetFileInformationByHandle(file.get(), &found[i])) return false;
    }
    return found[0].dwVolumeSerialNumber == found[1].dwVolumeSerialNumber &&
           found[0].nFileIndexHigh == found[1].nFileIndexHigh && found[0].nFileIndexLow == found[1].nFileIndexLow;
}

class SystemLoader final : public NativeLoader {
public:
    void set_variable(const std::string& name, const std::string& value) override {
        set_environment_variable(name, value);
    }

    void add_dll_directory(const std::string& directory) override { AddDllDirectory(widen(directory).c_str()); }

    void repair_standard_handles() override { win::repair_standard_handles(); }

    Result<void> load_python(const std::string& library) override {
        python_ = LoadLibraryExW(widen(library).c_str(), nullptr, kSearch);
        if (python_ == nullptr) return failure(last_error(ErrorCode::PythonLoadFailed, "'" + library + "'"));
        const std::string loaded = module_path(python_);
        if (!same_file(loaded, library)) {
            return failure(ErrorCode::PythonLoadFailed, 0,
                           fmt::format("'{}' was loaded instead of '{}'", loaded, library));
        }
        watch_aborts_of_python();
        return {};
    }

    void repair_descriptors(const std::string& crash_log) override { win::repair_descriptors(crash_log); }

    std::string python_version() override {
        if (python_ == nullptr) return {};
        // Returns a static text, before initialisation as well (C API, "Initialization").
        const auto get_version = exported<const char*(__cdecl*)()>(python_, "Py_GetVersion");
        const std::string text = get_version != nullptr ? get_version() : "";
        return text.substr(0, text.find(' '));
    }

    Result<pysvc_open_engine_function> load_engine(const std::string& engine) override {
        // Its import of python3XX.dll binds to the one in the process, by name. Never unloaded: threads of it may run.
        const HMODULE module = LoadLibraryExW(widen(engine).c_str(), nullptr, kSearch);
        if (module == nullptr) return failure(last_error(ErrorCode::EngineLoadFailed, "'" + engine + "'"));
        const auto open = exported<pysvc_open_engine_function>(module, PYSVC_OPEN_ENGINE);
        if (open == nullptr) {
            return failure(last_error(ErrorCode::EngineLoadFailed, "'" + engine + "' has no " PYSVC_OPEN_ENGINE));
        }
        return open;
    }

    void interpreter_started() override { enable_python_stacks(python_); }

    std::string account() override {
        // advapi32's short name: the one with the domain is in secur32.dll, which is no KnownDLL and would be looked
        // for beside the EXE first.
        std::wstring name(64, L'\0');
        DWORD size = static_cast<DWORD>(name.size());
        while (!GetUserNameW(name.data(), &size)) {
            if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return "unknown";
            name.resize(size);
        }
        return narrow(name.c_str());
    }

private:
    HMODULE python_ = nullptr;  ///< never unloaded: CPython cannot be
};

}  // namespace
}  // namespace pysvc::win

namespace pysvc {

std::unique_ptr<EngineLoader> make_python_loader(PythonLoaderOptions options) {
    return std::make_unique<PythonLoader>(std::move(options), make_file_probe(), std::make_unique<win::SystemLoader>());
}

}  // namespace pysvc
