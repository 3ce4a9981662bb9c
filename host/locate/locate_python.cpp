// SPDX-License-Identifier: MIT
#include "host/locate/locate_python.hpp"

#include "host/base/text.hpp"
#include "host/locate/layout.hpp"
#include "host/locate/pyvenv_cfg.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>

namespace pysvc {
namespace {

/// The decision: the sources in their order, and what was looked at on the way.
class Search {
public:
    Search(const LocateRequest& request, FileProbe& probe)
        : request_(request),
          probe_(probe),
          system_(probe.system()),
          interactive_(request.mode == LocateMode::Interactive) {}

    Result<PythonInstallation> run() {
        if (!request_.python.empty()) {
            return examine(request_.python, fmt::format("named by {}", request_.python_origin));
        }
        for (const auto source : kSources) {
            if (auto decided = (this->*source)()) return *std::move(decided);
        }
        return failure(ErrorCode::PythonNotFound, 0, fmt::format("looked at:\n  {}", fmt::join(tried_, "\n  ")));
    }

private:
    /// nullopt: this source knows no Python, the next one is asked.
    using Decision = std::optional<Result<PythonInstallation>>;

    Result<PythonInstallation> examine(const std::string& path, const std::string& reason) {
        return examine_python(path, reason, request_.exe_directory, probe_);
    }

    Decision from_variables() {
        if (!interactive_) return std::nullopt;
        for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
            if (const auto value = probe_.variable(name)) return examine(*value, fmt::format("{} is set", name));
            tried_.push_back(fmt::format("{} (not set)", name));
        }
        return std::nullopt;
    }

    Decision beside_script() { return environment_near(request_.script_directory, "the script"); }

    Decision beside_exe() { return environment_near(request_.exe_directory, "PythonService"); }

    /// An environment in `start`, in .venv or venv there, and the same for the directories above.
    Decision environment_near(const std::string& start, std::string_view what) {
        if (start.empty()) return std::nullopt;
        const int levels = interactive_ ? std::numeric_limits<int>::max() : 2;
        std::string directory = probe_.absolute(start);
        for (int level = 0; level < levels && !directory.empty(); ++level) {
            for (const char* name : {"", ".venv", "venv"}) {
                std::string candidate = *name == '\0' ? directory : join_path(system_, directory, name);
                const std::string cfg = join_path(system_, candidate, "pyvenv.cfg");
                if (probe_.kind(cfg) == FileKind::File) {
                    return examine_environment(candidate, fmt::format("environment near {}", what));
                }
                tried_.push_back(cfg);
            }
            directory = parent_path(system_, directory);
        }
        return std::nullopt;
    }

    Result<PythonInstallation> examine_environment(const std::string& directory, const std::string& reason) {
        // Not `directory` itself: a python.exe right in it would be taken first, and it is not the environment's.
        std::string interpreter;
        for (const std::string& name : environment_interpreter_names(system_)) {
            interpreter = join_path(system_, directory, name);
            if (probe_.kind(interpreter) == FileKind::File) break;
        }
        return examine(interpreter, reason);
    }

    Decision dll_beside_exe() {
        if (system_ != System::Windows || request_.exe_directory.empty()) return std::nullopt;
        const std::string directory = probe_.absolute(request_.exe_directory);
        if (!python_libraries(directory, probe_).empty())
            return examine(directory, "its DLL lies beside PythonService");
        tried_.push_back(join_path(system_, directory, "python3XX.dll"));
        return std::nullopt;
    }

    /// <prefix>\Lib\site-packages\<package>\PythonService.exe: a wheel, or the EXE in the place of pywin32's.
    Decision owner_of_site_packages() {
        std::string at = probe_.absolute(request_.exe_directory);
        for (int level = 0; level < 2 && !at.empty(); ++level) {
            const std::string above = parent_path(system_, at);
            if (same_path(system_, file_name(system_, at), "site-packages")) {
                // Windows: Lib\site-packages; elsewhere: lib/python3.X/site-packages.
                const std::string library = system_ == System::Windows ? above : parent_path(system_, above);
                auto owner = examine(parent_path(system_, library), "PythonService lies in its site-packages");
                if (owner || owner.error().code != ErrorCode::PythonNotFound) return owner;
                tried_.push_back(owner.error().context);
                return std::nullopt;
            }
            at = above;
        }
        return std::nullopt;
    }

    /// Unlike the sources above, a bad entry is passed over: nobody chose it for this service.
    Decision registered() {
        std::vector<RegisteredPython> entries =
            probe_.registered(interactive_ ? RegistryScope::MachineAndUser : RegistryScope::Machine);
        // As py.exe ranks them: those of python.org first, new versions before old ones.
        std::ranges::stable_sort(entries, std::greater(), [](const RegisteredPython& entry) {
            return std::tuple(equal_ignoring_case(entry.company, "PythonCore"), minor_of_tag(entry.tag).value_or(-1));
        });
        if (entries.empty()) {
            tried_.push_back(system_ == System::Windows ? "the registry (PEP 514: no entries)" : "PATH (no Python)");
        }
        std::optional<Error> only;
        for (const RegisteredPython& entry : entries) {
            if (entry.architecture == "32bit") {
                tried_.push_back(fmt::format("{} (32-bit)", entry.origin));
                continue;
            }
            auto found = examine(entry.executable, fmt::format("registered as {}", entry.origin));
            if (found) return found;
            tried_.push_back(
                fmt::format("{}: {}: {}", entry.origin, error_info(found.error().code).summary, found.error().context));
            if (entries.size() == 1) only = std::move(found).error();
        }
        // A single one is what the user means: its own error says more than a list.
        if (only) return failure(*std::move(only));
        return std::nullopt;
    }

    /// Tags are "3.13", "3.13-32", "3.14-64".
    static std::optional<int> minor_of_tag(const std::string& tag) {
        return minor_of_version(tag.substr(0, tag.find('-')));
    }

    static constexpr std::array kSources = {
        &Search::from_variables, &Search::beside_script,          &Search::beside_exe,
        &Search::dll_beside_exe, &Search::owner_of_site_packages, &Search::registered};

    const LocateRequest& request_;
    FileProbe& probe_;
    System system_;
    bool interactive_;
    std::vector<std::string> tried_;
};

}  // namespace

Result<PythonInstallation> locate_python(const LocateRequest& request, FileProbe& probe) {
    return Search(request, probe).run();
}

}  // namespace pysvc
