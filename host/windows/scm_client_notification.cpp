// SPDX-License-Identifier: MIT
#include "host/windows/scm_client_notification.hpp"

#include <algorithm>

namespace pysvc::win {
namespace {

constexpr DWORD kPollingPause = 25;

DWORD bit_of(DWORD state) {
    // SERVICE_NOTIFY_STOPPED is bit 0 for SERVICE_STOPPED (1), and so on in the order of the states.
    return 1U << (state - 1);
}

constexpr DWORD kAllStates = 0x7F;

}  // namespace

/// What the SCM writes to. It must live until its callback ran or can no longer run.
struct ScmNotifications::Notification {
    SERVICE_NOTIFYW buffer{};
    bool done = false;

    static void CALLBACK on_change(void* parameter) {
        auto* notify = static_cast<SERVICE_NOTIFYW*>(parameter);
        static_cast<Notification*>(notify->pContext)->done = true;
        // Only states are asked for, so the SCM allocates no names here; documented as the receiver's to free all the
        // same.
        LocalFree(notify->pszServiceNames);
    }
};

ScmNotifications::ScmNotifications() = default;

ScmNotifications::~ScmNotifications() {
    // Runs callbacks that were queued before their handle was closed.
    SleepEx(0, TRUE);
}

void ScmNotifications::wait(UniqueServiceHandle service, DWORD state, DWORD limit) {
    auto notification = std::make_unique<Notification>();
    notification->buffer.dwVersion = SERVICE_NOTIFY_STATUS_CHANGE;
    notification->buffer.pfnNotifyCallback = &Notification::on_change;
    notification->buffer.pContext = notification.get();
    // A fresh handle: the SCM calls back at once when the service is in one of these states already.
    const DWORD code = NotifyServiceStatusChangeW(service.get(), kAllStates & ~bit_of(state), &notification->buffer);
    if (code != ERROR_SUCCESS) {
        service.reset();
        Sleep(std::min(limit, kPollingPause));
        return;
    }
    const ULONGLONG deadline = GetTickCount64() + limit;
    for (ULONGLONG now = GetTickCount64(); !notification->done && now < deadline; now = GetTickCount64()) {
        SleepEx(static_cast<DWORD>(deadline - now), TRUE);
    }
    service.reset();
    SleepEx(0, TRUE);
    if (!notification->done) abandoned_.push_back(std::move(notification));
}

}  // namespace pysvc::win
