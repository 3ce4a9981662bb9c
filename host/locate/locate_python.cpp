// SPDX-License-Identifier: MIT
#include "host/locate/locate_python.hpp"

#include "host/base/text.hpp"
#include "host/locate/known_pythons.hpp"
#include "host/locate/layout.hpp"
#include "host/locate/python_trace.hpp"
#include "host/locate/version_request.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace pysvc {
namespace {

constexpr std::uint32_t kBadExeFormat = 193;  // ERROR_BAD_EXE_FORMAT, as the loader would say

/// How far a search goes.
enum class Extent {
    Decision,    ///< to the first candidate that decides
    Everything,  ///< to the end, for a person who wants to see it all
};

/// The sources in their order, and what was looked at on the way.
class Search {
public:
    Search(const LocateRequest& request, FileProbe& probe, Extent extent)
        : request_(request),
          probe_(probe),
          system_(probe.system()),
          interactive_(request.mode == LocateMode::Interactive),
          extent_(extent) {}

    PythonTrace run() {
        for (const Source& source : kSources) {
            if (done()) break;
            trace_.sources.push_back({source.id, source.title, {}, {}});
            (this->*source.ask)();
        }
        if (!decided_) {
            trace_.python =
                failure(ErrorCode::PythonNotFound, 0, fmt::format("looked at:\n  {}", fmt::join(tried(), "\n  ")));
        }
        return std::move(trace_);
    }

private:
    struct Source {
        const char* id;
        const char* title;
        void (Search::*ask)();
    };

    /// Whether a candidate that exists but cannot be used is the result.
    enum class Refusal { Decides, IsPassedOver };

    [[nodiscard]] bool done() const { return decided_ && extent_ == Extent::Decision; }

    PythonSource& source() { return trace_.sources.back(); }

    void skip(const char* why) { source().skipped = why; }

    void nothing_at(std::string place, std::string note = {}) {
        source().candidates.push_back({std::move(place), std::move(note), std::nullopt, false});
    }

    void add(std::string place, Result<PythonInstallation> found, Refusal refusal) {
        const bool decides = !decided_ && (found || refusal == Refusal::Decides);
        if (decides) trace_.python = found;
        decided_ = decided_ || decides;
        source().candidates.push_back({std::move(place), {}, std::move(found), decides});
    }

    void examine(std::string place, const std::string& path, const std::string& reason,
                 Refusal refusal = Refusal::Decides) {
        add(std::move(place), examine_python(path, reason, request_.exe_directory, probe_), refusal);
    }

    [[nodiscard]] tl::unexpected<Error> not_found(std::string context) const {
        return failure(ErrorCode::PythonNotFound, 0, std::move(context));
    }

    void named() {
        source().title = request_.python_origin;
        const std::string& named = request_.python;
        if (named.empty()) return nothing_at(request_.python_origin, "not set");
        const std::string reason = fmt::format("named by {}", request_.python_origin);
        if (!interactive_ && !is_full_path(system_, unquoted_path(named))) {
            // What it means would depend on the current directory, or on what is registered at that moment.
            return add(named, not_found(fmt::format("'{}' is no full path ({})", named, reason)), Refusal::Decides);
        }
        if (probe_.kind(probe_.absolute(unquoted_path(named))) == FileKind::Missing) {
            if (const auto wanted = parse_version_request(named)) return named_version(*wanted, reason);
            if (named.find_first_of("/\\") == std::string::npos) {
                return add(named,
                           not_found(fmt::format("'{}' is neither a file or folder here nor a version such as 3.12 "
                                                 "({}); {}",
                                                 named, reason, known_ones())),
                           Refusal::Decides);
            }
        }
        examine(named, named, reason);
    }

    /// Like any other choice by name it is final: another version would be a Python nobody meant.
    void named_version(const PythonAbi& wanted, const std::string& reason) {
        std::optional<Error> refusal;
        for (const RegisteredPython& python : known()) {
            if (abi_of(python) != wanted) continue;
            examine_known(python, fmt::format("{}, found as {}", reason, python.origin), Refusal::IsPassedOver);
            if (decided_) return;
            // The best one's own error says more than that there is none.
            if (!refusal) refusal = source().candidates.back().found->error();
        }
        if (refusal) return add(request_.python, failure(*std::move(refusal)), Refusal::Decides);
        add(request_.python,
            not_found(fmt::format("there is no Python {} ({}); {}", request_.python, reason, known_ones())),
            Refusal::Decides);
    }

    void active_environment() {
        if (!interactive_) return skip("only install, update and debug look at the shell's environment");
        for (const char* name : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
            if (const auto value = probe_.variable(name)) {
                examine(fmt::format("{} = {}", name, *value), *value, fmt::format("{} is set", name));
            } else {
                nothing_at(name, "not set");
            }
            if (done()) return;
        }
    }

    void beside_script() { environment_near(request_.script_directory, "the script"); }

    void beside_exe() { environment_near(request_.exe_directory, "PythonService"); }

    /// An environment in `start`, in .venv or venv there, and the same for the directories above.
    void environment_near(const std::string& start, std::string_view what) {
        if (start.empty()) return skip("the folder is not known");
        const int levels = interactive_ ? std::numeric_limits<int>::max() : 2;
        std::string directory = probe_.absolute(start);
        for (int level = 0; level < levels && !directory.empty(); ++level) {
            for (const char* name : {"", ".venv", "venv"}) {
                const std::string candidate = *name == '\0' ? directory : join_path(system_, directory, name);
                const std::string cfg = join_path(system_, candidate, "pyvenv.cfg");
                if (probe_.kind(cfg) == FileKind::File) {
                    examine(cfg, interpreter_of(candidate), fmt::format("environment near {}", what));
                } else {
                    nothing_at(cfg);
                }
                if (done()) return;
            }
            directory = parent_path(system_, directory);
        }
    }

    /// Not the directory itself: a python.exe right in it would be taken first, and it is not the environment's.
    [[nodiscard]] std::string interpreter_of(const std::string& environment) const {
        std::string interpreter;
        for (const std::string& name : environment_interpreter_names(system_)) {
            interpreter = join_path(system_, environment, name);
            if (probe_.kind(interpreter) == FileKind::File) break;
        }
        return interpreter;
    }

    void dll_beside_exe() {
        if (system_ != System::Windows) return skip("only on Windows");
        if (request_.exe_directory.empty()) return skip("the folder is not known");
        const std::string directory = probe_.absolute(request_.exe_directory);
        const std::string place = join_path(system_, directory, "python3XX.dll");
        if (python_libraries(directory, probe_).empty()) return nothing_at(place);
        examine(place, directory, "its DLL lies beside PythonService");
    }

    /// <prefix>\Lib\site-packages\<package>\PythonService.exe: a wheel, or the EXE in the place of pywin32's.
    void owner_of_site_packages() {
        std::string at = probe_.absolute(request_.exe_directory);
        for (int level = 0; level < 2 && !at.empty(); ++level) {
            const std::string above = parent_path(system_, at);
            if (same_path(system_, file_name(system_, at), "site-packages")) {
                // Windows: Lib\site-packages; elsewhere: lib/python3.X/site-packages.
                const std::string library = system_ == System::Windows ? above : parent_path(system_, above);
                const std::string owner = parent_path(system_, library);
                auto found =
                    examine_python(owner, "PythonService lies in its site-packages", request_.exe_directory, probe_);
                const bool is_python = found || found.error().code != ErrorCode::PythonNotFound;
                return add(owner, std::move(found), is_python ? Refusal::Decides : Refusal::IsPassedOver);
            }
            at = above;
        }
        skip("PythonService does not lie in a site-packages folder");
    }

    /// Unlike the sources above, a bad entry is passed over: nobody chose it for this service.
    void registered() {
        const std::vector<RegisteredPython> all = known();
        if (all.empty()) {
            nothing_at(system_ == System::Windows ? "the registry (PEP 514)" : "PATH", "no Python");
        }
        for (const RegisteredPython& python : all) {
            // A single one is what the user means: its own error says more than a list.
            examine_known(python, fmt::format("registered as {}", python.origin),
                          all.size() == 1 ? Refusal::Decides : Refusal::IsPassedOver);
            if (done()) return;
        }
    }

    [[nodiscard]] std::vector<RegisteredPython> known() const {
        return known_pythons(interactive_ ? RegistryScope::MachineAndUser : RegistryScope::Machine, probe_);
    }

    void examine_known(const RegisteredPython& python, const std::string& reason, Refusal refusal) {
        if (python.architecture == "32bit") {
            return add(python.origin, failure(ErrorCode::PythonWrongArchitecture, kBadExeFormat, describe(python)),
                       refusal);
        }
        examine(python.origin, python.executable, reason, refusal);
    }

    [[nodiscard]] std::string known_ones() const {
        std::vector<std::string> texts;
        for (const RegisteredPython& python : known()) texts.push_back(describe(python));
        if (texts.empty()) return "none is registered";
        return fmt::format("there are:\n  {}", fmt::join(texts, "\n  "));
    }

    /// Everything that was looked at, a line each.
    [[nodiscard]] std::vector<std::string> tried() const {
        std::vector<std::string> lines;
        for (const PythonSource& source : trace_.sources) {
            for (const PythonCandidate& candidate : source.candidates) {
                if (candidate.found) {
                    const Error& error = candidate.found->error();
                    lines.push_back(
                        fmt::format("{}: {}: {}", candidate.place, error_info(error.code).summary, error.context));
                } else if (candidate.note.empty()) {
                    lines.push_back(candidate.place);
                } else {
                    lines.push_back(fmt::format("{} ({})", candidate.place, candidate.note));
                }
            }
        }
        return lines;
    }

    static constexpr std::array kSources = {
        Source{"named", "", &Search::named},
        Source{"active", "the active environment", &Search::active_environment},
        Source{"script", "an environment near the script", &Search::beside_script},
        Source{"program", "an environment near PythonService", &Search::beside_exe},
        Source{"dll", "a Python in the folder of PythonService", &Search::dll_beside_exe},
        Source{"owner", "the Python in whose site-packages PythonService lies", &Search::owner_of_site_packages},
        Source{"registered", "Pythons of this machine: registry or PATH, install manager, uv", &Search::registered}};

    const LocateRequest& request_;
    FileProbe& probe_;
    System system_;
    bool interactive_;
    Extent extent_;
    PythonTrace trace_;
    bool decided_ = false;
};

}  // namespace

Result<PythonInstallation> locate_python(const LocateRequest& request, FileProbe& probe) {
    return Search(request, probe, Extent::Decision).run().python;
}

PythonTrace trace_python(const LocateRequest& request, FileProbe& probe) {
    return Search(request, probe, Extent::Everything).run();
}

}  // namespace pysvc
