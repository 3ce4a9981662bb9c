// SPDX-License-Identifier: MIT
#include "host/service/permissions.hpp"

#include "host/windows/accounts.hpp"
#include "host/windows/descriptor_text.hpp"

#include <aclapi.h>

namespace pysvc {
namespace {

using namespace win;

Result<std::string> descriptor_of(const std::string& name, SE_OBJECT_TYPE type) {
    PSECURITY_DESCRIPTOR security = nullptr;
    const DWORD error =
        GetNamedSecurityInfoW(widen(name).c_str(), type, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, nullptr,
                              nullptr, nullptr, nullptr, &security);
    if (error != ERROR_SUCCESS) return failure(ErrorCode::OperatingSystem, error, name);
    const UniqueLocalMemory owner(security);
    return descriptor_text(security, name);
}

class WindowsPermissions final : public Permissions {
public:
    Result<std::string> of_file(const std::string& path) override { return descriptor_of(path, SE_FILE_OBJECT); }
    Result<std::string> of_key(const std::string& key) override {
        return descriptor_of("MACHINE\\" + key, SE_REGISTRY_KEY);
    }
    Result<std::string> of_service(const std::string& service) override { return descriptor_of(service, SE_SERVICE); }
    std::string sid_of(const std::string& account) override { return sid_of_account(account); }
    std::string name_of(const std::string& sid) override { return account_of_sid(sid); }
};

}  // namespace

std::unique_ptr<Permissions> make_permissions() { return std::make_unique<WindowsPermissions>(); }

}  // namespace pysvc
