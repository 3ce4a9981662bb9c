// SPDX-License-Identifier: MIT
#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "servicemanager_module/bindings/arguments.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/win32service_finder.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <string>

namespace pysvc::py {
namespace {

constexpr std::uint32_t kInvalidName = 123;  // ERROR_INVALID_NAME

bool comes_from_framework(const pb::object& function) {
    const pb::object module = pb::getattr(function, "__module__", pb::none());
    return pb::isinstance<pb::str>(module) && module.equal(pb::str("win32serviceutil"));
}

/// INTERROGATE is answered natively; Python hears of it only if it has code of its own for it. The framework's own
/// handler has not, unless the class overrides SvcInterrogate: the inherited one always reports RUNNING.
bool wants_interrogate(const pb::object& callable) {
    const pb::object self = pb::getattr(callable, "__self__", pb::none());
    if (self.is_none() || !comes_from_framework(callable)) return true;
    const pb::object interrogate = pb::getattr(pb::type::of(self), "SvcInterrogate", pb::none());
    return !comes_from_framework(interrogate);
}

pb::object register_handler(const pb::object& service_name, const pb::object& callable, const pb::object& extra_args) {
    if (PyCallable_Check(callable.ptr()) == 0) throw pb::type_error("the service control handler must be callable");
    const std::string name = text_argument(service_name, "serviceName");
    const bool extra = flag_argument(extra_args, "extra_args");
    // Under python.exe this is where the module stops being a bystander.
    install_win32service_finder(*engine());
    return register_with_host(name, callable, extra ? PYSVC_HANDLER_EVENT : PYSVC_HANDLER_CONTROL,
                              wants_interrogate(callable));
}

/// Text of an optional argument; empty for None.
std::string optional_text(const pb::object& value, const char* name) {
    if (value.is_none()) return {};
    return text_argument(value, name);
}

/// Scripts name servicemanager.__file__ as the file with their messages. Under python.exe the import system has set it
/// to the engine, which holds none: they lie beside it.
std::string message_file_of(std::string file) {
    const pb::object own = pb::getattr(pb::module_::import("servicemanager"), "__file__", pb::none());
    if (own.is_none() || !equal_ignoring_case(file, utf8_of(pb::str(own)))) return file;
    return from_path(to_path(file).parent_path() / kMessageFile);
}

void initialize_names(const pb::object& source_name, const pb::object& source_file) {
    const std::string name = optional_text(source_name, "eventSourceName");
    const std::string file = message_file_of(optional_text(source_file, "eventSourceFile"));
    if (name.empty() && file.empty()) return;
    const pysvc_host_api& api = host();
    const GilReleased released;
    if (!file.empty()) api.set_message_file(api.host, text_of(file));
    if (!name.empty()) api.set_event_source(api.host, text_of(name), 0);
}

[[noreturn]] void throw_startup_error(const char* message) {
    const pb::object& type = engine()->startup_error;
    PyErr_SetString(type ? type.ptr() : PyExc_RuntimeError, message);
    throw pb::error_already_set();
}

void prepare_single(const pb::object& service_class) {
    const pysvc_host_api& api = host();
    PyObject* object = service_class.is_none() ? nullptr : service_class.ptr();
    Py_XINCREF(object);
    // Important: on success the reference belongs to the host. A leaf call: the GIL stays.
    if (api.prepare_to_host_single(api.host, object) != 0) return;
    Py_XDECREF(object);
    throw_startup_error("PrepareToHostSingle failed!");
}

void prepare_multiple(const pb::object& service_name, const pb::object& service_class) {
    const pysvc_host_api& api = host();
    const std::string name = text_argument(service_name, "service_name");
    PyObject* object = service_class.is_none() ? nullptr : service_class.ptr();
    Py_XINCREF(object);
    // Important: as in prepare_single.
    if (api.prepare_to_host_multiple(api.host, text_of(name), object) != 0) return;
    Py_XDECREF(object);
    throw_startup_error("PrepareToHostMultiple failed!");
}

void finalize_hosting() {
    const pysvc_host_api& api = host();
    const GilReleased released;
    api.forget_prepared(api.host);
}

void start_dispatcher() {
    const pysvc_host_api& api = host();
    install_win32service_finder(*engine());
    std::uint32_t code = 0;
    {
        const GilReleased released;
        code = api.run_dispatcher(api.host);
    }
    if (code != 0) throw_windows_error(code, "StartServiceCtrlDispatcher");
}

}  // namespace

pb::object register_with_host(const std::string& name, const pb::object& callable, pysvc_handler_args args,
                              bool forward_interrogate) {
    const pysvc_host_api& api = host();
    std::uint64_t handle = 0;
    std::uint32_t code = 0;
    // Important: on success this reference belongs to the host.
    callable.inc_ref();
    {
        const GilReleased released;
        code = api.register_handler(api.host, text_of(name), callable.ptr(), args, forward_interrogate ? 1 : 0, &handle);
    }
    if (code != 0) callable.dec_ref();
    if (code == kInvalidName) throw pb::value_error("the service '" + name + "' is not hosted by this process");
    if (code != 0) throw_windows_error(code, "RegisterServiceCtrlHandlerEx");
    if (handle == 0) return pb::none();
    return pb::int_(handle);
}

void bind_hosting(pb::module_& module) {
    module.def(
        "RegisterServiceCtrlHandler", &register_handler, pb::arg("serviceName"), pb::arg("callback"),
        pb::arg("extra_args") = false, pb::pos_only(),
        "RegisterServiceCtrlHandler(serviceName, callback, extra_args=False, /)\n--\n\n"
        "Registers what receives the service's controls; called by a service class in its constructor.\n\n"
        "serviceName: the first of the arguments that the class got.\n"
        "callback: called as callback(control), or with extra_args as callback(control, event_type, data), on the\n"
        "service's control thread; None or 0 mean success, another int is a Windows error code.\n\n"
        "Returns the status handle (int), or None in debug mode. Raises TypeError when callback is not callable,\n"
        "ValueError when this process hosts no such service, pywintypes.error when Windows refuses.");
    module.def("Initialize", &initialize_names, pb::arg("eventSourceName") = pb::none(),
               pb::arg("eventSourceFile") = pb::none(), pb::pos_only(),
               "Initialize(eventSourceName=None, eventSourceFile=None, /)\n--\n\n"
               "Names the source of this process's events and the file with their messages, as far as given.\n\n"
               "Optional: hosting a service does not depend on it.");
    module.def(
        "Finalize", &finalize_hosting,
        "Finalize()\n--\n\n"
        "Under python.exe, when no service runs: forgets what PrepareToHostSingle and PrepareToHostMultiple prepared.\n\n"
        "Scripts call it at their end; elsewhere it does nothing.");
    module.def("PrepareToHostSingle", &prepare_single, pb::arg("klass") = pb::none(), pb::pos_only(),
               "PrepareToHostSingle(klass=None, /)\n--\n\n"
               "Prepares this process to host one service, whatever its name.\n\n"
               "klass: the service class; None to look it up in the registry when the service starts.\n\n"
               "Raises startup_error after PrepareToHostMultiple.");
    module.def("PrepareToHostMultiple", &prepare_multiple, pb::arg("service_name"), pb::arg("klass"), pb::pos_only(),
               "PrepareToHostMultiple(service_name, klass, /)\n--\n\n"
               "Prepares this process to host the named service, one call for each.\n\n"
               "Raises startup_error after PrepareToHostSingle and for a name that is there already.");
    module.def(
        "StartServiceCtrlDispatcher", &start_dispatcher,
        "StartServiceCtrlDispatcher()\n--\n\n"
        "Connects this process with the Service Control Manager and runs its services; returns when all have\n"
        "stopped. Call it on the main thread, which then runs the first service.\n\n"
        "Raises pywintypes.error: 1063 when this process was not started as a service, 1056 when called by code\n"
        "that is hosted already.");
}

}  // namespace pysvc::py
