// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pysvc {

/// Control codes that the host itself looks at; all others only pass through. The values are Windows' own.
namespace control {
inline constexpr std::uint32_t kStop = 1;
inline constexpr std::uint32_t kPause = 2;
inline constexpr std::uint32_t kContinue = 3;
inline constexpr std::uint32_t kInterrogate = 4;
inline constexpr std::uint32_t kShutdown = 5;
inline constexpr std::uint32_t kDeviceEvent = 11;
inline constexpr std::uint32_t kHardwareProfileChange = 12;
inline constexpr std::uint32_t kPowerEvent = 13;
inline constexpr std::uint32_t kSessionChange = 14;
inline constexpr std::uint32_t kPreshutdown = 15;
inline constexpr std::uint32_t kTimeChange = 0x10;
inline constexpr std::uint32_t kTriggerEvent = 0x20;
inline constexpr std::uint32_t kFirstUserDefined = 128;
inline constexpr std::uint32_t kLastUserDefined = 255;
}  // namespace control

/// One control with everything it came with. `data` is a copy: lpEventData is gone when the handler returns.
struct ControlRecord {
    std::uint32_t control = 0;
    std::uint32_t event_type = 0;
    std::vector<std::byte> data;
};

/// Who receives the controls of one service: called by the SCM's dispatcher thread (in debug: by the console's).
class ControlSink {
public:
    virtual ~ControlSink() = default;
    /// Answers with a Win32 code. Never waits for Python, except as DESIGN 3 allows for events that need an answer.
    virtual std::uint32_t on_control(ControlRecord record) noexcept = 0;
};

}  // namespace pysvc
