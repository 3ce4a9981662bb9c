// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/scm_server.hpp"
#include "host/service/status.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace pysvc {

/// What a caller wants the status to become. Everything else follows: type, checkpoint, exit code.
struct StatusChange {
    State state = State::StartPending;
    std::optional<std::uint32_t> accepted;    ///< nullopt: as the service last asked for this state's kind
    std::chrono::milliseconds wait_hint{0};   ///< kept for pending states only
};

/// The one writer of a service's status. Legal moves only, checkpoint monotonic in pending states and 0 elsewhere,
/// STOPPED exactly once and last.
///
/// Important: `publish` holds the publish mutex across check, snapshot and SetServiceStatus, or RUNNING could overtake
/// STOP_PENDING. `publish_stopped` marks the end under the mutex and sends after releasing it: under Wine
/// SetServiceStatus(STOPPED) waits for a running control handler, and that handler may be waiting for this mutex.
/// Never call either under the GIL.
class StatusPublisher {
public:
    /// `on_failure` is called when the first of several statuses could not be sent, on any thread and with the publish
    /// mutex held: a leaf, which only wakes whoever calls take_failure.
    StatusPublisher(ScmServer& scm, ServiceType type, std::function<void()> on_failure)
        : scm_(scm), type_(type), on_failure_(std::move(on_failure)) {}

    /// From RegisterServiceCtrlHandlerEx. Before the first publish.
    void attach(StatusHandle handle) { handle_ = handle; }
    [[nodiscard]] StatusHandle handle() const { return handle_; }

    /// The last published status. Any thread; a leaf lock.
    [[nodiscard]] StatusRecord last() const;
    [[nodiscard]] bool is_stopped() const;

    /// Publishes `change` if it is a legal move from the current state. False: not legal, nothing was sent. An equal
    /// status that is not pending is not sent again.
    bool publish(const StatusChange& change);

    /// As publish, but only when the current state is `expected`.
    bool publish_if(State expected, const StatusChange& change);

    /// STOPPED, once. False: it was already sent.
    bool publish_stopped(ExitStatus exit);

    /// Why statuses are not sent; once until one is sent again. The next one, whatever it is, is the next attempt.
    [[nodiscard]] std::optional<Error> take_failure();

private:
    void send(const StatusRecord& record);
    [[nodiscard]] bool is_failing() const;
    bool publish_locked(const StatusChange& change);
    void remember(const StatusRecord& record);

    ScmServer& scm_;
    const ServiceType type_;
    const std::function<void()> on_failure_;
    StatusHandle handle_ = 0;

    std::mutex publish_mutex_;
    bool started_ = false;           // guarded by publish_mutex_
    bool stopped_ = false;           // guarded by publish_mutex_
    std::uint32_t class_accepts_ = 0;  // guarded by publish_mutex_

    mutable std::mutex record_mutex_;
    StatusRecord record_;            // guarded by record_mutex_; written with both held
    bool failing_ = false;           // guarded by record_mutex_: the last status was not sent
    std::optional<Error> failure_;   // guarded by record_mutex_
};

}  // namespace pysvc
