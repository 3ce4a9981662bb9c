// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/gil.hpp"

#include "servicemanager_module/interpreter/platform.hpp"

namespace pysvc::py {

GilReleased::~GilReleased() { restore_thread_or_park(state_); }

}  // namespace pysvc::py
