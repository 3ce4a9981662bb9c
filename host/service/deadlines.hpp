// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/clock.hpp"
#include "host/service/settings.hpp"

#include <chrono>
#include <optional>

namespace pysvc {

/// What the watchdog has to do for a service. Each is due at most once per phase.
enum class DeadlineAction {
    WarnStartSlow,     ///< 60 s without progress: stacks and an event, nothing is stopped
    EndStart,          ///< StartTimeout is over: last resort
    WarnStopSlow,      ///< StopTimeout is over: stacks and an event
    EndStop,           ///< StopKillTimeout is over: last resort
    RaiseSystemExit,   ///< StopGrace is over: ask the service's code to end
    EndGrace,          ///< it did not end within 1 s: STOPPED without finalising
    EndFinalize,       ///< FinalizeTimeout is over: STOPPED and the end of the process
    EndUnheard,        ///< no heartbeat for a period of the service's watchdog: last resort, if it is RUNNING
    ReportDropped,     ///< controls were refused for a while: one event counts them
};

/// The deadlines of one service as pure arithmetic on time points: the owner locks, the watchdog asks.
class Deadlines {
public:
    explicit Deadlines(const Settings& settings);

    /// The service is starting; `progress` restarts the 60 s after which a start counts as slow.
    void begin_start(TimePoint now);
    void progress(TimePoint now);
    /// What is left of StartTimeout: the wait hint of START_PENDING. At least 1 s.
    [[nodiscard]] std::chrono::milliseconds start_time_left(TimePoint now) const;

    /// RUNNING (or PAUSED) was reported: nothing is due until a stop.
    void end_start();

    /// A stop was asked for. `limit` is what Windows leaves at SHUTDOWN or PRESHUTDOWN: nothing lengthens it.
    void begin_stop(TimePoint now, std::optional<std::chrono::milliseconds> limit = std::nullopt);
    /// The service asks for `hint` more from now on; this only lengthens, up to the limit.
    void extend_stop(TimePoint now, std::chrono::milliseconds hint);
    /// What is left until the last resort: the wait hint of STOP_PENDING. At least 1 s.
    [[nodiscard]] std::chrono::milliseconds stop_time_left(TimePoint now) const;

    /// The class is done (it reported STOPPED, or its stop failed), its main is not.
    void begin_grace(TimePoint now);

    /// User code has ended, a control of it may still run: that is part of a stop, asked for or not.
    void end_run(TimePoint now);
    /// The controls have ended as well.
    void begin_finalize(TimePoint now);
    /// The service has to be heard of once in every `period` from now on; 0: not any more.
    void watch(TimePoint now, std::chrono::milliseconds period);
    /// It was, or is only now in a state in which it has to be.
    void hear(TimePoint now);
    /// A control was refused: those of the next seconds are counted with it.
    void begin_drop_count(TimePoint now);
    /// Nothing is ever due again.
    void clear();

    /// The next action that is due at `now`; it will not be returned again.
    [[nodiscard]] std::optional<DeadlineAction> take_due(TimePoint now);
    /// When to ask again; TimePoint::max() when nothing is pending.
    [[nodiscard]] TimePoint next() const;

private:
    struct Entry {
        TimePoint at;
        DeadlineAction action;
    };
    [[nodiscard]] std::optional<Entry> earliest() const;

    // Copied: settings may be re-read for the next start of the same service.
    std::chrono::milliseconds start_timeout_;
    std::chrono::milliseconds stop_timeout_;
    std::chrono::milliseconds stop_kill_timeout_;
    std::chrono::milliseconds stop_grace_;
    std::chrono::milliseconds finalize_timeout_;

    std::optional<TimePoint> start_slow_;
    std::optional<TimePoint> start_end_;
    std::optional<TimePoint> stop_slow_;
    std::optional<TimePoint> stop_end_;
    std::optional<TimePoint> limit_;  // of SHUTDOWN or PRESHUTDOWN
    std::optional<TimePoint> grace_;
    std::optional<TimePoint> grace_end_;
    std::optional<TimePoint> finalize_end_;
    std::optional<TimePoint> drop_count_end_;
    std::chrono::milliseconds watch_period_{0};
    std::optional<TimePoint> watch_end_;
};

}  // namespace pysvc
