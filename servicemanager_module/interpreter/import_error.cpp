// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/import_error.hpp"

#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pysvc::py {
namespace {

std::string text_attribute(const pb::object& object, const char* name) {
    const pb::object value = pb::getattr(object, name, pb::none());
    return value.is_none() ? std::string() : utf8_of(pb::str(value));
}

/// True for the module itself and the packages around it: then the class string is wrong, else a dependency is missing.
bool is_module_or_parent(const std::string& missing, const std::string& module) {
    return !missing.empty() && (module == missing || module.rfind(missing + ".", 0) == 0);
}

/// What pywin32 has beyond the modules that the engine carries itself.
bool is_module_of_pywin32(const std::string& name) {
    constexpr std::array<std::string_view, 19> kNames = {
        "adodbapi",      "commctrl",    "dde",     "isapi",     "mmapfile",  "mmsystem", "netbios",
        "ntsecuritycon", "odbc",        "perfmon", "pythoncom", "pythonwin", "sspi",     "sspicon",
        "timer",         "winioctlcon", "winnt",   "winperf",   "winxpgui"};
    return name.starts_with("win32") || std::ranges::find(kNames, name) != kNames.end();
}

/// The next step for a script that needs pywin32 itself.
std::string hint_for(const std::string& missing) {
    if (!is_module_of_pywin32(missing)) return {};
    return "'" + missing + "' is a module of pywin32, which is not installed in this Python: " +
           text_attribute(pb::module_::import("sys"), "executable") + " -m pip install pywin32\n";
}

std::string syntax_error_text(const pb::error_already_set& error) {
    const pb::object& value = error.value();
    std::string line = text_attribute(value, "text");
    const std::size_t first = line.find_first_not_of(" \t\f\r\n");
    const std::size_t last = line.find_last_not_of(" \t\f\r\n");
    line = first == std::string::npos ? std::string() : line.substr(first, last - first + 1);
    return "'" + text_attribute(value, "filename") + "', line " + text_attribute(value, "lineno") + ": " +
           text_attribute(value, "msg") + (line.empty() ? "" : ": " + line);
}

}  // namespace

Error import_error(const pb::error_already_set& error, const std::string& module) {
    try {
        if (error.matches(PyExc_ModuleNotFoundError)) {
            const std::string missing = text_attribute(error.value(), "name");
            if (is_module_or_parent(missing, module)) {
                return {ErrorCode::ModuleNotFound, 0,
                        "no module '" + missing + "' for '" + module + "'\n" + traceback_text(error)};
            }
            return {ErrorCode::ImportRaised, 0,
                    "module '" + module + "'\n" + hint_for(missing) + traceback_text(error)};
        }
        if (error.matches(PyExc_SyntaxError)) {
            return {ErrorCode::ModuleSyntaxError, 0, syntax_error_text(error) + "\n" + traceback_text(error)};
        }
    } catch (const pb::error_already_set&) {
        // An exception whose attributes raise: its traceback has to do.
    }
    return {ErrorCode::ImportRaised, 0, "module '" + module + "'\n" + traceback_text(error)};
}

}  // namespace pysvc::py
