// SPDX-License-Identifier: MIT
#include "host/locate/known_pythons.hpp"

#include "host/base/text.hpp"
#include "host/locate/pyvenv_cfg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

namespace pysvc {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// pythoncore-3.14-64, pythoncore-3.14-32, pythoncore-3.14t-64 below %LocalAppData%\Python, unless pymanager is
/// configured otherwise (its install_dir).
void append_of_install_manager(FileProbe& probe, std::vector<RegisteredPython>& out) {
    const auto local = probe.variable("LOCALAPPDATA");
    if (probe.system() != System::Windows || !local) return;
    constexpr std::string_view kHead = "pythoncore-";
    const std::string folder = join_path(System::Windows, probe.absolute(*local), "Python");
    for (const std::string& name : probe.list(folder)) {
        if (!name.starts_with(kHead)) continue;
        const std::string tag = name.substr(kHead.size());
        out.push_back({"Python install manager", "PythonCore", tag, tag.ends_with("-32") ? "32bit" : "64bit",
                       join_path(System::Windows, folder, name), tag.substr(0, tag.find_first_not_of("0123456789."))});
    }
}

/// Where uv keeps its Pythons (UV_PYTHON_INSTALL_DIR); empty when that cannot be told.
std::string folder_of_uv(FileProbe& probe) {
    if (const auto chosen = probe.variable("UV_PYTHON_INSTALL_DIR")) return probe.absolute(*chosen);
    const System system = probe.system();
    if (system == System::Windows) {
        const auto roaming = probe.variable("APPDATA");
        return roaming ? join_path(system, probe.absolute(*roaming), "uv/python") : std::string();
    }
    if (const auto data = probe.variable("XDG_DATA_HOME")) return join_path(system, *data, "uv/python");
    const auto home = probe.variable("HOME");
    return home ? join_path(system, *home, ".local/share/uv/python") : std::string();
}

/// cpython-3.12.5-windows-x86_64-none, cpython-3.13.0+freethreaded-..., and cpython-3.12-... as a link to the newest.
void append_of_uv(FileProbe& probe, std::vector<RegisteredPython>& out) {
    constexpr std::string_view kHead = "cpython-";
    const std::string folder = folder_of_uv(probe);
    if (folder.empty()) return;
    for (const std::string& name : probe.list(folder)) {
        if (!name.starts_with(kHead)) continue;
        const std::string tag = name.substr(kHead.size());
        out.push_back({"uv", "Astral", tag, has(tag, "-x86-") ? "32bit" : "64bit",
                       join_path(probe.system(), folder, name), tag.substr(0, tag.find_first_not_of("0123456789."))});
    }
}

/// SysVersion, or what older entries have instead of it: PEP 514 lets PythonCore's tags be versions.
std::string version_of(const RegisteredPython& python) {
    return python.version.empty() ? python.tag.substr(0, python.tag.find_first_not_of("0123456789.")) : python.version;
}

/// The third part of a version. Without one the newest is meant.
int patch_of(const std::string& version) {
    const std::size_t dot = version.rfind('.');
    if (std::ranges::count(version, '.') < 2) return std::numeric_limits<int>::max();
    int patch = 0;
    std::from_chars(version.data() + dot + 1, version.data() + version.size(), patch);
    return patch;
}

/// The directory in which the interpreter lies: two entries with the same one are one Python.
std::string place_of(const RegisteredPython& python, FileProbe& probe) {
    const std::string path = probe.absolute(python.executable);
    return probe.kind(path) == FileKind::Directory ? path : parent_path(probe.system(), path);
}

}  // namespace

std::vector<RegisteredPython> known_pythons(RegistryScope scope, FileProbe& probe) {
    std::vector<RegisteredPython> all = probe.registered(scope);
    const auto registered = static_cast<std::ptrdiff_t>(all.size());
    if (scope == RegistryScope::MachineAndUser) {
        append_of_install_manager(probe, all);
        append_of_uv(probe, all);
    }
    std::vector<std::string> places;
    for (auto entry = all.begin(); entry != all.begin() + registered; ++entry)
        places.push_back(place_of(*entry, probe));
    const auto is_registered = [&](const RegisteredPython& python) {
        return std::ranges::any_of(
            places, [&](const std::string& place) { return same_path(probe.system(), place, python.executable); });
    };
    all.erase(std::remove_if(all.begin() + registered, all.end(), is_registered), all.end());
    if (probe.system() == System::Posix) return all;
    std::ranges::stable_sort(all, std::greater(), [](const RegisteredPython& python) {
        const std::string version = version_of(python);
        return std::tuple(equal_ignoring_case(python.company, "PythonCore"), minor_of_version(version).value_or(-1),
                          patch_of(version));
    });
    return all;
}

std::optional<PythonAbi> abi_of(const RegisteredPython& python) {
    const std::string version = version_of(python);
    const auto minor = minor_of_version(version);
    if (!minor) return std::nullopt;
    // PythonCoreFreeThreaded\3.13, PythonCore\3.14t-64, cpython-3.13.0+freethreaded-...
    const bool free_threaded = has(lower_case(python.company), "freethreaded") || has(python.tag, "freethreaded") ||
                               python.tag.starts_with(version + 't');
    return PythonAbi{*minor, free_threaded ? PythonBuild::FreeThreaded : PythonBuild::Regular};
}

std::string describe(const RegisteredPython& python) {
    const auto abi = abi_of(python);
    const std::string version =
        abi ? fmt::format("3.{}{}", abi->minor, abi->build == PythonBuild::FreeThreaded ? "t" : "") : "unknown version";
    const char* architecture = python.architecture == "32bit" ? ", 32-bit" : "";
    return fmt::format("{}{} at {} ({})", version, architecture, python.executable, python.origin);
}

}  // namespace pysvc
