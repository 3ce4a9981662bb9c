// SPDX-License-Identifier: MIT
#pragma once

namespace pysvc::py {

/// A function of ole32 or user32; NULL where it is missing. They are loaded when a script first asks for them, and then
/// for good: few services have windows or COM objects, and the two with what they depend on cost milliseconds of every
/// start and memory of every process. From System32 only. Windows only.
[[nodiscard]] void* late_function(const wchar_t* library, const char* name) noexcept;

/// As `Function`, its declared type.
template <class Function>
[[nodiscard]] Function imported_late(const wchar_t* library, const char* name) noexcept {
    return reinterpret_cast<Function>(late_function(library, name));
}

}  // namespace pysvc::py
