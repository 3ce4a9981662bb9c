// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/win32service_finder.hpp"

#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/import_hooks.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <array>
#include <cstdint>

namespace pysvc::py {
namespace {

/// pywin32 parses signed longs and refuses exit codes above 0x7FFFFFFF; both readings are accepted here.
std::uint32_t status_field(pb::handle value) {
    const auto number = value.cast<std::int64_t>();
    if (number < INT32_MIN || number > static_cast<std::int64_t>(UINT32_MAX)) {
        throw pb::value_error("SetServiceStatus: a field of the status does not fit into 32 bits");
    }
    return static_cast<std::uint32_t>(number);
}

pysvc_status status_of(const pb::object& fields) {
    constexpr std::size_t kFields = 7;
    if (!pb::isinstance<pb::tuple>(fields) || pb::len(fields) != kFields) {
        throw pb::type_error("SetServiceStatus: the status must be a tuple of 7 integers");
    }
    std::array<std::uint32_t, kFields> values{};
    for (std::size_t i = 0; i < kFields; ++i) {
        const pb::object field = fields[pb::int_(i)];
        if (PyLong_Check(field.ptr()) == 0) {
            throw pb::type_error("SetServiceStatus: the status must be a tuple of 7 integers");
        }
        values[i] = status_field(field);
    }
    return {values[0], values[1], values[2], values[3], values[4], values[5], values[6]};
}

/// None is what RegisterServiceCtrlHandler returned in debug mode; a PyHANDLE converts to int.
std::uint64_t handle_value(const pb::object& handle) {
    if (handle.is_none()) return 0;
    const pb::int_ number(handle);
    return PyLong_AsUnsignedLongLongMask(number.ptr());
}

pb::object set_service_status(const pb::object& original, const pb::object& handle, const pb::object& fields) {
    const std::uint64_t handle_number = handle_value(handle);
    const pysvc_status status = status_of(fields);
    const pysvc_host_api& api = host();
    std::uint32_t os_code = 0;
    std::int32_t handled = 0;
    {
        const GilReleased released;
        handled = api.set_service_status(api.host, handle_number, &status, &os_code);
    }
    if (handled == 0) return original(handle, fields);
    if (os_code != 0) throw_windows_error(os_code, "SetServiceStatus");
    return pb::none();
}

void patch(const pb::object& module) {
    const pb::object original = pb::getattr(module, "SetServiceStatus", pb::none());
    if (original.is_none()) return;
    pb::options options;
    options.disable_function_signatures();
    module.attr("SetServiceStatus") = pb::cpp_function(
        [original](const pb::object& handle, const pb::object& status) {
            return set_service_status(original, handle, status);
        },
        pb::name("SetServiceStatus"), pb::scope(module), pb::arg("handle"), pb::arg("status"), pb::pos_only(),
        "SetServiceStatus(handle, status, /)\n--\n\n"
        "Reports a service's status: through the host for its own services, to Windows directly for others.\n\n"
        "status is the 7-tuple of SERVICE_STATUS. Any thread. Raises pywintypes.error.");
}

}  // namespace

void install_win32service_finder(EngineState& state) {
    if (state.finder_installed) return;
    state.finder_installed = true;
    after_import(state, "win32service", pb::cpp_function(&patch));
}

}  // namespace pysvc::py
