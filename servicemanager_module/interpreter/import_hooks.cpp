// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/import_hooks.hpp"

#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>

namespace pysvc::py {
namespace {

/// The import must not fail for it.
void call(const pb::object& function, const pb::object& module) {
    try {
        function(module);
    } catch (const pb::error_already_set& error) {
        const pysvc_host_api& api = host();
        api.log_warning(api.host, text_of(traceback_text(error)));
    }
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
pb::object make_loader(const pb::object& real, const pb::object& function) {
    pb::dict members;
    add_method(members, "create_module", [real](const pb::object&, const pb::object& spec) {
        return pb::object(real.attr("create_module")(spec));
    });
    add_method(members, "exec_module", [real, function](const pb::object&, const pb::object& module) {
        // Whoever asks the module from now on (inspect, pkgutil, reload) gets the loader that knows its file.
        module.attr("__spec__").attr("loader") = real;
        module.attr("__loader__") = real;
        real.attr("exec_module")(module);
        call(function, module);
    });
    return make_instance("HookedLoader", members);
}

pb::object find_spec(const pb::dict& hooks, const pb::object& self, const pb::str& name, const pb::object& path,
                     const pb::object& target) {
    if (!hooks.contains(name)) return pb::none();
    const pb::object function = hooks[name];
    const pb::list finders(pb::module_::import("sys").attr("meta_path"));
    for (const auto& finder : finders) {
        if (finder.is(self) || !pb::hasattr(finder, "find_spec")) continue;
        pb::object spec = finder.attr("find_spec")(name, path, target);
        if (spec.is_none()) continue;
        const pb::object real = spec.attr("loader");
        // A namespace package has no loader, and a legacy one no exec_module: neither is a module that we know.
        if (!real.is_none() && pb::hasattr(real, "exec_module")) spec.attr("loader") = make_loader(real, function);
        return spec;
    }
    return pb::none();
}

void install_finder(const pb::dict& hooks) {
    pb::dict members;
    add_method(
        members, "find_spec",
        [hooks](const pb::object& self, const pb::str& name, const pb::object& path, const pb::object& target) {
            return find_spec(hooks, self, name, path, target);
        },
        pb::arg("fullname"), pb::arg("path") = pb::none(), pb::arg("target") = pb::none());
    pb::module_::import("sys").attr("meta_path").attr("insert")(0, make_instance("ImportHooks", members));
}

}  // namespace

void after_import(EngineState& state, const char* name, const pb::object& function) {
    const pb::dict modules = pb::module_::import("sys").attr("modules");
    if (modules.contains(name)) return call(function, modules[name]);
    if (!state.import_hooks) {
        state.import_hooks = pb::dict();
        install_finder(state.import_hooks);
    }
    state.import_hooks[name] = function;
}

}  // namespace pysvc::py
