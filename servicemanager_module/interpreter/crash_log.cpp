// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/crash_log.hpp"

#include "servicemanager_module/interpreter/platform.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>

namespace pysvc::py {
namespace {

void warn(const EngineState& state, const std::string& text) {
    state.host->log_warning(state.host->host, text_of(text));
}

/// A file object or a descriptor: faulthandler takes both and keeps the object alive until the interpreter ends.
pb::object open_crash_log(const EngineState& state, std::string_view path) {
    // Not sys.stderr: that may be the host's log, and a crashed process cannot run the host's code.
    pb::object standard_error = pb::int_(2);
    if (path.empty()) return standard_error;
    try {
        // Opened by Python: on Windows the descriptor must belong to the CRT that python3XX.dll uses. Unbuffered,
        // because faulthandler writes to the descriptor.
        return pb::module_::import("io").attr("open")(str_of(path), "ab", 0);
    } catch (const pb::error_already_set& error) {
        warn(state, "cannot open the crash log '" + std::string(path) + "': " + error.what());
        return standard_error;
    }
}

}  // namespace

void enable_crash_log(const EngineState& state, std::string_view path) {
    try {
        const pb::object file = open_crash_log(state, path);
        const auto faulthandler = pb::module_::import("faulthandler");
        faulthandler.attr("enable")(pb::arg("file") = file, pb::arg("all_threads") = true);
        if (const int signal = stack_dump_signal(); signal != 0) {
            // chain=False: the signal's default action would end the process.
            faulthandler.attr("register")(signal, pb::arg("file") = file, pb::arg("all_threads") = true,
                                          pb::arg("chain") = false);
        }
    } catch (const pb::error_already_set& error) {
        warn(state, std::string("faulthandler is off: ") + error.what());
    }
}

}  // namespace pysvc::py
