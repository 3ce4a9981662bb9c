// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/commands/ports.hpp"
#include "host/commands/requests.hpp"
#include "host/commands/subject.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pysvc {

/// SERVICE_WIN32_OWN_PROCESS, SERVICE_WIN32_SHARE_PROCESS and SERVICE_INTERACTIVE_PROCESS.
namespace service_type {
inline constexpr std::uint32_t kOwnProcess = 0x10;
inline constexpr std::uint32_t kShareProcess = 0x20;
inline constexpr std::uint32_t kInteractive = 0x100;
}  // namespace service_type

/// What a service shall be. What is unset is left as it is by an update and gets install's default on creation.
struct ServicePlan {
    std::string name;
    std::optional<std::string> display_name;
    std::optional<std::string> description;
    std::optional<std::string> image_path;
    std::optional<std::uint32_t> service_type;
    std::optional<StartType> start_type;
    std::optional<bool> delayed;
    std::optional<std::vector<std::string>> dependencies;
    std::optional<std::string> account;
    const Secret* password = nullptr;  ///< outlives the plan
    std::optional<std::string> class_string;
    std::optional<std::string> python;
    std::optional<std::string> working_directory;
    std::string program_kind;           ///< set when a program is given; `class_string` is then its class
    std::vector<std::pair<std::string, std::string>> program_texts;     ///< values of Parameters
    std::optional<std::vector<std::string>> program_arguments;
    std::optional<std::string> group;  ///< empty: a process of its own
    std::string former_group;          ///< of the installed service; set by settle_group
    std::string exe_args;              ///< the class's own, part of the ImagePath
    std::string perfmon_ini;
    std::string perfmon_dll;
    std::string source_file;  ///< to precompile; may be empty
};

/// Resolved account name: `LocalService` -> `NT AUTHORITY\LocalService`, `joe` -> `.\joe`.
[[nodiscard]] std::string account_name(const std::string& typed);

/// False for the system's own, virtual (NT SERVICE\...) and group managed ($) accounts.
[[nodiscard]] bool needs_password(const std::string& account);

/// Describes what shall be installed. An installed service keeps its Python unless --python says otherwise. Prints
/// notes that a person should see: values that could not be had, what is ignored.
[[nodiscard]] Result<DescribedSubject> describe_for_install(const Subject& subject, const InstallRequest& request,
                                                            CommandPorts& ports);

/// Options, and the described script or class if there is one; without one request.python is the full path of what was
/// found for it. Usage error when no name is known. The password is the caller's to set.
[[nodiscard]] Result<ServicePlan> make_plan(const InstallRequest& request, const DescribedSubject* described,
                                            const ProgramFolders& folders);

/// The password from --password (with a warning), standard input or a prompt; empty when the account needs none.
[[nodiscard]] Result<Secret> get_password(InstallRequest& request, Output& output);

/// Writes the parts of a plan that are not in the SCM's own configuration: class, Python, working directory, event
/// source, performance counters.
[[nodiscard]] Result<void> write_registration(const ServicePlan& plan, CommandPorts& ports);

/// Compiles the module to bytecode with the service's Python, if it can be done.
void precompile(const ServicePlan& plan, CommandPorts& ports);

/// Applies a plan to an installed service and prints what changed.
[[nodiscard]] Result<int> apply_update(const ServicePlan& plan, CommandPorts& ports);

/// `auto`, `delayed`, `manual`, `disabled`, or the number.
[[nodiscard]] std::string start_type_name(std::uint32_t start_type, bool delayed);

/// A level of ChangeServiceConfig2 that this system does not have is worth a line only with --verbose.
[[nodiscard]] Result<void> tolerate_unsupported(Result<void> result, const char* what, bool verbose, Output& output);

}  // namespace pysvc
