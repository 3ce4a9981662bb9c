// SPDX-License-Identifier: MIT
#include "host/locate/layout.hpp"

#include "host/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace pysvc {
namespace {

/// The directory of the standard library elsewhere than on Windows. Debug builds share it with regular ones.
std::string posix_library_directory(const PythonAbi& abi) {
    return fmt::format("lib/python3.{}{}", abi.minor, abi.build == PythonBuild::FreeThreaded ? "t" : "");
}

}  // namespace

std::optional<int> number_between(std::string_view name, std::string_view head, std::string_view tail) {
    if (name.size() <= head.size() + tail.size() || !name.starts_with(head) || !name.ends_with(tail)) {
        return std::nullopt;
    }
    const char* first = name.data() + head.size();
    const char* last = name.data() + name.size() - tail.size();
    int value = 0;
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc() || end != last || value < 0) return std::nullopt;
    return value;
}

std::vector<std::string> interpreter_names(System system) {
    if (system == System::Windows) return {"python.exe", "Scripts/python.exe"};
    return {"bin/python3", "bin/python", "python3", "python"};
}

std::vector<std::string> environment_interpreter_names(System system) {
    if (system == System::Windows) return {"Scripts/python.exe"};
    return {"bin/python3", "bin/python"};
}

std::string base_prefix_of(System system, const std::string& base_executable) {
    const std::string directory = parent_path(system, base_executable);
    return system == System::Windows ? directory : parent_path(system, directory);
}

std::vector<std::string> library_directories(System system, std::uint16_t machine, const std::string& base_prefix) {
    if (system == System::Windows) return {base_prefix};
    const std::string triplet = machine == 183 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    return {join_path(system, base_prefix, "lib"), join_path(system, base_prefix, "lib/" + triplet),
            join_path(system, base_prefix, "lib64")};
}

std::optional<PythonAbi> abi_of_library(System system, const std::string& name) {
    using enum PythonBuild;
    struct Form {
        const char* tail;
        PythonBuild build;
    };
    // PC/pyconfig.h and LDLIBRARY of configure.ac.
    static constexpr std::array kWindows{Form{".dll", Regular}, Form{"t.dll", FreeThreaded}, Form{"_d.dll", Debug},
                                         Form{"t_d.dll", Debug}};
    static constexpr std::array kPosix{Form{".so.1.0", Regular}, Form{"t.so.1.0", FreeThreaded},
                                       Form{"d.so.1.0", Debug}, Form{"td.so.1.0", Debug}};
    const bool windows = system == System::Windows;
    const std::string text = windows ? lower_case(name) : name;
    for (const Form& form : windows ? kWindows : kPosix) {
        if (const auto minor = number_between(text, windows ? "python3" : "libpython3.", form.tail)) {
            return PythonAbi{*minor, form.build};
        }
    }
    return std::nullopt;
}

std::optional<PythonBuild> build_of_interpreter(std::string_view name) {
    std::string stem = lower_case(name);
    if (stem.ends_with(".exe")) stem.resize(stem.size() - 4);
    if (stem.ends_with("_d")) return PythonBuild::Debug;
    constexpr std::string_view kVersioned = "python3.";
    if (!stem.starts_with(kVersioned)) return std::nullopt;
    const std::size_t flags = stem.find_first_not_of("0123456789", kVersioned.size());
    if (flags == std::string::npos) return PythonBuild::Regular;
    // python3.13td, and Debian's python3.13-dbg.
    if (stem.find('d', flags) != std::string::npos) return PythonBuild::Debug;
    return stem[flags] == 't' ? PythonBuild::FreeThreaded : PythonBuild::Regular;
}

std::vector<PythonLibrary> python_libraries(const std::string& base_prefix, FileProbe& probe) {
    std::vector<PythonLibrary> libraries;
    for (const std::string& directory : library_directories(probe.system(), probe.machine(), base_prefix)) {
        for (const std::string& name : probe.list(directory)) {
            if (const auto abi = abi_of_library(probe.system(), name)) {
                libraries.push_back({join_path(probe.system(), directory, name), *abi});
            }
        }
    }
    return libraries;
}

std::vector<std::string> library_landmarks(System system, const std::string& base_prefix, const PythonAbi& abi) {
    if (system == System::Windows) {
        return {join_path(system, base_prefix, "Lib/encodings"),
                join_path(system, base_prefix, fmt::format("python3{}.zip", abi.minor))};
    }
    return {join_path(system, base_prefix, posix_library_directory(abi) + "/encodings"),
            join_path(system, base_prefix, fmt::format("lib/python3{}.zip", abi.minor))};
}

std::vector<std::string> standard_search_paths(System system, const std::string& base_prefix, const PythonAbi& abi) {
    if (system == System::Windows) {
        // PC/getpathp.c of 3.10 wrote it small (PYTHONPATH of PC/pyconfig.h), Modules/getpath.py does not.
        const char* library = abi.minor < 11 ? "lib" : "Lib";
        return {join_path(system, base_prefix, fmt::format("python3{}.zip", abi.minor)),
                join_path(system, base_prefix, "DLLs"), join_path(system, base_prefix, library), base_prefix};
    }
    return {join_path(system, base_prefix, fmt::format("lib/python3{}.zip", abi.minor)),
            join_path(system, base_prefix, posix_library_directory(abi)),
            join_path(system, base_prefix, posix_library_directory(abi) + "/lib-dynload")};
}

std::vector<std::string> source_directories(System system, const std::string& base_prefix, const std::string& prefix,
                                            int minor) {
    const std::string library = system == System::Windows ? "Lib" : fmt::format("lib/python3.{}", minor);
    return {join_path(system, base_prefix, library), join_path(system, prefix, library + "/site-packages")};
}

std::vector<std::string> dll_search_directories(const std::string& base_prefix, FileProbe& probe) {
    if (probe.system() != System::Windows) return {};
    std::vector<std::string> directories{base_prefix};
    // Those that conda's python.exe adds for itself, in its order.
    constexpr std::array kConda = {"Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin"};
    if (probe.kind(join_path(System::Windows, base_prefix, "conda-meta")) == FileKind::Directory) {
        for (const char* name : kConda) {
            std::string directory = join_path(System::Windows, base_prefix, name);
            if (probe.kind(directory) == FileKind::Directory) directories.push_back(std::move(directory));
        }
    }
    return directories;
}

}  // namespace pysvc
