// SPDX-License-Identifier: MIT
#pragma once

#include "host/windows/win32.hpp"
#include "tests/scm/harness/report.hpp"
#include "tests/scm/harness/service_log.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

namespace pysvc::test {

/// How a service ended, as the SCM has it.
struct Ended {
    DWORD win32 = 0;
    DWORD specific = 0;
    friend bool operator==(const Ended&, const Ended&) = default;
};

inline constexpr Ended kSuccess{};
/// ERROR_SERVICE_SPECIFIC_ERROR and the code.
[[nodiscard]] constexpr Ended specific(DWORD code) { return {1066, code}; }
/// What gtest prints.
std::ostream& operator<<(std::ostream& stream, const Ended& ended);

/// A process and the way to see its end.
class Process {
public:
    explicit Process(DWORD id);
    [[nodiscard]] DWORD id() const { return id_; }
    /// Fails the test when it does not end. Returns its exit code.
    DWORD wait_for_end() const;
    [[nodiscard]] bool is_running() const;

private:
    DWORD id_;
    win::UniqueHandle handle_;
};

/// A service of this machine while the object lives: PythonService.exe with a class of tests/scm/services. It is deleted
/// first (another run may have left it), and last, when its process has ended. A failing test prints its log.
class TestService {
public:
    /// `class_string` is module.Class below the services folder; a backslash or slash in it makes it a class string of
    /// its own. An empty one leaves the value out. The name has the test's name in it.
    explicit TestService(const std::string& class_string, const std::string& suffix = {});
    ~TestService();
    TestService(const TestService&) = delete;
    TestService& operator=(const TestService&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// Its LogDirectory.
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] const Report& report() const { return report_; }
    [[nodiscard]] const ServiceLog& log() const { return log_; }
    [[nodiscard]] SC_HANDLE handle() const { return handle_.get(); }

    // Configuration, for the next start.

    void set_class(const std::string& class_string);
    void set_class_value(std::uint32_t type, std::string_view bytes);
    void remove_class_value();
    void set(const std::string& parameter, const std::string& text);
    void set(const std::string& parameter, std::uint32_t number);
    /// NAME=VALUE for the service, beyond what the harness itself needs there.
    void set_environment(const std::vector<std::string>& variables);
    /// Another program than PythonService.exe, or other arguments: a whole ImagePath.
    void set_command_line(const std::string& command_line);
    /// SERVICE_WIN32_SHARE_PROCESS.
    void set_shared();
    [[nodiscard]] std::string key() const;

    // Life.

    /// StartService; 0 or its error. A start that must wait for that of another service is repeated.
    [[nodiscard]] DWORD try_start(const std::vector<std::string>& arguments = {});
    /// Starts it and waits for RUNNING.
    void start(const std::vector<std::string>& arguments = {});
    /// Starts it and returns how it ended by itself.
    [[nodiscard]] Ended start_and_wait_for_end(const std::vector<std::string>& arguments = {});
    /// ControlService; 0 or its error.
    DWORD control(DWORD code);
    /// As control; `state` is what the SCM said the state was after it.
    DWORD control(DWORD code, DWORD& state);
    /// STOP, and how it ended.
    [[nodiscard]] Ended stop();

    [[nodiscard]] SERVICE_STATUS_PROCESS status() const;
    [[nodiscard]] DWORD state() const { return status().dwCurrentState; }
    /// Fails the test when the state is not reached, or STOPPED instead of it.
    void wait_for(DWORD state, std::chrono::milliseconds limit = kPatience) const;
    [[nodiscard]] Ended wait_for_stopped(std::chrono::milliseconds limit = kPatience);
    /// The process that runs it now.
    [[nodiscard]] Process process() const;

private:
    void create();
    void clean_up();

    std::string name_;
    std::filesystem::path folder_;
    Report report_;
    ServiceLog log_;
    win::UniqueServiceHandle manager_;
    win::UniqueServiceHandle handle_;
};

/// Exactly one event of this id was logged, has this type and this text in it.
::testing::AssertionResult logged(const TestService& service, std::uint32_t id, const std::string& type,
                                  const std::string& fragment);
/// No event of this type.
::testing::AssertionResult logged_nothing(const TestService& service, const std::string& type);

}  // namespace pysvc::test
