// SPDX-License-Identifier: MIT
// The one header that includes windows.h: handles that close themselves, text conversion, the last error.
#pragma once

#include "host/base/result.hpp"
#include "host/base/text.hpp"

#include <windows.h>
#include <winsvc.h>

#include <string>
#include <string_view>
#include <utility>

namespace pysvc::win {

/// Keeps GetLastError() over its own life, so that clean-up between a failed call and its report changes nothing.
class LastErrorGuard {
public:
    LastErrorGuard() : code_(GetLastError()) {}
    ~LastErrorGuard() { SetLastError(code_); }
    LastErrorGuard(const LastErrorGuard&) = delete;
    LastErrorGuard& operator=(const LastErrorGuard&) = delete;

private:
    DWORD code_;
};

/// Sole owner of an operating-system resource. `Traits` names the type, the empty value, what counts as valid and how
/// to close. Closing preserves the last error.
template <class Traits>
class UniqueResource {
public:
    using Type = typename Traits::Type;

    UniqueResource() = default;
    explicit UniqueResource(Type value) : value_(value) {}
    UniqueResource(UniqueResource&& other) noexcept : value_(other.release()) {}
    UniqueResource& operator=(UniqueResource&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    UniqueResource(const UniqueResource&) = delete;
    UniqueResource& operator=(const UniqueResource&) = delete;
    ~UniqueResource() { reset(); }

    [[nodiscard]] Type get() const { return value_; }
    [[nodiscard]] explicit operator bool() const { return Traits::valid(value_); }

    /// The caller owns the resource from here on.
    [[nodiscard]] Type release() { return std::exchange(value_, Traits::empty()); }

    void reset(Type value = Traits::empty()) {
        if (Traits::valid(value_)) {
            const LastErrorGuard guard;
            Traits::close(value_);
        }
        value_ = value;
    }

    /// For functions that return the resource through a pointer; what was held before is closed.
    [[nodiscard]] Type* put() {
        reset();
        return &value_;
    }

private:
    Type value_ = Traits::empty();
};

/// Kernel objects. Both 0 and INVALID_HANDLE_VALUE are "none": functions differ in which one they return.
struct HandleTraits {
    using Type = HANDLE;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr && value != INVALID_HANDLE_VALUE; }
    static void close(Type value) { CloseHandle(value); }
};

/// What FindFirstFileW returns: only FindClose may close it.
struct FindHandleTraits {
    using Type = HANDLE;
    static Type empty() { return INVALID_HANDLE_VALUE; }
    static bool valid(Type value) { return value != INVALID_HANDLE_VALUE; }
    static void close(Type value) { FindClose(value); }
};

struct ServiceHandleTraits {
    using Type = SC_HANDLE;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr; }
    static void close(Type value) { CloseServiceHandle(value); }
};

struct RegistryKeyTraits {
    using Type = HKEY;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr; }
    static void close(Type value) { RegCloseKey(value); }
};

/// Modules opened as data files or for a while only. Python's DLL and the engine are never unloaded.
struct ModuleTraits {
    using Type = HMODULE;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr; }
    static void close(Type value) { FreeLibrary(value); }
};

/// Blocks that the system allocated with LocalAlloc (FormatMessageW, CommandLineToArgvW, security descriptors).
struct LocalMemoryTraits {
    using Type = void*;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr; }
    static void close(Type value) { LocalFree(value); }
};

/// What RegisterEventSourceW returns.
struct EventSourceTraits {
    using Type = HANDLE;
    static Type empty() { return nullptr; }
    static bool valid(Type value) { return value != nullptr; }
    static void close(Type value) { DeregisterEventSource(value); }
};

using UniqueHandle = UniqueResource<HandleTraits>;
using UniqueFindHandle = UniqueResource<FindHandleTraits>;
using UniqueServiceHandle = UniqueResource<ServiceHandleTraits>;
using UniqueKey = UniqueResource<RegistryKeyTraits>;
using UniqueModule = UniqueResource<ModuleTraits>;
using UniqueLocalMemory = UniqueResource<LocalMemoryTraits>;
using UniqueEventSource = UniqueResource<EventSourceTraits>;

/// UTF-8 to what a ...W function takes; lone surrogates survive both ways (host/base/text.hpp).
[[nodiscard]] inline std::wstring widen(std::string_view text) {
    const std::u16string units = utf16_from_utf8(text);
    return std::wstring(units.begin(), units.end());
}

/// What a ...W function gave, as UTF-8.
[[nodiscard]] inline std::string narrow(std::wstring_view text) {
    return utf8_from_utf16(std::u16string(text.begin(), text.end()));
}

/// The failure of the call just made. Build `context` from what is at hand: a call in its expression may change the
/// last error before it is read. Where that cannot be avoided, take GetLastError() first and use failure().
[[nodiscard]] inline Error last_error(ErrorCode code, std::string context) {
    return Error{code, GetLastError(), std::move(context)};
}

/// An exported function by name, nullptr when the module has none. `Function` is its pointer type.
template <class Function>
[[nodiscard]] Function exported(HMODULE module, const char* name) {
    // By way of void*: compilers warn of a cast between unrelated function types, which is what every use of
    // GetProcAddress is.
    return reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

}  // namespace pysvc::win
