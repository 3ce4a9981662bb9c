// SPDX-License-Identifier: MIT
// Our own extension of the module; pywin32 has none of these functions.
#include "servicemanager_module/bindings/arguments.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <cmath>
#include <string>

namespace pysvc::py {
namespace {

constexpr std::uint32_t kMoreData = 234;  // ERROR_MORE_DATA

std::string service_argument(const pb::object& name) {
    return name.is_none() ? std::string() : text_argument(name, "service_name");
}

void check(std::uint32_t code, const std::string& name) {
    if (code == 0) return;
    if (code == kMoreData) throw pb::value_error("this process hosts several services: name the one that is meant");
    if (name.empty()) throw pb::value_error("no service runs in this process");
    throw pb::value_error("the service '" + name + "' is not hosted by this process");
}

/// Seconds, whole or not, as milliseconds; 0 for None and 0.
std::uint32_t period_argument(const pb::object& seconds) {
    // What a uint32 of milliseconds holds, in whole days.
    constexpr double kLongest = 49.0 * 24 * 60 * 60;
    if (seconds.is_none()) return 0;
    const double value = PyFloat_AsDouble(seconds.ptr());
    if (value == -1.0 && PyErr_Occurred() != nullptr) throw pb::error_already_set();
    if (!(value >= 0 && value <= kLongest)) {  // this way round for NaN
        throw pb::value_error("seconds must be between 0 and 4233600 (49 days)");
    }
    // A period too short to be told from none is still one.
    return static_cast<std::uint32_t>(std::ceil(value * 1000));
}

void watchdog(const pb::object& seconds, const pb::object& service_name) {
    const std::uint32_t period = period_argument(seconds);
    const std::string name = service_argument(service_name);
    const pysvc_host_api& api = host();
    check(api.watch(api.host, text_of(name), period), name);
}

void heartbeat(const pb::object& service_name) {
    const std::string name = service_argument(service_name);
    const pysvc_host_api& api = host();
    check(api.heartbeat_by_name(api.host, text_of(name)), name);
}

void notify_ready(const pb::object& service_name) {
    const std::string name = service_argument(service_name);
    const pysvc_host_api& api = host();
    std::uint32_t code = 0;
    {
        const GilReleased released;
        code = api.notify_ready(api.host, text_of(name));
    }
    check(code, name);
}

}  // namespace

void bind_liveness(pb::module_& module) {
    module.def(
        "Watchdog", &watchdog, pb::arg("seconds"), pb::arg("service_name") = pb::none(), pb::pos_only(),
        "Watchdog(seconds, service_name=None, /)\n--\n\n"
        "An extension of PythonService, which pywin32 has not: from now on the service calls Heartbeat at least once\n"
        "every so many seconds while it is RUNNING. One that does not is ended: an error event with the stacks of all\n"
        "threads, then STOPPED with the exit code of watchdog-expired, so that its recovery actions run.\n\n"
        "seconds: int or float; 0 or None switches the watchdog off, another call sets it anew.\n"
        "service_name: which service; needed only where the process has several.\n\n"
        "Raises ValueError for a negative or too large number of seconds, and when no such service runs here.");
    module.def("Heartbeat", &heartbeat, pb::arg("service_name") = pb::none(), pb::pos_only(),
               "Heartbeat(service_name=None, /)\n--\n\n"
               "An extension of PythonService, which pywin32 has not: the service is alive. Its Watchdog begins a new\n"
               "period, and while the service starts, stops, pauses or resumes its checkpoint moves, at most once a\n"
               "second.\n\n"
               "service_name: as for Watchdog. Raises ValueError when no such service runs here.");
    module.def(
        "NotifyReady", &notify_ready, pb::arg("service_name") = pb::none(), pb::pos_only(),
        "NotifyReady(service_name=None, /)\n--\n\n"
        "An extension of PythonService, which pywin32 has not: the service is ready. With the setting "
        "StartupMode=notify\n"
        "it is START_PENDING until it has both reported RUNNING, which ServiceFramework does for it, and called this.\n"
        "With StartupMode=report, the default, nothing happens.\n\n"
        "service_name: as for Watchdog. Raises ValueError when no such service runs here.");
}

}  // namespace pysvc::py
