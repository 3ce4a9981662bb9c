// SPDX-License-Identifier: MIT
#include "host/windows/standard_handles.hpp"

#include "host/windows/win32.hpp"

#include <cstdint>

namespace pysvc::win {
namespace {

/// Whether CPython and the C library can work with `handle`. A file whose information cannot be had makes
/// init_sys_streams fail (seen with files that Wine inherits from Unix); an unknown type without an error is no fault.
bool usable(HANDLE handle) {
    if (handle == nullptr || handle == INVALID_HANDLE_VALUE) return false;
    SetLastError(NO_ERROR);
    const DWORD type = GetFileType(handle);
    if (type == FILE_TYPE_UNKNOWN) return GetLastError() == NO_ERROR;
    BY_HANDLE_FILE_INFORMATION information;
    return type != FILE_TYPE_DISK || GetFileInformationByHandle(handle, &information);
}

/// The UCRT's own functions. Python is built for it, this EXE need not be: with another C library our own `_dup2` would
/// change a table that Python never looks at. SetStdHandle is no way either: the UCRT comes into the process with the
/// system's DLLs and has read the handles long before main.
struct Ucrt {
    using InvalidParameterHandler = void(__cdecl*)(const wchar_t*, const wchar_t*, const wchar_t*, unsigned,
                                                   std::uintptr_t);

    std::intptr_t(__cdecl* get_osfhandle)(int) = nullptr;
    int(__cdecl* wopen)(const wchar_t*, int, ...) = nullptr;
    int(__cdecl* dup2)(int, int) = nullptr;
    int(__cdecl* close)(int) = nullptr;
    void*(__cdecl* stream)(unsigned) = nullptr;
    int(__cdecl* fileno)(void*) = nullptr;
    void*(__cdecl* wfreopen)(const wchar_t*, const wchar_t*, void*) = nullptr;
    int(__cdecl* wputenv_s)(const wchar_t*, const wchar_t*) = nullptr;
    InvalidParameterHandler(__cdecl* set_invalid_parameter_handler)(InvalidParameterHandler) = nullptr;

    Ucrt() {
        const HMODULE module = GetModuleHandleW(L"ucrtbase.dll");
        if (module == nullptr) return;
        get_osfhandle = exported<decltype(get_osfhandle)>(module, "_get_osfhandle");
        wopen = exported<decltype(wopen)>(module, "_wopen");
        dup2 = exported<decltype(dup2)>(module, "_dup2");
        close = exported<decltype(close)>(module, "_close");
        stream = exported<decltype(stream)>(module, "__acrt_iob_func");
        fileno = exported<decltype(fileno)>(module, "_fileno");
        wfreopen = exported<decltype(wfreopen)>(module, "_wfreopen");
        wputenv_s = exported<decltype(wputenv_s)>(module, "_wputenv_s");
        set_invalid_parameter_handler =
            exported<decltype(set_invalid_parameter_handler)>(module, "_set_thread_local_invalid_parameter_handler");
    }

    [[nodiscard]] bool has_descriptors() const {
        return get_osfhandle && wopen && dup2 && close && stream && fileno && wfreopen && set_invalid_parameter_handler;
    }
};

/// Asking the UCRT about a bad descriptor ends the process, unless the thread says otherwise.
class TolerateInvalidParameters {
public:
    explicit TolerateInvalidParameters(const Ucrt& ucrt)
        : ucrt_(ucrt), former_(ucrt.set_invalid_parameter_handler(ignore)) {}
    ~TolerateInvalidParameters() { ucrt_.set_invalid_parameter_handler(former_); }
    TolerateInvalidParameters(const TolerateInvalidParameters&) = delete;
    TolerateInvalidParameters& operator=(const TolerateInvalidParameters&) = delete;

private:
    static void __cdecl ignore(const wchar_t*, const wchar_t*, const wchar_t*, unsigned, std::uintptr_t) {}

    const Ucrt& ucrt_;
    Ucrt::InvalidParameterHandler former_;
};

// Flags of the UCRT's <fcntl.h>, which is not the header this file is compiled with everywhere.
constexpr int kReadOnly = 0x0;
constexpr int kWriteOnly = 0x1;
constexpr int kAppend = 0x8;
constexpr int kCreate = 0x100;
constexpr int kBinary = 0x8000;
constexpr int kReadWritePermission = 0600;

/// Where a descriptor without a usable handle leads from now on. A child that inherits everything must not keep the crash
/// log open when the service has ended.
struct Target {
    const wchar_t* file;
    bool inheritable;
};

constexpr Target kNull{L"NUL", true};

void repair_descriptor(const Ucrt& ucrt, int descriptor, const Target& target) {
    const auto set_inheritance = [&](int opened) {
        if (target.inheritable || opened < 0) return;
        SetHandleInformation(reinterpret_cast<HANDLE>(ucrt.get_osfhandle(opened)), HANDLE_FLAG_INHERIT, 0);
    };
    const std::intptr_t value = ucrt.get_osfhandle(descriptor);
    // -2: the process was started without this handle. Then the stream over it has no descriptor either, and CPython
    // asks the stream (fileno(stdin)).
    const bool good = value != -1 && value != -2 && usable(reinterpret_cast<HANDLE>(value));
    void* stream = ucrt.stream(static_cast<unsigned>(descriptor));
    const int former = ucrt.fileno(stream);
    if (good && former == descriptor) return;

    int opened = -1;
    if (former < 0) {
        // It takes the lowest free descriptor, which is this one when all before it are in use. Wine refuses.
        ucrt.wfreopen(target.file, descriptor == 0 ? L"rb" : L"ab", stream);
        opened = ucrt.fileno(stream);
        set_inheritance(opened);
        if (opened == descriptor) return;
    }
    if (good) return;
    const bool borrowed = opened > 2;  // the stream's own: it stays open
    const int flags = descriptor == 0 ? kReadOnly : kWriteOnly | kAppend | kCreate;
    const int source = borrowed ? opened : ucrt.wopen(target.file, flags | kBinary, kReadWritePermission);
    if (source < 0) return;
    if (source != descriptor) {
        ucrt.dup2(source, descriptor);
        if (!borrowed) ucrt.close(source);
    }
    set_inheritance(descriptor);
}

}  // namespace

void repair_standard_handles() {
    for (const DWORD id : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE}) {
        if (usable(GetStdHandle(id))) continue;
        SECURITY_ATTRIBUTES inheritable{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
        UniqueHandle null(CreateFileW(L"NUL", id == STD_INPUT_HANDLE ? GENERIC_READ : GENERIC_WRITE,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE, &inheritable, OPEN_EXISTING, 0, nullptr));
        // Important: the process owns the handle from here on.
        if (null) SetStdHandle(id, null.release());
    }
}

void repair_descriptors(const std::string& crash_log) {
    const Ucrt ucrt;
    if (!ucrt.has_descriptors()) return;
    const TolerateInvalidParameters tolerate(ucrt);
    const std::wstring crash_file = widen(crash_log);
    repair_descriptor(ucrt, 0, kNull);
    repair_descriptor(ucrt, 1, kNull);
    if (!crash_log.empty()) repair_descriptor(ucrt, 2, {crash_file.c_str(), false});
    // A crash log that cannot be opened must not leave stderr unusable.
    repair_descriptor(ucrt, 2, kNull);
}

void set_environment_variable(const std::string& name, const std::string& value) {
    const std::wstring wide_name = widen(name);
    const std::wstring wide_value = widen(value);
    const Ucrt ucrt;
    if (ucrt.wputenv_s != nullptr) ucrt.wputenv_s(wide_name.c_str(), wide_value.c_str());
    SetEnvironmentVariableW(wide_name.c_str(), wide_value.c_str());
}

}  // namespace pysvc::win
