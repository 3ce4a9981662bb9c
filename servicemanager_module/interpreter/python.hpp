// SPDX-License-Identifier: MIT
#pragma once

// Python.h must be the first header of a translation unit (it sets feature macros), so this one is included first.
#include <pybind11/embed.h>

namespace pysvc::py {

// `py`, the customary alias, is the name of our own namespace.
namespace pb = pybind11;

}  // namespace pysvc::py
