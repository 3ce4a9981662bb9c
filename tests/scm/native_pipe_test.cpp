// SPDX-License-Identifier: MIT
// pywin32's example of a service that python.exe hosts, unchanged, with our module in the place of pywin32's.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"
#include "tests/scm/harness/site_packages.hpp"
#include "tests/scm/harness/wait.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

const std::string kName = "PyNativePipeTestService";

class NativePipe : public ::testing::Test {
protected:
    void SetUp() override { (void)script({"remove"}); }
    void TearDown() override {
        (void)script({"stop"});
        (void)wait_until([] { return service_status(kName).dwProcessId == 0; });
        (void)script({"remove"});
        registry::remove(registry::event_source_key(kName));
    }

    static std::string run(const std::string& file, const std::vector<std::string>& arguments) {
        const std::filesystem::path folder = site_packages() / L"win32" / L"Demos" / L"service";
        std::vector<std::string> all = {text_of(folder / path_of(file))};
        all.insert(all.end(), arguments.begin(), arguments.end());
        Command command(python_executable(), all, folder);
        EXPECT_EQ(command.wait(), 0u) << command.output();
        return command.output();
    }
    static std::string script(const std::vector<std::string>& arguments) {
        return run("nativePipeTestService.py", arguments);
    }

    ModuleInFront module_;
};

TEST_F(NativePipe, LivesItsWholeLife) {
    std::string text = script({"--startup", "manual", "install"});
    ASSERT_NE(text.find("Service installed"), std::string::npos) << text;
    text = script({"--wait", "60", "start"});
    ASSERT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING)) << text;
    const DWORD process = service_status(kName).dwProcessId;
    EXPECT_TRUE(has_module(process, program_folder(), L"servicemanager")) << "pywin32's module hosts it";

    text = run("pipeTestServiceClient.py", {"-v", "hello"});
    EXPECT_NE(text.find("sent me b'hello'"), std::string::npos) << text;
    EXPECT_NE(text.find("Sent and received a message!"), std::string::npos) << text;

    text = script({"--wait", "60", "stop"});
    ASSERT_EQ(service_status(kName).dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED)) << text;
    EXPECT_EQ(service_status(kName).dwWin32ExitCode, 0u);
    text = script({"remove"});
    EXPECT_NE(text.find("Service removed"), std::string::npos) << text;
    EXPECT_EQ(service_status(kName).dwCurrentState, 0u) << "it is still there";
}

}  // namespace
}  // namespace pysvc::test
