// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/exception_hooks.hpp"

#include "host/base/error.hpp"
#include "servicemanager_module/interpreter/embedded_modules.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/import_hooks.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>

namespace pysvc::py {
namespace {

/// A function of Python, report(text).
pb::cpp_function reporter(const EngineState& state, ErrorCode code) {
    return pb::cpp_function([&state, code](const pb::str& text) {
        const std::string utf8 = utf8_of(text);
        const GilReleased released;
        state.host->report_error(state.host->host, static_cast<std::uint32_t>(code), text_of(utf8));
    });
}

}  // namespace

void install_exception_hooks(EngineState& state) {
    const pb::object hooks = import_embedded_module("_pythonservice_exceptions")
                                 .attr("install")(reporter(state, ErrorCode::UnhandledException),
                                                  reporter(state, ErrorCode::PythonWarning));
    after_import(state, "threading", hooks.attr("watch_threading"));
    // Not "asyncio": every event loop logs with this logger, also those of other packages.
    after_import(state, "asyncio.log", hooks.attr("watch_asyncio"));
    after_import(state, "warnings", hooks.attr("watch_warnings"));
}

}  // namespace pysvc::py
