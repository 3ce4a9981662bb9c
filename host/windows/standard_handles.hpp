// SPDX-License-Identifier: MIT
// Standard handles and descriptors as Python and its children need them. A service has none, and both Python and
// subprocess take a bad one worse than none.
#pragma once

#include <string>

namespace pysvc::win {

/// Each of the three standard handles that is missing or of no use becomes an inheritable handle of NUL. Before
/// Python's DLL is loaded; py-main.
void repair_standard_handles();

/// Repairs descriptors 0 to 2, and stdin, stdout and stderr over them, of the C library that Python uses. An unusable 0
/// or 1 becomes NUL, an unusable 2 `crash_log` (UTF-8; empty: NUL): faulthandler and C code write there. After Python's
/// DLL is loaded, before pre-initialisation; py-main.
void repair_descriptors(const std::string& crash_log);

/// Sets an environment variable of the process and, when it is loaded, of Python's C library: its copy is made once,
/// and os.environ is made from that. An empty `value` removes it there, as C does.
void set_environment_variable(const std::string& name, const std::string& value);

}  // namespace pysvc::win
