// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <memory>
#include <vector>

namespace pysvc::win {

/// Waits for state changes of services by NotifyServiceStatusChangeW. One thread.
class ScmNotifications {
public:
    ScmNotifications();
    ScmNotifications(const ScmNotifications&) = delete;
    ScmNotifications& operator=(const ScmNotifications&) = delete;
    ~ScmNotifications();

    /// Returns when `service` leaves `state`, and after `limit` ms at the latest. Where notifications do not work it
    /// waits 25 ms. Takes the handle, because closing it is what ends a notification.
    void wait(UniqueServiceHandle service, DWORD state, DWORD limit);

private:
    struct Notification;
    std::vector<std::unique_ptr<Notification>> abandoned_;
};

}  // namespace pysvc::win
