// SPDX-License-Identifier: MIT
#include "host/locate/layout.hpp"

#include "host/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

namespace pysvc {

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

std::optional<int> minor_of_library(System system, const std::string& name) {
    if (system == System::Windows) return number_between(lower_case(name), "python3", ".dll");
    return number_between(name, "libpython3.", ".so.1.0");
}

std::vector<PythonLibrary> python_libraries(const std::string& base_prefix, FileProbe& probe) {
    std::vector<PythonLibrary> libraries;
    for (const std::string& directory : library_directories(probe.system(), probe.machine(), base_prefix)) {
        for (const std::string& name : probe.list(directory)) {
            if (const auto minor = minor_of_library(probe.system(), name)) {
                libraries.push_back({join_path(probe.system(), directory, name), *minor});
            }
        }
    }
    return libraries;
}

std::vector<std::string> library_landmarks(System system, const std::string& base_prefix, int minor) {
    if (system == System::Windows) {
        return {join_path(system, base_prefix, "Lib/encodings"),
                join_path(system, base_prefix, fmt::format("python3{}.zip", minor))};
    }
    return {join_path(system, base_prefix, fmt::format("lib/python3.{}/encodings", minor)),
            join_path(system, base_prefix, fmt::format("lib/python3{}.zip", minor))};
}

std::vector<std::string> standard_search_paths(System system, const std::string& base_prefix, int minor) {
    if (system == System::Windows) {
        return {join_path(system, base_prefix, fmt::format("python3{}.zip", minor)),
                join_path(system, base_prefix, "DLLs"), join_path(system, base_prefix, "Lib"), base_prefix};
    }
    return {join_path(system, base_prefix, fmt::format("lib/python3{}.zip", minor)),
            join_path(system, base_prefix, fmt::format("lib/python3.{}", minor)),
            join_path(system, base_prefix, fmt::format("lib/python3.{}/lib-dynload", minor))};
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
