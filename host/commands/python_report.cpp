// SPDX-License-Identifier: MIT
#include "host/commands/python_report.hpp"

#include "host/commands/json.hpp"
#include "host/commands/report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace pysvc {
namespace {

struct KindName {
    const char* word;  ///< for programs
    const char* text;  ///< for people
};

KindName name_of(PythonKind kind) {
    switch (kind) {
        case PythonKind::Full: return {"full", "full installation"};
        case PythonKind::VirtualEnvironment: return {"venv", "virtual environment"};
        case PythonKind::Embeddable: return {"embeddable", "embeddable installation with a ._pth file"};
        case PythonKind::Conda: return {"conda", "conda environment"};
    }
    return {"unknown", "unknown"};
}

std::string version_of(const PythonInstallation& python) {
    return fmt::format("3.{}{}", python.minor, python.build == PythonBuild::FreeThreaded ? "t" : "");
}

/// `text` with what follows its first line moved in below it.
std::string indented(std::string text, std::string_view indent) {
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
        text.insert(at + 1, indent);
    }
    return text;
}

std::string as_text(const PythonCandidate& candidate) {
    if (!candidate.found) {
        return fmt::format("   {}: {}\n", candidate.place, candidate.note.empty() ? "nothing there" : candidate.note);
    }
    const Result<PythonInstallation>& found = *candidate.found;
    if (!found) {
        const Error& error = found.error();
        return fmt::format("   {}\n     {}: {}: {}\n", candidate.place,
                           candidate.decides ? "refused, and no other is taken" : "cannot be used",
                           error_info(error.code).summary, indented(error.context, "     "));
    }
    return fmt::format("   {}\n     {}: {}, {}\n", candidate.place, candidate.decides ? "chosen" : "usable, not needed",
                       describe(*found), found->executable);
}

std::string as_text(const PythonInstallation& python) {
    std::string text = fmt::format("chosen: {}\n", python.executable);
    const auto line = [&text](const char* what, const std::string& value) {
        text += fmt::format("  {}: {}\n", what, value);
    };
    line("why", python.reason);
    line("what", describe(python));
    line("prefix", python.prefix);
    line("base executable", python.base_executable);
    line("base prefix", python.base_prefix);
    line("library", python.dll);
    line("engine", python.engine);
    if (python.search_paths.empty()) line("sys.path", "as its ._pth file says");
    for (const std::string& path : python.search_paths) line("sys.path", path);
    for (const std::string& path : python.dll_directories) line("DLL directory", path);
    return text;
}

std::string as_json(const PythonInstallation& python) {
    JsonObject object;
    object.text("executable", python.executable)
        .text("reason", python.reason)
        .text("version", version_of(python))
        .text("kind", name_of(python.kind).word)
        .text("prefix", python.prefix)
        .text("base_executable", python.base_executable)
        .text("base_prefix", python.base_prefix)
        .text("library", python.dll)
        .text("engine", python.engine)
        .raw("search_paths", json_array(python.search_paths))
        .raw("dll_directories", json_array(python.dll_directories))
        .text("profile", python.profile);
    return object.str();
}

std::string as_json(const Error& error) {
    const ErrorInfo& info = error_info(error.code);
    JsonObject object;
    object.text("error", info.name)
        .number("exit_code", static_cast<std::uint64_t>(exit_code_of(error)))
        .text("summary", info.summary)
        .text("context", error.context)
        .text("cause", info.cause)
        .text("remedy", info.remedy);
    return object.str();
}

/// "python" and "error", one of them null.
void add_result(JsonObject& object, const Result<PythonInstallation>* result) {
    const bool found = result != nullptr && *result;
    object.raw("python", found ? as_json(**result) : "null");
    object.raw("error", result == nullptr || found ? "null" : as_json(result->error()));
}

const char* outcome_of(const PythonCandidate& candidate) {
    if (!candidate.found) return "absent";
    if (*candidate.found) return candidate.decides ? "chosen" : "usable";
    return candidate.decides ? "refused" : "unusable";
}

std::string as_json(const PythonCandidate& candidate) {
    JsonObject object;
    object.text("place", candidate.place).text("note", candidate.note).text("outcome", outcome_of(candidate));
    add_result(object, candidate.found ? &*candidate.found : nullptr);
    return object.str();
}

std::string as_json(const PythonSource& source) {
    JsonObject object;
    object.text("id", source.id)
        .text("title", source.title)
        .text("skipped", source.skipped)
        .raw("candidates",
             json_array(source.candidates, [](const PythonCandidate& candidate) { return as_json(candidate); }));
    return object.str();
}

}  // namespace

std::string describe(const PythonInstallation& python) {
    return fmt::format("Python {}, {}", version_of(python), name_of(python.kind).text);
}

std::string python_report(const PythonTrace& trace) {
    std::string text;
    int number = 0;
    for (const PythonSource& source : trace.sources) {
        text += fmt::format("{}. {}{}\n", ++number, source.title,
                            source.skipped.empty() ? "" : fmt::format(": not asked ({})", source.skipped));
        for (const PythonCandidate& candidate : source.candidates) text += as_text(candidate);
    }
    return trace.python ? text + as_text(*trace.python) : text;
}

void add_python_report(JsonObject& object, const PythonTrace& trace) {
    add_result(object, &trace.python);
    object.raw("sources", json_array(trace.sources, [](const PythonSource& source) { return as_json(source); }));
}

}  // namespace pysvc
