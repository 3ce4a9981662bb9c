// SPDX-License-Identifier: MIT
#include "host/service/service_host.hpp"

#include "host/base/text.hpp"
#include "host/service/host_api_table.hpp"
#include "host/service/text_sink.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

pysvc_text view(const std::string& text) { return {text.data(), text.size()}; }

/// Of a system that has no memory, or no threads left.
Error no_thread(const std::system_error& error) {
    return {ErrorCode::OperatingSystem, 0, fmt::format("starting a thread: {}", error.what())};
}

}  // namespace

ServiceHost::ServiceHost(HostPorts ports, pysvc_door door, ServiceTable table)
    : ports_(std::move(ports)),
      door_(door),
      table_(std::move(table)),
      context_{ports_.scm, ports_.journal, ports_.clock, budget_, [this] { wake_watchdog(); },
               door != PYSVC_DOOR_DEBUG},
      debugging_(door == PYSVC_DOOR_DEBUG) {
    api_ = host_api_table(*this);
}

ServiceHost::~ServiceHost() {
    {
        const std::lock_guard lock(watch_mutex_);
        watch_end_ = true;
    }
    watch_condition_.notify_all();
    if (watchdog_.joinable()) watchdog_.join();
    if (py_main_.joinable()) py_main_.join();
    service_threads_.join();
}

// ---- ServiceMain threads ---------------------------------------------------------------------------------------------

void ServiceHost::service_main(std::vector<std::string> args) {
    // MSDN allows argc 0; a name is needed for everything that follows.
    if (args.empty()) args.emplace_back(table_.names().empty() ? std::string() : table_.names().front());
    running_as_service_ = door_ != PYSVC_DOOR_DEBUG;

    const RuntimePointer runtime = admit(args);
    if (!runtime) return;
    configure(*runtime);
    try {
        dispatch_to_thread(runtime);
    } catch (const std::system_error& error) {
        runtime->conclude({PYSVC_RUN_NOT_STARTED, 0, no_thread(error)});
        end(*runtime);
    }
    runtime->wait_until_stopped();
}

ServiceHost::RuntimePointer ServiceHost::admit(std::vector<std::string> args) {
    const std::string name = args.front();
    const auto type = table_.is_single() ? ServiceType::OwnProcess : ServiceType::ShareProcess;
    auto runtime = std::make_shared<ServiceRuntime>(std::move(args), type, context_);
    ControlRelay& relay = relay_of(name);
    if (auto registered = runtime->register_handler(relay); !registered) {
        // Without a handler there is no status handle: the event is all that can be said.
        ports_.journal.report(registered.error());
        close_if_unused(registered.error().os_code != 0 ? registered.error().os_code : 1);
        return nullptr;
    }
    relay.connect(runtime);
    runtime->begin();
    Error refused;
    bool unused = false;
    {
        const std::lock_guard lock(mutex_);
        Service& service = services_[lower_case(name)];
        service.newest = runtime;
        if (closing_) {
            refused = {ErrorCode::HostClosing, win32::kShutdownInProgress, name};
        } else if (service.abandoned) {
            refused = {ErrorCode::PreviousInstanceRunning, 0, name};
        } else if (!table_.find(name)) {
            refused = {ErrorCode::ServiceUnknown, 0, name};
        } else {
            try {
                // Nothing runs without its deadlines.
                if (!watchdog_.joinable()) watchdog_ = std::thread([this] { watch(); });
                active_.push_back(runtime);
                table_.mark_started(name);
                return runtime;
            } catch (const std::system_error& error) {
                refused = no_thread(error);
            }
        }
        unused = !closing_ && active_.empty();
        if (unused) closing_ = true;
    }
    refuse(*runtime, refused, unused);
    return nullptr;
}

ControlRelay& ServiceHost::relay_of(const std::string& service) {
    const std::lock_guard lock(mutex_);
    return services_[lower_case(service)].relay;
}

void ServiceHost::refuse(ServiceRuntime& runtime, const Error& error, bool unused) {
    // Nobody else opens a log for the event then.
    if (unused && ports_.prepare) {
        configure(runtime);
        ports_.prepare(runtime.name(), runtime.settings());
    }
    ports_.journal.report(error);
    const auto exit = error.code == ErrorCode::HostClosing
                          ? ExitStatus{win32::kShutdownInProgress, 0}
                          : ExitStatus::service_specific(error_info(error.code).exit_code);
    if (unused) conclude();
    runtime.publish_stopped(exit);
    if (unused) leave(exit.process_code());
}

void ServiceHost::configure(ServiceRuntime& runtime) {
    const std::string& name = runtime.name();
    ParsedSettings parsed = read_settings(name, ports_.config);
    for (const Error& warning : parsed.warnings) ports_.journal.report(warning);
    runtime.configure(std::move(parsed.settings), ports_.config.shutdown_limit(), ports_.config.preshutdown_limit(name));
    // It may be asleep without an end: the other services of the process are running.
    wake_watchdog();
}

void ServiceHost::dispatch_to_thread(const RuntimePointer& runtime) {
    {
        const std::lock_guard lock(mutex_);
        if (!py_main_busy_) {
            // Under python.exe the thread that called StartServiceCtrlDispatcher is py-main.
            if (!py_main_started_ && door_ != PYSVC_DOOR_SELF_HOSTED) py_main_ = std::thread([this] { run_py_main(); });
            py_main_started_ = true;
            py_main_busy_ = true;
            py_main_work_.push_back(runtime);
            changed_.notify_all();
            return;
        }
    }
    // py-main runs another service: this one gets a thread of its own.
    service_threads_.run([this, runtime] { run(*runtime, false); });
}

// ---- py-main and service threads -------------------------------------------------------------------------------------

void ServiceHost::run_py_main() {
    for (;;) {
        RuntimePointer work;
        RuntimePointer last;
        ServiceRuntime* engine_wanted = nullptr;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock,
                          [this] { return closed_ || py_main_closes_ || engine_wanted_ || !py_main_work_.empty(); });
            if (closed_) return;
            if (py_main_closes_) last = last_;
            engine_wanted = std::exchange(engine_wanted_, nullptr);
            if (!last && engine_wanted == nullptr) {
                work = py_main_work_.front();
                py_main_work_.pop_front();
            }
        }
        if (last) {
            close(*last);
            return;
        }
        if (engine_wanted != nullptr) {
            Error told_to_whoever_waits;
            start_engine(*engine_wanted, told_to_whoever_waits);
            continue;
        }
        run(*work, true);
    }
}

void ServiceHost::run(ServiceRuntime& runtime, bool on_py_main) {
    runtime.set_thread(ports_.process.current_thread());
    const RunOutcome outcome = run_class(runtime, on_py_main);
    if (!runtime.abandoned()) {
        runtime.conclude(outcome);
        // The service is still active: a control that does not return is ended like a stop that hangs.
        runtime.close_controls();
    }
    if (on_py_main) {
        const std::lock_guard lock(mutex_);
        py_main_busy_ = false;
    }
    end(runtime);
}

RunOutcome ServiceHost::run_class(ServiceRuntime& runtime, bool on_py_main) {
    const auto not_started = [](Error error) { return RunOutcome{PYSVC_RUN_NOT_STARTED, 0, std::move(error)}; };

    // The log comes first: it holds what is said about a class that is not found.
    if (on_py_main && !std::exchange(prepared_, true) && ports_.prepare) {
        ports_.prepare(runtime.name(), runtime.settings());
    }
    // Everything that can be wrong without Python is found without Python.
    ClassSource source = table_.find(runtime.name()).value_or(RegistryLookup{});
    if (std::holds_alternative<RegistryLookup>(source)) {
        auto spec = read_class_spec(runtime.name(), ports_.config);
        if (!spec) return not_started(spec.error());
        source = std::move(*spec);
    }
    runtime.note_progress();

    Error error;
    const pysvc_engine_api* engine = on_py_main ? start_engine(runtime, error) : wait_for_engine(runtime, error);
    if (engine == nullptr) return not_started(error);

    std::vector<pysvc_text> args;
    for (const std::string& arg : runtime.args()) args.push_back(view(arg));
    pysvc_run_request request{};
    request.service = &runtime;
    request.service_name = view(runtime.name());
    request.args = args.data();
    request.arg_count = args.size();
    if (const auto* object = std::get_if<ClassObject>(&source)) request.class_object = object->object;
    if (const auto* spec = std::get_if<ClassSpec>(&source)) {
        request.directory = view(spec->directory);
        request.module = view(spec->module);
        request.class_name = view(spec->class_name);
    }
    std::string text;
    pysvc_run_result result{};
    result.failure.text = sink_into(text);
    engine->run_service(&request, &result);
    if (result.kind == PYSVC_RUN_RAISED || result.kind == PYSVC_RUN_NOT_STARTED) {
        if (const std::string summary = ports_.engine.environment_summary(); !summary.empty()) text += "\n" + summary;
    }
    return {static_cast<pysvc_run_kind>(result.kind), result.exit_code,
            Error{static_cast<ErrorCode>(result.failure.code), result.failure.os_code, std::move(text)}};
}

const pysvc_engine_api* ServiceHost::start_engine(ServiceRuntime& runtime, Error& error) {
    if (const pysvc_engine_api* engine = engine_) return engine;
    {
        const std::lock_guard lock(mutex_);
        if (engine_failed_) {
            error = engine_error_;
            return nullptr;
        }
    }
    const auto step = [](void* context) { static_cast<ServiceRuntime*>(context)->note_progress(); };
    auto started = ports_.engine.start(runtime.name(), runtime.settings(), api_, step, &runtime);
    {
        const std::lock_guard lock(mutex_);
        if (started) {
            engine_ = *started;
        } else {
            engine_failed_ = true;
            engine_error_ = started.error();
            error = engine_error_;
        }
    }
    changed_.notify_all();
    return started ? *started : nullptr;
}

const pysvc_engine_api* ServiceHost::wait_for_engine(ServiceRuntime& runtime, Error& error) {
    std::unique_lock lock(mutex_);
    if (engine_ == nullptr && !engine_failed_) {
        // The service on py-main may end before it needs Python.
        engine_wanted_ = &runtime;
        changed_.notify_all();
    }
    changed_.wait(lock, [this] { return engine_ != nullptr || engine_failed_; });
    if (engine_failed_) error = engine_error_;
    return engine_;
}

void ServiceHost::end(ServiceRuntime& runtime) {
    bool last = false;
    RuntimePointer pointer;
    {
        const std::lock_guard lock(mutex_);
        const auto position = std::ranges::find(active_, &runtime, &RuntimePointer::get);
        // The watchdog was faster: it has sent STOPPED, or is about to end the process.
        if (position == active_.end()) return;
        pointer = *position;
        active_.erase(position);
        last = active_.empty();
        // One atomic step: a ServiceMain that comes after it is refused.
        if (last) {
            closing_ = true;
            last_ = pointer;
        }
    }
    if (!last) {
        runtime.publish_stopped(runtime.exit_status());
        return;
    }
    const bool on_py_main = door_ == PYSVC_DOOR_SELF_HOSTED || std::this_thread::get_id() == py_main_.get_id();
    // py-main itself may hang in a service that was abandoned, or could not be made. Nothing is finalised then, so any
    // thread can close.
    if (on_py_main || skip_finalize_ || !has_py_main()) {
        close(runtime);
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        py_main_closes_ = true;
    }
    changed_.notify_all();
}

void ServiceHost::close(ServiceRuntime& last) {
    last.set_thread(ports_.process.current_thread());
    const pysvc_engine_api* engine = engine_;
    const bool owns_process = door_ != PYSVC_DOOR_SELF_HOSTED;
    if (engine != nullptr && owns_process) {
        last.begin_finalize();
        if (last.settings().finalize == FinalizeMode::Full && !skip_finalize_ && !last.system_shuts_down()) {
            for (const ClassObject& object : table_.take_objects()) engine->release_object(object.object);
            ports_.process.park_late_python_threads();
            engine->finalize_interpreter();
        }
        ports_.process.flush_c_streams();
    }
    const ExitStatus exit = last.exit_status();
    let_watchdog_finish();
    conclude();
    ports_.journal.note(LogLevel::Info, fmt::format("{}: stopped, exit code {}", last.name(), exit.process_code()));
    const bool terminates = owns_process || py_main_hangs();
    const bool as_crash = terminates && last.fails_as_crash(exit);
    if (as_crash) {
        ports_.journal.note(LogLevel::Warning, fmt::format("{}: leaves without STOPPED (FailAs)", last.name()));
    }
    // STOPPED is last: the SCM may start the next instance, or end this process, the moment it has it.
    if (!as_crash) last.publish_stopped(exit);
    if (terminates) ports_.process.terminate(exit.process_code());
    if (as_crash) last.end_without_stopped();
    announce_closed(exit.process_code());
}

bool ServiceHost::has_py_main() const {
    const std::lock_guard lock(mutex_);
    return py_main_started_;
}

/// The process is about to end in order.
void ServiceHost::conclude() {
    report_repeats(reports_.take_all());
    if (ports_.conclude) ports_.conclude();
}

/// At the end: the service that py-main runs was given up. Under python.exe that is the script's own thread, so that
/// there is nobody left to return to.
bool ServiceHost::py_main_hangs() const {
    const std::lock_guard lock(mutex_);
    return py_main_busy_;
}

/// A ServiceMain came to nothing: without another service there is nothing that will ever end this process.
void ServiceHost::close_if_unused(std::uint32_t exit_code) {
    {
        const std::lock_guard lock(mutex_);
        if (closing_ || !active_.empty()) return;
        closing_ = true;
    }
    leave(exit_code);
}

void ServiceHost::leave(std::uint32_t exit_code) {
    if (door_ != PYSVC_DOOR_SELF_HOSTED) ports_.process.terminate(exit_code);
    announce_closed(exit_code);
}

void ServiceHost::announce_closed(std::uint32_t exit_code) {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        exit_code_ = exit_code;
    }
    changed_.notify_all();
}

std::uint32_t ServiceHost::wait_until_closed() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_; });
    return exit_code_;
}

std::uint32_t ServiceHost::run_self_hosted() {
    {
        const std::lock_guard lock(mutex_);
        // MSDN: once per process.
        if (ports_.dispatcher == nullptr || std::exchange(dispatching_, true)) return win32::kServiceAlreadyRunning;
    }
    std::uint32_t code = win32::kNoError;
    std::thread helper;
    try {
        helper = std::thread([this, &code] {
            const auto done = ports_.dispatcher->run(table_.names(), *this);
            if (done) return close_if_unused(win32::kNoError);
            code = done.error().os_code;
            announce_closed(code);
        });
    } catch (const std::system_error&) {
        const std::lock_guard lock(mutex_);
        dispatching_ = false;
        return win32::kTooManyThreads;
    }
    run_py_main();
    helper.join();
    running_as_service_ = false;
    if (code != win32::kNoError) {
        // Not connected: the script may go on, and try again.
        const std::lock_guard lock(mutex_);
        dispatching_ = false;
        closed_ = false;
    }
    return code;
}

ServiceHost::Held ServiceHost::held() const {
    const std::lock_guard lock(mutex_);
    return {context_.live_runtimes, service_threads_.size()};
}

bool ServiceHost::any_accepts(std::uint32_t bits) const {
    return std::ranges::any_of(runtimes(),
                               [&](const RuntimePointer& runtime) { return (runtime->status().accepted & bits) != 0; });
}

void ServiceHost::control_all(std::uint32_t control) {
    for (const RuntimePointer& runtime : runtimes()) runtime->on_control({control, 0, {}});
}

}  // namespace pysvc
