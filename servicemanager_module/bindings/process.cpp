// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/arguments.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/platform.hpp"

namespace pysvc::py {
namespace {

bool debugging(const pb::object& new_value) {
    const auto number = integer_argument(new_value, "newVal", INT32_MIN, INT32_MAX);
    // -1 only asks; every other number is a truth value.
    const std::int32_t value = number == -1 ? -1 : number != 0 ? 1 : 0;
    const pysvc_host_api& api = host();
    return api.set_debugging(api.host, value) != 0;
}

bool running_as_service() {
    const pysvc_host_api& api = host();
    return api.running_as_service(api.host) != 0;
}

std::int32_t co_initialize_ex(const pb::object& flags) {
    const auto bits = integer_argument(flags, "flags", INT32_MIN, UINT32_MAX);
    const GilReleased released;
    return co_initialize(static_cast<std::uint32_t>(bits));
}

void co_uninitialize_all() {
    const GilReleased released;
    co_uninitialize();
}

int pump_messages(const pb::args&) {
    const GilReleased released;
    return pump_waiting_messages() ? 1 : 0;
}

}  // namespace

void bind_process(pb::module_& module) {
    module.def("Debugging", &debugging, pb::arg("newVal") = -1, pb::pos_only(),
               "Debugging(newVal=-1, /)\n--\n\n"
               "Whether the service runs in debug mode, on a console instead of under the Service Control Manager.\n\n"
               "newVal: any value but -1 sets the flag. Returns the flag (bool) as it was before.");
    module.def("RunningAsService", &running_as_service,
               "RunningAsService()\n--\n\n"
               "True while a service of this process runs under the Service Control Manager, hence not in debug mode.");
    module.def(
        "CoInitializeEx", &co_initialize_ex, pb::arg("flags"), pb::pos_only(),
        "CoInitializeEx(flags, /)\n--\n\n"
        "Initialises COM on the calling thread.\n\n"
        "flags: a combination of COINIT_*. Returns the HRESULT as a signed int: 0 done, 1 it was already, negative\n"
        "for a failure, which is not raised.");
    module.def("CoUninitialize", &co_uninitialize_all,
               "CoUninitialize()\n--\n\n"
               "Undoes one CoInitializeEx on the calling thread.");
    module.def("PumpWaitingMessages", &pump_messages,
               "PumpWaitingMessages(*ignored)\n--\n\n"
               "Dispatches the window messages that wait for the calling thread.\n\n"
               "Returns 1 if WM_QUIT was among them, else 0. Arguments are ignored.");
}

}  // namespace pysvc::py
