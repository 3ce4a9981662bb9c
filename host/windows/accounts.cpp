// SPDX-License-Identifier: MIT
#include "host/windows/accounts.hpp"

#include <sddl.h>

namespace pysvc::win {

std::string sid_text(PSID sid) {
    wchar_t* text = nullptr;
    if (!ConvertSidToStringSidW(sid, &text)) return {};
    const UniqueLocalMemory owner(text);
    return narrow(text);
}

bool is_local_system(const std::string& account) {
    return account.empty() || equal_ignoring_case(account, "LocalSystem");
}

std::string sid_of_account(const std::string& account) {
    // The SCM's own word for it; LookupAccountName does not know it.
    if (is_local_system(account)) return "S-1-5-18";
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
    return sid_text(sid.data());
}

std::string account_of_sid(const std::string& sid) {
    PSID binary = nullptr;
    if (!ConvertStringSidToSidW(widen(sid).c_str(), &binary)) return sid;
    const UniqueLocalMemory owner(binary);
    // Of both the limit is 256 (UNLEN and DNLEN are smaller).
    wchar_t name[256];
    wchar_t domain[256];
    DWORD name_size = 256;
    DWORD domain_size = 256;
    SID_NAME_USE use{};
    if (!LookupAccountSidW(nullptr, binary, name, &name_size, domain, &domain_size, &use)) return sid;
    return domain_size == 0 ? narrow(name) : narrow(domain) + '\\' + narrow(name);
}

}  // namespace pysvc::win
