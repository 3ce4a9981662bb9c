// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/config.hpp"

#include "servicemanager_module/interpreter/text.hpp"

#include <string>
#include <vector>

// CPython's headers before 3.12 set MS_WIN64 for MSVC only; without it a 64-bit build believes in 32-bit pointers.
static_assert(SIZEOF_VOID_P == sizeof(void*), "define MS_WIN64 for this CPython");
static_assert(SIZEOF_WCHAR_T == sizeof(wchar_t));

namespace pysvc::py {
namespace {

/// A PyConfig that is always cleared. https://docs.python.org/3/c-api/init_config.html
class Config {
public:
    Config() { PyConfig_InitIsolatedConfig(&config_); }
    ~Config() { PyConfig_Clear(&config_); }
    Config(const Config&) = delete;
    Config& operator=(const Config&) = delete;

    PyConfig* operator->() { return &config_; }
    PyConfig* get() { return &config_; }

private:
    PyConfig config_{};
};

Result<void> check(const PyStatus& status, const char* step) {
    if (!PyStatus_Exception(status)) return {};
    std::string text = step;
    // func is NULL for "Failed to import encodings module" and its like.
    if (status.func != nullptr) text.append(": ").append(status.func);
    if (status.err_msg != nullptr) text.append(": ").append(status.err_msg);
    if (PyStatus_IsExit(status)) text.append(": exit code ").append(std::to_string(status.exitcode));
    return failure(ErrorCode::InterpreterFailed, 0, std::move(text));
}

Result<void> set_string(Config& config, wchar_t** field, pysvc_text value, const char* name) {
    if (value.size == 0) return {};
    return check(PyConfig_SetString(config.get(), field, wide_of(view_of(value)).c_str()), name);
}

Result<void> set_search_paths(Config& config, const pysvc_interpreter_config& from) {
    // None: a ._pth file beside the DLL decides, and explicit paths would silence it.
    if (from.search_path_count == 0) return {};
    config->module_search_paths_set = 1;
    for (std::size_t i = 0; i < from.search_path_count; ++i) {
        const std::wstring path = wide_of(view_of(from.search_paths[i]));
        const PyStatus status = PyWideStringList_Append(&config->module_search_paths, path.c_str());
        if (auto appended = check(status, "module_search_paths"); !appended) return appended;
    }
    return {};
}

Result<void> set_argv(Config& config, const pysvc_interpreter_config& from) {
    std::vector<std::wstring> argv;
    argv.reserve(from.argv_count);
    for (std::size_t i = 0; i < from.argv_count; ++i) argv.push_back(wide_of(view_of(from.argv[i])));
    std::vector<wchar_t*> pointers;
    pointers.reserve(argv.size());
    for (std::wstring& argument : argv) pointers.push_back(argument.data());
    return check(PyConfig_SetArgv(config.get(), static_cast<Py_ssize_t>(pointers.size()), pointers.data()), "argv");
}

}  // namespace

Result<void> pre_initialize(const pysvc_interpreter_config& from) {
    PyPreConfig config;
    PyPreConfig_InitIsolatedConfig(&config);
    // CPython ignores use_environment in isolated mode, so honouring PYTHON* means giving the mode up.
    config.isolated = from.use_environment ? 0 : 1;
    config.use_environment = from.use_environment ? 1 : 0;
    // -1 lets CPython choose as for python.exe (PYTHONUTF8 when the environment counts; PEP 540 on POSIX); the
    // isolated preset is 0, which is not that.
    config.utf8_mode = from.utf8_mode ? 1 : -1;
#ifndef _WIN32
    // As python3 does; the locale decides the file system encoding there.
    config.configure_locale = 1;
#endif
    // Explicit, although initialising would do it: PyConfig_Set* would otherwise pre-initialise with its own presets.
    return check(Py_PreInitialize(&config), "Py_PreInitialize");
}

// Not pybind11's initialize_interpreter: it replaces the argv of the PyConfig it is given by its own, in the locale's
// encoding, and throws away which step failed.
Result<void> initialize(const pysvc_interpreter_config& from) {
    Config config;
    // As in pre_initialize.
    config->isolated = from.use_environment ? 0 : 1;
    config->use_environment = from.use_environment ? 1 : 0;
    // site finds the site-packages of a venv. site_import=0 with a later site.main() sets sys.flags.no_site, which
    // multiprocessing hands to its children as -S.
    config->site_import = 1;
    // A service account's %APPDATA% is no place to take code from.
    config->user_site_directory = 0;
    // SIGINT belongs to the host: console events become controls.
    config->install_signal_handlers = 0;
    // sys.argv is the process's command line; options in it are not Python's.
    config->parse_argv = 0;
    // The modes and buffers of C's stdin, stdout and stderr belong to the host.
    config->configure_c_stdio = 0;
    // Where something is missing, init fails with a PyStatus; text on stderr would be lost.
    config->pathconfig_warnings = 0;
#if PY_VERSION_HEX >= 0x030b0000
    // With or without the environment: the current directory of a service is no place to take code from either.
    config->safe_path = 1;
#endif
    // From `executable` CPython derives the prefix and the venv; unset, sys.executable would be the host's EXE, and
    // multiprocessing would start services. `base_executable` is what venvs use for their children; 3.10 gets it
    // wrong always, later ones in some layouts. `home` stays unset: it turns ._pth files and 3.11+'s venvs off.
    if (auto set = set_string(config, &config->executable, from.executable, "executable"); !set) return set;
    if (auto set = set_string(config, &config->base_executable, from.base_executable, "base_executable"); !set) {
        return set;
    }
    if (auto set = set_string(config, &config->pycache_prefix, from.pycache_prefix, "pycache_prefix"); !set) return set;
    // 3.11+ computes the standard library's path from the real executable, the host's EXE: its directory would get on
    // sys.path in place of the installation's.
    if (auto set = set_search_paths(config, from); !set) return set;
    if (auto set = set_argv(config, from); !set) return set;
    if (from.utf8_mode) {
        // The mode itself was chosen by pre_initialize. multiprocessing and subprocess look here for what they hand to
        // children, which take nothing from the environment.
        if (auto set = check(PyWideStringList_Append(&config->xoptions, L"utf8"), "xoptions"); !set) return set;
    }
    return check(Py_InitializeFromConfig(config.get()), "Py_InitializeFromConfig");
}

}  // namespace pysvc::py
