// SPDX-License-Identifier: MIT
#include "host/service/permissions.hpp"

namespace pysvc {
namespace {

/// Services are installed on Windows only, and mode bits say nothing about who may change a service there.
class NoPermissions final : public Permissions {
public:
    Result<std::string> of_file(const std::string& path) override { return unsupported(path); }
    Result<std::string> of_key(const std::string& key) override { return unsupported(key); }
    Result<std::string> of_service(const std::string& service) override { return unsupported(service); }
    std::string sid_of(const std::string&) override { return {}; }
    std::string name_of(const std::string& sid) override { return sid; }

private:
    static tl::unexpected<Error> unsupported(const std::string& what) {
        return failure(ErrorCode::NotSupportedHere, 0, what);
    }
};

}  // namespace

std::unique_ptr<Permissions> make_permissions() { return std::make_unique<NoPermissions>(); }

}  // namespace pysvc
