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

void install_embedded_modules() {
    const EmbeddedModule& finder = *find_embedded_module(kFinder);
    const auto code = pb::reinterpret_steal<pb::object>(PyMarshal_ReadObjectFromString(
        reinterpret_cast<const char*>(finder.code.data()), static_cast<Py_ssize_t>(finder.code.size())));
    if (!code) throw pb::error_already_set();
    const auto module = pb::reinterpret_steal<pb::module_>(PyImport_ExecCodeModule(kFinder, code.ptr()));
    if (!module) throw pb::error_already_set();
    module.attr("install")();
}

}  // namespace pysvc::py
