// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace pysvc::win {

/// From now on an unhandled exception or an abort() writes a minidump to `folder`, which it makes:
/// SERVICE-20260131T120000Z-PROCESS.dmp. What happens then is what would have happened without: handlers that were there
/// before, Windows Error Reporting, the exit code. Once.
void enable_crash_dumps(const std::wstring& folder, const std::wstring& service);

/// The same for the abort() of the C library that Python uses, which need not be ours; nothing without crash dumps. After
/// Python's DLL is loaded, before faulthandler is enabled: it calls the handler of SIGABRT that it finds.
void watch_aborts_of_python();

}  // namespace pysvc::win
