// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/engine.hpp"
#include "host/service/host_api.h"
#include "host/service/status.hpp"
#include "tests/fakes/trace.hpp"
#include "tests/fakes/waiting.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysvc::fakes {

/// A control as a scripted class gets it.
struct FakeControl {
    std::uint32_t control = 0;
    std::uint32_t event_type = 0;
    std::string data;
    bool extra_args = false;
};

/// What a scripted control callable does.
struct ControlAnswer {
    pysvc_call_kind kind = PYSVC_CALL_RETURNED;
    std::uint32_t code = 0;
    std::string text;

    static ControlAnswer returned(std::uint32_t code = 0) { return {PYSVC_CALL_RETURNED, code, {}}; }
    static ControlAnswer raised(std::string text) { return {PYSVC_CALL_RAISED, 120, std::move(text)}; }
    static ControlAnswer bad_value(std::string text) { return {PYSVC_CALL_BAD_VALUE, 1066, std::move(text)}; }
};
using ControlScript = std::function<ControlAnswer(const FakeControl&)>;

/// How a scripted class ends.
struct RunAnswer {
    pysvc_run_kind kind = PYSVC_RUN_RETURNED;
    std::uint32_t exit_code = 0;
    ErrorCode error = ErrorCode::None;
    std::string text;

    static RunAnswer returned() { return {}; }
    static RunAnswer exited(std::uint32_t code, std::string text = {}) {
        return {PYSVC_RUN_EXITED, code, ErrorCode::ServiceExited, std::move(text)};
    }
    static RunAnswer raised(std::string text) { return {PYSVC_RUN_RAISED, 0, ErrorCode::RunRaised, std::move(text)}; }
    static RunAnswer not_started(ErrorCode error, std::string text) {
        return {PYSVC_RUN_NOT_STARTED, 0, error, std::move(text)};
    }
};

class FakeEngine;

/// One instance of a scripted class: what its code may do. Shared by its SvcRun and its callables.
class FakeService {
public:
    FakeService(FakeEngine& engine, const pysvc_host_api& host, const pysvc_run_request& request);

    // The request.
    const std::string name;
    const std::vector<std::string> args;
    const std::string directory;
    const std::string module;
    const std::string class_name;
    void* const class_object;

    /// servicemanager.RegisterServiceCtrlHandler; `extra_args` is of pysvc_handler_args.
    std::uint32_t register_handler(ControlScript script, std::int32_t extra_args = PYSVC_HANDLER_CONTROL,
                                   bool forward_interrogate = false);
    std::uint32_t register_handler_as(const std::string& service, ControlScript script,
                                      std::int32_t extra_args = PYSVC_HANDLER_CONTROL,
                                      bool forward_interrogate = false);
    [[nodiscard]] std::uint64_t handle() const;

    /// win32service.SetServiceStatus: the Win32 code, or nullopt when the host says that the handle is not its own.
    std::optional<std::uint32_t> report(State state, std::uint32_t accepted = 0, ExitStatus exit = {},
                                        std::chrono::milliseconds hint = std::chrono::milliseconds(5'000)) {
        return report_with(handle(), state, accepted, exit, hint);
    }
    std::optional<std::uint32_t> report_with(std::uint64_t handle, State state, std::uint32_t accepted, ExitStatus exit,
                                             std::chrono::milliseconds hint) const;

    /// Step PYSVC_PROGRESS_...
    void progress(pysvc_progress step) const { host_.progress(host_.host, service_, step); }
    void heartbeat() const { host_.heartbeat(host_.host, handle()); }
    /// servicemanager.Watchdog, Heartbeat, NotifyReady; empty: no name was given.
    std::uint32_t watch(std::chrono::milliseconds period, std::string_view service = {}) const {
        return host_.watch(host_.host, {service.data(), service.size()}, static_cast<std::uint32_t>(period.count()));
    }
    std::uint32_t heartbeat_by_name(std::string_view service = {}) const {
        return host_.heartbeat_by_name(host_.host, {service.data(), service.size()});
    }
    std::uint32_t notify_ready(std::string_view service = {}) const {
        return host_.notify_ready(host_.host, {service.data(), service.size()});
    }
    /// The instance exists and SvcRun is about to be entered.
    void before_run() const { host_.before_run(host_.host, service_); }

    [[nodiscard]] const pysvc_host_api& host() const { return host_; }

    /// SvcRun's main loop: waits until `stop` was called. False: SystemExit was raised in it instead.
    bool run_until_stop();
    /// What SvcStop does in most scripts.
    void stop();
    /// Code that ends by nothing but the test (FakeEngine::release_all): not by STOP and not by SystemExit.
    void hang();
    [[nodiscard]] bool interrupted() const;

private:
    friend class FakeEngine;
    FakeEngine& engine_;
    const pysvc_host_api& host_;
    void* const service_;
    std::uint64_t handle_ = 0;  // guarded by the engine's monitor, like everything below
    bool stop_ = false;
    bool interrupted_ = false;
};
using RunScript = std::function<RunAnswer(const std::shared_ptr<FakeService>&)>;

/// The engine of a test: an EngineLoader and a pysvc_engine_api whose functions play what the test scripted. One at a
/// time, because the functions of the C table have no context.
class FakeEngine final : public EngineLoader {
public:
    explicit FakeEngine(Trace* trace = nullptr) : trace_(trace) {
        assert(current_ == nullptr);
        current_ = this;
        api_.size = sizeof api_;
        api_.build_id = "fake";
        api_.run_service = run_service;
        api_.raise_system_exit = raise_system_exit;
        api_.attach_control_thread = attach_control_thread;
        api_.call_control = call_control;
        api_.detach_control_thread = detach_control_thread;
        api_.release_object = release_object;
        api_.describe_threads = describe_threads;
        api_.finalize_interpreter = finalize_interpreter;
    }
    ~FakeEngine() override { current_ = nullptr; }
    FakeEngine(const FakeEngine&) = delete;
    FakeEngine& operator=(const FakeEngine&) = delete;

    // ---- scripts, set before they are needed ---------------------------------------------------------------------

    /// Starting the interpreter; the default succeeds.
    std::function<Result<void>(const std::function<void()>& step)> on_start;
    /// Py_FinalizeEx.
    std::function<void()> on_finalize;
    /// Asking Python for its threads, which takes the GIL. False: it has begun to take itself apart.
    std::function<bool()> on_describe_threads;
    /// PyThreadState_SetAsyncExc; the default wakes the service's run_until_stop.
    std::function<bool(FakeService&)> on_raise_system_exit;
    std::string summary;

    void on_run(RunScript script) { default_script_ = std::move(script); }
    void on_run(const std::string& service, RunScript script) { scripts_[service] = std::move(script); }

    // ---- what the test does and asks -----------------------------------------------------------------------------

    /// Lets everything end that waits in run_until_stop or hang.
    void release_all() {
        {
            const auto lock = monitor_.lock();
            released_ = true;
        }
        monitor_.notify();
    }
    /// Callables and class objects given back.
    [[nodiscard]] std::vector<void*> released_objects() const {
        const auto lock = monitor_.lock();
        return released_objects_;
    }
    [[nodiscard]] std::size_t registered_callables() const {
        const auto lock = monitor_.lock();
        return callables_.size();
    }
    /// Threads that are attached to call controls.
    [[nodiscard]] int attached() const {
        const auto lock = monitor_.lock();
        return attached_;
    }
    [[nodiscard]] int starts() const {
        const auto lock = monitor_.lock();
        return starts_;
    }
    [[nodiscard]] const pysvc_engine_api& api() const { return api_; }
    /// Under python.exe the interpreter runs before there is a host: start is never called.
    void adopt(const pysvc_host_api& host) {
        const auto lock = monitor_.lock();
        host_ = &host;
    }

    // ---- EngineLoader --------------------------------------------------------------------------------------------

    Result<const pysvc_engine_api*> start(const std::string&, const Settings&, const pysvc_host_api& host,
                                          void (*step)(void*), void* context) override {
        note("start interpreter");
        {
            const auto lock = monitor_.lock();
            ++starts_;
            host_ = &host;
        }
        if (on_start) {
            if (auto started = on_start([&] { step(context); }); !started) return failure(started.error());
        }
        step(context);
        return &api_;
    }
    std::string environment_summary() override { return summary; }

private:
    friend class FakeService;

    struct Callable {
        ControlScript script;
    };

    void note(const std::string& entry) const {
        if (trace_ != nullptr) trace_->add(entry);
    }

    static void put(const pysvc_failure& failure, std::string_view text) {
        failure.text.put(failure.text.context, text.data(), text.size());
    }

    static void run_service(const pysvc_run_request* request, pysvc_run_result* result) {
        FakeEngine& self = *current_;
        const auto service = std::make_shared<FakeService>(self, *self.host_, *request);
        {
            const auto lock = self.monitor_.lock();
            self.services_[request->service] = service;
        }
        self.note("run " + service->name);
        const auto found = self.scripts_.find(service->name);
        const RunScript& script = found == self.scripts_.end() ? self.default_script_ : found->second;
        const RunAnswer answer = script ? script(service) : RunAnswer::returned();
        service->host().after_run(service->host().host, request->service);
        result->kind = answer.kind;
        result->exit_code = answer.exit_code;
        result->failure.code = static_cast<std::uint32_t>(answer.error);
        put(result->failure, answer.text);
    }

    static std::int32_t raise_system_exit(void* pointer) {
        FakeEngine& self = *current_;
        std::shared_ptr<FakeService> service;
        {
            const auto lock = self.monitor_.lock();
            service = self.services_[pointer];
        }
        self.note("SystemExit in " + service->name);
        if (self.on_raise_system_exit) return self.on_raise_system_exit(*service) ? 1 : 0;
        {
            const auto lock = self.monitor_.lock();
            service->interrupted_ = true;
        }
        self.monitor_.notify();
        return 1;
    }

    static void* attach_control_thread() {
        const auto lock = current_->monitor_.lock();
        ++current_->attached_;
        return &current_->attached_;
    }
    static void call_control(void*, void* callable, const pysvc_control* control, pysvc_call_result* result) {
        FakeControl copy{control->control, control->event_type, {}, control->extra_args != 0};
        if (control->data != nullptr) copy.data.assign(static_cast<const char*>(control->data), control->data_size);
        current_->note("control " + std::to_string(copy.control));
        const ControlAnswer answer = static_cast<Callable*>(callable)->script(copy);
        result->kind = answer.kind;
        result->code = answer.code;
        put(result->failure, answer.text);
    }
    static void detach_control_thread(void*) {
        const auto lock = current_->monitor_.lock();
        --current_->attached_;
    }
    static void release_object(void* object) {
        const auto lock = current_->monitor_.lock();
        current_->released_objects_.push_back(object);
    }
    static std::int32_t describe_threads(pysvc_text_sink out) {
        if (current_->on_describe_threads && !current_->on_describe_threads()) return 0;
        constexpr std::string_view kThreads = "0x00000001 MainThread\n0x00000002 uploader\ndaemon threads: 3";
        out.put(out.context, kThreads.data(), kThreads.size());
        return 1;
    }
    static std::int32_t finalize_interpreter() {
        current_->note("finalize");
        if (current_->on_finalize) current_->on_finalize();
        return 0;
    }

    static inline FakeEngine* current_ = nullptr;

    Trace* trace_;
    pysvc_engine_api api_{};
    RunScript default_script_;
    std::map<std::string, RunScript> scripts_;

    Monitor monitor_;
    const pysvc_host_api* host_ = nullptr;
    std::map<void*, std::shared_ptr<FakeService>> services_;
    std::deque<Callable> callables_;
    std::vector<void*> released_objects_;
    int attached_ = 0;
    int starts_ = 0;
    bool released_ = false;
};

inline FakeService::FakeService(FakeEngine& engine, const pysvc_host_api& host, const pysvc_run_request& request)
    : name(request.service_name.data, request.service_name.size),
      args([&] {
          std::vector<std::string> all;
          for (std::size_t i = 0; i < request.arg_count; ++i)
              all.emplace_back(request.args[i].data, request.args[i].size);
          return all;
      }()),
      directory(request.directory.data != nullptr ? std::string(request.directory.data, request.directory.size) : ""),
      module(request.module.data != nullptr ? std::string(request.module.data, request.module.size) : ""),
      class_name(request.class_name.data != nullptr ? std::string(request.class_name.data, request.class_name.size)
                                                    : ""),
      class_object(request.class_object),
      engine_(engine),
      host_(host),
      service_(request.service) {}

inline std::uint32_t FakeService::register_handler(ControlScript script, std::int32_t extra_args,
                                                   bool forward_interrogate) {
    return register_handler_as(name, std::move(script), extra_args, forward_interrogate);
}

inline std::uint32_t FakeService::register_handler_as(const std::string& service, ControlScript script,
                                                      std::int32_t extra_args, bool forward_interrogate) {
    FakeEngine::Callable* callable = nullptr;
    {
        const auto lock = engine_.monitor_.lock();
        callable = &engine_.callables_.emplace_back(FakeEngine::Callable{std::move(script)});
    }
    std::uint64_t handle = 0;
    const std::uint32_t code = host_.register_handler(host_.host, {service.data(), service.size()}, callable,
                                                      extra_args, forward_interrogate ? 1 : 0, &handle);
    const auto lock = engine_.monitor_.lock();
    if (code == 0) handle_ = handle;
    return code;
}

inline std::uint64_t FakeService::handle() const {
    const auto lock = engine_.monitor_.lock();
    return handle_;
}

inline std::optional<std::uint32_t> FakeService::report_with(std::uint64_t handle, State state, std::uint32_t accepted,
                                                             ExitStatus exit, std::chrono::milliseconds hint) const {
    pysvc_status status{};
    status.service_type = 0x10;
    status.current_state = static_cast<std::uint32_t>(state);
    status.controls_accepted = accepted;
    status.win32_exit_code = exit.win32;
    status.service_specific_exit_code = exit.specific;
    status.wait_hint = static_cast<std::uint32_t>(hint.count());
    std::uint32_t os_code = 0;
    if (host_.set_service_status(host_.host, handle, &status, &os_code) == 0) return std::nullopt;
    return os_code;
}

inline bool FakeService::run_until_stop() {
    auto lock = engine_.monitor_.lock();
    engine_.monitor_.wait(lock, name + " to be stopped", [this] { return stop_ || interrupted_ || engine_.released_; });
    return !interrupted_;
}

inline void FakeService::stop() {
    {
        const auto lock = engine_.monitor_.lock();
        stop_ = true;
    }
    engine_.monitor_.notify();
}

inline void FakeService::hang() {
    auto lock = engine_.monitor_.lock();
    engine_.monitor_.wait(lock, name + " to be released", [this] { return engine_.released_; });
}

inline bool FakeService::interrupted() const {
    const auto lock = engine_.monitor_.lock();
    return interrupted_;
}

}  // namespace pysvc::fakes
