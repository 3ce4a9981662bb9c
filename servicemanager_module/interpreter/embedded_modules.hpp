// SPDX-License-Identifier: MIT
#pragma once

#include "servicemanager_module/interpreter/python.hpp"

#include <span>
#include <string_view>

namespace pysvc::py {

/// A Python module that lies in this binary: its bytecode for this minor (marshal's format), and its source.
struct EmbeddedModule {
    std::string_view name;
    bool package;
    std::span<const unsigned char> code;
    std::span<const unsigned char> source;
};

/// Everything below servicemanager_module/python; written by embed_modules.py.
[[nodiscard]] std::span<const EmbeddedModule> embedded_modules();

/// The magic number of the interpreter that compiled them.
[[nodiscard]] std::span<const unsigned char> embedded_magic();

/// The module of that name, or NULL.
[[nodiscard]] const EmbeddedModule* find_embedded_module(std::string_view name);

/// An embedded module that imports no other, whether or not `import` finds embedded modules in this process. Throws
/// error_already_set. GIL.
[[nodiscard]] pb::module_ import_embedded_module(const char* name);

/// Lets `import` find them, after every other finder: what is installed wins, real pywin32 above all. Once for each
/// interpreter. Throws error_already_set. GIL.
void install_embedded_modules();

}  // namespace pysvc::py
