// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/crash_watch.hpp"
#include "host/service/dispatcher.hpp"
#include "host/service/event_log.hpp"
#include "host/service/process.hpp"
#include "host/service/scm_server.hpp"
#include "host/service/service_config.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pysvc {

// The parts of this system that main composes; defined in host/windows and host/posix.

/// True when the Service Control Manager started this process: its parent is services.exe, or it has neither arguments
/// nor standard handles. Never tries the dispatcher: that takes 10 s under Wine when some other service is running.
[[nodiscard]] bool started_by_scm(const std::vector<std::string>& argv);

/// The services of a shared process, REG_MULTI_SZ HKLM\SOFTWARE\PythonService\Groups, value `group`.
[[nodiscard]] std::vector<std::string> group_names(const std::string& group);

/// What a service needs; NotSupportedHere where there is no Service Control Manager.
struct ServicePlatform {
    std::unique_ptr<ScmServer> scm;
    std::unique_ptr<Dispatcher> dispatcher;
    std::unique_ptr<EventLog> events;
    std::unique_ptr<CrashWatch> crashes;
};
[[nodiscard]] Result<ServicePlatform> make_service_platform();

[[nodiscard]] std::unique_ptr<ServiceConfig> make_service_config();

/// `crash_log` says where faulthandler writes; it is asked when stacks are needed.
[[nodiscard]] std::unique_ptr<Process> make_process(std::function<std::string()> crash_log);

/// The folder of this EXE, absolute. Asks the loader only: it is called before the SCM is connected.
[[nodiscard]] std::string program_directory();

[[nodiscard]] std::uint32_t process_id();

/// Closes doors of this process that no service needs open. Before the SCM is connected: a few system calls, no files.
void harden_process();

/// Sets the current folder of the process.
[[nodiscard]] Result<void> set_working_directory(const std::string& directory);

}  // namespace pysvc
