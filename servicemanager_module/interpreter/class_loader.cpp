// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/class_loader.hpp"

#include "servicemanager_module/interpreter/failure.hpp"
#include "servicemanager_module/interpreter/import_error.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace pysvc::py {
namespace {

/// A module by its full name, and the folder that must be on sys.path for it.
struct PackagePath {
    std::string directory;
    std::string module;
};

/// The import statement's own path, which leaves importlib's frames out of tracebacks; importlib.import_module does
/// not.
pb::object import_by_name(const std::string& module) {
    PyObject* imported = PyImport_Import(str_of(module).ptr());
    if (imported == nullptr) throw pb::error_already_set();
    return pb::reinterpret_steal<pb::object>(imported);
}

/// sys.path[0] = `directory`, as pywin32 does for a class string with a folder; once for each folder, however many
/// services of a shared process come from it.
void add_to_path(EngineState& state, const std::string& directory) {
    if (directory.empty() || !state.directories.insert(directory).second) return;
    pb::module_::import("sys").attr("path").attr("insert")(0, str_of(directory));
}

/// The name of `module` in the outermost package around `directory`; an empty module when that folder is no package.
PackagePath package_around(std::string directory, std::string module) {
    const pb::object path = pb::module_::import("os").attr("path");
    const auto is_package = [&](const std::string& folder) {
        return path.attr("isfile")(path.attr("join")(str_of(folder), "__init__.py")).cast<bool>();
    };
    directory = utf8_of(path.attr("abspath")(str_of(directory)));
    if (!is_package(directory)) return {};
    while (is_package(directory)) {
        const pb::tuple parts = path.attr("split")(str_of(directory));
        std::string parent = utf8_of(parts[0]);
        // The root of a drive is its own parent.
        if (parent == directory) break;
        module = utf8_of(parts[1]) + "." + module;
        directory = std::move(parent);
    }
    return {std::move(directory), std::move(module)};
}

bool is_relative_import_failure(const pb::error_already_set& error) {
    // "attempted relative import with no known parent package", the same words in 3.10 to 3.14.
    return error.matches(PyExc_ImportError) && !error.matches(PyExc_ModuleNotFoundError) &&
           utf8_of(pb::str(error.value())).find("relative import") != std::string::npos;
}

/// pywin32 writes `C:\pk\pkg\svc.Svc` into the registry even for a module that only works as `pkg.svc`. The plain name
/// comes first, because many service folders hold an __init__.py that was never meant to be run.
Result<pb::object> import_class_module(EngineState& state, const std::string& directory, const std::string& module) {
    PackagePath package;
    try {
        return import_by_name(module);
    } catch (const pb::error_already_set& error) {
        if (!directory.empty() && is_relative_import_failure(error)) package = package_around(directory, module);
        if (package.module.empty()) return failure(import_error(error, module));
    }
    try {
        add_to_path(state, package.directory);
        return import_by_name(package.module);
    } catch (const pb::error_already_set& error) {
        return failure(import_error(error, package.module));
    }
}

/// "; did you mean 'Service'?" or the classes that are there.
std::string suggestion(const pb::object& module, const std::string& name) {
    try {
        pb::list classes;
        for (const auto& item : pb::module_::import("builtins").attr("vars")(module).attr("items")()) {
            const auto pair = pb::reinterpret_borrow<pb::tuple>(item);
            const bool own = PyType_Check(pair[1].ptr()) != 0 &&
                             pb::object(pb::getattr(pair[1], "__module__", pb::none())).equal(module.attr("__name__"));
            if (own) classes.append(pair[0]);
        }
        const pb::object near = pb::module_::import("difflib").attr("get_close_matches")(str_of(name), classes);
        const bool found = pb::len(near) != 0;
        if (!found && classes.empty()) return "; it defines no class";
        const std::string names = utf8_of(pb::str("', '").attr("join")(found ? near : pb::object(classes)));
        return found ? "; did you mean '" + names + "'?" : "; its classes are '" + names + "'";
    } catch (const pb::error_already_set&) {
        return {};
    }
}

std::string module_label(const pb::object& module, const std::string& name) {
    const pb::object file = pb::getattr(module, "__file__", pb::none());
    return "module '" + name + "'" + (file.is_none() ? "" : " ('" + utf8_of(pb::str(file)) + "')");
}

Result<pb::object> find_class(const pb::object& module, const std::string& module_name, const std::string& name) {
    pb::object found = module;
    // A dotted name is a nested class.
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        try {
            found = pb::object(found.attr(str_of(std::string_view(name).substr(begin, end - begin))));
        } catch (const pb::error_already_set& error) {
            // A module's __getattr__ may raise anything.
            if (!error.matches(PyExc_AttributeError))
                return failure(ErrorCode::ClassNotFound, 0, traceback_text(error));
            return failure(
                ErrorCode::ClassNotFound, 0,
                module_label(module, module_name) + " has no class '" + name + "'" + suggestion(module, name));
        }
        begin = end + 1;
    }
    if (PyCallable_Check(found.ptr()) == 0) {
        return failure(ErrorCode::ClassNotFound, 0,
                       "'" + name + "' in " + module_label(module, module_name) + " is no class but a '" +
                           Py_TYPE(found.ptr())->tp_name + "'");
    }
    return found;
}

}  // namespace

Result<pb::object> load_class(EngineState& state, const pysvc_run_request& request) {
    if (request.class_object != nullptr) {
        return pb::reinterpret_borrow<pb::object>(static_cast<PyObject*>(request.class_object));
    }
    const std::string directory(view_of(request.directory));
    const std::string module_name(view_of(request.module));
    add_to_path(state, directory);
    const Result<pb::object> module = import_class_module(state, directory, module_name);
    if (!module) return module;
    return find_class(*module, module_name, std::string(view_of(request.class_name)));
}

}  // namespace pysvc::py
