// SPDX-License-Identifier: MIT
#include "host/service/scm_client.hpp"

#include "host/windows/scm_client_notification.hpp"
#include "host/windows/win32.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pysvc {
namespace {

using namespace std::chrono_literals;
using win::narrow;
using win::UniqueHandle;
using win::UniqueServiceHandle;
using win::widen;

Error scm_error(DWORD code, const std::string& context) {
    return Error{ErrorCode::ServiceControlFailed, code, context};
}

/// The failure of the call just made.
tl::unexpected<Error> last_scm_error(const std::string& context) {
    return failure(win::last_error(ErrorCode::ServiceControlFailed, context));
}

Result<UniqueServiceHandle> open_manager(DWORD access, const std::string& context) {
    UniqueServiceHandle manager(OpenSCManagerW(nullptr, nullptr, access));
    if (!manager) return last_scm_error(context);
    return manager;
}

Result<UniqueServiceHandle> open_service(const std::string& service, DWORD access) {
    const auto manager = open_manager(SC_MANAGER_CONNECT, service);
    if (!manager) return failure(manager.error());
    UniqueServiceHandle handle(OpenServiceW(manager->get(), widen(service).c_str(), access));
    if (!handle) return last_scm_error(service);
    return handle;
}

/// Wide text that is overwritten when it goes.
class WideSecret {
public:
    explicit WideSecret(const Secret& secret) : text_(widen(secret.reveal())) {}
    WideSecret(const WideSecret&) = delete;
    WideSecret& operator=(const WideSecret&) = delete;
    ~WideSecret() { SecureZeroMemory(text_.data(), text_.size() * sizeof(wchar_t)); }
    [[nodiscard]] const wchar_t* get() const { return text_.c_str(); }

private:
    std::wstring text_;
};

/// Null for "as it is" and for accounts without a password.
std::unique_ptr<WideSecret> wide_password(const Secret* password) {
    if (!password || password->reveal().empty()) return nullptr;
    return std::make_unique<WideSecret>(*password);
}

/// Double-NUL-terminated list.
std::wstring wide_list(const std::vector<std::string>& items) {
    std::wstring out;
    for (const std::string& item : items) out.append(widen(item)).push_back(L'\0');
    out.push_back(L'\0');
    return out;
}

std::vector<std::string> list_from(const wchar_t* list) {
    std::vector<std::string> items;
    while (list && *list) {
        const std::wstring_view item(list);
        items.push_back(narrow(item));
        list += item.size() + 1;
    }
    return items;
}

std::string text_from(const wchar_t* text) { return text ? narrow(text) : std::string(); }

/// Two calls of a query: the size, then the data. `call` is given buffer, size and needed size, and returns a BOOL.
template <class Call>
Result<std::vector<std::byte>> query(const std::string& context, Call call) {
    std::vector<std::byte> buffer(1024);
    while (true) {
        DWORD needed = 0;
        if (call(reinterpret_cast<BYTE*>(buffer.data()), static_cast<DWORD>(buffer.size()), &needed)) return buffer;
        const DWORD code = GetLastError();
        if ((code != ERROR_INSUFFICIENT_BUFFER && code != ERROR_MORE_DATA) || needed <= buffer.size()) {
            return failure(scm_error(code, context));
        }
        buffer.resize(needed);
    }
}

template <class Info>
Result<void> change_level(const std::string& service, DWORD access, DWORD level, Info info) {
    const auto handle = open_service(service, access);
    if (!handle) return failure(handle.error());
    // Wine returns FALSE for a level it lacks and may leave the last error as it was.
    SetLastError(0);
    if (!ChangeServiceConfig2W(handle->get(), level, &info)) return last_scm_error(service);
    return {};
}

ServiceSnapshot snapshot_from(const SERVICE_STATUS_PROCESS& status) {
    ServiceSnapshot snapshot;
    snapshot.state = static_cast<State>(status.dwCurrentState);
    snapshot.accepted = status.dwControlsAccepted;
    snapshot.exit = {status.dwWin32ExitCode, status.dwServiceSpecificExitCode};
    snapshot.check_point = status.dwCheckPoint;
    snapshot.wait_hint = std::chrono::milliseconds(status.dwWaitHint);
    snapshot.process_id = status.dwProcessId;
    return snapshot;
}

Result<ServiceSnapshot> query_status(SC_HANDLE handle, const std::string& service) {
    SERVICE_STATUS_PROCESS status{};
    DWORD needed = 0;
    if (!QueryServiceStatusEx(handle, SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status,
                              &needed)) {
        return last_scm_error(service);
    }
    return snapshot_from(status);
}

class Win32WatchedProcess final : public WatchedProcess {
public:
    explicit Win32WatchedProcess(UniqueHandle process) : process_(std::move(process)) {}
    bool wait_for_end(std::chrono::milliseconds limit) override {
        return WaitForSingleObject(process_.get(), static_cast<DWORD>(limit.count())) == WAIT_OBJECT_0;
    }

private:
    UniqueHandle process_;
};

class Win32ScmClient final : public ScmClient {
public:
    Result<std::string> key_name(const std::string& name) override;
    Result<void> create(const ServiceDefinition& definition) override;
    Result<void> change(const std::string& service, const ServiceChanges& changes) override;
    Result<void> remove(const std::string& service) override;
    Result<ServiceSetup> setup(const std::string& service) override;
    Result<ServiceSnapshot> status(const std::string& service) override;
    Result<void> set_description(const std::string& service, const std::string& text) override;
    Result<void> set_recovery(const std::string& service, const RecoveryPlan& plan) override;
    Result<void> set_recovery_without_crash(const std::string& service, bool enabled) override;
    Result<void> set_delayed_start(const std::string& service, bool delayed) override;
    Result<void> start(const std::string& service, const std::vector<std::string>& arguments) override;
    Result<void> control(const std::string& service, std::uint32_t code) override;
    Result<ServiceSnapshot> wait_for_change(const std::string& service, const ServiceSnapshot& seen,
                                            std::chrono::milliseconds limit) override;
    std::unique_ptr<WatchedProcess> watch_process(std::uint32_t process_id) override;
    Result<std::vector<std::string>> services() override;
    Result<std::vector<std::string>> running_dependents(const std::string& service) override;

private:
    win::ScmNotifications notifications_;
};

Result<std::string> Win32ScmClient::key_name(const std::string& name) {
    const auto manager = open_manager(SC_MANAGER_CONNECT, name);
    if (!manager) return failure(manager.error());
    const std::wstring wide = widen(name);
    const UniqueServiceHandle handle(OpenServiceW(manager->get(), wide.c_str(), SERVICE_QUERY_STATUS));
    if (handle) return name;
    const DWORD code = GetLastError();
    if (code != ERROR_SERVICE_DOES_NOT_EXIST && code != ERROR_INVALID_NAME) return failure(scm_error(code, name));
    DWORD length = 256;
    std::wstring key(length + 1, L'\0');
    ++length;
    if (!GetServiceKeyNameW(manager->get(), wide.c_str(), key.data(), &length)) return failure(scm_error(code, name));
    key.resize(length);
    return narrow(key.c_str());
}

Result<void> Win32ScmClient::create(const ServiceDefinition& definition) {
    const auto manager = open_manager(SC_MANAGER_CREATE_SERVICE, definition.name);
    if (!manager) return failure(manager.error());
    const std::wstring account = widen(definition.account);
    const std::wstring dependencies = wide_list(definition.dependencies);
    const auto password = wide_password(definition.password);
    const UniqueServiceHandle created(
        CreateServiceW(manager->get(), widen(definition.name).c_str(), widen(definition.display_name).c_str(),
                       SERVICE_QUERY_STATUS, definition.service_type, static_cast<DWORD>(definition.start_type),
                       SERVICE_ERROR_NORMAL, widen(definition.image_path).c_str(), nullptr, nullptr,
                       definition.dependencies.empty() ? nullptr : dependencies.c_str(),
                       account.empty() ? nullptr : account.c_str(), password ? password->get() : nullptr));
    if (!created) return last_scm_error(definition.name);
    return {};
}

Result<void> Win32ScmClient::change(const std::string& service, const ServiceChanges& changes) {
    const auto handle = open_service(service, SERVICE_CHANGE_CONFIG);
    if (!handle) return failure(handle.error());
    const auto wide = [](const std::optional<std::string>& text) { return text ? widen(*text) : std::wstring(); };
    const std::wstring image = wide(changes.image_path);
    const std::wstring account = wide(changes.account);
    const std::wstring display = wide(changes.display_name);
    const std::wstring dependencies = changes.dependencies ? wide_list(*changes.dependencies) : std::wstring();
    const auto password = wide_password(changes.password);
    const BOOL done = ChangeServiceConfigW(
        handle->get(), changes.service_type.value_or(SERVICE_NO_CHANGE),
        changes.start_type ? static_cast<DWORD>(*changes.start_type) : SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
        changes.image_path ? image.c_str() : nullptr, nullptr, nullptr,
        changes.dependencies ? dependencies.c_str() : nullptr, changes.account ? account.c_str() : nullptr,
        password ? password->get() : nullptr, changes.display_name ? display.c_str() : nullptr);
    if (!done) return last_scm_error(service);
    return {};
}

Result<void> Win32ScmClient::remove(const std::string& service) {
    const auto handle = open_service(service, DELETE);
    if (!handle) return failure(handle.error());
    if (!DeleteService(handle->get())) return last_scm_error(service);
    return {};
}

Result<ServiceSetup> Win32ScmClient::setup(const std::string& service) {
    const auto handle = open_service(service, SERVICE_QUERY_CONFIG);
    if (!handle) return failure(handle.error());
    const auto buffer = query(service, [&](BYTE* data, DWORD size, DWORD* needed) {
        return QueryServiceConfigW(handle->get(), reinterpret_cast<QUERY_SERVICE_CONFIGW*>(data), size, needed);
    });
    if (!buffer) return failure(buffer.error());
    const auto& config = *reinterpret_cast<const QUERY_SERVICE_CONFIGW*>(buffer->data());
    ServiceSetup setup;
    setup.display_name = text_from(config.lpDisplayName);
    setup.image_path = text_from(config.lpBinaryPathName);
    setup.service_type = config.dwServiceType;
    setup.start_type = config.dwStartType;
    setup.dependencies = list_from(config.lpDependencies);
    setup.account = text_from(config.lpServiceStartName);

    const auto level = [&](DWORD number) {
        return query(service, [&](BYTE* data, DWORD size, DWORD* needed) {
            return QueryServiceConfig2W(handle->get(), number, data, size, needed);
        });
    };
    if (const auto data = level(SERVICE_CONFIG_DESCRIPTION)) {
        setup.description = text_from(reinterpret_cast<const SERVICE_DESCRIPTIONW*>(data->data())->lpDescription);
    }
    if (const auto data = level(SERVICE_CONFIG_DELAYED_AUTO_START_INFO)) {
        setup.delayed = reinterpret_cast<const SERVICE_DELAYED_AUTO_START_INFO*>(data->data())->fDelayedAutostart != 0;
    }
    return setup;
}

Result<ServiceSnapshot> Win32ScmClient::status(const std::string& service) {
    const auto handle = open_service(service, SERVICE_QUERY_STATUS);
    if (!handle) return failure(handle.error());
    return query_status(handle->get(), service);
}

Result<void> Win32ScmClient::set_description(const std::string& service, const std::string& text) {
    std::wstring wide = widen(text);
    return change_level(service, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_DESCRIPTION, SERVICE_DESCRIPTIONW{wide.data()});
}

Result<void> Win32ScmClient::set_recovery(const std::string& service, const RecoveryPlan& plan) {
    std::vector<SC_ACTION> actions;
    for (const auto delay : plan.restart_after) {
        actions.push_back({SC_ACTION_RESTART, static_cast<DWORD>(delay.count())});
    }
    SERVICE_FAILURE_ACTIONSW info{};
    info.dwResetPeriod = static_cast<DWORD>(plan.reset_after.count());
    info.cActions = static_cast<DWORD>(actions.size());
    info.lpsaActions = actions.data();
    // SERVICE_START: whoever asks for restarts must be allowed to start.
    return change_level(service, SERVICE_CHANGE_CONFIG | SERVICE_START, SERVICE_CONFIG_FAILURE_ACTIONS, info);
}

Result<void> Win32ScmClient::set_recovery_without_crash(const std::string& service, bool enabled) {
    return change_level(service, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG,
                        SERVICE_FAILURE_ACTIONS_FLAG{enabled ? TRUE : FALSE});
}

Result<void> Win32ScmClient::set_delayed_start(const std::string& service, bool delayed) {
    return change_level(service, SERVICE_CHANGE_CONFIG, SERVICE_CONFIG_DELAYED_AUTO_START_INFO,
                        SERVICE_DELAYED_AUTO_START_INFO{delayed ? TRUE : FALSE});
}

Result<void> Win32ScmClient::start(const std::string& service, const std::vector<std::string>& arguments) {
    const auto handle = open_service(service, SERVICE_START);
    if (!handle) return failure(handle.error());
    std::vector<std::wstring> texts;
    for (const std::string& argument : arguments) texts.push_back(widen(argument));
    std::vector<const wchar_t*> pointers;
    for (const std::wstring& text : texts) pointers.push_back(text.c_str());
    if (!StartServiceW(handle->get(), static_cast<DWORD>(pointers.size()),
                       pointers.empty() ? nullptr : pointers.data())) {
        return last_scm_error(service);
    }
    return {};
}

Result<void> Win32ScmClient::control(const std::string& service, std::uint32_t code) {
    // The right that each group of controls needs.
    DWORD access = SERVICE_USER_DEFINED_CONTROL;
    if (code == SERVICE_CONTROL_STOP) access = SERVICE_STOP;
    if (code == SERVICE_CONTROL_INTERROGATE) access = SERVICE_INTERROGATE;
    if (code == SERVICE_CONTROL_PAUSE || code == SERVICE_CONTROL_CONTINUE || code == SERVICE_CONTROL_PARAMCHANGE) {
        access = SERVICE_PAUSE_CONTINUE;
    }
    const auto handle = open_service(service, access);
    if (!handle) return failure(handle.error());
    SERVICE_STATUS status{};
    if (!ControlService(handle->get(), code, &status)) return last_scm_error(service);
    return {};
}

Result<ServiceSnapshot> Win32ScmClient::wait_for_change(const std::string& service, const ServiceSnapshot& seen,
                                                        std::chrono::milliseconds limit) {
    auto handle = open_service(service, SERVICE_QUERY_STATUS);
    if (!handle) {
        // Nothing to be notified of; without this pause a caller's loop would spin.
        Sleep(static_cast<DWORD>(std::min<long long>(limit.count(), 25)));
        return failure(handle.error());
    }
    const auto now = query_status(handle->get(), service);
    if (!now || *now != seen) return now;
    notifications_.wait(std::move(*handle), static_cast<DWORD>(seen.state), static_cast<DWORD>(limit.count()));
    return status(service);
}

std::unique_ptr<WatchedProcess> Win32ScmClient::watch_process(std::uint32_t process_id) {
    UniqueHandle process(OpenProcess(SYNCHRONIZE, FALSE, process_id));
    if (!process) return nullptr;
    return std::make_unique<Win32WatchedProcess>(std::move(process));
}

Result<std::vector<std::string>> Win32ScmClient::services() {
    const auto manager = open_manager(SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE, "the list of services");
    if (!manager) return failure(manager.error());
    DWORD count = 0;
    const auto buffer = query("the list of services", [&](BYTE* data, DWORD size, DWORD* needed) {
        DWORD resume = 0;
        const BOOL done = EnumServicesStatusExW(manager->get(), SC_ENUM_PROCESS_INFO, SERVICE_WIN32, SERVICE_STATE_ALL,
                                                data, size, needed, &count, &resume, nullptr);
        // On a retry `needed` is only what is left.
        *needed += size;
        return done;
    });
    if (!buffer) return failure(buffer.error());
    std::vector<std::string> names;
    const auto* entries = reinterpret_cast<const ENUM_SERVICE_STATUS_PROCESSW*>(buffer->data());
    for (DWORD i = 0; i < count; ++i) names.push_back(text_from(entries[i].lpServiceName));
    return names;
}

Result<std::vector<std::string>> Win32ScmClient::running_dependents(const std::string& service) {
    const auto handle = open_service(service, SERVICE_ENUMERATE_DEPENDENTS);
    if (!handle) return failure(handle.error());
    DWORD count = 0;
    const auto buffer = query(service, [&](BYTE* data, DWORD size, DWORD* needed) {
        return EnumDependentServicesW(handle->get(), SERVICE_ACTIVE, reinterpret_cast<ENUM_SERVICE_STATUSW*>(data),
                                      size, needed, &count);
    });
    if (!buffer) return failure(buffer.error());
    std::vector<std::string> names;
    const auto* entries = reinterpret_cast<const ENUM_SERVICE_STATUSW*>(buffer->data());
    for (DWORD i = 0; i < count; ++i) names.push_back(text_from(entries[i].lpServiceName));
    return names;
}

}  // namespace

std::unique_ptr<ScmClient> make_scm_client() { return std::make_unique<Win32ScmClient>(); }

}  // namespace pysvc
