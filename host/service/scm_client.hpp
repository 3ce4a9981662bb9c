// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/secret.hpp"
#include "host/service/status.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// SERVICE_CONFIG.dwStartType, as far as a program can have it; the values are Windows' own.
enum class StartType : std::uint32_t { Automatic = 2, Manual = 3, Disabled = 4 };

/// SERVICE_STATUS_PROCESS at one moment.
struct ServiceSnapshot {
    State state = State::Stopped;
    std::uint32_t accepted = 0;
    ExitStatus exit;
    std::uint32_t check_point = 0;
    std::chrono::milliseconds wait_hint{0};
    std::uint32_t process_id = 0;  ///< 0 when there is no process

    friend bool operator==(const ServiceSnapshot&, const ServiceSnapshot&) = default;
};

/// What CreateServiceW is told. `password` may be null.
struct ServiceDefinition {
    std::string name;
    std::string display_name;
    std::string image_path;             ///< the whole command line, already quoted
    std::uint32_t service_type = 0x10;  ///< SERVICE_WIN32_OWN_PROCESS, perhaps with SERVICE_INTERACTIVE_PROCESS
    StartType start_type = StartType::Automatic;
    std::vector<std::string> dependencies;
    std::string account;  ///< empty: LocalSystem
    const Secret* password = nullptr;
};

/// What ChangeServiceConfigW is told; what is unset stays as it is.
struct ServiceChanges {
    std::optional<std::string> display_name;
    std::optional<std::string> image_path;
    std::optional<std::uint32_t> service_type;
    std::optional<StartType> start_type;
    std::optional<std::vector<std::string>> dependencies;
    std::optional<std::string> account;
    const Secret* password = nullptr;
};

/// QueryServiceConfigW plus description and delayed start.
struct ServiceSetup {
    std::string display_name;
    std::string image_path;
    std::uint32_t service_type = 0;
    std::uint32_t start_type = 0;  ///< a StartType, or a driver's
    bool delayed = false;
    std::vector<std::string> dependencies;
    std::string account;
    std::string description;
};

/// SERVICE_FAILURE_ACTIONS with restarts only. The last delay is repeated for all further failures.
struct RecoveryPlan {
    std::vector<std::chrono::milliseconds> restart_after;
    std::chrono::seconds reset_after{0};
};

/// A process that can be waited for even after its id was given to another one.
class WatchedProcess {
public:
    virtual ~WatchedProcess() = default;
    /// True once it has ended; waits at most `limit`.
    virtual bool wait_for_end(std::chrono::milliseconds limit) = 0;
};

/// Port: the Service Control Manager as a management program sees it. Every call opens what it needs with the least
/// rights that suffice and closes it again, so no handle of ours ever keeps a deleted service alive. Errors are
/// ServiceControlFailed with the Win32 code, and NotSupportedHere where there is no SCM. `service` is a key name
/// except in key_name().
class ScmClient {
public:
    virtual ~ScmClient() = default;

    /// The key name of a service given by key or display name; error 1060 when there is none.
    virtual Result<std::string> key_name(const std::string& key_or_display_name) = 0;

    virtual Result<void> create(const ServiceDefinition& definition) = 0;
    virtual Result<void> change(const std::string& service, const ServiceChanges& changes) = 0;
    virtual Result<void> remove(const std::string& service) = 0;
    virtual Result<ServiceSetup> setup(const std::string& service) = 0;
    virtual Result<ServiceSnapshot> status(const std::string& service) = 0;

    // ChangeServiceConfig2W. A system that lacks a level answers with an error for which is_unsupported() is true.
    virtual Result<void> set_description(const std::string& service, const std::string& text) = 0;
    virtual Result<void> set_recovery(const std::string& service, const RecoveryPlan& plan) = 0;
    virtual Result<void> set_recovery_without_crash(const std::string& service, bool enabled) = 0;
    virtual Result<void> set_delayed_start(const std::string& service, bool delayed) = 0;

    /// StartServiceW; `arguments` without the service's name.
    virtual Result<void> start(const std::string& service, const std::vector<std::string>& arguments) = 0;

    /// ControlService.
    virtual Result<void> control(const std::string& service, std::uint32_t code) = 0;

    /// Returns the first snapshot that differs from `seen`, or the last one after `limit`. Slows the service down as
    /// little as possible: notifications where they work, else polling no faster than every 25 ms.
    virtual Result<ServiceSnapshot> wait_for_change(const std::string& service, const ServiceSnapshot& seen,
                                                    std::chrono::milliseconds limit) = 0;

    /// Null when the process is gone or may not be watched by this account.
    virtual std::unique_ptr<WatchedProcess> watch_process(std::uint32_t process_id) = 0;

    /// Key names of all Win32 services.
    virtual Result<std::vector<std::string>> services() = 0;

    /// Key names of the running services that depend on `service`.
    virtual Result<std::vector<std::string>> running_dependents(const std::string& service) = 0;
};

/// True for what a system answers that does not know a ChangeServiceConfig2 level (Wine does so for 3 to 6).
[[nodiscard]] constexpr bool is_unsupported(std::uint32_t os_code) {
    return os_code == 0 || os_code == 1 || os_code == 50 || os_code == 120 || os_code == 124;
}

/// The client of this platform.
[[nodiscard]] std::unique_ptr<ScmClient> make_scm_client();

}  // namespace pysvc
