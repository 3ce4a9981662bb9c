// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/service_host.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/fake_config.hpp"
#include "tests/fakes/fake_engine.hpp"
#include "tests/fakes/fake_event_log.hpp"
#include "tests/fakes/fake_process.hpp"
#include "tests/fakes/fake_scm.hpp"
#include "tests/fakes/trace.hpp"
#include "tests/fakes/waiting.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace pysvc {

/// Text as the functions of pysvc_host_api take it.
inline pysvc_text view(std::string_view text) { return {text.data(), text.size()}; }

inline std::ostream& operator<<(std::ostream& out, State state) { return out << name_of(state); }
inline std::ostream& operator<<(std::ostream& out, const ExitStatus& exit) {
    return out << "{" << exit.win32 << ", 0x" << std::hex << exit.specific << std::dec << "}";
}

using fakes::ControlAnswer;
using fakes::FakeControl;
using fakes::FakeService;
using fakes::Gate;
using fakes::RunAnswer;
using fakes::RunScript;

using ServicePointer = std::shared_ptr<FakeService>;
/// What a class does with a control beyond the ordinary; nullopt: the ordinary.
using ControlOverride = std::function<std::optional<ControlAnswer>(const ServicePointer&, const FakeControl&)>;

inline bool is_stop_control(const FakeControl& control) {
    return control.control == control::kStop || control.control == control::kShutdown ||
           control.control == control::kPreshutdown;
}

/// A class as people write it over pywin32's framework: registers its handler
/// in the constructor, reports RUNNING in SvcRun, STOP_PENDING in SvcStop, and
/// its main loop ends.
inline RunScript ordinary_class(std::uint32_t accepts = accept::kStop, ControlOverride override = {},
                                bool forward_interrogate = false) {
    return [=](const ServicePointer& service) {
        service->register_handler(
            [=](const FakeControl& control) {
                if (override) {
                    if (const auto answer = override(service, control)) return *answer;
                }
                if (is_stop_control(control)) {
                    service->report(State::StopPending);
                    service->stop();
                }
                return ControlAnswer::returned();
            },
            false, forward_interrogate);
        service->before_run();
        service->report(State::Running, accepts);
        return service->run_until_stop() ? RunAnswer::returned() : RunAnswer::exited(0);
    };
}

/// A class that neither STOP nor SystemExit ends, only the end of the test.
inline RunScript hanging_class() {
    return [](const ServicePointer& service) {
        service->register_handler([](const FakeControl&) { return ControlAnswer::returned(); });
        service->before_run();
        service->report(State::Running, accept::kStop);
        service->hang();
        return RunAnswer::returned();
    };
}

/// One process under test: a ServiceHost with fakes on all sides.
class HostTest : public testing::Test {
protected:
    HostTest() {
        config.set_class("svc", "module.Class");
        engine.on_run(ordinary_class());
    }
    ~HostTest() override { end(); }

    /// The host, made at its first use: a test sets door and table before.
    ServiceHost& host() {
        if (!host_) {
            host_ = std::make_unique<ServiceHost>(
                HostPorts{scm, config, journal, engine, process, clock, prepare, conclude, console, dispatcher}, door,
                table ? std::move(*table) : ServiceTable::single(RegistryLookup{}));
        }
        return *host_;
    }

    /// A ServiceMain thread, as the dispatcher makes it.
    void start(const std::string& service, std::vector<std::string> more = {}) {
        std::vector<std::string> args{service};
        args.insert(args.end(), more.begin(), more.end());
        ServiceHost& made = host();
        service_mains_.emplace_back([&made, args] { made.service_main(args); });
    }
    void start_and_wait(const std::string& service) {
        start(service);
        scm.wait_for(service, State::Running);
    }

    void wait_until_stopped(const std::string& service) { scm.wait_for(service, State::Stopped); }

    /// Stops `service` and waits for the end of the process.
    void stop_and_wait(const std::string& service = "svc") {
        EXPECT_EQ(scm.control(service, control::kStop), win32::kNoError);
        wait_until_closed();
    }
    std::uint32_t wait_until_closed() {
        const std::uint32_t code = host().wait_until_closed();
        join();
        return code;
    }

    /// A gate that outlives every thread of the test and is open at its end,
    /// whatever happened.
    Gate& gate(const std::string& name) { return gates_.emplace_back(name); }

    /// Starts "svc" and returns when its run has begun; it reports RUNNING and goes on when the gate is opened.
    Gate& start_held() {
        Gate& begin = gate("begin");
        Gate& go_on = gate("go_on");
        engine.on_run([begin = &begin, go_on = &go_on](const ServicePointer& service) {
            begin->open();
            go_on->wait();
            return ordinary_class()(service);
        });
        start("svc");
        begin.wait();
        return go_on;
    }

    /// Lets all scripted code end and takes the host apart.
    void end() {
        for (Gate& gate : gates_) gate.open();
        engine.release_all();
        join();
        host_.reset();
    }

    [[nodiscard]] std::vector<State> states(const std::string& service = "svc") const { return scm.states(service); }
    [[nodiscard]] ExitStatus exit_of(const std::string& service = "svc") const {
        const StatusRecord last = scm.last(service);
        EXPECT_EQ(last.state, State::Stopped) << service << " has not stopped";
        return last.exit;
    }

    fakes::Trace trace;
    fakes::FakeScm scm{&trace};
    fakes::FakeEventLog events;
    fakes::FakeClock clock;
    fakes::FakeConfig config;
    fakes::FakeProcess process{&trace};
    fakes::FakeEngine engine{&trace};
    const std::unique_ptr<LogStorage> storage = make_log_storage();
    Journal journal{events, "Python Service", "messages.dll"};

    pysvc_door door = PYSVC_DOOR_SERVICE;
    std::optional<ServiceTable> table;  ///< empty: one service, its class from the registry
    std::function<void(const std::string&, const Settings&)> prepare;
    std::function<void()> conclude;
    std::function<void(int, std::string_view)> console;
    Dispatcher* dispatcher = nullptr;

private:
    void join() {
        for (std::thread& thread : service_mains_) {
            if (thread.joinable()) thread.join();
        }
    }

    std::deque<Gate> gates_;
    std::unique_ptr<ServiceHost> host_;
    std::vector<std::thread> service_mains_;
};

}  // namespace pysvc
