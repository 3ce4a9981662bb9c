// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/locate_python.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// A place where a source looked for a Python.
struct PythonCandidate {
    std::string place;                                ///< path, variable, registry key
    std::string note;                                 ///< why there is none, where `place` alone does not tell
    std::optional<Result<PythonInstallation>> found;  ///< nullopt: nothing is there
    bool decides = false;                             ///< it is the result of the search, for good or bad
};

/// One of the sources of locate_python.
struct PythonSource {
    const char* id;     ///< stable, for programs: "named", "active", "script", "program", "dll", "owner", "registered"
    std::string title;  ///< for people
    std::string skipped;  ///< why it was not asked; empty: it was
    std::vector<PythonCandidate> candidates;
};

/// A search with everything it looked at.
struct PythonTrace {
    Result<PythonInstallation> python = failure(ErrorCode::PythonNotFound, 0, "");
    std::vector<PythonSource> sources;  ///< all, in their order
};

/// locate_python, but goes on when the decision is made: what later sources would have given is in the trace as well.
[[nodiscard]] PythonTrace trace_python(const LocateRequest& request, FileProbe& probe);

}  // namespace pysvc
