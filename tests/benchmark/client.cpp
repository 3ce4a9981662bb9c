// SPDX-License-Identifier: MIT
// benchmark_client.exe: the one client for every measured service. Reads commands from stdin, a line each, and answers
// each with a line of JSON; times are milliseconds by QueryPerformanceCounter, from the moment before the call.
//
//   start NAME                StartService, and RUNNING
//   stop NAME                 STOP, STOPPED, end of the process
//   controls NAME CODE COUNT  COUNT controls, one after the other
//   busy NAME COUNT           the same with 128 while the main thread computes; how long until the service's code knows
//   hold NAME MS COUNT        the same while the main thread holds the GIL for MS
//   stop-held NAME MS         STOP while the main thread holds the GIL for MS
//
// States come from NotifyServiceStatusChange on a thread of its own: polling would slow down the service that starts.
#include "tests/benchmark/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace pysvc::benchmark {
namespace {

/// How long anything may take beyond what was asked for; then the measurement has failed.
constexpr DWORD kPatience = 90'000;

[[noreturn]] void fail(const std::string& call, DWORD code = GetLastError()) {
    throw std::runtime_error(fmt::format("{} failed: {}", call, code));
}

double now() {
    LARGE_INTEGER frequency, count;
    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return static_cast<double>(count.QuadPart) * 1e3 / static_cast<double>(frequency.QuadPart);
}

/// When the event was set.
std::future<double> moment_of(const win::UniqueHandle& event) {
    return std::async(std::launch::async, [handle = event.get()] {
        if (WaitForSingleObject(handle, kPatience) != WAIT_OBJECT_0) fail("waiting for the service", WAIT_TIMEOUT);
        return now();
    });
}

void wait_for(const win::UniqueHandle& event) { moment_of(event).get(); }

class Scm {
public:
    Scm() : manager_(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT)) {
        if (!manager_) fail("OpenSCManager");
    }

    [[nodiscard]] win::UniqueServiceHandle open(const std::wstring& name) const {
        win::UniqueServiceHandle service(OpenServiceW(
            manager_.get(), name.c_str(),
            SERVICE_START | SERVICE_STOP | SERVICE_INTERROGATE | SERVICE_USER_DEFINED_CONTROL | SERVICE_QUERY_STATUS));
        if (!service) fail("OpenService");
        return service;
    }

private:
    win::UniqueServiceHandle manager_;
};

/// Waits for a state that the service is not in yet.
class StateWatch {
public:
    StateWatch(const Scm& scm, const std::wstring& name, DWORD state) {
        std::promise<void> armed;
        auto ready = armed.get_future();
        moment_ = std::async(std::launch::async, watch, scm.open(name), state, std::move(armed));
        ready.wait();
    }

    /// When it was reached.
    [[nodiscard]] double moment() { return moment_.get(); }

private:
    static double watch(win::UniqueServiceHandle service, DWORD state, std::promise<void> armed) {
        double moment = 0;
        SERVICE_NOTIFYW notification{};
        notification.dwVersion = SERVICE_NOTIFY_STATUS_CHANGE;
        notification.pContext = &moment;
        notification.pfnNotifyCallback = [](void* parameter) {
            *static_cast<double*>(static_cast<SERVICE_NOTIFYW*>(parameter)->pContext) = now();
        };
        const DWORD error = NotifyServiceStatusChangeW(service.get(), state, &notification);
        armed.set_value();
        if (error != ERROR_SUCCESS) fail("NotifyServiceStatusChange", error);
        if (SleepEx(kPatience, TRUE) != WAIT_IO_COMPLETION) {
            // The notification may still come: neither it nor the handle may go away.
            std::cout << R"({"error": "the service did not reach the state"})" << std::endl;
            ExitProcess(1);
        }
        if (notification.dwNotificationStatus != ERROR_SUCCESS) fail("notification", notification.dwNotificationStatus);
        return moment;
    }

    std::future<double> moment_;
};

struct Events {
    explicit Events(const std::wstring& service)
        : busy(open_event(service, kBusy)),
          hold(open_event(service, kHold)),
          release(open_event(service, kRelease)),
          changed(open_event(service, kChanged)),
          told(open_event(service, kTold)) {}

    win::UniqueHandle busy, hold, release, changed, told;
};

DWORD process_id(const win::UniqueServiceHandle& service) {
    SERVICE_STATUS_PROCESS status{};
    DWORD size = 0;
    if (!QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&status), sizeof status,
                              &size)) {
        fail("QueryServiceStatusEx");
    }
    return status.dwProcessId;
}

/// The error of ControlService, 0 for none.
DWORD send(const win::UniqueServiceHandle& service, DWORD control) {
    SERVICE_STATUS status{};
    return ControlService(service.get(), control, &status) ? NO_ERROR : GetLastError();
}

/// How long the control took, which must succeed.
double latency(const win::UniqueServiceHandle& service, DWORD control) {
    const double begin = now();
    const DWORD error = send(service, control);
    const double end = now();
    if (error != NO_ERROR) fail(fmt::format("control {}", control), error);
    return end - begin;
}

/// How long from sending kTell until the service's code for it has run.
double time_until_told(const win::UniqueServiceHandle& service, const Events& events) {
    auto told = moment_of(events.told);
    const double begin = now();
    (void)latency(service, kTell);
    return told.get() - begin;
}

std::string json(const std::vector<double>& samples) {
    std::string text;
    for (const double sample : samples) text += fmt::format("{}{:.4f}", text.empty() ? "" : ", ", sample);
    return "[" + text + "]";
}

std::string start(const Scm& scm, const std::wstring& name) {
    const auto service = scm.open(name);
    StateWatch running(scm, name, SERVICE_NOTIFY_RUNNING);
    const double begin = now();
    if (!StartServiceW(service.get(), 0, nullptr)) fail("StartService");
    const double returned = now();
    return fmt::format(R"({{"returned": {:.4f}, "running": {:.4f}}})", returned - begin, running.moment() - begin);
}

/// STOP is sent by `order`, which returns the error.
template <class Order>
std::string stop_by(const Scm& scm, const std::wstring& name, const win::UniqueServiceHandle& service, Order order) {
    const win::UniqueHandle process(OpenProcess(SYNCHRONIZE, FALSE, process_id(service)));
    if (!process) fail("OpenProcess");
    auto exited = moment_of(process);
    StateWatch stopped(scm, name, SERVICE_NOTIFY_STOPPED);
    const double begin = now();
    const DWORD error = order();
    const double answered = now();
    const double stop_moment = stopped.moment();
    return fmt::format(R"({{"answered": {:.4f}, "error_code": {}, "stopped": {:.4f}, "exited": {:.4f}}})",
                       answered - begin, error, stop_moment - begin, exited.get() - begin);
}

std::string stop(const Scm& scm, const std::wstring& name) {
    const auto service = scm.open(name);
    return stop_by(scm, name, service, [&] { return send(service, SERVICE_CONTROL_STOP); });
}

std::string controls(const Scm& scm, const std::wstring& name, DWORD control, std::size_t count) {
    const auto service = scm.open(name);
    std::vector<double> samples;
    while (samples.size() < count) samples.push_back(latency(service, control));
    return fmt::format(R"({{"controls": {}}})", json(samples));
}

std::string busy(const Scm& scm, const std::wstring& name, std::size_t count) {
    const auto service = scm.open(name);
    const Events events(name);
    SetEvent(events.busy.get());
    wait_for(events.changed);
    std::vector<double> samples, told;
    while (samples.size() < count) samples.push_back(latency(service, kNothing));
    while (told.size() < count) told.push_back(time_until_told(service, events));
    (void)latency(service, kCalm);
    wait_for(events.changed);
    return fmt::format(R"({{"controls": {}, "told": {}}})", json(samples), json(told));
}

/// Lets the main thread hold the GIL, and ends that after a time of which it knows the end exactly.
class GilHold {
public:
    GilHold(const Events& events, DWORD duration) {
        SetEvent(events.hold.get());
        wait_for(events.changed);
        released_ = std::async(std::launch::async, [handle = events.release.get(), duration] {
            Sleep(duration);
            const double moment = now();
            SetEvent(handle);
            return moment;
        });
    }

    [[nodiscard]] bool holds() const {
        return released_.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
    }

    [[nodiscard]] double end() { return released_.get(); }

private:
    std::future<double> released_;
};

std::string hold(const Scm& scm, const std::wstring& name, DWORD duration, std::size_t count) {
    const auto service = scm.open(name);
    const Events events(name);
    GilHold gil(events, duration);
    auto told = moment_of(events.told);
    std::vector<double> samples{latency(service, kTell)};
    // A host that waits for the GIL has answered just the first one when it is over.
    while (samples.size() < count && gil.holds()) samples.push_back(latency(service, kNothing));
    const double end = gil.end();
    // A service without a GIL knows long before.
    const double wait_after_release = std::max(0.0, told.get() - end);
    wait_for(events.changed);
    return fmt::format(R"({{"controls": {}, "told_after_release": {:.4f}}})", json(samples), wait_after_release);
}

std::string stop_held(const Scm& scm, const std::wstring& name, DWORD duration) {
    const auto service = scm.open(name);
    const Events events(name);
    GilHold gil(events, duration);
    return stop_by(scm, name, service, [&] { return send(service, SERVICE_CONTROL_STOP); });
}

std::string execute(const Scm& scm, const std::string& line) {
    std::istringstream words(line);
    std::string command, name;
    DWORD number = 0;
    std::size_t count = 0;
    words >> command >> name >> number >> count;
    const std::wstring service = win::widen(name);
    if (command == "start") return start(scm, service);
    if (command == "stop") return stop(scm, service);
    if (command == "controls") return controls(scm, service, number, count);
    if (command == "busy") return busy(scm, service, number);
    if (command == "hold") return hold(scm, service, number, count);
    if (command == "stop-held") return stop_held(scm, service, number);
    throw std::runtime_error("unknown command");
}

}  // namespace
}  // namespace pysvc::benchmark

int main() {
    using namespace pysvc::benchmark;
    std::string line;
    try {
        const Scm scm;
        while (std::getline(std::cin, line)) {
            if (!line.empty() && line.back() == '\r') line.pop_back();
            std::cout << execute(scm, line) << std::endl;
        }
    } catch (const std::exception& error) {
        // After a failed measurement nothing is known about the service: the next one would measure something else.
        std::cout << fmt::format(R"({{"error": "{}: {}"}})", line, error.what()) << std::endl;
        return 1;
    }
    return 0;
}
