// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"

namespace pysvc::py {

// python/_pythonservice_kernel_posix.py has them.
void bind_kernel_objects(pb::module_&) {}

}  // namespace pysvc::py
