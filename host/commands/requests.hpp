// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/secret.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

// What each verb was asked to do: plain values, made by host/cli from options, by tests directly.

/// --startup; Delayed is Automatic plus the delayed flag.
enum class Startup { Manual, Auto, Disabled, Delayed };

/// How long a command waits for a state.
struct WaitRequest {
    std::optional<std::chrono::seconds> limit;  ///< unset: as long as the service's own hints and progress allow
    bool no_wait = false;
    bool strict = false;  ///< a state that is reached already is an error (1056, 1062)
};

/// A program without a service class, and what belongs to it.
struct ProgramRequest {
    std::string kind;    ///< "script", "module", "call", "asgi" or "wsgi"; empty: none is named
    std::string target;  ///< the script, module, function or application
    std::optional<std::vector<std::string>> arguments;  ///< what stands after `--`
    std::optional<std::string> bind;
    std::optional<std::string> stop_signal;
    std::optional<std::string> control_hook;
};

/// install and update.
struct InstallRequest {
    std::string subject;  ///< file, class, or (update) service; empty: guess
    std::string name;
    std::optional<std::string> display_name;
    std::optional<std::string> description;
    std::optional<Startup> startup;
    std::string username;
    std::optional<Secret> password;
    bool password_from_stdin = false;
    bool interactive = false;
    std::optional<std::string> group;  ///< empty: a process of its own; unset: as it is
    std::string perfmon_ini;
    std::string perfmon_dll;
    std::string python;
    std::string working_directory;
    ProgramRequest program;
    bool strict = false;  ///< refuse what others can change
    bool start = false;
    bool verbose = false;
    WaitRequest wait;  ///< for --start
};

struct RemoveRequest {
    std::string service;
    bool force = false;  ///< also a service that is not ours
    WaitRequest wait;
};

struct StartRequest {
    std::string service;
    std::vector<std::string> arguments;
    WaitRequest wait;
};

struct StopRequest {
    std::string service;
    WaitRequest wait;
};

struct StatusRequest {
    std::string service;  ///< empty: all of ours
    bool json = false;
    bool quiet = false;  ///< no output; LSB exit codes
};

struct DoctorRequest {
    std::string subject;  ///< script, class or installed service; empty: the current folder
    bool json = false;
};

struct DebugCommand {
    std::string subject;
    std::string name;
    std::string python;
    std::string working_directory;
    ProgramRequest program;  ///< its arguments are those of the service
    std::vector<std::string> arguments;
};

}  // namespace pysvc
