// SPDX-License-Identifier: MIT
#include "host/service/registry_editor.hpp"

namespace pysvc {
namespace {

tl::unexpected<Error> not_here(const std::string& key) {
    return failure(ErrorCode::NotSupportedHere, 0, "HKEY_LOCAL_MACHINE\\" + key);
}

/// There is no registry here.
class NoRegistryEditor final : public RegistryEditor {
public:
    Result<std::optional<RawValue>> read(const std::string& key, const std::string&) override { return not_here(key); }
    Result<void> write(const std::string& key, const std::string&, const RawValue&) override { return not_here(key); }
    Result<void> delete_value(const std::string& key, const std::string&) override { return not_here(key); }
    Result<void> delete_key(const std::string& key) override { return not_here(key); }
    bool has_key(const std::string&) override { return false; }
};

}  // namespace

std::unique_ptr<RegistryEditor> make_registry_editor() { return std::make_unique<NoRegistryEditor>(); }

}  // namespace pysvc
