// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/audit.hpp"

#include "servicemanager_module/interpreter/streams.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <cstring>
#include <exception>

namespace pysvc::py {
namespace {

/// Called for every audit event of the process under the GIL, so whatever is no import leaves at the first line.
/// https://docs.python.org/3/library/audit_events.html
int on_audit_event(const char* event, PyObject* args, void* context) noexcept {
    if (std::strcmp(event, "import") != 0) return 0;
    EngineState& state = *static_cast<EngineState*>(context);
    state.host->progress(state.host->host, nullptr, PYSVC_PROGRESS_IMPORT);
    if (state.streams_installed || args == nullptr || !PyTuple_Check(args) || PyTuple_GET_SIZE(args) == 0) return 0;
    PyObject* name = PyTuple_GET_ITEM(args, 0);
    if (!PyUnicode_Check(name) || PyUnicode_CompareWithASCIIString(name, "site") != 0) return 0;
    try {
        install_streams(state);
    } catch (const std::exception& error) {
        // A hook that fails would fail the import, and with it the start.
        state.host->log_warning(state.host->host, text_of(error.what()));
    }
    return 0;
}

}  // namespace

bool install_audit_hook(EngineState& state) { return PySys_AddAuditHook(&on_audit_event, &state) == 0; }

}  // namespace pysvc::py
