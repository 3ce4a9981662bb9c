// SPDX-License-Identifier: MIT
#pragma once

#include "host/commands/json.hpp"
#include "host/locate/python_trace.hpp"

#include <string>

namespace pysvc {

/// Every source of a search with its candidates and what became of them, and the chosen Python with all its paths.
[[nodiscard]] std::string python_report(const PythonTrace& trace);

/// The same as fields of `object`: "python", "error" (one of them is null) and "sources".
void add_python_report(JsonObject& object, const PythonTrace& trace);

/// "Python 3.13, virtual environment".
[[nodiscard]] std::string describe(const PythonInstallation& python);

}  // namespace pysvc
