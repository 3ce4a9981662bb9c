// SPDX-License-Identifier: MIT
#include "host/service/registry_editor.hpp"

#include "host/windows/win32.hpp"

namespace pysvc {
namespace {

using win::UniqueKey;
using win::widen;

// The same view whatever this process is built for.
constexpr REGSAM kView = KEY_WOW64_64KEY;

tl::unexpected<Error> registry_error(LSTATUS code, const std::string& key) {
    return failure(ErrorCode::OperatingSystem, static_cast<std::uint32_t>(code), "HKEY_LOCAL_MACHINE\\" + key);
}

bool is_missing(LSTATUS code) { return code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND; }

LSTATUS open_key(const std::string& key, REGSAM access, UniqueKey& out) {
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, widen(key).c_str(), 0, access | kView, out.put());
}

class Win32RegistryEditor final : public RegistryEditor {
public:
    Result<std::optional<RawValue>> read(const std::string& key, const std::string& name) override {
        UniqueKey handle;
        LSTATUS code = open_key(key, KEY_QUERY_VALUE, handle);
        if (is_missing(code)) return std::nullopt;
        if (code != ERROR_SUCCESS) return registry_error(code, key);
        const std::wstring wide = widen(name);
        RawValue value;
        DWORD size = 256;
        do {
            // It may grow between two calls.
            value.data.resize(size);
            DWORD type = 0;
            code = RegQueryValueExW(handle.get(), wide.c_str(), nullptr, &type,
                                    reinterpret_cast<BYTE*>(value.data.data()), &size);
            value.type = type;
        } while (code == ERROR_MORE_DATA);
        if (is_missing(code)) return std::nullopt;
        if (code != ERROR_SUCCESS) return registry_error(code, key);
        value.data.resize(size);
        return value;
    }

    Result<void> write(const std::string& key, const std::string& name, const RawValue& value) override {
        UniqueKey handle;
        LSTATUS code = RegCreateKeyExW(HKEY_LOCAL_MACHINE, widen(key).c_str(), 0, nullptr, REG_OPTION_NON_VOLATILE,
                                       KEY_SET_VALUE | kView, nullptr, handle.put(), nullptr);
        if (code != ERROR_SUCCESS) return registry_error(code, key);
        code = RegSetValueExW(handle.get(), widen(name).c_str(), 0, value.type,
                              reinterpret_cast<const BYTE*>(value.data.data()), static_cast<DWORD>(value.data.size()));
        if (code != ERROR_SUCCESS) return registry_error(code, key);
        return {};
    }

    Result<void> delete_value(const std::string& key, const std::string& name) override {
        UniqueKey handle;
        LSTATUS code = open_key(key, KEY_SET_VALUE, handle);
        if (code == ERROR_SUCCESS) code = RegDeleteValueW(handle.get(), widen(name).c_str());
        if (code != ERROR_SUCCESS && !is_missing(code)) return registry_error(code, key);
        return {};
    }

    Result<void> delete_key(const std::string& key) override {
        UniqueKey handle;
        LSTATUS code = open_key(key, DELETE | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE | KEY_SET_VALUE, handle);
        if (is_missing(code)) return {};
        if (code == ERROR_SUCCESS) code = RegDeleteTreeW(handle.get(), nullptr);
        handle.reset();
        if (code == ERROR_SUCCESS) code = RegDeleteKeyExW(HKEY_LOCAL_MACHINE, widen(key).c_str(), kView, 0);
        if (code != ERROR_SUCCESS && !is_missing(code)) return registry_error(code, key);
        return {};
    }

    bool has_key(const std::string& key) override {
        UniqueKey handle;
        return open_key(key, KEY_QUERY_VALUE, handle) == ERROR_SUCCESS;
    }
};

}  // namespace

std::unique_ptr<RegistryEditor> make_registry_editor() { return std::make_unique<Win32RegistryEditor>(); }

}  // namespace pysvc
