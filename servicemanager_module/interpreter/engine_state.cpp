// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/engine_state.hpp"

#include "servicemanager_module/self_host.hpp"

#include <stdexcept>

namespace pysvc::py {
namespace {

// The one global: neither PyInit_servicemanager nor an audit hook of a foreign door brings a context of ours. Written
// once, before a second thread can know this module.
EngineState* engine_state = nullptr;

}  // namespace

EngineState* engine() noexcept { return engine_state; }

EngineState& create_engine(const pysvc_host_api* host, bool built_in) {
    if (engine_state == nullptr) {
        // Never deleted, see EngineState.
        engine_state = new EngineState;
        engine_state->host = host;
        engine_state->built_in = built_in;
    }
    return *engine_state;
}

const pysvc_host_api& host() {
    if (engine_state == nullptr) throw std::runtime_error("servicemanager: the module is not initialised");
    // Under python.exe the service code starts when something asks for it: importing the module costs nothing.
    if (engine_state->host == nullptr) engine_state->host = self_hosted_host();
    if (engine_state->host == nullptr) {
        throw std::runtime_error("servicemanager: this process hosts no service; start it through PythonService.exe");
    }
    return *engine_state->host;
}

}  // namespace pysvc::py
