// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/bounded_calls.hpp"
#include "host/service/clock.hpp"
#include "host/service/control_queue.hpp"
#include "host/service/control_relay.hpp"
#include "host/service/dispatcher.hpp"
#include "host/service/engine.hpp"
#include "host/service/host_api.h"
#include "host/service/journal.hpp"
#include "host/service/process.hpp"
#include "host/service/repeated_reports.hpp"
#include "host/service/scm_server.hpp"
#include "host/service/service_config.hpp"
#include "host/service/service_runtime.hpp"
#include "host/service/service_table.hpp"
#include "host/service/service_threads.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pysvc {

/// Everything outside that the host works with.
struct HostPorts {
    ScmServer& scm;
    ServiceConfig& config;
    Journal& journal;
    EngineLoader& engine;
    Process& process;
    Clock& clock;
    /// What to do on py-main, once, before a class is looked for: open the log, set the current folder. May be empty.
    std::function<void(const std::string& service, const Settings& settings)> prepare;
    /// What to do right before the process ends in order: STOPPED of its last service comes after it. May be empty.
    std::function<void()> conclude;
    /// Prints a line of sys.stdout or sys.stderr where no log captures it. May be empty.
    std::function<void(int stream, std::string_view line)> console;
    /// For StartServiceCtrlDispatcher of a script under python.exe; the EXE's own dispatcher is running already.
    Dispatcher* dispatcher = nullptr;
};

/// The services of one process: ServiceMain in, STOPPED and the end of the process out. Owns py-main, the service
/// threads and the watchdog (docs/threading.md). One per process; lives until its end.
class ServiceHost {
public:
    ServiceHost(HostPorts ports, pysvc_door door, ServiceTable table);
    ~ServiceHost();
    ServiceHost(const ServiceHost&) = delete;
    ServiceHost& operator=(const ServiceHost&) = delete;

    /// One ServiceMain: `args` are its arguments, the service name first. Returns when the service's STOPPED was sent.
    void service_main(std::vector<std::string> args);

    /// Waits until the last service has ended and, where the host owns the process, has been finalised. Returns the
    /// exit code of the last service.
    std::uint32_t wait_until_closed();

    /// Under python.exe the interpreter is there before the host is. Before anything else.
    void adopt_engine(const pysvc_engine_api& engine) { engine_ = &engine; }

    /// servicemanager.StartServiceCtrlDispatcher under python.exe: the caller is py-main until every service has
    /// stopped, the dispatcher runs on a helper thread. 0 or a Win32 code.
    std::uint32_t run_self_hosted();

    /// Console: a control for every running service (Ctrl+C = STOP).
    void control_all(std::uint32_t control);
    /// Console: whether a running service accepts one of these controls (accept::...).
    [[nodiscard]] bool any_accepts(std::uint32_t bits) const;
    /// Console: Ctrl+C a second time. Writes all Python stacks and ends the process.
    void end_at_once();

    /// What the host keeps in memory for services, running or not: it must not grow with their restarts.
    struct Held {
        std::size_t runtimes = 0;
        std::size_t threads = 0;
    };
    [[nodiscard]] Held held() const;

    [[nodiscard]] const pysvc_host_api& api() const { return api_; }
    ServiceTable& table() { return table_; }

private:
    friend struct HostApiTable;

    using RuntimePointer = std::shared_ptr<ServiceRuntime>;

    /// What outlives the runs of one service.
    struct Service {
        ControlRelay relay;
        RuntimePointer newest;
        RuntimePointer abandoned;  ///< its code could not be ended; kept with its threads, and never started again
    };

    // service_host.cpp
    RuntimePointer admit(std::vector<std::string> args);
    ControlRelay& relay_of(const std::string& service);
    void configure(ServiceRuntime& runtime);
    void dispatch_to_thread(const RuntimePointer& runtime);
    void run_py_main();
    void run(ServiceRuntime& runtime, bool on_py_main);
    RunOutcome run_class(ServiceRuntime& runtime, bool on_py_main);
    const pysvc_engine_api* start_engine(ServiceRuntime& runtime, Error& error);
    const pysvc_engine_api* wait_for_engine(ServiceRuntime& runtime, Error& error);
    void end(ServiceRuntime& runtime);
    void close(ServiceRuntime& last);
    [[nodiscard]] bool has_py_main() const;
    void conclude();
    [[nodiscard]] bool py_main_hangs() const;
    void announce_closed(std::uint32_t exit_code);
    void refuse(ServiceRuntime& runtime, const Error& error, bool unused);
    void close_if_unused(std::uint32_t exit_code);
    void leave(std::uint32_t exit_code);

    // watchdog.cpp
    void watch();
    TimePoint look_after_services();
    void let_watchdog_finish();
    void wake_watchdog();
    void act(const RuntimePointer& runtime, DeadlineAction action);
    void last_resort(const RuntimePointer& runtime, ErrorCode code, ExitStatus exit);
    void end_process(const RuntimePointer& runtime, ExitStatus exit);
    void report_with_evidence(const RuntimePointer& runtime, ErrorCode code);
    void report_bounded(Error error);
    void bounded(std::function<void()> call);
    void report_unless_repeated(const Error& error);
    void report_repeats(const std::vector<RepeatedReport>& reports);
    std::vector<RuntimePointer> runtimes() const;
    std::vector<RuntimePointer> known_runtimes() const;

    HostPorts ports_;
    const pysvc_door door_;
    ServiceTable table_;
    QueueBudget budget_;
    RepeatedReports reports_;
    RuntimeContext context_;
    pysvc_host_api api_{};

    std::atomic<bool> debugging_;
    std::atomic<bool> running_as_service_{false};
    std::atomic<const pysvc_engine_api*> engine_{nullptr};
    std::atomic<bool> skip_finalize_{false};

    mutable std::mutex mutex_;  // a leaf
    std::condition_variable changed_;
    std::vector<RuntimePointer> active_;  // admitted, not yet ended
    // By lower-case service name, and so no more of them than the process has services.
    std::map<std::string, Service> services_;
    std::deque<RuntimePointer> py_main_work_;
    ServiceRuntime* engine_wanted_ = nullptr;  // on a service thread, before py-main has started the engine
    RuntimePointer last_;                      // its end closes the process
    bool py_main_closes_ = false;              // last_ ended on a service thread
    bool py_main_busy_ = false;
    bool py_main_started_ = false;
    bool prepared_ = false;                    // py-main only
    bool engine_failed_ = false;
    Error engine_error_;
    bool dispatching_ = false;
    bool closing_ = false;
    bool closed_ = false;
    std::uint32_t exit_code_ = 0;
    ServiceThreads service_threads_;
    std::thread py_main_;

    std::mutex watch_mutex_;
    std::condition_variable watch_condition_;
    bool watch_poked_ = true;  // the first look is still to come
    bool watch_busy_ = false;
    bool watch_end_ = false;
    std::thread watchdog_;
    BoundedCalls bounded_calls_;  // the watchdog's
};

}  // namespace pysvc
