// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pysvc::test {

/// An event as the diagnostic log shows it.
struct LoggedEvent {
    std::uint32_t id = 0;
    std::string type;  ///< error, warning or information
    std::string text;  ///< all its lines
};

/// The diagnostic log of a service: what Wine's event log, which keeps nothing, cannot tell.
class ServiceLog {
public:
    explicit ServiceLog(std::filesystem::path file) : file_(std::move(file)) {}

    /// Records without timestamp, level and thread; continuation lines belong to the record they continue.
    [[nodiscard]] std::vector<std::string> records() const;
    [[nodiscard]] std::vector<LoggedEvent> events() const;
    [[nodiscard]] std::vector<LoggedEvent> events(std::uint32_t id) const;
    [[nodiscard]] bool contains(const std::string& text) const;

    /// Everything, for a person.
    [[nodiscard]] std::string text() const;

private:
    std::filesystem::path file_;
};

}  // namespace pysvc::test
