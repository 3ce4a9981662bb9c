// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace pysvc {

/// SERVICE_STATUS.dwCurrentState; the values are Windows' own.
enum class State : std::uint32_t {
    Stopped = 1,
    StartPending = 2,
    StopPending = 3,
    Running = 4,
    ContinuePending = 5,
    PausePending = 6,
    Paused = 7,
};

/// SERVICE_STATUS.dwServiceType, as far as a host of Python can have it.
enum class ServiceType : std::uint32_t { OwnProcess = 0x10, ShareProcess = 0x20 };

/// SERVICE_STATUS.dwControlsAccepted bits that the host itself looks at.
namespace accept {
inline constexpr std::uint32_t kStop = 0x1;
inline constexpr std::uint32_t kPauseContinue = 0x2;
inline constexpr std::uint32_t kShutdown = 0x4;
inline constexpr std::uint32_t kPreshutdown = 0x100;
}  // namespace accept

/// Win32 codes that are part of the contract with the SCM or with pywin32.
namespace win32 {
inline constexpr std::uint32_t kNoError = 0;
inline constexpr std::uint32_t kInvalidHandle = 6;
inline constexpr std::uint32_t kInvalidParameter = 87;
inline constexpr std::uint32_t kCallNotImplemented = 120;
inline constexpr std::uint32_t kInvalidName = 123;
inline constexpr std::uint32_t kTooManyThreads = 164;  // ERROR_MAX_THRDS_REACHED
inline constexpr std::uint32_t kMoreData = 234;
inline constexpr std::uint32_t kServiceAlreadyRunning = 1056;
inline constexpr std::uint32_t kServiceCannotAcceptControl = 1061;
inline constexpr std::uint32_t kFailedServiceControllerConnect = 1063;
inline constexpr std::uint32_t kServiceSpecificError = 1066;
inline constexpr std::uint32_t kShutdownInProgress = 1115;
inline constexpr std::uint32_t kNotEnoughQuota = 1816;
}  // namespace win32

/// Why a service stopped, as SERVICE_STATUS tells it: a Win32 code or a service-specific one, never both.
struct ExitStatus {
    std::uint32_t win32 = 0;
    std::uint32_t specific = 0;  ///< Meaningful only when win32 is ERROR_SERVICE_SPECIFIC_ERROR.

    [[nodiscard]] static constexpr ExitStatus success() { return {}; }
    [[nodiscard]] static constexpr ExitStatus service_specific(std::uint32_t code) {
        return {win32::kServiceSpecificError, code};
    }
    /// The code a process ends with: the specific one if there is one.
    [[nodiscard]] constexpr std::uint32_t process_code() const {
        return win32 == win32::kServiceSpecificError ? specific : win32;
    }
    friend bool operator==(const ExitStatus&, const ExitStatus&) = default;
};

/// What is reported to the SCM: one consistent SERVICE_STATUS. A value; ServiceStatus makes the next one.
struct StatusRecord {
    ServiceType type = ServiceType::OwnProcess;
    State state = State::StartPending;
    std::uint32_t accepted = 0;
    ExitStatus exit;
    std::uint32_t check_point = 0;
    std::chrono::milliseconds wait_hint{0};

    friend bool operator==(const StatusRecord&, const StatusRecord&) = default;
};

[[nodiscard]] bool is_pending(State state);
[[nodiscard]] std::string_view name_of(State state);

/// True when a service may move from one state to another (scm-and-wine 1.3: the SCM itself does not check). Staying in
/// a state is legal except in Stopped.
[[nodiscard]] bool is_legal_move(State from, State to);

}  // namespace pysvc
