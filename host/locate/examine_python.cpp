// SPDX-License-Identifier: MIT
#include "host/base/text.hpp"
#include "host/locate/engines.hpp"
#include "host/locate/image_header.hpp"
#include "host/locate/layout.hpp"
#include "host/locate/locate_python.hpp"
#include "host/locate/pyvenv_cfg.hpp"
#include "host/locate/user_profile.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace pysvc {
namespace {

constexpr std::uint32_t kAccessDenied = 5;    // ERROR_ACCESS_DENIED; the fault list of DESIGN section 6 names it
constexpr std::uint32_t kBadExeFormat = 193;  // ERROR_BAD_EXE_FORMAT
constexpr std::size_t kCfgLimit = 64 * 1024;  // a pyvenv.cfg has a few hundred bytes

std::string quoted_list(const std::vector<std::string>& texts) { return fmt::format("'{}'", fmt::join(texts, "', '")); }

/// The virtual environment an interpreter belongs to.
struct Environment {
    std::string directory;
    PyvenvCfg cfg;
};

/// One candidate on its way to a PythonInstallation. Each step fills in a part or says why there is none.
class Examination {
public:
    Examination(const std::string& exe_directory, FileProbe& probe)
        : exe_directory_(exe_directory), probe_(probe), system_(probe.system()) {}

    Result<PythonInstallation> run(const std::string& path, const std::string& reason) {
        found_.reason = reason;
        return find_executable(path)
            .and_then([this] { return find_environment(); })
            .and_then([this] { return find_base(); })
            .and_then([this] { return find_library(); })
            .and_then([this] { return check_library(); })
            .and_then([this] { return check_standard_library(); })
            .and_then([this] { return find_engine(); })
            .map([this] { return complete(); });
    }

private:
    /// Why this candidate, for the end of a message.
    [[nodiscard]] std::string chosen() const { return fmt::format(" (chosen: {})", found_.reason); }

    [[nodiscard]] tl::unexpected<Error> denied(const std::string& path) const {
        return failure(ErrorCode::PythonUnreadable, kAccessDenied, fmt::format("'{}'{}", path, chosen()));
    }

    [[nodiscard]] tl::unexpected<Error> no_engine(const std::string& why) const {
        return failure(ErrorCode::EngineNotFound, 0, why + chosen());
    }

    [[nodiscard]] tl::unexpected<Error> from_store(const std::string& path) const {
        return failure(ErrorCode::PythonFromStore, 0, fmt::format("'{}'{}", path, chosen()));
    }

    /// The Store's Pythons and aliases lie in WindowsApps: the folder's access list knows only packages of the user.
    [[nodiscard]] Result<void> refuse_store(const std::string& path) const {
        if (system_ != System::Windows) return {};
        for (std::string at = path; !at.empty(); at = parent_path(system_, at)) {
            if (equal_ignoring_case(file_name(system_, at), "WindowsApps")) return from_store(path);
        }
        return {};
    }

    /// Whether a program is at `path`; fails where there is one that may not be used.
    Result<bool> is_program(const std::string& path) {
        switch (probe_.kind(path)) {
            case FileKind::Denied: return denied(path);
            case FileKind::StoreAlias: return from_store(path);
            case FileKind::File: return true;
            case FileKind::Directory:
            case FileKind::Missing: break;
        }
        return false;
    }

    Result<void> find_executable(const std::string& named) {
        const std::string path = probe_.absolute(unquoted_path(named));
        if (auto store = refuse_store(path); !store) return store;
        if (probe_.kind(path) == FileKind::Directory) return find_executable_in(path);
        const Result<bool> program = is_program(path);
        if (!program) return failure(program.error());
        if (!*program) {
            return failure(ErrorCode::PythonNotFound, 0, fmt::format("'{}' does not exist{}", path, chosen()));
        }
        found_.executable = with_console(behind_alias(path));
        return {};
    }

    Result<void> find_executable_in(const std::string& directory) {
        std::vector<std::string> tried;
        for (const std::string& name : interpreter_names(system_)) {
            const std::string path = join_path(system_, directory, name);
            const Result<bool> program = is_program(path);
            if (!program) return failure(program.error());
            if (*program) {
                found_.executable = behind_alias(path);
                return {};
            }
            tried.push_back(path);
        }
        return failure(ErrorCode::PythonNotFound, 0,
                       fmt::format("'{}' holds no interpreter, tried {}{}", directory, quoted_list(tried), chosen()));
    }

    /// The commands of Python's install manager are small programs that start the one named in the file beside them
    /// (pymanager, src/pymanager/launcher.cpp).
    [[nodiscard]] std::string behind_alias(const std::string& path) const {
        const std::string file = path + ".__target__";
        if (system_ != System::Windows || probe_.kind(file) != FileKind::File) return path;
        const Result<std::string> target = probe_.read_head(file, kCfgLimit);
        return target && is_full_path(system_, *target) ? normal_path(system_, *target) : path;
    }

    /// pythonw.exe as sys.executable would give children of the service no output; python.exe lies beside it, and
    /// python3.13t.exe beside pythonw3.13t.exe.
    [[nodiscard]] std::string with_console(const std::string& path) const {
        constexpr std::string_view kWithout = "pythonw";
        const std::string name = file_name(system_, path);
        if (system_ != System::Windows || !lower_case(name).starts_with(kWithout)) return path;
        std::string console = join_path(system_, parent_path(system_, path), "python" + name.substr(kWithout.size()));
        return probe_.kind(console) == FileKind::File ? console : path;
    }

    /// pyvenv.cfg lies beside the interpreter or one level up (Modules/getpath.py).
    Result<void> find_environment() {
        const std::string beside = parent_path(system_, found_.executable);
        for (const std::string& directory : {beside, parent_path(system_, beside)}) {
            const std::string path = join_path(system_, directory, "pyvenv.cfg");
            const FileKind kind = probe_.kind(path);
            if (kind == FileKind::Denied) return denied(path);
            if (kind != FileKind::File) continue;
            const Result<std::string> text = probe_.read_head(path, kCfgLimit);
            if (!text) return failure(text.error());
            environment_ = Environment{directory, parse_pyvenv_cfg(*text)};
            if (environment_->cfg.home.empty()) {
                return failure(
                    ErrorCode::PythonNotFound, 0,
                    fmt::format("'{}' names no base installation: it has no line home = ...{}", path, chosen()));
            }
            return check_environment(path, environment_->cfg);
        }
        return {};
    }

    [[nodiscard]] Result<void> check_environment(const std::string& path, const PyvenvCfg& cfg) const {
        // Against what would it be? The current directory of a service is no answer, and whoever may write there must
        // not choose what runs. No tool writes such a file.
        if (!is_full_path(system_, cfg.home)) {
            return failure(ErrorCode::PythonNotFound, 0,
                           fmt::format("'{}' says home = {}, which is no full path; create the environment again{}",
                                       path, cfg.home, chosen()));
        }
        if (!cfg.implementation.empty() && !equal_ignoring_case(cfg.implementation, "CPython")) {
            return no_engine(fmt::format("'{}' says implementation = {}, and engines are for CPython only", path,
                                         cfg.implementation));
        }
        return {};
    }

    Result<void> find_base() {
        if (!environment_) {
            found_.base_executable = found_.executable;
            return {};
        }
        const std::string home = probe_.absolute(environment_->cfg.home);
        if (auto store = refuse_store(home); !store) return store;
        std::vector<std::string> candidates;
        if (system_ == System::Windows) {
            // The name tells builds apart that share a directory: python.exe and python3.13t.exe.
            const std::string name = file_name(system_, normal_path(system_, environment_->cfg.executable));
            if (build_of_interpreter(name)) candidates.push_back(join_path(system_, home, name));
            candidates.push_back(join_path(system_, home, "python.exe"));
        } else if (environment_->cfg.minor) {
            candidates.push_back(join_path(system_, home, fmt::format("python3.{}", *environment_->cfg.minor)));
        }
        if (is_full_path(system_, environment_->cfg.executable)) {
            candidates.push_back(normal_path(system_, environment_->cfg.executable));
        }
        if (system_ == System::Posix) candidates.push_back(join_path(system_, home, "python3"));
        for (const std::string& path : candidates) {
            const Result<bool> program = is_program(path);
            if (!program) return failure(program.error());
            if (*program) {
                found_.base_executable = path;
                return {};
            }
        }
        return failure(
            ErrorCode::PythonNotFound, 0,
            fmt::format("the base installation of the virtual environment '{}' is gone (removed, or replaced "
                        "by another version), tried {}; create the environment again{}",
                        environment_->directory, quoted_list(candidates), chosen()));
    }

    Result<void> find_library() {
        const std::string real = probe_.resolved(found_.base_executable);
        found_.base_prefix = base_prefix_of(system_, real);
        std::vector<PythonLibrary> libraries = python_libraries(found_.base_prefix, probe_);
        const std::vector<std::string> directories = library_directories(system_, probe_.machine(), found_.base_prefix);
        keep_build(libraries, build_of_interpreter(file_name(system_, real)));
        if (libraries.empty()) return no_library(directories, parent_path(system_, real));
        const std::optional<int> wanted = wanted_minor(file_name(system_, real));
        const auto minor_of = [](const PythonLibrary& library) { return library.abi.minor; };
        if (wanted) {
            const auto match = std::ranges::find(libraries, *wanted, minor_of);
            if (match != libraries.end()) std::swap(libraries.front(), *match);
        }
        const int minor = libraries.front().abi.minor;
        const bool clear = minor == wanted || std::ranges::all_of(libraries, [minor](const PythonLibrary& library) {
                               return library.abi.minor == minor;
                           });
        if (!clear) {
            return failure(ErrorCode::PythonNotFound, 0,
                           fmt::format("'{}' has DLLs of several Python versions, and nothing says which is meant{}",
                                       found_.base_prefix, chosen()));
        }
        found_.dll = libraries.front().path;
        found_.minor = minor;
        found_.build = libraries.front().abi.build;
        return {};
    }

    /// Several builds may share a directory: python.org's installer puts the free-threaded one beside the regular one.
    static void keep_build(std::vector<PythonLibrary>& libraries, std::optional<PythonBuild> wanted) {
        const auto build_of = [](const PythonLibrary& library) { return library.abi.build; };
        if (!wanted) {
            if (std::ranges::find(libraries, PythonBuild::Regular, build_of) == libraries.end()) return;
            wanted = PythonBuild::Regular;
        }
        std::erase_if(libraries, [&](const PythonLibrary& library) { return build_of(library) != *wanted; });
    }

    [[nodiscard]] tl::unexpected<Error> no_library(const std::vector<std::string>& directories,
                                                   const std::string& programs) const {
        // A folder that may not be listed looks empty.
        for (const std::string& directory : directories) {
            if (probe_.kind(directory) == FileKind::Denied) return denied(directory);
        }
        for (const std::string& name : probe_.list(programs)) {
            if (lower_case(name).starts_with("libpypy")) {
                return no_engine(
                    fmt::format("'{}' is PyPy ('{}'), and engines are for CPython only", found_.base_executable, name));
            }
            if (number_between(lower_case(name), "python2", ".dll")) {
                return no_engine(fmt::format("'{}' is Python 2 ('{}')", found_.base_executable, name));
            }
        }
        return failure(
            ErrorCode::PythonNotFound, 0,
            fmt::format("'{}' has no {} in {}: it is a launcher or a static build; name the interpreter of "
                        "an installation{}",
                        found_.base_executable, system_ == System::Windows ? "python3XX.dll" : "libpython3.XX.so.1.0",
                        quoted_list(directories), chosen()));
    }

    /// The minor that the interpreter's name (python3.11) or else pyvenv.cfg tells. Only a hint: after an upgrade in
    /// place the file's version is old, and one DLL is always right.
    [[nodiscard]] std::optional<int> wanted_minor(std::string_view name) const {
        if (name.starts_with("python3.")) {
            name.remove_prefix(std::string_view("python").size());
            if (const auto minor = minor_of_version(name)) return minor;
        }
        return environment_ ? environment_->cfg.minor : std::nullopt;
    }

    Result<void> check_library() {
        const Result<std::string> head = probe_.read_head(found_.dll, kImageHeadSize);
        if (!head) {
            return failure(head.error().code, head.error().os_code, head.error().context + chosen());
        }
        const std::optional<std::uint16_t> machine = image_machine(system_, *head);
        if (machine == probe_.machine()) return {};
        const std::string what = machine ? "is for " + machine_name(system_, *machine) : "is no library";
        return failure(ErrorCode::PythonWrongArchitecture, kBadExeFormat,
                       fmt::format("'{}' {}, PythonService is for {}{}", found_.dll, what,
                                   machine_name(system_, probe_.machine()), chosen()));
    }

    Result<void> check_standard_library() {
        std::vector<std::string> tried = library_landmarks(system_, found_.base_prefix, abi());
        const auto exists = [this](const std::string& path) {
            const FileKind kind = probe_.kind(path);
            return kind == FileKind::File || kind == FileKind::Directory;
        };
        if (std::ranges::any_of(tried, exists)) return {};
        for (const std::string& path : tried) {
            if (probe_.kind(path) == FileKind::Denied) return denied(path);
        }
        return failure(ErrorCode::PythonNoStandardLibrary, 0, fmt::format("tried {}{}", quoted_list(tried), chosen()));
    }

    [[nodiscard]] PythonAbi abi() const { return {found_.minor, found_.build}; }

    Result<void> find_engine() {
        if (found_.build == PythonBuild::Debug) {
            return no_engine(fmt::format("'{}' is a debug build of Python; {}", found_.dll, engines_there()));
        }
        found_.engine = join_path(system_, exe_directory_, engine_file_name(system_, probe_.machine(), abi()));
        if (probe_.kind(found_.engine) == FileKind::File) return {};
        return no_engine(fmt::format("'{}' for Python 3.{} at '{}'{}; {}", found_.engine, found_.minor,
                                     found_.base_prefix, why_no_engine(), engines_there()));
    }

    [[nodiscard]] std::string why_no_engine() const {
        if (found_.build == PythonBuild::FreeThreaded) {
            return fmt::format(", whose '{}' is a free-threaded build", file_name(system_, found_.dll));
        }
        if (found_.minor < kOldestMinor) return fmt::format(", which is older than 3.{}", kOldestMinor);
        const std::vector<int> minors = engine_minors(exe_directory_, probe_);
        const bool newer = !minors.empty() && found_.minor > minors.back();
        return newer ? ", which is newer than this PythonService" : "";
    }

    [[nodiscard]] std::string engines_there() const {
        const std::vector<int> minors = engine_minors(exe_directory_, probe_);
        if (minors.empty()) return fmt::format("there are no engines in '{}'", exe_directory_);
        return fmt::format("there are engines for regular builds of Python 3.{}", fmt::join(minors, ", 3."));
    }

    [[nodiscard]] bool has_path_file() const {
        const std::string beside_dll =
            join_path(system_, found_.base_prefix, fmt::format("python3{}._pth", found_.minor));
        const std::string beside_exe = join_path(system_, parent_path(system_, found_.executable), "python._pth");
        return probe_.kind(beside_dll) == FileKind::File || probe_.kind(beside_exe) == FileKind::File;
    }

    PythonInstallation complete() {
        found_.prefix = environment_ ? environment_->directory : found_.base_prefix;
        found_.dll_directories = dll_search_directories(found_.base_prefix, probe_);
        for (const std::string& path : {found_.base_prefix, found_.executable}) {
            if (found_.profile.empty()) found_.profile = user_profile_of(path, probe_);
        }
        if (environment_) {
            found_.kind = PythonKind::VirtualEnvironment;
        } else if (probe_.kind(join_path(system_, found_.base_prefix, "conda-meta")) == FileKind::Directory) {
            found_.kind = PythonKind::Conda;
        }
        if (system_ == System::Windows && has_path_file()) {
            // CPython reads the file itself, but only when nobody sets paths; it also turns pyvenv.cfg off.
            found_.kind = PythonKind::Embeddable;
            found_.prefix = found_.base_prefix;
        } else {
            found_.search_paths = standard_search_paths(system_, found_.base_prefix, abi());
        }
        return std::move(found_);
    }

    const std::string& exe_directory_;
    FileProbe& probe_;
    System system_;
    PythonInstallation found_;
    std::optional<Environment> environment_;
};

}  // namespace

Result<PythonInstallation> examine_python(const std::string& path, const std::string& reason,
                                          const std::string& exe_directory, FileProbe& probe) {
    return Examination(exe_directory, probe).run(path, reason);
}

}  // namespace pysvc
