// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace pysvc {

/// Everything that can go wrong, one enumerator per cause a person would act on. The numbers are an API: they are in
/// event ids and exit codes, so they never change and are never reused.
enum class ErrorCode : std::uint32_t {
    None = 0,

    // The class string in the registry.
    ClassValueMissing = 0x01,
    ClassValueWrongType = 0x02,
    ClassValueEmpty = 0x03,
    ClassValueNoDot = 0x04,
    ClassValueTooLong = 0x05,
    ClassValueHasNul = 0x06,
    ServiceUnknown = 0x07,

    // Loading and constructing the class.
    ModuleNotFound = 0x10,
    ModuleSyntaxError = 0x11,
    ImportRaised = 0x12,
    ClassNotFound = 0x13,
    ConstructorRaised = 0x14,
    NoRunMethod = 0x15,
    NoControlHandler = 0x16,
    StartupErrorRaised = 0x17,

    // Running it.
    RunRaised = 0x20,
    ServiceExited = 0x21,
    ControlFailed = 0x22,
    UnhandledException = 0x23,
    ControlsDropped = 0x24,
    PythonWarning = 0x25,

    // Finding and loading Python.
    PythonNotFound = 0x30,
    PythonWrongArchitecture = 0x31,
    PythonUnreadable = 0x32,
    PythonNoStandardLibrary = 0x33,
    PythonFromStore = 0x34,
    PythonLoadFailed = 0x35,
    EngineNotFound = 0x36,
    EngineMismatch = 0x37,
    EngineLoadFailed = 0x38,
    InterpreterFailed = 0x39,
    PrefixMismatch = 0x3A,

    // Deadlines.
    StartSlow = 0x40,
    StartTimedOut = 0x41,
    StopSlow = 0x42,
    StopTimedOut = 0x43,
    GraceExpired = 0x44,
    FinalizeTimedOut = 0x45,
    PreviousInstanceRunning = 0x46,
    HostClosing = 0x47,
    WatchdogExpired = 0x48,
    PreviousInstanceEnded = 0x49,

    // Talking to Windows.
    DispatcherFailed = 0x50,
    RegisterHandlerFailed = 0x51,
    SetStatusFailed = 0x52,
    ConfigValueInvalid = 0x53,
    LogUnavailable = 0x54,
    OperatingSystem = 0x55,

    // Commands: shown on stderr, never an event.
    Usage = 0x60,
    FileNotFound = 0x61,
    NoServiceClass = 0x62,
    SeveralServiceClasses = 0x63,
    DescribeFailed = 0x64,
    DescribeTimedOut = 0x65,
    ServiceControlFailed = 0x66,
    WaitTimedOut = 0x67,
    NotSupportedHere = 0x68,
    ServiceFailed = 0x69,
    ProgramNotRunnable = 0x6A,
    WritableByOthers = 0x6B,
    PathRefused = 0x6C,
};

/// What an event is about: wCategory of ReportEvent, by which Event Viewer filters. The numbers are those of the
/// category messages in messages/messages.mc, from 1 without a gap (MSDN, Event Categories). Events that scripts write
/// have none.
enum class EventCategory : std::uint16_t {
    None = 0,
    Service = 1,
    Configuration = 2,
    Python = 3,
    Script = 4,
    Control = 5
};

/// CategoryCount of an event source.
inline constexpr std::uint32_t kEventCategoryCount = 5;

/// One row of the error table: what docs/errors.md, the events and the exit codes are made from.
struct ErrorInfo {
    ErrorCode code;
    const char* name;         ///< Stable identifier, for documentation and logs.
    std::uint32_t event_id;   ///< Full 32-bit message id; 0 for errors that are no events.
    EventCategory category;   ///< None exactly when there is no event.
    std::uint32_t exit_code;  ///< Service-specific exit code with ERROR_SERVICE_SPECIFIC_ERROR; 0 when none is set.
    const char* summary;      ///< What failed, in a few words.
    const char* cause;        ///< The likely cause.
    const char* remedy;       ///< What to do next.
};

/// One failure. `context` says on what (a path, a registry key, a service) and may end with a Python traceback.
struct [[nodiscard]] Error {
    ErrorCode code = ErrorCode::None;
    std::uint32_t os_code = 0;  ///< The Win32 (POSIX: errno) code, 0 if the system was not involved.
    std::string context;
};

/// The row of `code`; every enumerator has one.
[[nodiscard]] const ErrorInfo& error_info(ErrorCode code);

/// All rows, in order of their numbers.
[[nodiscard]] std::span<const ErrorInfo> error_table();

/// The full text for people: what failed, on what, system code and text, likely cause, next step. UTF-8, several lines.
[[nodiscard]] std::string describe(const Error& error);

/// The system's own text for a system code, without a trailing line break; never empty.
[[nodiscard]] std::string os_error_message(std::uint32_t os_code);

/// The same as a part of a sentence of ours: without a period.
[[nodiscard]] std::string os_error_text(std::uint32_t os_code);

}  // namespace pysvc
