// SPDX-License-Identifier: MIT
#include "host/service/program_folders.hpp"

#include "host/windows/win32.hpp"

#include <aclapi.h>
#include <sddl.h>

#include <filesystem>

namespace pysvc {
namespace {

using win::last_error;
using win::narrow;
using win::UniqueLocalMemory;
using win::widen;

std::wstring executable_path() {
    std::wstring path(256, L'\0');
    while (true) {
        const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
        if (length < path.size()) {
            path.resize(length);
            return path;
        }
        path.resize(path.size() * 2);
    }
}

/// FOLDERID_ProgramData, from where Windows keeps it. SHGetKnownFolderPath says the same, but shell32 and what it depends
/// on take longer to load than everything else before START_PENDING. Not %ProgramData%: a service under Wine has another.
std::wstring program_data() {
    constexpr wchar_t kKey[] = LR"(SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList)";
    std::wstring path;
    DWORD size = MAX_PATH * sizeof(wchar_t);
    LSTATUS status = ERROR_MORE_DATA;
    while (status == ERROR_MORE_DATA) {
        path.resize(size / sizeof(wchar_t));
        status = RegGetValueW(HKEY_LOCAL_MACHINE, kKey, L"ProgramData", RRF_RT_REG_SZ, nullptr, path.data(), &size);
    }
    if (status != ERROR_SUCCESS) return LR"(C:\ProgramData)";
    path.resize(size / sizeof(wchar_t) - 1);
    return path;
}

std::wstring current_folder() {
    std::wstring path(GetCurrentDirectoryW(0, nullptr), L'\0');
    path.resize(GetCurrentDirectoryW(static_cast<DWORD>(path.size()), path.data()));
    return path;
}

/// The account's SID as text; empty when it cannot be resolved.
std::wstring sid_of(const std::string& account) {
    if (account.empty() || account == "LocalSystem") return {};
    const std::wstring name = widen(account.starts_with(".\\") ? account.substr(2) : account);
    DWORD sid_size = 0;
    DWORD domain_size = 0;
    SID_NAME_USE use{};
    LookupAccountNameW(nullptr, name.c_str(), nullptr, &sid_size, nullptr, &domain_size, &use);
    if (sid_size == 0) return {};
    std::string sid(sid_size, '\0');
    std::wstring domain(domain_size + 1, L'\0');
    if (!LookupAccountNameW(nullptr, name.c_str(), sid.data(), &sid_size, domain.data(), &domain_size, &use)) {
        return {};
    }
    wchar_t* text = nullptr;
    if (!ConvertSidToStringSidW(sid.data(), &text)) return {};
    const UniqueLocalMemory owner(text);
    return text;
}

/// Full control for the system and administrators, change for one more account, nothing inherited.
std::wstring private_descriptor(const std::wstring& sid) {
    std::wstring text = L"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
    if (!sid.empty()) text.append(L"(A;OICI;0x1301bf;;;").append(sid).append(L")");
    return text;
}

Result<void> make_folder(const std::filesystem::path& folder, const std::wstring& descriptor) {
    PSECURITY_DESCRIPTOR security = nullptr;
    const std::string context = narrow(folder.native());
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor.c_str(), SDDL_REVISION_1, &security,
                                                              nullptr)) {
        return failure(last_error(ErrorCode::OperatingSystem, context));
    }
    const UniqueLocalMemory owner(security);
    SECURITY_ATTRIBUTES attributes{sizeof attributes, security, FALSE};
    if (!CreateDirectoryW(folder.c_str(), &attributes) && GetLastError() != ERROR_ALREADY_EXISTS) {
        return failure(last_error(ErrorCode::OperatingSystem, context));
    }
    return {};
}

}  // namespace

ProgramFolders program_folders() {
    const std::filesystem::path executable = executable_path();
    return {narrow(executable.native()), narrow(executable.parent_path().native()),
            narrow(program_data()), narrow(current_folder())};
}

Result<void> make_private_folder(const std::string& folder, const std::string& account) {
    const std::filesystem::path path = widen(folder);
    // The parent is shared by all services: who owns one may pass through, which needs no right, but not write.
    if (auto made = make_folder(path.parent_path(), private_descriptor({})); !made) return made;
    return make_folder(path, private_descriptor(sid_of(account)));
}

}  // namespace pysvc
