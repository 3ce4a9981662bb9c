// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"

namespace pysvc::py {

void bind_constants(pb::module_& module) {
    // objbase.h
    module.attr("COINIT_MULTITHREADED") = 0;
    module.attr("COINIT_APARTMENTTHREADED") = 2;
    module.attr("COINIT_DISABLE_OLE1DDE") = 4;
    module.attr("COINIT_SPEED_OVER_MEMORY") = 8;
    // winnt.h
    module.attr("EVENTLOG_ERROR_TYPE") = 1;
    module.attr("EVENTLOG_WARNING_TYPE") = 2;
    module.attr("EVENTLOG_INFORMATION_TYPE") = 4;
    module.attr("EVENTLOG_AUDIT_SUCCESS") = 8;
    module.attr("EVENTLOG_AUDIT_FAILURE") = 16;
    // Ids of our message table, equal to pywin32's; two inserts each: the service's name and free text.
    module.attr("PYS_SERVICE_STARTING") = 0x40001000;
    module.attr("PYS_SERVICE_STARTED") = 0x40001002;
    module.attr("PYS_SERVICE_STOPPING") = 0x40001003;
    module.attr("PYS_SERVICE_STOPPED") = 0x40001004;
}

void bind_startup_error(pb::module_& module, EngineState& state) {
    if (!state.startup_error) {
        PyObject* made = PyErr_NewExceptionWithDoc(
            "servicemanager.startup_error",
            "Raised by a service class whose constructor has reported its problem already, so that the host adds no "
            "event\n"
            "of its own; and by PrepareToHostSingle and PrepareToHostMultiple when the host refuses.",
            nullptr, nullptr);
        if (made == nullptr) throw pb::error_already_set();
        state.startup_error = pb::reinterpret_steal<pb::object>(made);
    }
    module.attr("startup_error") = state.startup_error;
}

}  // namespace pysvc::py
