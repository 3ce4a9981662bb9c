// SPDX-License-Identifier: MIT
// The limit of what any host can reach: RUNNING at once, controls answered at once, no Python. Otherwise it does what
// services/payload.py does.
#include "tests/benchmark/protocol.hpp"

#include <atomic>
#include <iterator>

namespace pysvc::benchmark {
namespace {

class Service {
public:
    explicit Service(const wchar_t* name)
        : busy_(open_event(name, kBusy)),
          hold_(open_event(name, kHold)),
          release_(open_event(name, kRelease)),
          changed_(open_event(name, kChanged)),
          told_(open_event(name, kTold)),
          stop_(CreateEventW(nullptr, FALSE, FALSE, nullptr)),
          status_(RegisterServiceCtrlHandlerExW(name, handler, this)) {}

    void run() {
        report(SERVICE_RUNNING);
        const HANDLE orders[] = {stop_.get(), busy_.get(), hold_.get()};
        for (;;) {
            switch (WaitForMultipleObjects(std::size(orders), orders, FALSE, INFINITE)) {
                case WAIT_OBJECT_0 + 1: be_busy(); break;
                case WAIT_OBJECT_0 + 2: SignalObjectAndWait(changed_.get(), release_.get(), INFINITE, FALSE); break;
                default: report(SERVICE_STOPPED); return;
            }
            SetEvent(changed_.get());
        }
    }

private:
    static DWORD WINAPI handler(DWORD control, DWORD, LPVOID, LPVOID context) noexcept {
        return static_cast<Service*>(context)->on_control(control);
    }

    DWORD on_control(DWORD control) noexcept {
        switch (control) {
            case SERVICE_CONTROL_STOP:
                report(SERVICE_STOP_PENDING);
                SetEvent(stop_.get());
                return NO_ERROR;
            case kTell: SetEvent(told_.get()); return NO_ERROR;
            case kCalm: calm_ = true; return NO_ERROR;
            case kNothing:
            case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
            default: return ERROR_CALL_NOT_IMPLEMENTED;
        }
    }

    void be_busy() {
        calm_ = false;
        SetEvent(changed_.get());
        while (!calm_) continue;
    }

    void report(DWORD state) noexcept {
        SERVICE_STATUS status{};
        status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
        status.dwCurrentState = state;
        status.dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0;
        status.dwWaitHint = state == SERVICE_STOP_PENDING ? 5000 : 0;
        SetServiceStatus(status_, &status);
    }

    win::UniqueHandle busy_, hold_, release_, changed_, told_, stop_;
    std::atomic<bool> calm_ = false;
    SERVICE_STATUS_HANDLE status_;
};

void WINAPI service_main(DWORD, LPWSTR* argv) noexcept { Service(argv[0]).run(); }

}  // namespace
}  // namespace pysvc::benchmark

int main() {
    wchar_t any_name[] = L"";
    const SERVICE_TABLE_ENTRYW table[] = {{any_name, pysvc::benchmark::service_main}, {nullptr, nullptr}};
    return StartServiceCtrlDispatcherW(table) ? 0 : static_cast<int>(GetLastError());
}
