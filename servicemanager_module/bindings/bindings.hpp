// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/python.hpp"

#include <cstdint>
#include <string>

namespace pysvc::py {

// The module's contents, one function per source file. Names, defaults, results and exceptions are pywin32's; the
// first line of each docstring is the signature that inspect reads, so pybind11's own is switched off in module.cpp.

void bind_constants(pb::module_& module);
void bind_events(pb::module_& module);
void bind_hosting(pb::module_& module);
void bind_liveness(pb::module_& module);
void bind_process(pb::module_& module);

// The contents of _pythonservice, the private module beside it.

void bind_embedded(pb::module_& module);
void bind_hosted_service(pb::module_& module);
void bind_kernel_objects(pb::module_& module);
void bind_programs(pb::module_& module);

/// Registers `callable` with the host as the control handler of service `name`. The status handle, None in debug mode.
[[nodiscard]] pb::object register_with_host(const std::string& name, const pb::object& callable,
                                            pysvc_handler_args args, bool forward_interrogate);

/// servicemanager.startup_error; one object for the process.
void bind_startup_error(pb::module_& module, EngineState& state);

}  // namespace pysvc::py
