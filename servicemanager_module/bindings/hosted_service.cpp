// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/arguments.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <string>

namespace pysvc::py {
namespace {

pb::object register_service(const pb::object& name, const pb::object& callable, bool wants_interrogate) {
    return register_with_host(text_argument(name, "name"), callable, PYSVC_HANDLER_RAW, wants_interrogate);
}

/// None is what register_service returned in debug mode.
std::uint64_t handle_number(const pb::object& handle) {
    return handle.is_none() ? 0 : PyLong_AsUnsignedLongLongMask(handle.ptr());
}

void report_state(const pb::object& handle, std::uint32_t state, std::uint32_t accepted) {
    pysvc_status status{};
    status.current_state = state;
    status.controls_accepted = accepted;
    const std::uint64_t number = handle_number(handle);
    const pysvc_host_api& api = host();
    std::uint32_t os_code = 0;
    {
        const GilReleased released;
        // Not handled: the service has ended, and whatever thread still speaks for it is not listened to.
        if (api.set_service_status(api.host, number, &status, &os_code) == 0) return;
    }
    if (os_code != 0) throw_windows_error(os_code, "SetServiceStatus");
}

void notify_ready_if_running(const pb::object& name) {
    const std::string text = text_argument(name, "name");
    const pysvc_host_api& api = host();
    const GilReleased released;
    // As in report_state: of a service that has ended nothing is heard.
    (void)api.notify_ready(api.host, text_of(text));
}

void heartbeat_of_handle(const pb::object& handle) {
    const pysvc_host_api& api = host();
    api.heartbeat(api.host, handle_number(handle));
}

void write_line(const pb::object& text) {
    constexpr std::int32_t kStandardOutput = 1;
    const std::string line = text_argument(text, "text");
    const pysvc_host_api& api = host();
    const GilReleased released;
    api.write_line(api.host, kStandardOutput, text_of(line));
}

}  // namespace

void bind_hosted_service(pb::module_& module) {
    module.def("register_service", &register_service, pb::arg("name"), pb::arg("callable"),
               pb::arg("wants_interrogate"), pb::pos_only(),
               "register_service(name, callable, wants_interrogate, /)\n--\n\n"
               "Registers callable(control, event_type, bytes or None) for the controls of a service that reports its\n"
               "states with report_state, in debug mode as well. Returns its handle, None in debug mode.");
    module.def("report_state", &report_state, pb::arg("handle"), pb::arg("state"), pb::arg("accepted"), pb::pos_only(),
               "report_state(handle, state, accepted, /)\n--\n\nReports a SERVICE_* state and the controls accepted in it.");
    module.def("notify_ready", &notify_ready_if_running, pb::arg("name"), pb::pos_only(),
               "notify_ready(name, /)\n--\n\nservicemanager.NotifyReady, silent where the service has ended.");
    module.def("heartbeat", &heartbeat_of_handle, pb::arg("handle"), pb::pos_only(),
               "heartbeat(handle, /)\n--\n\nThe service is alive, and makes progress: its checkpoint may move.");
    module.def("write_line", &write_line, pb::arg("text"), pb::pos_only(),
               "write_line(text, /)\n--\n\nA line in the log of the services of this process; in debug mode, on the console.");
}

}  // namespace pysvc::py
