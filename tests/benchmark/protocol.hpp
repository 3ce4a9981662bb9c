// SPDX-License-Identifier: MIT
// What the client and the measured services agree on; services/payload.py has the same.
#pragma once

#include "host/windows/win32.hpp"

#include <string>
#include <string_view>

namespace pysvc::benchmark {

/// User-defined controls.
inline constexpr DWORD kNothing = 128;  ///< asks for no work: what is measured is the way there and back
inline constexpr DWORD kTell = 129;     ///< set the event kTold
inline constexpr DWORD kCalm = 130;     ///< the main thread ends its busy loop

// Auto-reset events, one of each for every service. To the service: its main thread computes until kCalm, or holds the
// GIL, in C, until kRelease.
inline constexpr wchar_t kBusy[] = L"busy";
inline constexpr wchar_t kHold[] = L"hold";
inline constexpr wchar_t kRelease[] = L"release";
// From the service: its main thread is busy, holds the GIL, or is idle again; its code for kTell has run.
inline constexpr wchar_t kChanged[] = L"changed";
inline constexpr wchar_t kTold[] = L"told";

/// Opens the event, or creates it when the other side has not done so yet; null when neither is possible.
[[nodiscard]] inline win::UniqueHandle open_event(std::wstring_view service, std::wstring_view event) {
    std::wstring name = L"Global\\PythonServiceBenchmark.";
    name.append(service).append(L".").append(event);
    return win::UniqueHandle(CreateEventW(nullptr, FALSE, FALSE, name.c_str()));
}

}  // namespace pysvc::benchmark
