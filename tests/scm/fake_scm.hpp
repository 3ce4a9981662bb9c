// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysvc::test {

/// A structure as the event data of a control.
template <class T>
std::string bytes_of(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// Plays services.exe towards one service process, under Wine only: the pipe over which Wine's SCM talks to service
/// processes is named by a counter in the registry, so whoever raises the counter has the next process. It can send what
/// Wine's SCM never sends (SHUTDOWN, event data, any code), and sees what the control handler answers. Statuses still
/// go to the real SCM, where the services must exist. Needs a prefix of its own: no other service may start meanwhile.
class FakeScm {
public:
    FakeScm();
    ~FakeScm();
    FakeScm(const FakeScm&) = delete;
    FakeScm& operator=(const FakeScm&) = delete;

    /// Starts PythonService.exe with these arguments and waits until its dispatcher has connected.
    void launch(const std::string& arguments);
    /// The same for any program: a whole command line, as an ImagePath has it.
    void launch_line(const std::string& command_line);

    /// Lets the process start the service `name`. 0 or the dispatcher's error.
    DWORD start(const std::string& name, const std::vector<std::string>& arguments = {});
    /// Sends a control with its event data; what the control handler answered.
    DWORD control(const std::string& name, DWORD code, std::string_view event_data = {});

    [[nodiscard]] bool is_running() const;
    /// Fails the test when the process does not end. Its exit code.
    DWORD wait_for_end() const;

private:
    /// Raises the counter and opens the pipe of that number.
    void listen();
    void start_process(const std::string& command_line);
    /// Waits until it does; false when it ended instead.
    [[nodiscard]] bool process_connects();
    DWORD exchange(const std::string& name, DWORD code, std::string_view payload);

    DWORD counter_before_ = 0;
    win::UniqueKey counter_key_;
    win::UniqueHandle pipe_;
    win::UniqueHandle process_;
};

}  // namespace pysvc::test
