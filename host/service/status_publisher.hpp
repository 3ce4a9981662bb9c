// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/scm_server.hpp"
#include "host/service/status.hpp"

#include <chrono>
#include <mutex>
#include <optional>

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
    StatusPublisher(ScmServer& scm, ServiceType type) : scm_(scm), type_(type) {}

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

private:
    bool publish_locked(const StatusChange& change);
    void remember(const StatusRecord& record);

    ScmServer& scm_;
    const ServiceType type_;
    StatusHandle handle_ = 0;

    std::mutex publish_mutex_;
    bool started_ = false;           // guarded by publish_mutex_
    bool stopped_ = false;           // guarded by publish_mutex_
    std::uint32_t class_accepts_ = 0;  // guarded by publish_mutex_

    mutable std::mutex record_mutex_;
    StatusRecord record_;            // guarded by record_mutex_; written with both held
};

}  // namespace pysvc
