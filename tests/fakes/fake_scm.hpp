// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/scm_server.hpp"
#include "tests/fakes/trace.hpp"
#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace pysvc::fakes {

/// A strict Service Control Manager. The real one believes what it is told; this one fails the test on the first status
/// that breaks the contract (MSDN, SERVICE_STATUS and "Service State Transitions"), and records every one.
class FakeScm final : public ScmServer {
public:
    explicit FakeScm(Trace* trace = nullptr) : trace_(trace) {}

    // ---- what the test sets, before it begins --------------------------------------------------------------------

    /// Wine: SetServiceStatus(STOPPED) does not return while a control handler of the service runs.
    bool stopped_waits_for_handler = false;
    /// DESIGN 4: a class may ask for controls while it is pending. Otherwise that breaks a rule.
    bool controls_while_pending = false;
    /// Debug mode: there are no handles.
    bool handles_are_zero = false;
    /// Called before a status is recorded, on the thread that reports it; may block.
    std::function<void(const std::string& service, const StatusRecord&)> before_status;

    void fail_register(std::uint32_t os_code) {
        const auto lock = monitor_.lock();
        register_error_ = os_code;
    }
    /// Every status is refused from now on; 0 ends that.
    void fail_statuses(std::uint32_t os_code) {
        const auto lock = monitor_.lock();
        status_error_ = os_code;
    }

    // ---- what the test does --------------------------------------------------------------------------------------

    /// Sends a control to the newest instance of `service`, as the SCM's dispatcher thread does. The answer.
    std::uint32_t control(const std::string& service, std::uint32_t code, std::uint32_t event_type = 0,
                          std::vector<std::byte> data = {}) {
        ControlSink* sink = nullptr;
        std::size_t index = 0;
        {
            const auto lock = monitor_.lock();
            const Instance* instance = newest(service);
            if (instance == nullptr) {
                ADD_FAILURE() << "control " << code << " to '" << service << "', which registered no handler";
                return 0;
            }
            index = static_cast<std::size_t>(instance - instances_.data());
            sink = instance->sink;
            ++instances_[index].handlers_running;
        }
        const std::uint32_t answer = sink->on_control({code, event_type, std::move(data)});
        {
            const auto lock = monitor_.lock();
            --instances_[index].handlers_running;
        }
        monitor_.notify();
        return answer;
    }

    void wait_for(const std::string& service, State state) {
        auto lock = monitor_.lock();
        monitor_.wait(lock, service + " to report " + std::string(name_of(state)), [&] {
            const Instance* instance = newest(service);
            if (instance == nullptr) return false;
            for (const StatusRecord& status : instance->statuses) {
                if (status.state == state) return true;
            }
            return false;
        });
    }
    /// Waits for a condition on the statuses of the newest instance.
    void wait_until(const std::string& service, const std::string& what,
                    const std::function<bool(const std::vector<StatusRecord>&)>& ready) {
        auto lock = monitor_.lock();
        monitor_.wait(lock, what, [&] {
            const Instance* instance = newest(service);
            return instance != nullptr && ready(instance->statuses);
        });
    }

    // ---- what the test asks --------------------------------------------------------------------------------------

    [[nodiscard]] std::vector<StatusRecord> statuses(const std::string& service) const {
        const auto lock = monitor_.lock();
        const Instance* instance = newest(service);
        return instance == nullptr ? std::vector<StatusRecord>() : instance->statuses;
    }
    /// The states in their order, repetitions (checkpoints) left out.
    [[nodiscard]] std::vector<State> states(const std::string& service) const {
        std::vector<State> states;
        for (const StatusRecord& status : statuses(service)) {
            if (states.empty() || states.back() != status.state) states.push_back(status.state);
        }
        return states;
    }
    [[nodiscard]] StatusRecord last(const std::string& service) const {
        const auto all = statuses(service);
        return all.empty() ? StatusRecord{} : all.back();
    }
    [[nodiscard]] StatusHandle handle(const std::string& service) const {
        const auto lock = monitor_.lock();
        const Instance* instance = newest(service);
        return instance == nullptr ? 0 : instance->handle;
    }

    // ---- ScmServer -----------------------------------------------------------------------------------------------

    Result<StatusHandle> register_handler(const std::string& service, ControlSink& sink) override {
        {
            const auto lock = monitor_.lock();
            if (register_error_ != 0) return failure(ErrorCode::RegisterHandlerFailed, register_error_, service);
            Instance instance;
            instance.service = service;
            instance.sink = &sink;
            instance.handle = handles_are_zero ? 0 : 1000 + instances_.size();
            instances_.push_back(std::move(instance));
        }
        monitor_.notify();
        return handle(service);
    }

    Result<void> set_status(StatusHandle handle, const StatusRecord& status) override {
        auto lock = monitor_.lock();
        Instance* instance = by_handle(handle);
        if (instance == nullptr) {
            ADD_FAILURE() << name_of(status.state) << " reported for handle " << handle << ", which nobody was given";
            return failure(ErrorCode::SetStatusFailed, win32::kInvalidHandle, {});
        }
        const std::string service = instance->service;
        if (before_status) {
            lock.unlock();
            before_status(service, status);
            lock.lock();
            instance = by_handle(handle);
        }
        if (status_error_ != 0) {
            return failure(ErrorCode::SetStatusFailed, status_error_, std::string(name_of(status.state)));
        }
        check(*instance, status);
        if (status.state == State::Stopped && stopped_waits_for_handler) {
            const auto index = static_cast<std::size_t>(instance - instances_.data());
            monitor_.wait(lock, "the control handler of " + service + " to return",
                          [&] { return instances_[index].handlers_running == 0; });
            instance = &instances_[index];
        }
        instance->statuses.push_back(status);
        if (trace_ != nullptr && (instance->statuses.size() == 1 ||
                                  instance->statuses[instance->statuses.size() - 2].state != status.state)) {
            trace_->add(service + " " + std::string(name_of(status.state)));
        }
        lock.unlock();
        monitor_.notify();
        return {};
    }

private:
    struct Instance {
        std::string service;
        ControlSink* sink = nullptr;
        StatusHandle handle = 0;
        int handlers_running = 0;
        std::vector<StatusRecord> statuses;
    };

    void check(const Instance& instance, const StatusRecord& status) const {
        const std::string what = instance.service + " reports " + std::string(name_of(status.state));
        const bool first = instance.statuses.empty();
        const StatusRecord before = first ? StatusRecord{} : instance.statuses.back();
        if (first) {
            EXPECT_EQ(status.state, State::StartPending) << what << " as its first status";
        } else if (before.state == State::Stopped) {
            ADD_FAILURE() << what << " after STOPPED: the SCM has closed the handle";
        } else {
            EXPECT_TRUE(is_legal_move(before.state, status.state)) << what << " after " << name_of(before.state);
            EXPECT_EQ(status.type, before.type) << what << " with another service type";
        }
        if (is_pending(status.state)) {
            const std::uint32_t least = !first && before.state == status.state ? before.check_point + 1 : 1;
            EXPECT_GE(status.check_point, least) << what << ": the checkpoint does not move";
            EXPECT_GT(status.wait_hint.count(), 0) << what << " without a wait hint";
        } else {
            EXPECT_EQ(status.check_point, 0U) << what << " with a checkpoint";
            EXPECT_EQ(status.wait_hint.count(), 0) << what << " with a wait hint";
        }
        if (status.state == State::StartPending && !controls_while_pending) {
            EXPECT_EQ(status.accepted, 0U) << what << " and accepts controls";
        }
        if (status.state == State::Stopped) {
            EXPECT_EQ(status.accepted, 0U) << what << " and accepts controls";
        } else {
            EXPECT_EQ(status.exit, ExitStatus{}) << what << " with an exit code";
        }
        constexpr std::uint32_t kOrders =
            accept::kStop | accept::kPauseContinue | accept::kShutdown | accept::kPreshutdown;
        if (status.state == State::StopPending) {
            EXPECT_EQ(status.accepted & kOrders, 0U) << what << " and takes orders";
        }
    }

    [[nodiscard]] const Instance* newest(const std::string& service) const {
        for (std::size_t i = instances_.size(); i-- > 0;) {
            if (instances_[i].service == service) return &instances_[i];
        }
        return nullptr;
    }
    [[nodiscard]] Instance* by_handle(StatusHandle handle) {
        for (std::size_t i = instances_.size(); i-- > 0;) {
            if (instances_[i].handle == handle) return &instances_[i];
        }
        return nullptr;
    }

    Trace* trace_;
    Monitor monitor_;
    std::vector<Instance> instances_;
    std::uint32_t register_error_ = 0;
    std::uint32_t status_error_ = 0;
};

}  // namespace pysvc::fakes
