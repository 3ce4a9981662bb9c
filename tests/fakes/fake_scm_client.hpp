// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/control.hpp"
#include "host/service/scm_client.hpp"
#include "tests/fakes/fake_clock.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pysvc::fakes {

/// A Service Control Manager in memory. It records every call that changes something, fails where a test says so, and
/// plays prepared sequences of states: time passes only in wait_for_change().
class FakeScmClient final : public ScmClient {
public:
    struct Step {
        std::chrono::milliseconds after{0};
        ServiceSnapshot snapshot;
    };
    struct Installed {
        ServiceSetup setup;
        ServiceSnapshot snapshot;
        std::string password;
        bool recovery = false;
        bool recovery_without_crash = false;
        bool deleted = false;
        std::deque<Step> coming;
    };

    explicit FakeScmClient(FakeClock& clock) : clock_(clock) {}

    static ServiceSnapshot in_state(State state, std::uint32_t process_id = 0) {
        ServiceSnapshot snapshot;
        snapshot.state = state;
        snapshot.accepted = accept::kStop;
        snapshot.process_id = process_id;
        return snapshot;
    }
    static ServiceSnapshot stopped_with(ExitStatus exit) {
        ServiceSnapshot snapshot = in_state(State::Stopped);
        snapshot.exit = exit;
        return snapshot;
    }

    /// Puts a service there without a recorded call.
    Installed& add(const std::string& name, State state = State::Stopped) {
        Installed& service = installed[name];
        service.setup.display_name = name + " (display)";
        service.setup.start_type = 2;
        service.setup.service_type = 0x10;
        service.setup.account = "LocalSystem";
        service.snapshot = in_state(state, state == State::Stopped ? 0 : 42);
        return service;
    }

    std::map<std::string, Installed> installed;
    std::vector<std::string> calls;
    std::map<std::string, std::deque<std::uint32_t>> failures;  ///< call -> codes of its next calls; 0 succeeds
    std::vector<Step> on_start{{std::chrono::milliseconds(0), in_state(State::StartPending, 42)},
                               {std::chrono::milliseconds(20), in_state(State::Running, 42)}};
    std::vector<Step> on_stop{{std::chrono::milliseconds(0), in_state(State::StopPending, 42)},
                              {std::chrono::milliseconds(5), in_state(State::Stopped)}};
    bool held_open = false;  ///< some other program keeps handles: deleted services stay
    std::vector<std::string> dependents;

    Result<std::string> key_name(const std::string& name) override {
        for (const auto& [key, service] : installed) {
            if (key == name || service.setup.display_name == name) return key;
        }
        return error(1060, name);
    }

    Result<void> create(const ServiceDefinition& definition) override {
        if (auto failed = next_failure("create", definition.name)) return *failed;
        Installed& service = installed[definition.name];
        service.setup.display_name = definition.display_name;
        service.setup.image_path = definition.image_path;
        service.setup.service_type = definition.service_type;
        service.setup.start_type = static_cast<std::uint32_t>(definition.start_type);
        service.setup.dependencies = definition.dependencies;
        service.setup.account = definition.account.empty() ? "LocalSystem" : definition.account;
        service.password = definition.password ? definition.password->reveal() : "";
        service.snapshot = stopped_with({1077, 0});
        return {};
    }

    Result<void> change(const std::string& name, const ServiceChanges& changes) override {
        if (auto failed = next_failure("change", name)) return *failed;
        ServiceSetup& setup = installed.at(name).setup;
        if (changes.display_name) setup.display_name = *changes.display_name;
        if (changes.image_path) setup.image_path = *changes.image_path;
        if (changes.service_type) setup.service_type = *changes.service_type;
        if (changes.start_type) setup.start_type = static_cast<std::uint32_t>(*changes.start_type);
        if (changes.dependencies) setup.dependencies = *changes.dependencies;
        if (changes.account) setup.account = *changes.account;
        return {};
    }

    Result<void> remove(const std::string& name) override {
        if (auto failed = next_failure("remove", name)) return *failed;
        if (held_open) {
            installed.at(name).deleted = true;
        } else {
            installed.erase(name);
        }
        return {};
    }

    Result<ServiceSetup> setup(const std::string& name) override {
        const auto service = installed.find(name);
        if (service == installed.end()) return error(1060, name);
        return service->second.setup;
    }

    Result<ServiceSnapshot> status(const std::string& name) override {
        const auto service = installed.find(name);
        if (service == installed.end()) return error(1060, name);
        return service->second.snapshot;
    }

    Result<void> set_description(const std::string& name, const std::string& text) override {
        if (auto failed = next_failure("set_description", name)) return *failed;
        installed.at(name).setup.description = text;
        return {};
    }
    Result<void> set_recovery(const std::string& name, const RecoveryPlan&) override {
        if (auto failed = next_failure("set_recovery", name)) return *failed;
        installed.at(name).recovery = true;
        return {};
    }
    Result<void> set_recovery_without_crash(const std::string& name, bool enabled) override {
        if (auto failed = next_failure("set_recovery_without_crash", name)) return *failed;
        installed.at(name).recovery_without_crash = enabled;
        return {};
    }
    Result<void> set_delayed_start(const std::string& name, bool delayed) override {
        if (auto failed = next_failure("set_delayed_start", name)) return *failed;
        installed.at(name).setup.delayed = delayed;
        return {};
    }

    Result<void> start(const std::string& name, const std::vector<std::string>&) override {
        if (auto failed = next_failure("start", name)) return *failed;
        play(installed.at(name), on_start);
        return {};
    }

    Result<void> control(const std::string& name, std::uint32_t code) override {
        if (auto failed = next_failure("control", name)) return *failed;
        if (code == control::kStop) play(installed.at(name), on_stop);
        return {};
    }

    Result<ServiceSnapshot> wait_for_change(const std::string& name, const ServiceSnapshot& seen,
                                            std::chrono::milliseconds limit) override {
        const auto found = installed.find(name);
        if (found == installed.end()) return error(1060, name);
        Installed& service = found->second;
        if (service.snapshot != seen) return service.snapshot;
        if (service.coming.empty() || service.coming.front().after > limit) {
            if (!service.coming.empty()) service.coming.front().after -= limit;
            clock_.advance(limit);
        } else {
            clock_.advance(service.coming.front().after);
            service.snapshot = service.coming.front().snapshot;
            service.coming.pop_front();
        }
        return service.snapshot;
    }

    std::unique_ptr<WatchedProcess> watch_process(std::uint32_t) override {
        return std::make_unique<FakeWatchedProcess>(clock_, process_ends_after);
    }
    std::chrono::milliseconds process_ends_after{0};

    Result<std::vector<std::string>> services() override {
        std::vector<std::string> names;
        for (const auto& [name, service] : installed) names.push_back(name);
        return names;
    }
    Result<std::vector<std::string>> running_dependents(const std::string&) override { return dependents; }

private:
    class FakeWatchedProcess final : public WatchedProcess {
    public:
        FakeWatchedProcess(FakeClock& clock, std::chrono::milliseconds left) : clock_(clock), left_(left) {}
        bool wait_for_end(std::chrono::milliseconds limit) override {
            const auto waited = std::min(limit, left_);
            clock_.advance(waited);
            left_ -= waited;
            return left_.count() == 0;
        }

    private:
        FakeClock& clock_;
        std::chrono::milliseconds left_;
    };

    static tl::unexpected<Error> error(std::uint32_t code, const std::string& name) {
        return failure(ErrorCode::ServiceControlFailed, code, name);
    }

    std::optional<tl::unexpected<Error>> next_failure(const std::string& call, const std::string& name) {
        calls.push_back(call + " " + name);
        auto& codes = failures[call];
        const std::uint32_t code = codes.empty() ? 0 : codes.front();
        if (!codes.empty()) codes.pop_front();
        if (code != 0) return error(code, name);
        if (call != "create" && installed.find(name) == installed.end()) return error(1060, name);
        return std::nullopt;
    }

    static void play(Installed& service, const std::vector<Step>& steps) {
        service.coming.assign(steps.begin(), steps.end());
        // What has no delay is there when the call returns.
        while (!service.coming.empty() && service.coming.front().after.count() == 0) {
            service.snapshot = service.coming.front().snapshot;
            service.coming.pop_front();
        }
    }

    FakeClock& clock_;
};

}  // namespace pysvc::fakes
