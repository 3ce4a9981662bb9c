// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/engine_api.hpp"

#include "servicemanager_module/interpreter/control_call.hpp"
#include "servicemanager_module/interpreter/describe_threads.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/lifetime.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/run_service.hpp"
#include "servicemanager_module/interpreter/user_code.hpp"

#include "build_id.hpp"

#include <string_view>

namespace pysvc::py {

const pysvc_engine_api& engine_api() noexcept {
    static constexpr pysvc_engine_api api{
        .size = sizeof(pysvc_engine_api),
        .build_id = PYSVC_BUILD_ID,
        .python_version = PY_VERSION_HEX,
        .start_interpreter = &start_interpreter,
        .run_service = &run_service,
        .raise_system_exit = &raise_system_exit,
        .attach_control_thread = &attach_control_thread,
        .call_control = &call_control,
        .detach_control_thread = &detach_control_thread,
        .release_object = &release_object,
        .describe_threads = &describe_threads,
        .finalize_interpreter = &finalize_interpreter,
    };
    return api;
}

}  // namespace pysvc::py

extern "C" PYBIND11_EXPORT const pysvc_engine_api* pysvc_open_engine(const pysvc_host_api* host) noexcept {
    using namespace pysvc::py;
    const bool same_build = host != nullptr && host->size == sizeof(pysvc_host_api) && host->build_id != nullptr &&
                            std::string_view(host->build_id) == PYSVC_BUILD_ID;
    if (!same_build) return nullptr;
    // One host for the life of the process.
    if (create_engine(host, true).host != host) return nullptr;
    return &engine_api();
}
