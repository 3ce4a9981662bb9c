// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/embedded_modules.hpp"

#include "servicemanager_module/interpreter/python.hpp"

// Not part of Python.h.
#include <marshal.h>

#include <algorithm>

namespace pysvc::py {
namespace {

/// The module with the finder, which cannot be found by the finder.
constexpr const char* kFinder = "_pythonservice_finder";

}  // namespace

const EmbeddedModule* find_embedded_module(std::string_view name) {
    const auto modules = embedded_modules();
    const auto found = std::ranges::find(modules, name, &EmbeddedModule::name);
    return found == modules.end() ? nullptr : &*found;
}

pb::module_ import_embedded_module(const char* name) {
    if (auto known = pb::reinterpret_steal<pb::object>(PyImport_GetModule(pb::str(name).ptr()))) {
        return pb::reinterpret_borrow<pb::module_>(known);
    }
    const EmbeddedModule& embedded = *find_embedded_module(name);
    const auto code = pb::reinterpret_steal<pb::object>(PyMarshal_ReadObjectFromString(
        reinterpret_cast<const char*>(embedded.code.data()), static_cast<Py_ssize_t>(embedded.code.size())));
    if (!code) throw pb::error_already_set();
    auto module = pb::reinterpret_steal<pb::module_>(PyImport_ExecCodeModule(name, code.ptr()));
    if (!module) throw pb::error_already_set();
    return module;
}

void install_embedded_modules() { import_embedded_module(kFinder).attr("install")(); }

}  // namespace pysvc::py
