// SPDX-License-Identifier: MIT
#include "host/service/private_folder.hpp"

#include "host/windows/win32.hpp"

#include <aclapi.h>
#include <sddl.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using win::last_error;
using win::narrow;
using win::UniqueHandle;
using win::UniqueLocalMemory;
using win::widen;

std::wstring text_of(PSID sid) {
    wchar_t* text = nullptr;
    if (!ConvertSidToStringSidW(sid, &text)) return {};
    const UniqueLocalMemory owner(text);
    return text;
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
    return text_of(sid.data());
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

/// The SID of the account of this process.
class OwnSid {
public:
    OwnSid() {
        UniqueHandle token;
        if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.put())) return;
        DWORD size = 0;
        GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
        user_.resize(size);
        if (!GetTokenInformation(token.get(), TokenUser, user_.data(), size, &size)) user_.clear();
    }
    /// nullptr when it could not be had.
    [[nodiscard]] PSID get() const {
        return user_.empty() ? nullptr : reinterpret_cast<const TOKEN_USER*>(user_.data())->User.Sid;
    }

private:
    std::vector<std::byte> user_;
};

/// As people know the account; the SID's text where Windows cannot tell.
std::string name_of(PSID sid) {
    wchar_t name[256];
    wchar_t domain[256];
    DWORD name_size = 256;
    DWORD domain_size = 256;
    SID_NAME_USE use{};
    if (LookupAccountSidW(nullptr, sid, name, &name_size, domain, &domain_size, &use)) {
        return domain_size == 0 ? narrow(name) : narrow(domain) + '\\' + narrow(name);
    }
    return narrow(text_of(sid));
}

bool is_trusted(PSID sid, PSID own) {
    return EqualSid(sid, own) || IsWellKnownSid(sid, WinLocalSystemSid) ||
           IsWellKnownSid(sid, WinBuiltinAdministratorsSid);
}

/// Fails with the first one that may change a folder, or who may do so, and is not trusted.
Result<void> refuse_strangers(const std::string& folder, PSID own, PSID owner, PACL acl) {
    const auto refused = [&](const std::string& why) {
        return failure(ErrorCode::OperatingSystem, ERROR_ACCESS_DENIED, folder + ' ' + why);
    };
    constexpr DWORD kChange = FILE_WRITE_DATA | FILE_APPEND_DATA | FILE_DELETE_CHILD | DELETE | WRITE_DAC |
                              WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;
    if (!is_trusted(owner, own)) return refused("is owned by " + name_of(owner));
    if (acl == nullptr) return refused("may be changed by everyone");
    for (DWORD i = 0; i < acl->AceCount; ++i) {
        void* entry = nullptr;
        if (!GetAce(acl, i, &entry)) return failure(last_error(ErrorCode::OperatingSystem, folder));
        const BYTE type = static_cast<const ACE_HEADER*>(entry)->AceType;
        if (type == ACCESS_DENIED_ACE_TYPE) continue;
        // Conditional and object entries would have to be evaluated; nobody puts one here for a good reason.
        if (type != ACCESS_ALLOWED_ACE_TYPE) return refused("has a permission of an unusual kind");
        auto* allowed = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        PSID sid = &allowed->SidStart;
        if ((allowed->Mask & kChange) != 0 && !is_trusted(sid, own)) return refused("may be changed by " + name_of(sid));
    }
    return {};
}

}  // namespace

Result<void> make_private_folder(const std::string& folder, const std::string& account) {
    const std::filesystem::path path = widen(folder);
    // The parent is shared by all services: who owns one may pass through, which needs no right, but not write.
    if (auto made = make_folder(path.parent_path(), private_descriptor({})); !made) return made;
    return make_folder(path, private_descriptor(sid_of(account)));
}

Result<void> claim_private_folder(const std::string& folder) {
    const OwnSid own;
    if (own.get() == nullptr) return failure(last_error(ErrorCode::OperatingSystem, folder));
    if (auto made = make_folder(widen(folder), private_descriptor(text_of(own.get()))); !made) return made;

    // A link is opened itself: what it leads to may be private and still be another folder tomorrow.
    const UniqueHandle opened(CreateFileW(widen(folder).c_str(), READ_CONTROL | FILE_READ_ATTRIBUTES,
                                          FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                          OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT,
                                          nullptr));
    BY_HANDLE_FILE_INFORMATION found{};
    if (!opened || !GetFileInformationByHandle(opened.get(), &found)) {
        return failure(last_error(ErrorCode::OperatingSystem, folder));
    }
    constexpr DWORD kKind = FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT;
    if ((found.dwFileAttributes & kKind) != FILE_ATTRIBUTE_DIRECTORY) {
        return failure(ErrorCode::OperatingSystem, ERROR_DIRECTORY, folder + " is a file or a link");
    }
    PSID owner = nullptr;
    PACL acl = nullptr;
    PSECURITY_DESCRIPTOR security = nullptr;
    const DWORD error = GetSecurityInfo(opened.get(), SE_FILE_OBJECT,
                                        OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, nullptr, &acl,
                                        nullptr, &security);
    if (error != ERROR_SUCCESS) return failure(ErrorCode::OperatingSystem, error, folder);
    const UniqueLocalMemory memory(security);
    return refuse_strangers(folder, own.get(), owner, acl);
}

}  // namespace pysvc
