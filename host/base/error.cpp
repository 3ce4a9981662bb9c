// SPDX-License-Identifier: MIT
#include "host/base/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pysvc {
namespace {

// Our own ids: 0xC0002000 (error) or 0x80002000 (warning) plus the code. pywin32's ids and codes stay where pywin32 has
// them: people filter on them.
constexpr std::uint32_t kError = 0xC0002000;
constexpr std::uint32_t kWarning = 0x80002000;
// The bit marks an application-defined code, so that no tool shows it as a Win32 error. pywin32 does the same.
constexpr std::uint32_t kExit = 0x20002000;
// What pywin32 reports when the class never got to run (its neverStarted status).
constexpr std::uint32_t kNeverStarted = 1;
constexpr std::uint32_t kRunRaised = 0x20000001;

constexpr auto kNoEvent = EventCategory::None;
constexpr auto kService = EventCategory::Service;
constexpr auto kConfiguration = EventCategory::Configuration;
constexpr auto kPython = EventCategory::Python;
constexpr auto kScript = EventCategory::Script;
constexpr auto kControl = EventCategory::Control;

constexpr auto id(std::uint32_t base, ErrorCode code) { return base + static_cast<std::uint32_t>(code); }

using enum ErrorCode;

constexpr auto kTable = std::to_array<ErrorInfo>({
    {ClassValueMissing, "class-value-missing", 0xC00000F4, kConfiguration, kNeverStarted,
     "the service has no Python class", "the PythonClass key was removed, or the service was not installed for Python",
     "install the service again: PythonService install SCRIPT"},
    {ClassValueWrongType, "class-value-wrong-type", id(kError, ClassValueWrongType), kConfiguration, kNeverStarted,
     "the PythonClass value is no text", "a tool wrote the value with another type than REG_SZ or REG_EXPAND_SZ",
     "write the value as REG_SZ, or install the service again"},
    {ClassValueEmpty, "class-value-empty", id(kError, ClassValueEmpty), kConfiguration, kNeverStarted,
     "the PythonClass value is empty", "the value was cleared, or a deployment wrote it before it knew the class",
     "write it as directory\\module.Class, or install the service again"},
    {ClassValueNoDot, "class-value-no-dot", 0xC0000080, kConfiguration, kNeverStarted,
     "the PythonClass value names no class", "the value holds a module or a file, but no class after the last dot",
     "write it as directory\\module.Class or module:Class"},
    {ClassValueTooLong, "class-value-too-long", id(kError, ClassValueTooLong), kConfiguration, kNeverStarted,
     "the PythonClass value is longer than 10,000 characters", "something else than a class string was written there",
     "write it as directory\\module.Class, or install the service again"},
    {ClassValueHasNul, "class-value-has-nul", id(kError, ClassValueHasNul), kConfiguration, kNeverStarted,
     "the PythonClass value has a NUL character inside", "a tool wrote the value with a wrong length",
     "write it as directory\\module.Class, or install the service again"},
    {ServiceUnknown, "service-unknown", 0xC0000006, kConfiguration, kNeverStarted,
     "this process does not host a service of that name",
     "the name is not in the group's list, or no class was prepared for it",
     "install the service again, or call PrepareToHostMultiple with this name"},

    {ModuleNotFound, "module-not-found", 0xC0000004, kScript, kNeverStarted, "the service's module was not found",
     "the script was moved or renamed, or a package is not installed in the Python that the service uses",
     "check the class string and sys.path in the event, then install the service again"},
    {ModuleSyntaxError, "module-syntax-error", id(kError, ModuleSyntaxError), kScript, kNeverStarted,
     "the service's module has a syntax error", "the file was edited, or needs another Python version",
     "correct the line shown in the event"},
    {ImportRaised, "import-raised", id(kError, ImportRaised), kScript, kNeverStarted,
     "importing the service's module failed", "code at module level raised an exception",
     "correct the cause shown in the traceback"},
    {ClassNotFound, "class-not-found", 0xC0000005, kScript, kNeverStarted, "the module has no class of that name",
     "the class was renamed, or the class string has a typing error",
     "correct the class string, or install the service again"},
    {ConstructorRaised, "constructor-raised", 0xC000000A, kScript, kNeverStarted,
     "constructing the service class failed", "its __init__ raised an exception, or does not take one argument",
     "correct the cause shown in the traceback"},
    {NoRunMethod, "no-run-method", 0xC0000002, kScript, id(kExit, NoRunMethod), "the service class has nothing to run",
     "the class has none of SvcRun, run and __call__", "add a SvcRun method, or derive from ServiceFramework"},
    {NoControlHandler, "no-control-handler", 0xC0000001, kScript, 0, "the service class registered no control handler",
     "its __init__ does not call ServiceFramework.__init__",
     "call it, or register a handler; until then only STOP and SHUTDOWN are accepted"},
    {StartupErrorRaised, "startup-error-raised", 0, kNoEvent, kNeverStarted,
     "the class raised servicemanager.startup_error", "the class reported the cause itself",
     "read the event or log of the service"},

    {RunRaised, "run-raised", 0xC0000003, kScript, kRunRaised, "the service ended with an exception",
     "SvcRun or SvcDoRun raised it", "correct the cause shown in the traceback"},
    {ServiceExited, "service-exited", id(kWarning, ServiceExited), kScript, 0,
     "the service ended itself with an exit code", "its code called sys.exit with a code other than 0",
     "the code is the service-specific exit code; look for sys.exit in the script"},
    {ControlFailed, "control-failed", 0xC000000B, kControl, id(kExit, ControlFailed),
     "the control handler failed",
     "a Svc... method raised an exception, or returned something else than None or an int",
     "correct the cause shown"},
    {UnhandledException, "unhandled-exception", id(kError, UnhandledException), kScript, 0,
     "an exception was not handled; the service goes on",
     "a thread, an asyncio task, a callback or a destructor of the service raised it",
     "correct the cause shown in the traceback"},
    {ControlsDropped, "controls-dropped", id(kWarning, ControlsDropped), kControl, 0,
     "controls were refused, the queue was full", "the class handles controls more slowly than they arrive",
     "handle them faster, or send fewer; the senders got error 1816"},
    {PythonWarning, "python-warning", id(kWarning, PythonWarning), kScript, 0, "Python or a package gave a warning",
     "the code uses something in a way that its author advises against",
     "correct the line shown, or filter the warning (module warnings)"},

    {PythonNotFound, "python-not-found", id(kError, PythonNotFound), kPython, id(kExit, PythonNotFound),
     "Python was not found", "it was removed or moved, or the service was never told where it is",
     "PythonService doctor --python shows what there is; install the service again with --python PATH"},
    {PythonWrongArchitecture, "python-wrong-architecture", id(kError, PythonWrongArchitecture), kPython,
     id(kExit, PythonWrongArchitecture), "the Python DLL is for another processor architecture",
     "a 32-bit or ARM64 Python was chosen, or the file is damaged", "install a 64-bit Python and the service again"},
    {PythonUnreadable, "python-unreadable", id(kError, PythonUnreadable), kPython, id(kExit, PythonUnreadable),
     "the service's account cannot read Python", "Python is installed for one user only",
     "install Python for all users, or grant the account read access to the folder"},
    {PythonNoStandardLibrary, "python-no-standard-library", id(kError, PythonNoStandardLibrary), kPython,
     id(kExit, PythonNoStandardLibrary), "Python has no standard library",
     "the installation is incomplete: there is no Lib\\encodings and no python3XX.zip", "repair or reinstall Python"},
    {PythonFromStore, "python-from-store", id(kError, PythonFromStore), kPython, id(kExit, PythonFromStore),
     "Python from the Microsoft Store cannot run services",
     "Windows lets only the installing user run it; what lies in WindowsApps are aliases",
     "name another one with --python (PythonService doctor --python lists them), or install one from python.org"},
    {PythonLoadFailed, "python-load-failed", id(kError, PythonLoadFailed), kPython, id(kExit, PythonLoadFailed),
     "the Python DLL could not be loaded", "a DLL it needs is missing or damaged", "repair or reinstall Python"},
    {EngineNotFound, "engine-not-found", id(kError, EngineNotFound), kPython, id(kExit, EngineNotFound),
     "there is no engine for this Python",
     "servicemanager.cp3XX-win_amd64.pyd for its version and build is not beside PythonService.exe; there are engines "
     "for regular builds of CPython only",
     "use one of the Python versions listed, or install PythonService again"},
    {EngineMismatch, "engine-mismatch", id(kError, EngineMismatch), kPython, id(kExit, EngineMismatch),
     "engine and PythonService.exe are of different builds", "an update replaced only one of them",
     "install PythonService again, with all its files"},
    {EngineLoadFailed, "engine-load-failed", id(kError, EngineLoadFailed), kPython, id(kExit, EngineLoadFailed),
     "the engine could not be loaded", "the file is damaged or blocked", "install PythonService again"},
    {InterpreterFailed, "interpreter-failed", id(kError, InterpreterFailed), kPython, id(kExit, InterpreterFailed),
     "the Python interpreter did not start", "the installation is damaged or its configuration is wrong",
     "run python.exe of this installation by hand; repair or reinstall it"},
    {PrefixMismatch, "prefix-mismatch", id(kError, PrefixMismatch), kPython, id(kExit, PrefixMismatch),
     "the virtual environment was not activated", "its pyvenv.cfg is damaged, or the environment was moved",
     "create the environment again, then install the service again"},

    {StartSlow, "start-slow", id(kWarning, StartSlow), kService, 0,
     "the service has made no progress in its start for 60 s", "an import or the constructor is waiting or computing",
     "the stacks in the event show where; nothing was stopped"},
    {StartTimedOut, "start-timed-out", id(kError, StartTimedOut), kService, id(kExit, StartTimedOut),
     "the service did not start in time", "an import, the constructor or the first part of SvcRun hangs",
     "the stacks in the event show where; raise StartTimeout if the start may take longer"},
    {StopSlow, "stop-slow", id(kWarning, StopSlow), kService, 0, "the service has not stopped within StopTimeout",
     "SvcStop did not reach the service's main loop, or its clean-up takes long",
     "the stacks in the event show where it is"},
    {StopTimedOut, "stop-timed-out", id(kError, StopTimedOut), kService, id(kExit, StopTimedOut),
     "the service did not stop and was ended", "its main loop does not react to SvcStop",
     "the stacks in the event show where it was; raise StopKillTimeout if stopping may take longer"},
    {GraceExpired, "grace-expired", id(kWarning, GraceExpired), kService, 0,
     "the service reported STOPPED (or failed to stop) but its code went on, and was ended",
     "SvcDoRun does not return after SvcStop", "let SvcDoRun return; the stacks in the event show where it was"},
    {FinalizeTimedOut, "finalize-timed-out", id(kWarning, FinalizeTimedOut), kService, 0,
     "Python did not shut down in time and was ended", "a non-daemon thread or an atexit handler does not end",
     "the stacks in the event show which; raise FinalizeTimeout if it may take longer"},
    {PreviousInstanceRunning, "previous-instance-running", id(kError, PreviousInstanceRunning), kService,
     id(kExit, PreviousInstanceRunning), "the previous instance of the service is still running in this process",
     "it hung when it was stopped, and other services of the process are active",
     "stop all services of the process, then start them again"},
    {HostClosing, "host-closing", id(kWarning, HostClosing), kService, 0,
     "the process was ending when the service was started", "all its services had stopped at that moment",
     "start the service again"},
    {WatchdogExpired, "watchdog-expired", id(kError, WatchdogExpired), kService, id(kExit, WatchdogExpired),
     "the service gave no sign of life within the time of its watchdog",
     "its main loop hangs: it called servicemanager.Watchdog, and then Heartbeat no more",
     "the stacks in the event show where it was; correct that, or give the watchdog more time"},
    {PreviousInstanceEnded, "previous-instance-ended", id(kWarning, PreviousInstanceEnded), kService, 0,
     "the previous instance of the service ended without stopping",
     "it crashed, was terminated, or the machine lost power", "see the evidence named in the event"},

    {DispatcherFailed, "dispatcher-failed", 0xC00000F0, kService, 0,
     "the service control dispatcher could not be started",
     "the program was not started by the Service Control Manager", "use PythonService debug to run it on a console"},
    {RegisterHandlerFailed, "register-handler-failed", id(kError, RegisterHandlerFailed), kService, 0,
     "the control handler could not be registered", "the Service Control Manager does not know the service",
     "install the service again"},
    {SetStatusFailed, "set-status-failed", 0xC00000F1, kService, 0, "the service's state could not be reported",
     "the connection to the Service Control Manager is broken", "restart the service"},
    {ConfigValueInvalid, "config-value-invalid", id(kWarning, ConfigValueInvalid), kConfiguration, 0,
     "a configuration value is unknown or invalid; its default is used", "a typing error under Parameters",
     "correct or delete the value"},
    {LogUnavailable, "log-unavailable", id(kWarning, LogUnavailable), kConfiguration, 0,
     "the diagnostic log cannot be written", "the account may not write there, the disk is full, or the path is no plain file",
     "correct what the text names, or set LogDirectory; the service goes on, and the log when it can"},
    {OperatingSystem, "operating-system", id(kError, OperatingSystem), kService, id(kExit, OperatingSystem),
     "an operating-system call failed", "see the system's text", "correct the cause it names"},

    {Usage, "usage", 0, kNoEvent, 0, "the command line is not valid", "a verb, option or value is misspelt or missing",
     "PythonService --help"},
    {FileNotFound, "file-not-found", 0, kNoEvent, 0, "the file does not exist",
     "a typing error, or another current folder", "check the path"},
    {NoServiceClass, "no-service-class", 0, kNoEvent, 0, "the script has no service class",
     "no class in it has _svc_name_ (or derives from ServiceFramework)",
     "name the class: PythonService install module.Class"},
    {SeveralServiceClasses, "several-service-classes", 0, kNoEvent, 0, "the script has several service classes",
     "it cannot be guessed which one is meant", "name one: PythonService install FILE:CLASS"},
    {DescribeFailed, "describe-failed", 0, kNoEvent, 0, "the script could not be examined",
     "it has a syntax error, or the chosen Python does not run", "correct the cause shown above"},
    {DescribeTimedOut, "describe-timed-out", 0, kNoEvent, 0, "examining the script took longer than 60 s",
     "computing a _svc_..._ value needs the module, and importing it does not end",
     "make the _svc_..._ values literals"},
    {ServiceControlFailed, "service-control-failed", 0, kNoEvent, 0, "the Service Control Manager refused",
     "see the system's text", "correct the cause it names"},
    {WaitTimedOut, "wait-timed-out", 0, kNoEvent, 0, "the service did not reach the state in time",
     "it is still starting or stopping", "PythonService status NAME; its log says what it does"},
    {NotSupportedHere, "not-supported-here", 0, kNoEvent, 0, "this needs Windows",
     "there is no Service Control Manager on this system", "use PythonService debug"},
    {ServiceFailed, "service-failed", 0, kNoEvent, 0, "the service ended with an error", "its event names the cause",
     "read the event log or the service's log"},
    {ProgramNotRunnable, "program-not-runnable", 0, kNoEvent, 0, "the program cannot be run",
     "something it needs is missing, or is in another Python", "correct that, or choose the Python with --python"},
    {WritableByOthers, "writable-by-others", 0, kNoEvent, 0, "others can change what the service runs",
     "the file or folder gives write access to accounts that are no administrators",
     "restrict it with the command shown, or move it to a folder that only administrators may change"},
    {PathRefused, "path-refused", 0, kNoEvent, 0, "the path cannot be used for a service",
     "it is relative, on a network share, a device, or not what it seems", "give the full path on a local disk"},
});

}  // namespace

std::span<const ErrorInfo> error_table() { return kTable; }

const ErrorInfo& error_info(ErrorCode code) {
    const auto find = [](ErrorCode wanted) { return std::ranges::find(kTable, wanted, &ErrorInfo::code); };
    const auto row = find(code);
    // A number that no enumerator has can only come from an engine of another build.
    return row != kTable.end() ? *row : *find(OperatingSystem);
}

std::string os_error_text(std::uint32_t os_code) {
    std::string text = os_error_message(os_code);
    while (text.ends_with('.')) text.pop_back();
    return text;
}

std::string describe(const Error& error) {
    const ErrorInfo& info = error_info(error.code);
    std::string text = info.summary;
    if (!error.context.empty()) text += fmt::format(": {}", error.context);
    if (error.os_code != 0) text += fmt::format("\nsystem: {} ({})", os_error_text(error.os_code), error.os_code);
    text += fmt::format("\nlikely cause: {}\nnext step: {}", info.cause, info.remedy);
    return text;
}

}  // namespace pysvc
