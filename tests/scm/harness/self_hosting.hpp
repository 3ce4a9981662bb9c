// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/report.hpp"

#include <string>
#include <vector>

namespace pysvc::test {

/// The ImagePath of services that services/self_hosting.py hosts under python.exe.
[[nodiscard]] inline std::string self_hosting_line(const Report& report, const std::string& how,
                                                   const std::vector<std::string>& names) {
    const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
    std::string line = quoted(text_of(python_executable())) + ' ' +
                       quoted(text_of(services_folder() / L"self_hosting.py")) + ' ' + quoted(text_of(report.file())) +
                       ' ' + how;
    for (const std::string& name : names) line += ' ' + quoted(name);
    return line;
}

}  // namespace pysvc::test
