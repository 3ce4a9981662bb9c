// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/host_api.h"

namespace pysvc::py {

/// pysvc_engine_api::attach_control_thread, call_control, detach_control_thread and release_object.
void* attach_control_thread() noexcept;
void call_control(void* thread_state, void* callable, const pysvc_control* control, pysvc_call_result* result) noexcept;
void detach_control_thread(void* thread_state) noexcept;
void release_object(void* object) noexcept;

}  // namespace pysvc::py
