// SPDX-License-Identifier: MIT
// What a service started must not outlive it, as far as it would not outlive python.exe either.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/site_packages.hpp"
#include "tests/scm/harness/test_service.hpp"
#include "tests/scm/harness/virtual_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <deque>
#include <string>

namespace pysvc::test {
namespace {

/// The processes of a reported list of ids: "[12, 34]".
std::deque<Process> processes(const std::string& list) {
    std::deque<Process> all;
    const char* const end = list.data() + list.size();
    for (const char* at = list.data(); (at = std::find_if(at, end, [](char c) { return c >= '0' && c <= '9'; })) != end;) {
        DWORD id = 0;
        at = std::from_chars(at, end, id).ptr;
        all.emplace_back(id);
    }
    return all;
}

class Children : public ::testing::TestWithParam<const char*> {};

TEST_P(Children, AreGoneWhenTheServiceIsStopped) {
    TestService service(std::string("children.") + GetParam());
    service.start();
    const auto children = processes(service.report().wait("children"));
    EXPECT_FALSE(children.empty());
    for (const Process& child : children) EXPECT_TRUE(child.is_running()) << child.id();
    EXPECT_EQ(service.stop(), kSuccess);
    // By atexit, as in python.exe, which is before STOPPED.
    for (const Process& child : children) EXPECT_FALSE(child.is_running()) << child.id();
}

INSTANTIATE_TEST_SUITE_P(Of, Children, ::testing::Values("BusyPool", "DaemonProcess", "IdleExecutor"),
                         [](const auto& row) { return row.param; });

TEST(ChildrenInVenv, WorkersOfJoblibAreGoneWhenTheServiceIsStopped) {
    TestService service("children.IdleLoky");
    const VirtualEnvironment environment(L"children");
    environment.install({"joblib"});
    // framework.py needs it.
    write_file(environment.site_packages() / L"pywin32_of_base.pth",
               "import site; site.addsitedir(r'" + text_of(site_packages()) + "')\n");
    service.set("Python", text_of(environment.python()));
    service.start();
    const auto children = processes(service.report().wait("children"));
    EXPECT_FALSE(children.empty());
    EXPECT_EQ(service.stop(), kSuccess);
    for (const Process& child : children) EXPECT_FALSE(child.is_running()) << child.id();
}

TEST(ChildrenOfAHang, EndWithThePipeToTheService) {
    TestService service("children.IdlePoolOfAHang");
    service.set("StopGrace", 100);
    service.start();
    const auto children = processes(service.report().wait("children"));
    EXPECT_EQ(children.size(), 2u);
    static_cast<void>(service.stop());
    for (const Process& child : children) static_cast<void>(child.wait_for_end());
}

TEST(ChildThatOutlivesTheService, HoldsNoFileOfItOpen) {
    TestService service("children.Outliving");
    service.start();
    const auto children = processes(service.report().wait("children"));
    ASSERT_EQ(children.size(), 1u);
    const Process host = service.process();
    EXPECT_EQ(service.stop(), kSuccess);
    // STOPPED comes before the end: until then the files are its own.
    EXPECT_EQ(host.wait_for_end(), 0u);
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(service.report().file().parent_path())) {
        if (entry.path().extension() != L".log") continue;
        ++files;
        std::error_code error;
        std::filesystem::rename(entry.path(), entry.path().native() + L".old", error);
        EXPECT_FALSE(error) << text_of(entry.path()) << ": " << error.message();
    }
    EXPECT_GE(files, 1u);
    EXPECT_TRUE(children.front().is_running());
    service.report().permit("end");
    static_cast<void>(children.front().wait_for_end());
}

}  // namespace
}  // namespace pysvc::test
