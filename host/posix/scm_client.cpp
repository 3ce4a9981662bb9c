// SPDX-License-Identifier: MIT
#include "host/service/scm_client.hpp"

namespace pysvc {
namespace {

tl::unexpected<Error> not_here(const std::string& service) { return failure(ErrorCode::NotSupportedHere, 0, service); }

/// There is no Service Control Manager here: every command that needs it says so.
class NoScmClient final : public ScmClient {
public:
    Result<std::string> key_name(const std::string& service) override { return not_here(service); }
    Result<void> create(const ServiceDefinition& definition) override { return not_here(definition.name); }
    Result<void> change(const std::string& service, const ServiceChanges&) override { return not_here(service); }
    Result<void> remove(const std::string& service) override { return not_here(service); }
    Result<ServiceSetup> setup(const std::string& service) override { return not_here(service); }
    Result<ServiceSnapshot> status(const std::string& service) override { return not_here(service); }
    Result<void> set_description(const std::string& service, const std::string&) override { return not_here(service); }
    Result<void> set_recovery(const std::string& service, const RecoveryPlan&) override { return not_here(service); }
    Result<void> set_recovery_without_crash(const std::string& service, bool) override { return not_here(service); }
    Result<void> set_delayed_start(const std::string& service, bool) override { return not_here(service); }
    Result<void> start(const std::string& service, const std::vector<std::string>&) override {
        return not_here(service);
    }
    Result<void> control(const std::string& service, std::uint32_t) override { return not_here(service); }
    Result<ServiceSnapshot> wait_for_change(const std::string& service, const ServiceSnapshot&,
                                            std::chrono::milliseconds) override {
        return not_here(service);
    }
    std::unique_ptr<WatchedProcess> watch_process(std::uint32_t) override { return nullptr; }
    Result<std::vector<std::string>> services() override { return not_here("the list of services"); }
    Result<std::vector<std::string>> running_dependents(const std::string& service) override {
        return not_here(service);
    }
};

}  // namespace

std::unique_ptr<ScmClient> make_scm_client() { return std::make_unique<NoScmClient>(); }

}  // namespace pysvc
