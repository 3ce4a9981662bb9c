// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/clock.hpp"
#include "host/service/control_queue.hpp"
#include "host/service/deadlines.hpp"
#include "host/service/host_api.h"
#include "host/service/journal.hpp"
#include "host/service/process.hpp"
#include "host/service/settings.hpp"
#include "host/service/status_publisher.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pysvc {

/// What all services of a process share. Outlives every runtime.
struct RuntimeContext {
    ScmServer& scm;
    Journal& journal;
    Clock& clock;
    QueueBudget& budget;
    std::function<void()> wake_watchdog;  ///< a leaf: only notifies
    /// False in debug mode: pywin32's framework has no handle there and reports nothing, so RUNNING is ours to say.
    bool class_reports_status = true;
    std::atomic<std::size_t> live_runtimes{0};
};

/// How user code of a service ended.
struct RunOutcome {
    pysvc_run_kind kind = PYSVC_RUN_RETURNED;
    std::uint32_t exit_code = 0;  ///< of SystemExit
    Error failure;                ///< why it raised or did not start
};

/// One service of this process, from ServiceMain to STOPPED: its status, its controls, its deadlines. Knows no Python
/// beyond the C table of the engine. Thread roles: docs/threading.md.
class ServiceRuntime final : public ControlSink {
public:
    ServiceRuntime(std::vector<std::string> args, ServiceType type, RuntimeContext& context);
    ~ServiceRuntime() override;

    [[nodiscard]] const std::string& name() const { return args_.front(); }
    [[nodiscard]] const std::vector<std::string>& args() const { return args_; }
    [[nodiscard]] const Settings& settings() const { return settings_; }
    [[nodiscard]] StatusHandle handle() const { return status_.handle(); }
    [[nodiscard]] StatusRecord status() const { return status_.last(); }

    // ServiceMain thread.

    /// Registers `sink`, which passes controls on to on_control, under the service's name.
    Result<void> register_handler(ControlSink& sink);
    /// Reports START_PENDING.
    void begin();
    /// The settings, read after the first status. `shutdown_limits` are the times Windows leaves at SHUTDOWN and
    /// PRESHUTDOWN.
    void configure(Settings settings, std::chrono::milliseconds shutdown_limit,
                   std::chrono::milliseconds preshutdown_limit);
    /// Returns when STOPPED was sent.
    void wait_until_stopped();

    // Dispatcher thread.

    std::uint32_t on_control(ControlRecord record) noexcept override;

    // Called for Python, never under the GIL unless marked leaf.

    /// RegisterServiceCtrlHandler. Takes over one reference to `callable`; the first call starts the control thread.
    /// 0, or a Win32 code: then the reference is still the caller's.
    std::uint32_t set_handler(const pysvc_engine_api& engine, void* callable, pysvc_handler_args args,
                              bool forward_interrogate);
    /// win32service.SetServiceStatus of the class: 0 or a Win32 code. Illegal moves are ignored, not refused: the class
    /// may have lost a race that it cannot see (RUNNING against STOP).
    std::uint32_t report(const pysvc_status& status);
    /// Progress of a start. A leaf: the watchdog publishes the checkpoint.
    void note_progress();
    /// The class says that it is alive: progress in a pending state, and what its watchdog waits for. A leaf, as
    /// note_progress.
    void note_heartbeat();
    /// servicemanager.Watchdog: while it is RUNNING the service gives a heartbeat in every `period`; 0: it need not. A
    /// leaf.
    void watch(std::chrono::milliseconds period);
    /// servicemanager.NotifyReady: with StartupMode=notify the RUNNING that the class reported was held back until now.
    void notify_ready();
    /// Renews START_PENDING with the next checkpoint. Nothing happens in any other state.
    void publish_progress();
    /// Renews the pending state, whichever it is, with the next checkpoint.
    void publish_heartbeat();
    /// The instance exists, SvcRun comes next. A class without a control handler is reported and gets RUNNING here.
    void before_run();
    /// User code has ended: joins the helper that may be raising SystemExit in it.
    void after_run();

    // Run thread.

    /// Maps the outcome to the exit status and writes its event. Returns the status STOPPED will carry.
    ExitStatus conclude(const RunOutcome& outcome);
    /// No more controls: the queue is closed and the control thread joined. Not on the control thread.
    void close_controls();
    /// STOP_PENDING while Python shuts down, with the deadline for it.
    void begin_finalize();
    /// STOPPED, once; wakes ServiceMain.
    void publish_stopped(ExitStatus exit);
    /// FailAs=crash: the end of the process, which is next, is all that the SCM will see. Wakes ServiceMain.
    void end_without_stopped();
    /// True when `exit` is a failure that nobody asked for, and the service is to leave without STOPPED then.
    [[nodiscard]] bool fails_as_crash(ExitStatus exit) const;
    [[nodiscard]] ExitStatus exit_status() const;
    /// True when the system is going down (SHUTDOWN was sent): there is no time to finalise.
    [[nodiscard]] bool system_shuts_down() const;

    // Run thread; py-main at the end of the process.

    /// The calling thread is the one that decides about the service: its native stack is evidence.
    void set_thread(ThreadId thread) { thread_ = thread; }

    // Watchdog thread.

    [[nodiscard]] ThreadId thread() const { return thread_; }
    /// Why the SCM does not learn the states of the service; once for each time that this begins.
    [[nodiscard]] std::optional<Error> take_status_failure();

    [[nodiscard]] std::optional<DeadlineAction> take_due(TimePoint now);
    [[nodiscard]] TimePoint next_deadline() const;
    /// Asks the code of the service to end by SystemExit, from a helper thread that may wait for the GIL.
    void raise_system_exit(const pysvc_engine_api& engine);
    /// The last resort took over: whatever the run thread does from here on is ignored.
    void abandon();
    [[nodiscard]] bool abandoned() const;
    /// Stop or grace ended without the code ending: what STOPPED is to say. An administrator's stop must not trigger
    /// recovery, so after a requested stop the Win32 code is 0 and ours is in the service-specific field.
    [[nodiscard]] ExitStatus forced_exit(ErrorCode code) const;
    /// The event that counts the controls refused since the last one. Run thread as well.
    void report_dropped();
    /// Progress since the last call: the watchdog then publishes the next checkpoint.
    [[nodiscard]] bool take_progress() { return progressed_.exchange(false); }
    [[nodiscard]] bool take_heartbeat() { return heartbeat_.exchange(false); }

private:
    struct Handler {
        const pysvc_engine_api* engine = nullptr;
        void* callable = nullptr;
        pysvc_handler_args args = PYSVC_HANDLER_CONTROL;
    };

    [[nodiscard]] bool wants_interrogate() const;
    std::uint32_t accept_stop(ControlRecord record);
    std::uint32_t stop_while_ending();
    std::uint32_t accept_pause_or_continue(ControlRecord record);
    std::uint32_t accept_other(ControlRecord record);
    /// The queue did not take a control: the answer.
    [[nodiscard]] std::uint32_t refused();
    [[nodiscard]] std::chrono::milliseconds reply_wait(std::uint32_t control) const;

    void run_controls(Handler first);
    void deliver(const Handler& handler, void* thread_state, const QueuedControl& queued);
    void after_delivery(const QueuedControl& queued, int kind);
    [[nodiscard]] Handler handler() const;
    void begin_grace(ExitStatus exit);
    void begin_stop_deadlines();  // with mutex_ held
    /// RUNNING ends the start; what NotifyReady is waited for with is remembered, and START_PENDING goes on.
    void begin_running(StatusChange& change);  // with mutex_ held
    void return_to(State state, State from_pending);

    const std::vector<std::string> args_;
    RuntimeContext& context_;
    StatusPublisher status_;
    ControlQueue queue_;
    Settings settings_;  // written before the run thread knows the runtime

    std::atomic<bool> progressed_{false};
    std::atomic<bool> heartbeat_{false};
    std::atomic<std::uint32_t> dropped_{0};
    std::atomic<ThreadId> thread_{0};
    std::atomic<std::thread::id> interrogating_{};  // the control thread, while the class answers INTERROGATE

    mutable std::mutex mutex_;  // a leaf; guards everything below
    bool forward_interrogate_ = false;
    std::condition_variable stopped_condition_;
    Deadlines deadlines_;
    Handler handler_;
    std::vector<void*> replaced_callables_;
    bool class_takes_shutdown_ = false;
    bool runs_without_handler_ = false;
    bool ready_ = false;                          // servicemanager.NotifyReady was called
    std::optional<std::uint32_t> held_accepts_;   // of the RUNNING that waits for it
    bool stop_requested_ = false;
    std::uint32_t stop_control_ = 0;  // STOP, SHUTDOWN or PRESHUTDOWN
    std::optional<std::chrono::milliseconds> shutdown_limit_;  // unknown before configure
    std::optional<std::chrono::milliseconds> preshutdown_limit_;
    bool code_ended_ = false;
    bool interrupted_ = false;
    bool abandoned_ = false;
    bool stopped_ = false;
    std::optional<ExitStatus> class_exit_;   // STOPPED reported by the class
    std::optional<ExitStatus> grace_exit_;   // its stop failed
    ExitStatus exit_;
    std::thread interrupter_;
    std::thread control_thread_;
};

}  // namespace pysvc
