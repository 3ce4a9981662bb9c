// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"
#include "tests/scm/harness/command.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc::test {

/// HKLM key of the lists of groups.
inline constexpr char kGroupsKey[] = R"(SOFTWARE\PythonService\Groups)";

/// Services of services/installable.py under other names, made by `PythonService install`: what a person has who types
/// nothing else. They are removed first and last.
class InstalledGroup {
public:
    explicit InstalledGroup(std::vector<std::string> names);
    ~InstalledGroup();
    InstalledGroup(const InstalledGroup&) = delete;
    InstalledGroup& operator=(const InstalledGroup&) = delete;

    /// PythonService with these arguments.
    CommandResult run(const std::vector<std::string>& arguments) const;
    /// `install` of the script under this name, with more arguments.
    CommandResult install(const std::string& name, const std::vector<std::string>& more) const;

    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
    /// A line "args folder process" for each service that was made, oldest first.
    [[nodiscard]] std::vector<std::string> seen() const;

    [[nodiscard]] static std::string image_path(const std::string& name);
    [[nodiscard]] static std::uint32_t type(const std::string& name);

private:
    void remove_all() const;

    std::vector<std::string> names_;
    std::filesystem::path folder_;
};

}  // namespace pysvc::test
