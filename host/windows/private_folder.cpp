// SPDX-License-Identifier: MIT
#include "host/service/private_folder.hpp"

#include "host/service/security_descriptor.hpp"
#include "host/windows/accounts.hpp"
#include "host/windows/descriptor_text.hpp"

#include <aclapi.h>
#include <sddl.h>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using namespace win;

/// Full control for the system and administrators, change for one more account (or none), nothing inherited.
std::string private_descriptor(const std::string& sid) {
    std::string text = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
    if (!sid.empty()) text += "(A;OICI;0x1301bf;;;" + sid + ")";
    return text;
}

Result<void> make_folder(const std::filesystem::path& folder, const std::string& descriptor) {
    PSECURITY_DESCRIPTOR security = nullptr;
    const std::string context = narrow(folder.native());
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(widen(descriptor).c_str(), SDDL_REVISION_1, &security,
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

/// The SID of the account of this process; empty, with the last error, when it cannot be had.
std::string own_sid() {
    UniqueHandle token;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token.put())) return {};
    DWORD size = 0;
    GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
    std::vector<std::byte> user(size);
    if (!GetTokenInformation(token.get(), TokenUser, user.data(), size, &size)) return {};
    return sid_text(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid);
}

/// Fails with the first one that may change a folder, or who may do so, and is not trusted.
Result<void> refuse_strangers(const std::string& folder, const std::string& descriptor, const std::string& own) {
    const auto parsed = parse_security_descriptor(descriptor);
    if (!parsed) return failure(ErrorCode::OperatingSystem, ERROR_INVALID_SECURITY_DESCR, folder + ": " + descriptor);
    const auto strangers = strangers_with(*parsed, access::kChangeFolder, std::span(&own, 1));
    if (strangers.empty()) return {};
    const Stranger& first = strangers.front();
    return failure(ErrorCode::OperatingSystem, ERROR_ACCESS_DENIED,
                   folder + (first.owner ? " is owned by " : " may be changed by ") + account_of_sid(first.sid));
}

}  // namespace

Result<void> make_private_folder(const std::string& folder, const std::string& account) {
    const std::filesystem::path path = widen(folder);
    // The parent is shared by all services: who owns one may pass through, which needs no right, but not write.
    if (auto made = make_folder(path.parent_path(), private_descriptor({})); !made) return made;
    return make_folder(path, private_descriptor(is_local_system(account) ? std::string() : sid_of_account(account)));
}

Result<void> claim_private_folder(const std::string& folder) {
    const std::string own = own_sid();
    if (own.empty()) return failure(last_error(ErrorCode::OperatingSystem, folder));
    if (auto made = make_folder(widen(folder), private_descriptor(own)); !made) return made;

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
    PSECURITY_DESCRIPTOR security = nullptr;
    const DWORD error =
        GetSecurityInfo(opened.get(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, nullptr,
                        nullptr, nullptr, nullptr, &security);
    if (error != ERROR_SUCCESS) return failure(ErrorCode::OperatingSystem, error, folder);
    const UniqueLocalMemory memory(security);
    const auto descriptor = descriptor_text(security, folder);
    if (!descriptor) return failure(descriptor.error());
    return refuse_strangers(folder, *descriptor, own);
}

}  // namespace pysvc
