// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/python.hpp"

namespace pysvc::py {
namespace {

constexpr const char* kNativeDoc =
    "What the Python modules of PythonService need from the engine. Private: its contents may change at any time.";

}  // namespace
}  // namespace pysvc::py

// The second module of this binary. In the EXE it is built in; under python.exe _pythonservice_finder loads it.
PYBIND11_MODULE(_pythonservice, module) {
    using namespace pysvc::py;
    create_engine(nullptr, false);
    pb::options options;
    options.disable_function_signatures();
    module.doc() = kNativeDoc;
    bind_embedded(module);
    bind_hosted_service(module);
    bind_kernel_objects(module);
    bind_programs(module);
}
