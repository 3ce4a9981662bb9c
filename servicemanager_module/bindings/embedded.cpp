// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/embedded_modules.hpp"

#include <cstddef>
#include <string>

namespace pysvc::py {
namespace {

/// Nothing is copied: the memory is the binary's own and never goes away.
pb::object view_of_bytes(std::span<const unsigned char> bytes) {
    return pb::memoryview::from_memory(static_cast<const void*>(bytes.data()), static_cast<pb::ssize_t>(bytes.size()));
}

pb::object is_package(const std::string& name) {
    const EmbeddedModule* module = find_embedded_module(name);
    if (module == nullptr) return pb::none();
    return pb::bool_(module->package);
}

const EmbeddedModule& embedded_module(const std::string& name) {
    const EmbeddedModule* module = find_embedded_module(name);
    if (module == nullptr) throw pb::key_error(name);
    return *module;
}

}  // namespace

void bind_embedded(pb::module_& module) {
    module.def("embedded_is_package", &is_package, pb::arg("name"), pb::pos_only(),
               "embedded_is_package(name, /)\n--\n\n"
               "Whether the embedded module of that name is a package; None when there is none.");
    module.def(
        "embedded_code", [](const std::string& name) { return view_of_bytes(embedded_module(name).code); },
        pb::arg("name"), pb::pos_only(),
        "embedded_code(name, /)\n--\n\nThe bytecode of an embedded module, as marshal reads it. Raises KeyError.");
    module.def(
        "embedded_source", [](const std::string& name) { return view_of_bytes(embedded_module(name).source); },
        pb::arg("name"), pb::pos_only(),
        "embedded_source(name, /)\n--\n\nThe UTF-8 source of an embedded module. Raises KeyError.");
    module.def(
        "embedded_magic", [] { return view_of_bytes(embedded_magic()); },
        "embedded_magic()\n--\n\nThe magic number of the interpreter that compiled the embedded modules.");
    module.def(
        "embedded_names",
        [] {
            pb::list names;
            for (const EmbeddedModule& embedded : embedded_modules()) names.append(pb::str(std::string(embedded.name)));
            return names;
        },
        "embedded_names()\n--\n\nThe names of all embedded modules.");
}

}  // namespace pysvc::py
