// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/win32service_finder.hpp"

#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <array>
#include <cstdint>

namespace pysvc::py {
namespace {

constexpr const char* kModule = "win32service";

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

template <class Function, class... Extra>
void add_method(pb::dict& members, const char* name, Function&& function, const Extra&... extra) {
    members[name] =
        pb::cpp_function(std::forward<Function>(function), pb::name(name), pb::is_method(pb::none()), extra...);
}

pb::object make_instance(const char* type_name, pb::dict members) {
    members["__module__"] = "servicemanager";
    const auto type = pb::reinterpret_borrow<pb::object>(reinterpret_cast<PyObject*>(&PyType_Type));
    return type(type_name, pb::tuple(), members)();
}

/// Stands in for the real loader until the module has been executed.
pb::object make_loader(const pb::object& real) {
    pb::dict members;
    add_method(members, "create_module", [real](const pb::object&, const pb::object& spec) {
        return pb::object(real.attr("create_module")(spec));
    });
    add_method(members, "exec_module", [real](const pb::object&, const pb::object& module) {
        // Whoever asks the module from now on (inspect, pkgutil, reload) gets the loader that knows its file.
        module.attr("__spec__").attr("loader") = real;
        module.attr("__loader__") = real;
        real.attr("exec_module")(module);
        patch(module);
    });
    return make_instance("Win32ServiceLoader", members);
}

pb::object find_spec(const pb::object& self, const pb::str& name, const pb::object& path, const pb::object& target) {
    if (!name.equal(pb::str(kModule))) return pb::none();
    const pb::list finders(pb::module_::import("sys").attr("meta_path"));
    for (const auto& finder : finders) {
        if (finder.is(self) || !pb::hasattr(finder, "find_spec")) continue;
        pb::object spec = finder.attr("find_spec")(name, path, target);
        if (spec.is_none()) continue;
        const pb::object real = spec.attr("loader");
        // A namespace package has no loader, and a legacy one no exec_module: neither is pywin32's module.
        if (!real.is_none() && pb::hasattr(real, "exec_module")) spec.attr("loader") = make_loader(real);
        return spec;
    }
    return pb::none();
}

}  // namespace

void install_win32service_finder(EngineState& state) {
    if (state.finder_installed) return;
    state.finder_installed = true;
    const auto sys = pb::module_::import("sys");
    const pb::dict modules = sys.attr("modules");
    if (modules.contains(kModule)) patch(modules[kModule]);
    pb::dict members;
    add_method(members, "find_spec", &find_spec, pb::arg("fullname"), pb::arg("path") = pb::none(),
               pb::arg("target") = pb::none());
    sys.attr("meta_path").attr("insert")(0, make_instance("Win32ServiceFinder", members));
}

}  // namespace pysvc::py
