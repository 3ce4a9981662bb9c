// SPDX-License-Identifier: MIT
#include "host/service/host_api_table.hpp"

#include "host/base/text.hpp"
#include "host/service/service_host.hpp"

#include "build_id.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

namespace pysvc {
namespace {

std::string text(pysvc_text value) { return value.size == 0 ? std::string() : std::string(value.data, value.size); }

ServiceRuntime* runtime_of(void* service) { return static_cast<ServiceRuntime*>(service); }

}  // namespace

/// The functions behind pysvc_host_api; a friend of ServiceHost because they are its second face.
struct HostApiTable {
    static ServiceHost& host(void* pointer) { return *static_cast<ServiceHost*>(pointer); }

    static int32_t door(void* pointer) { return host(pointer).door_; }

    static uint32_t report_event(void* pointer, uint16_t type, uint32_t id, const pysvc_text* inserts, size_t count) {
        Event event{static_cast<EventType>(type), id, {}};
        for (size_t i = 0; i < count; ++i) event.inserts.push_back(text(inserts[i]));
        return host(pointer).ports_.journal.report(std::move(event));
    }

    static void set_event_source(void* pointer, pysvc_text name, int32_t register_now) {
        Journal& journal = host(pointer).ports_.journal;
        journal.set_source(text(name));
        if (register_now != 0) journal.register_source();
    }

    static void set_message_file(void* pointer, pysvc_text path) {
        host(pointer).ports_.journal.set_message_file(text(path));
    }

    static void message_file(void* pointer, pysvc_text_sink out) {
        const std::string path = host(pointer).ports_.journal.message_file();
        out.put(out.context, path.data(), path.size());
    }

    static void write_line(void* pointer, int32_t stream, pysvc_text line) {
        ServiceHost& self = host(pointer);
        if (self.ports_.console) self.ports_.console(stream, {line.data, line.size});
        self.ports_.journal.note(stream == 2 ? LogLevel::Warning : LogLevel::Info, {line.data, line.size});
    }

    static void log_warning(void* pointer, pysvc_text line) {
        host(pointer).ports_.journal.note(LogLevel::Warning, {line.data, line.size});
    }

    static int32_t set_debugging(void* pointer, int32_t new_value) {
        ServiceHost& self = host(pointer);
        return new_value == -1 ? self.debugging_.load() : self.debugging_.exchange(new_value != 0);
    }

    static int32_t running_as_service(void* pointer) { return host(pointer).running_as_service_.load(); }

    /// An own-process service answers to any name, as in pywin32; in a shared process the name decides.
    static std::shared_ptr<ServiceRuntime> find(ServiceHost& self, const std::string& name) {
        const auto active = self.runtimes();
        if (active.size() == 1 && self.table_.is_single()) return active.front();
        const auto found = std::ranges::find_if(
            active, [&](const auto& runtime) { return equal_ignoring_case(runtime->name(), name); });
        return found == active.end() ? nullptr : *found;
    }

    static uint32_t register_handler(void* pointer, pysvc_text service_name, void* callable, int32_t extra_args,
                                     int32_t forward_interrogate, uint64_t* handle) {
        ServiceHost& self = host(pointer);
        const auto runtime = find(self, text(service_name));
        const pysvc_engine_api* engine = self.engine_;
        if (engine == nullptr) return win32::kInvalidName;
        if (!runtime && self.debugging_ && self.table_.find(text(service_name))) {
            // win32serviceutil.DebugService: no dispatcher, the script itself reacts to Ctrl+C.
            engine->release_object(callable);
            *handle = 0;
            return win32::kNoError;
        }
        if (!runtime) return win32::kInvalidName;
        const auto args = static_cast<pysvc_handler_args>(extra_args);
        const std::uint32_t code = runtime->set_handler(*engine, callable, args, forward_interrogate != 0);
        if (code != win32::kNoError) return code;
        *handle = self.debugging_ ? 0 : runtime->handle();
        return win32::kNoError;
    }

    static int32_t set_service_status(void* pointer, uint64_t handle, const pysvc_status* status, uint32_t* os_code) {
        ServiceHost& self = host(pointer);
        // Also of services that have stopped: a thread that one left behind may not speak for its next run.
        for (const auto& runtime : self.known_runtimes()) {
            // In debug mode no handle exists and 0 is what scripts pass on.
            if (runtime->handle() != handle) continue;
            *os_code = runtime->report(*status);
            return 1;
        }
        return 0;
    }

    static void heartbeat(void* pointer, uint64_t handle) {
        for (const auto& runtime : host(pointer).runtimes()) {
            if (runtime->handle() == handle) runtime->note_heartbeat();
        }
    }

    /// Calls `act` with the named service, or with the only one when none is named.
    template <class Action>
    static uint32_t with_service(void* pointer, const std::string& name, Action act) {
        ServiceHost& self = host(pointer);
        const auto active = self.runtimes();
        if (name.empty() && active.size() > 1) return win32::kMoreData;
        const auto runtime = name.empty() && !active.empty() ? active.front() : find(self, name);
        if (!runtime) return win32::kInvalidName;
        act(*runtime);
        return win32::kNoError;
    }

    static uint32_t watch(void* pointer, pysvc_text service_name, uint32_t milliseconds) {
        return with_service(pointer, text(service_name), [&](ServiceRuntime& runtime) {
            runtime.watch(std::chrono::milliseconds(milliseconds));
        });
    }

    static uint32_t heartbeat_by_name(void* pointer, pysvc_text service_name) {
        return with_service(pointer, text(service_name), [](ServiceRuntime& runtime) { runtime.note_heartbeat(); });
    }

    static uint32_t notify_ready(void* pointer, pysvc_text service_name) {
        return with_service(pointer, text(service_name), [](ServiceRuntime& runtime) { runtime.notify_ready(); });
    }

    static ClassSource source_of(void* class_object) {
        if (class_object == nullptr) return RegistryLookup{};
        return ClassObject{class_object};
    }

    static int32_t prepare_to_host_single(void* pointer, void* class_object) {
        return host(pointer).table_.prepare_single(source_of(class_object));
    }

    static int32_t prepare_to_host_multiple(void* pointer, pysvc_text service_name, void* class_object) {
        return host(pointer).table_.prepare_multiple(text(service_name), source_of(class_object));
    }

    static void forget_prepared(void* pointer) {
        ServiceHost& self = host(pointer);
        // The table of the EXE is the EXE's, not the script's.
        if (self.door_ != PYSVC_DOOR_SELF_HOSTED || !self.runtimes().empty()) return;
        const pysvc_engine_api* engine = self.engine_;
        for (const ClassObject& retired : self.table_.clear()) engine->release_object(retired.object);
    }

    static uint32_t run_dispatcher(void* pointer) {
        ServiceHost& self = host(pointer);
        // The EXE has started the dispatcher of this process, and that is possible once (MSDN).
        return self.door_ == PYSVC_DOOR_SELF_HOSTED ? self.run_self_hosted() : win32::kServiceAlreadyRunning;
    }

    static void program_setting(void* pointer, pysvc_text service_name, pysvc_text name, pysvc_text_sink out) {
        const auto runtime = find(host(pointer), text(service_name));
        if (!runtime) return;
        for (const std::string& value : pysvc::program_setting(runtime->settings(), text(name))) {
            out.put(out.context, value.data(), value.size());
        }
    }

    static void progress(void* pointer, void* service, int32_t step) {
        if (step == PYSVC_PROGRESS_IMPORT || service == nullptr) {
            for (const auto& runtime : host(pointer).runtimes()) runtime->note_progress();
        } else {
            runtime_of(service)->note_progress();
        }
    }

    static void before_run(void*, void* service) { runtime_of(service)->before_run(); }
    static void after_run(void*, void* service) { runtime_of(service)->after_run(); }

    static void report_error(void* pointer, uint32_t code, pysvc_text context) {
        host(pointer).report_unless_repeated({static_cast<ErrorCode>(code), 0, text(context)});
    }
};

pysvc_host_api host_api_table(ServiceHost& host) {
    pysvc_host_api table{};
    table.size = sizeof table;
    table.build_id = PYSVC_BUILD_ID;
    table.host = &host;
    table.door = HostApiTable::door;
    table.report_event = HostApiTable::report_event;
    table.set_event_source = HostApiTable::set_event_source;
    table.set_message_file = HostApiTable::set_message_file;
    table.message_file = HostApiTable::message_file;
    table.write_line = HostApiTable::write_line;
    table.log_warning = HostApiTable::log_warning;
    table.set_debugging = HostApiTable::set_debugging;
    table.forget_prepared = HostApiTable::forget_prepared;
    table.running_as_service = HostApiTable::running_as_service;
    table.register_handler = HostApiTable::register_handler;
    table.set_service_status = HostApiTable::set_service_status;
    table.heartbeat = HostApiTable::heartbeat;
    table.prepare_to_host_single = HostApiTable::prepare_to_host_single;
    table.prepare_to_host_multiple = HostApiTable::prepare_to_host_multiple;
    table.run_dispatcher = HostApiTable::run_dispatcher;
    table.program_setting = HostApiTable::program_setting;
    table.progress = HostApiTable::progress;
    table.before_run = HostApiTable::before_run;
    table.after_run = HostApiTable::after_run;
    table.report_error = HostApiTable::report_error;
    table.watch = HostApiTable::watch;
    table.heartbeat_by_name = HostApiTable::heartbeat_by_name;
    table.notify_ready = HostApiTable::notify_ready;
    return table;
}

}  // namespace pysvc
