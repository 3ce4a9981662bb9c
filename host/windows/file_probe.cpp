// SPDX-License-Identifier: MIT
#include "host/locate/file_probe.hpp"

#include "host/locate/python_loader.hpp"
#include "host/windows/win32.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace pysvc::win {
namespace {

/// For file functions: beyond MAX_PATH they need the verbatim form, unless the machine's policy and the manifest agree
/// otherwise ("Maximum Path Length Limitation"). Directories have the lower limit, hence 248.
std::wstring file_path(const std::string& path) {
    std::wstring text = widen(path);
    constexpr std::size_t kDirectoryLimit = 248;
    if (text.size() < kDirectoryLimit) return text;
    if (text.starts_with(L"\\\\")) return L"\\\\?\\UNC" + text.substr(1);
    return text.size() > 1 && text[1] == L':' ? L"\\\\?\\" + text : text;
}

/// REG_SZ or REG_EXPAND_SZ (expanded) as text; empty when missing or of another type. `name` nullptr: the default
/// value.
std::string text_value(HKEY key, const wchar_t* subkey, const wchar_t* name) {
    // It includes REG_EXPAND_SZ, which arrives expanded. RRF_RT_REG_EXPAND_SZ beside it would be an invalid parameter.
    constexpr DWORD kText = RRF_RT_REG_SZ;
    std::wstring text(128, L'\0');
    for (;;) {
        DWORD bytes = static_cast<DWORD>(text.size() * sizeof(wchar_t));
        // RegGetValueW terminates a value that was stored without a terminator; RegQueryValueExW does not.
        const LSTATUS status = RegGetValueW(key, subkey, name, kText, nullptr, text.data(), &bytes);
        if (status == ERROR_MORE_DATA) {
            text.resize(std::max<std::size_t>(bytes / sizeof(wchar_t) + 1, text.size() * 2));
            continue;
        }
        if (status != ERROR_SUCCESS) return {};
        return narrow(text.c_str());
    }
}

std::vector<std::wstring> subkeys(HKEY key) {
    std::vector<std::wstring> names;
    std::wstring name(256, L'\0');  // a key's name has at most 255 characters ("Registry Element Size Limits")
    for (DWORD i = 0;; ++i) {
        DWORD size = static_cast<DWORD>(name.size());
        if (RegEnumKeyExW(key, i, name.data(), &size, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS)
            return names;
        names.push_back(name.substr(0, size));
    }
}

/// `view`: KEY_WOW64_64KEY or KEY_WOW64_32KEY.
UniqueKey open_key(HKEY parent, const wchar_t* name, REGSAM view) {
    UniqueKey key;
    if (RegOpenKeyExW(parent, name, 0, KEY_READ | view, key.put()) != ERROR_SUCCESS) key.reset();
    return key;
}

/// `name` is that of the key for people.
void append_registered(HKEY hive, REGSAM view, const std::string& name, std::vector<RegisteredPython>& out) {
    const UniqueKey root = open_key(hive, L"SOFTWARE\\Python", view);
    if (!root) return;
    for (const std::wstring& company : subkeys(root.get())) {
        if (company == L"PyLauncher") continue;  // PEP 514 reserves it for the launcher's own settings
        const UniqueKey company_key = open_key(root.get(), company.c_str(), view);
        if (!company_key) continue;
        for (const std::wstring& tag : subkeys(company_key.get())) {
            const UniqueKey tag_key = open_key(company_key.get(), tag.c_str(), view);
            if (!tag_key) continue;
            std::string executable = text_value(tag_key.get(), L"InstallPath", L"ExecutablePath");
            if (executable.empty()) executable = text_value(tag_key.get(), L"InstallPath", nullptr);
            if (executable.empty()) continue;
            std::string architecture = text_value(tag_key.get(), nullptr, L"SysArchitecture");
            // Entries from before PEP 514 do not tell, but the view does.
            if (architecture.empty() && view == KEY_WOW64_32KEY) architecture = "32bit";
            out.push_back({name + "\\" + narrow(company) + "\\" + narrow(tag), narrow(company), narrow(tag),
                           std::move(architecture), std::move(executable),
                           text_value(tag_key.get(), nullptr, L"SysVersion")});
        }
    }
}

/// FindFirstFile gives the tag of a reparse point without opening it, which for these fails with
/// ERROR_CANT_ACCESS_FILE.
bool is_app_alias(const std::string& path) {
    constexpr DWORD kAppExecLink = 0x8000001B;  // IO_REPARSE_TAG_APPEXECLINK, which older headers lack
    WIN32_FIND_DATAW entry{};
    const UniqueFindHandle search(FindFirstFileW(file_path(path).c_str(), &entry));
    return search && entry.dwReserved0 == kAppExecLink;
}

class SystemProbe final : public FileProbe {
public:
    System system() const override { return System::Windows; }

    std::uint16_t machine() const override {
        const auto* image = reinterpret_cast<const std::byte*>(GetModuleHandleW(nullptr));
        const auto* dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(image);
        return reinterpret_cast<const IMAGE_NT_HEADERS*>(image + dos->e_lfanew)->FileHeader.Machine;
    }

    FileKind kind(const std::string& path) override {
        const DWORD attributes = GetFileAttributesW(file_path(path).c_str());
        const DWORD error = GetLastError();
        if (attributes == INVALID_FILE_ATTRIBUTES)
            return error == ERROR_ACCESS_DENIED ? FileKind::Denied : FileKind::Missing;
        if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0 && is_app_alias(path)) return FileKind::StoreAlias;
        return (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FileKind::Directory : FileKind::File;
    }

    bool may_write(const std::string& directory) override {
        // The system's own answer, without leaving anything behind. It takes that flag to open a directory.
        return static_cast<bool>(UniqueHandle(CreateFileW(
            file_path(directory).c_str(), FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY,
            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS,
            nullptr)));
    }

    Result<std::string> read_head(const std::string& path, std::size_t limit) override {
        const auto unreadable = [&path] { return failure(last_error(ErrorCode::PythonUnreadable, "'" + path + "'")); };
        const UniqueHandle file(CreateFileW(file_path(path).c_str(), GENERIC_READ,
                                            FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                            OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
        if (!file) return unreadable();
        std::string head(limit, '\0');
        std::size_t size = 0;
        while (size < limit) {
            DWORD got = 0;
            if (!ReadFile(file.get(), head.data() + size, static_cast<DWORD>(limit - size), &got, nullptr)) {
                return unreadable();
            }
            if (got == 0) break;
            size += got;
        }
        head.resize(size);
        return head;
    }

    std::vector<std::string> list(const std::string& directory) override {
        std::vector<std::string> names;
        WIN32_FIND_DATAW entry{};
        const UniqueFindHandle search(
            FindFirstFileW(file_path(join_path(System::Windows, directory, "*")).c_str(), &entry));
        if (!search) return names;
        do {
            std::string name = narrow(entry.cFileName);
            if (name != "." && name != "..") names.push_back(std::move(name));
        } while (FindNextFileW(search.get(), &entry));
        std::ranges::sort(names);
        return names;
    }

    std::string absolute(const std::string& path) override {
        const std::wstring text = widen(normal_path(System::Windows, path));
        std::wstring full(MAX_PATH, L'\0');
        for (;;) {
            const DWORD size = GetFullPathNameW(text.c_str(), static_cast<DWORD>(full.size()), full.data(), nullptr);
            if (size == 0) return normal_path(System::Windows, path);
            const bool fits = size < full.size();
            full.resize(size);  // without the terminator if it fits, else what it needs with it
            if (fits) return normal_path(System::Windows, narrow(full));
        }
    }

    std::string resolved(const std::string& path) override { return path; }

    std::optional<std::string> variable(const std::string& name) override {
        const std::wstring wide = widen(name);
        std::wstring value(128, L'\0');
        for (;;) {
            const DWORD size = GetEnvironmentVariableW(wide.c_str(), value.data(), static_cast<DWORD>(value.size()));
            if (size == 0) return std::nullopt;
            const bool fits = size < value.size();
            value.resize(size);
            if (fits) return narrow(value);
        }
    }

    std::vector<RegisteredPython> registered(RegistryScope scope) override {
        std::vector<RegisteredPython> out;
        if (scope == RegistryScope::MachineAndUser) {
            // Both views of it are one ("Registry Keys Affected by WOW64").
            append_registered(HKEY_CURRENT_USER, KEY_WOW64_64KEY, R"(HKCU\SOFTWARE\Python)", out);
        }
        append_registered(HKEY_LOCAL_MACHINE, KEY_WOW64_64KEY, R"(HKLM\SOFTWARE\Python)", out);
        // Of no use here, but it explains why an installed version is not taken.
        append_registered(HKEY_LOCAL_MACHINE, KEY_WOW64_32KEY, R"(HKLM\SOFTWARE\WOW6432Node\Python)", out);
        return out;
    }
};

}  // namespace
}  // namespace pysvc::win

namespace pysvc {

std::unique_ptr<FileProbe> make_file_probe() { return std::make_unique<win::SystemProbe>(); }

}  // namespace pysvc
