// SPDX-License-Identifier: MIT
#include "tests/scm/harness/test_service.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"

#include <algorithm>
#include <iostream>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

constexpr DWORD kSpecificError = ERROR_SERVICE_SPECIFIC_ERROR;

/// A service name from the name of the running test.
std::string default_name(const std::string& suffix) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = "PySvcTest-";
    // Services of a whole suite are made outside of a test.
    name += test == nullptr ? ::testing::UnitTest::GetInstance()->current_test_suite()->name()
                            : std::string(test->test_suite_name()) + '.' + test->name();
    std::ranges::replace(name, '/', '-');
    return name + suffix;
}

bool test_failed() { return ::testing::UnitTest::GetInstance()->current_test_info() != nullptr && ::testing::Test::HasFailure(); }

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Ended& ended) {
    stream << "Win32 code " << ended.win32;
    if (ended.specific != 0) stream << ", service-specific code 0x" << std::hex << ended.specific << std::dec;
    return stream;
}

Process::Process(DWORD id)
    : id_(id), handle_(id == 0 ? nullptr : OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id)) {
    EXPECT_TRUE(handle_) << "no process " << id << ", error " << GetLastError();
}

DWORD Process::wait_for_end() const {
    const auto limit = static_cast<DWORD>(std::chrono::milliseconds(kPatience).count());
    EXPECT_EQ(WaitForSingleObject(handle_.get(), limit), WAIT_OBJECT_0) << "process " << id_ << " goes on";
    DWORD code = 0;
    GetExitCodeProcess(handle_.get(), &code);
    return code;
}

bool Process::is_running() const { return WaitForSingleObject(handle_.get(), 0) == WAIT_TIMEOUT; }

TestService::TestService(const std::string& class_string, const std::string& suffix)
    : name_(default_name(suffix)),
      folder_(work_folder() / path_of(name_)),
      report_(folder_ / L"report"),
      log_(folder_ / path_of(name_ + ".log")),
      manager_(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_ALL_ACCESS)) {
    EXPECT_TRUE(manager_) << "OpenSCManager failed with " << GetLastError();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    fs::create_directories(folder_);
    create();
    if (!class_string.empty()) set_class(class_string);
    set("Python", text_of(python_executable()));
    set("LogDirectory", text_of(folder_));
    set_environment({});
}

TestService::~TestService() {
    clean_up();
    if (test_failed()) {
        std::cout << "---- report of " << name_ << "\n" << read_file(report_.file()) << "---- log\n" << log_.text() << "----\n";
    }
    registry::remove(registry::event_source_key(name_));
}

void TestService::create() {
    const std::wstring name = win::widen(name_);
    const std::wstring image = L'"' + host_executable().native() + L'"';
    const auto make = [&] {
        handle_.reset(CreateServiceW(manager_.get(), name.c_str(), name.c_str(), SERVICE_ALL_ACCESS,
                                     SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL,
                                     image.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
        return static_cast<bool>(handle_);
    };
    if (make()) return;
    handle_.reset(OpenServiceW(manager_.get(), name.c_str(), SERVICE_ALL_ACCESS));
    if (handle_) clean_up();
    // It is gone when the last handle to it is closed, which may be another program's.
    EXPECT_TRUE(wait_until(make)) << "cannot create " << name_ << ", error " << GetLastError();
}

void TestService::clean_up() {
    if (!handle_) return;
    const SERVICE_STATUS_PROCESS now = status();
    if (now.dwCurrentState != SERVICE_STOPPED && now.dwProcessId != 0) {
        control(SERVICE_CONTROL_STOP);
        const win::UniqueHandle process(OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE, FALSE, now.dwProcessId));
        // A test that failed may have left one that cannot stop. Nobody else may be hurt by it.
        if (WaitForSingleObject(process.get(), 10'000) == WAIT_TIMEOUT) TerminateProcess(process.get(), 1);
    }
    DeleteService(handle_.get());
    handle_.reset();
}

std::string TestService::key() const { return R"(SYSTEM\CurrentControlSet\Services\)" + name_; }

void TestService::set_class(const std::string& class_string) {
    const bool complete = class_string.find_first_of("\\/") != std::string::npos;
    registry::write_text(key() + "\\PythonClass", "",
                         complete ? class_string : text_of(services_folder()) + '\\' + class_string);
}

void TestService::set_class_value(std::uint32_t type, std::string_view bytes) {
    registry::write(key() + "\\PythonClass", "", type, bytes);
}

void TestService::remove_class_value() { registry::remove(key() + "\\PythonClass"); }

void TestService::set(const std::string& parameter, const std::string& text) {
    registry::write_text(key() + "\\Parameters", parameter, text);
}

void TestService::set(const std::string& parameter, std::uint32_t number) {
    registry::write_number(key() + "\\Parameters", parameter, number);
}

void TestService::set_environment(const std::vector<std::string>& variables) {
    std::vector<std::string> all = {"PYSVC_TEST_REPORT=" + text_of(report_.file()), "PYSVC_TEST_SERVICE=" + name_};
    all.insert(all.end(), variables.begin(), variables.end());
    registry::write_texts(key() + "\\Parameters", "Environment", all);
}

void TestService::set_command_line(const std::string& command_line) {
    EXPECT_TRUE(ChangeServiceConfigW(handle_.get(), SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                     win::widen(command_line).c_str(), nullptr, nullptr, nullptr, nullptr, nullptr,
                                     nullptr))
        << "error " << GetLastError();
}

void TestService::set_shared() {
    EXPECT_TRUE(ChangeServiceConfigW(handle_.get(), SERVICE_WIN32_SHARE_PROCESS, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                     nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr))
        << "error " << GetLastError();
}

DWORD TestService::try_start(const std::vector<std::string>& arguments) {
    std::vector<std::wstring> wide;
    for (const std::string& argument : arguments) wide.push_back(win::widen(argument));
    std::vector<const wchar_t*> pointers;
    for (const std::wstring& argument : wide) pointers.push_back(argument.c_str());
    DWORD error = 0;
    // The SCM starts one service at a time and tells others to come again (1055).
    static_cast<void>(wait_until([&] {
        const BOOL done = StartServiceW(handle_.get(), static_cast<DWORD>(pointers.size()),
                                        pointers.empty() ? nullptr : pointers.data());
        error = done ? 0 : GetLastError();
        return error != ERROR_SERVICE_DATABASE_LOCKED;
    }));
    return error;
}

void TestService::start(const std::vector<std::string>& arguments) {
    ASSERT_EQ(try_start(arguments), 0u) << "StartService failed";
    wait_for(SERVICE_RUNNING);
}

Ended TestService::start_and_wait_for_end(const std::vector<std::string>& arguments) {
    // One that ends at once may make StartService itself fail; the status tells.
    static_cast<void>(try_start(arguments));
    return wait_for_stopped();
}

DWORD TestService::control(DWORD code) {
    DWORD ignored = 0;
    return control(code, ignored);
}

DWORD TestService::control(DWORD code, DWORD& state) {
    SERVICE_STATUS after{};
    const DWORD error = ControlService(handle_.get(), code, &after) ? 0 : GetLastError();
    state = after.dwCurrentState;
    return error;
}

Ended TestService::stop() {
    EXPECT_EQ(control(SERVICE_CONTROL_STOP), 0u);
    return wait_for_stopped();
}

SERVICE_STATUS_PROCESS TestService::status() const {
    SERVICE_STATUS_PROCESS now{};
    DWORD size = 0;
    EXPECT_TRUE(QueryServiceStatusEx(handle_.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&now), sizeof now,
                                     &size))
        << "error " << GetLastError();
    return now;
}

void TestService::wait_for(DWORD wanted, std::chrono::milliseconds limit) const {
    DWORD now = 0;
    static_cast<void>(wait_until(
        [&] {
            now = state();
            return now == wanted || now == SERVICE_STOPPED;
        },
        limit));
    const SERVICE_STATUS_PROCESS last = status();
    ASSERT_EQ(now, wanted) << "its state; " << Ended{last.dwWin32ExitCode, last.dwServiceSpecificExitCode};
}

Ended TestService::wait_for_stopped(std::chrono::milliseconds limit) {
    EXPECT_TRUE(wait_until([&] { return state() == SERVICE_STOPPED; }, limit)) << "state " << state();
    const SERVICE_STATUS_PROCESS last = status();
    // Only then it means anything, but after a requested stop we give it as a hint.
    return {last.dwWin32ExitCode, last.dwWin32ExitCode == kSpecificError || last.dwWin32ExitCode == 0
                                      ? last.dwServiceSpecificExitCode
                                      : 0};
}

Process TestService::process() const { return Process(status().dwProcessId); }

::testing::AssertionResult logged(const TestService& service, std::uint32_t id, const std::string& type,
                                  const std::string& fragment) {
    std::vector<LoggedEvent> found;
    // The status may be seen before the last record: STOPPED is not (it comes after the log), RUNNING is.
    static_cast<void>(wait_until([&] { return !(found = service.log().events(id)).empty(); }, std::chrono::seconds(10)));
    if (found.size() != 1) {
        return ::testing::AssertionFailure() << found.size() << " events 0x" << std::hex << id << " in the log";
    }
    if (found.front().type != type) return ::testing::AssertionFailure() << "the event's type is " << found.front().type;
    if (found.front().text.find(fragment) == std::string::npos) {
        return ::testing::AssertionFailure() << "the event has no '" << fragment << "' but:\n" << found.front().text;
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult logged_nothing(const TestService& service, const std::string& type) {
    for (const LoggedEvent& event : service.log().events()) {
        if (event.type == type) return ::testing::AssertionFailure() << "an event:\n" << event.text;
    }
    return ::testing::AssertionSuccess();
}

}  // namespace pysvc::test
