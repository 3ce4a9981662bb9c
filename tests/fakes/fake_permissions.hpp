// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/permissions.hpp"

#include <map>
#include <set>
#include <string>

namespace pysvc::fakes {

/// A machine on which only administrators may change anything, except for what a test says.
class FakePermissions final : public Permissions {
public:
    std::map<std::string, std::string> descriptors;  ///< path, key or service -> SDDL
    std::set<std::string> missing;
    std::map<std::string, std::string> sids;   ///< account -> SID
    std::map<std::string, std::string> names;  ///< SID -> account
    std::set<std::string> asked;

    Result<std::string> of_file(const std::string& path) override {
        return of(path, "O:BAG:SYD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)");
    }
    Result<std::string> of_key(const std::string& key) override {
        return of(key, "O:BAG:SYD:AI(A;CIID;KR;;;BU)(A;CIID;KA;;;BA)(A;CIID;KA;;;SY)(A;CIIOID;KA;;;CO)");
    }
    Result<std::string> of_service(const std::string& service) override {
        return of(service, "O:SYG:SYD:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)(A;;CCLCSWLOCRRC;;;IU)");
    }
    std::string sid_of(const std::string& account) override {
        const auto found = sids.find(account);
        return found == sids.end() ? std::string() : found->second;
    }
    std::string name_of(const std::string& sid) override {
        const auto found = names.find(sid);
        return found == names.end() ? sid : found->second;
    }

private:
    Result<std::string> of(const std::string& what, const char* usual) {
        asked.insert(what);
        if (missing.count(what) != 0) return failure(ErrorCode::OperatingSystem, 2, what);
        const auto found = descriptors.find(what);
        return found == descriptors.end() ? usual : found->second;
    }
};

}  // namespace pysvc::fakes
