// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>

namespace pysvc::py {
namespace {

constexpr const char* kModuleDoc =
    "Connects a Python service class with the Windows Service Control Manager.\n"
    "\n"
    "Inside PythonService.exe this module is built in. A script that hosts its service itself imports it in "
    "python.exe\n"
    "and calls Initialize, PrepareToHostSingle and StartServiceCtrlDispatcher. Every function may be called from any\n"
    "thread unless its text says otherwise, and takes its arguments by position. Where there is no service host at "
    "all,\n"
    "functions that need one raise RuntimeError.";

/// Scripts pass servicemanager.__file__ on as the file with the event messages. A built-in module has none of its own.
void set_message_file(pb::module_& module, const pysvc_host_api& api) {
    std::string path;
    const auto put = [](void* context, const char* data, std::size_t size) {
        static_cast<std::string*>(context)->append(data, size);
    };
    api.message_file(api.host, {&path, put});
    module.attr("__file__") = str_of(path);
}

}  // namespace
}  // namespace pysvc::py

// Not for free-threaded builds yet: EngineState counts on the GIL.
PYBIND11_MODULE(servicemanager, module) {
    using namespace pysvc::py;
    // Under python.exe nobody has opened the engine; its host is asked for when something needs it.
    EngineState& state = create_engine(nullptr, false);
    pb::options options;
    options.disable_function_signatures();
    module.doc() = kModuleDoc;
    if (state.built_in) set_message_file(module, *state.host);
    bind_startup_error(module, state);
    bind_constants(module);
    bind_events(module);
    bind_hosting(module);
    bind_process(module);
    bind_liveness(module);
}
