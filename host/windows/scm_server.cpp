// SPDX-License-Identifier: MIT
#include "host/windows/scm_server.hpp"

#include "host/service/event_data.hpp"
#include "host/service/service_host.hpp"
#include "host/windows/readable_memory.hpp"
#include "host/windows/win32.hpp"

namespace pysvc::win {
namespace {

// ServiceMain has no context argument (the control handler does): the one global of the host.
ServiceHost* g_host = nullptr;

SERVICE_STATUS_HANDLE native(StatusHandle handle) {
    return reinterpret_cast<SERVICE_STATUS_HANDLE>(static_cast<std::uintptr_t>(handle));
}

void WINAPI service_main(DWORD argc, LPWSTR* argv) noexcept {
    std::vector<std::string> args;
    for (DWORD i = 0; i < argc; ++i) args.push_back(narrow(argv[i]));
    g_host->service_main(std::move(args));
}

/// HandlerEx. Runs on the dispatcher's thread (under Wine: on one of its own), one control at a time for the process.
DWORD WINAPI control_handler(DWORD control, DWORD event_type, LPVOID data, LPVOID context) noexcept {
    return static_cast<ControlSink*>(context)->on_control(
        ControlRecord{control, event_type, copy_event_data(control, event_type, data, is_readable)});
}

}  // namespace

Result<StatusHandle> WindowsScmServer::register_handler(const std::string& service, ControlSink& sink) {
    const std::wstring name = widen(service);
    const SERVICE_STATUS_HANDLE handle = RegisterServiceCtrlHandlerExW(name.c_str(), control_handler, &sink);
    if (handle == nullptr) {
        return failure(ErrorCode::RegisterHandlerFailed, GetLastError(), service);
    }
    return static_cast<StatusHandle>(reinterpret_cast<std::uintptr_t>(handle));
}

Result<void> WindowsScmServer::set_status(StatusHandle handle, const StatusRecord& status) {
    SERVICE_STATUS native_status{};
    native_status.dwServiceType = static_cast<DWORD>(status.type);
    native_status.dwCurrentState = static_cast<DWORD>(status.state);
    native_status.dwControlsAccepted = status.accepted;
    native_status.dwWin32ExitCode = status.exit.win32;
    native_status.dwServiceSpecificExitCode = status.exit.specific;
    native_status.dwCheckPoint = status.check_point;
    native_status.dwWaitHint = static_cast<DWORD>(status.wait_hint.count());
    if (!SetServiceStatus(native(handle), &native_status)) {
        return failure(ErrorCode::SetStatusFailed, GetLastError(), std::string(name_of(status.state)));
    }
    return {};
}

Result<void> WindowsDispatcher::run(const std::vector<std::string>& names, ServiceHost& host) {
    g_host = &host;
    std::vector<std::wstring> wide;
    for (const std::string& name : names) wide.push_back(widen(name));
    std::vector<SERVICE_TABLE_ENTRYW> table;
    for (std::wstring& name : wide) table.push_back({name.data(), service_main});
    table.push_back({nullptr, nullptr});
    if (!StartServiceCtrlDispatcherW(table.data())) {
        return failure(ErrorCode::DispatcherFailed, GetLastError(), "StartServiceCtrlDispatcherW");
    }
    return {};
}

}  // namespace pysvc::win
