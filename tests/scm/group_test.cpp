// SPDX-License-Identifier: MIT
// `install --group`, `update --group` and `remove`, with the real Service Control Manager. That of Wine gives each
// service a process of its own whatever its type; fake_scm_group_test.cpp shows what the process makes of the group.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/installed_group.hpp"
#include "tests/scm/harness/registry.hpp"
#include "tests/scm/harness/service_status.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

using Names = std::vector<std::string>;

const std::string kOne = "PySvcTest group one";
const std::string kTwo = "PySvcTest group two \xE6\x9C\x8D\xE5\x8A\xA1";
constexpr char kGroup[] = "PySvcTest a group";

class Group : public ::testing::Test {
protected:
    static Names members(const std::string& group = kGroup) { return registry::read_texts(kGroupsKey, group); }
    static std::string own_image() { return '"' + text_of(host_executable()) + '"'; }
    static std::string image_of(const std::string& group) {
        return own_image() + " --service --group \"" + group + '"';
    }

    void install_both() {
        for (const std::string& name : services_.names()) {
            const auto installed = services_.install(name, {"--group", kGroup});
            ASSERT_EQ(installed.code, 0u) << installed.output;
        }
    }

    InstalledGroup services_{{kOne, kTwo}};
};

TEST_F(Group, InstallMakesSharedServicesAndRemoveTakesThemOut) {
    install_both();
    for (const std::string& name : services_.names()) {
        EXPECT_EQ(services_.image_path(name), image_of(kGroup));
        EXPECT_EQ(services_.type(name), static_cast<std::uint32_t>(SERVICE_WIN32_SHARE_PROCESS));
        const auto status = services_.run({"status", name});
        EXPECT_NE(status.output.find(std::string("group: ") + kGroup), std::string::npos) << status.output;
    }
    EXPECT_EQ(members(), (Names{kOne, kTwo}));
    EXPECT_EQ(services_.run({"remove", kOne}).code, 0u);
    EXPECT_EQ(members(), Names{kTwo});
    EXPECT_EQ(services_.run({"remove", kTwo}).code, 0u);
    EXPECT_EQ(members(), Names{});
}

TEST_F(Group, ItsServicesStartAndStop) {
    install_both();
    for (const std::string& name : services_.names()) {
        const auto started = services_.run({"start", name});
        ASSERT_EQ(started.code, 0u) << started.output;
        EXPECT_EQ(service_status(name).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
    }
    const bool shared = service_status(kOne).dwProcessId == service_status(kTwo).dwProcessId;
    EXPECT_EQ(shared, !is_wine());
    const auto stopped = services_.run({"stop", kOne});
    EXPECT_EQ(stopped.code, 0u) << stopped.output;
    EXPECT_EQ(service_status(kOne).dwCurrentState, static_cast<DWORD>(SERVICE_STOPPED));
    EXPECT_EQ(service_status(kTwo).dwCurrentState, static_cast<DWORD>(SERVICE_RUNNING));
    EXPECT_EQ(services_.run({"stop", kTwo}).code, 0u);
    EXPECT_EQ(services_.seen().size(), 2u);
}

TEST_F(Group, UpdateMovesAServiceAndSaysSo) {
    install_both();
    auto updated = services_.run({"update", kOne, "--group", "PySvcTest other"});
    EXPECT_EQ(updated.code, 0u) << updated.output;
    EXPECT_NE(updated.output.find("group: PySvcTest a group -> PySvcTest other"), std::string::npos) << updated.output;
    EXPECT_EQ(members(), Names{kTwo});
    EXPECT_EQ(members("PySvcTest other"), Names{kOne});
    EXPECT_EQ(services_.image_path(kOne), image_of("PySvcTest other"));

    updated = services_.run({"update", kOne, "--group", ""});
    EXPECT_EQ(updated.code, 0u) << updated.output;
    EXPECT_EQ(members("PySvcTest other"), Names{});
    EXPECT_EQ(services_.image_path(kOne), own_image());
    EXPECT_EQ(services_.type(kOne), static_cast<std::uint32_t>(SERVICE_WIN32_OWN_PROCESS));
    EXPECT_EQ(services_.run({"start", kOne}).code, 0u);
    EXPECT_EQ(services_.run({"stop", kOne}).code, 0u);
}

TEST_F(Group, AnotherAccountIsRefusedAndNothingIsInstalled) {
    ASSERT_EQ(services_.install(kOne, {"--group", kGroup}).code, 0u);
    const auto refused = services_.install(kTwo, {"--group", kGroup, "--username", "LocalService"});
    EXPECT_EQ(refused.code, static_cast<DWORD>(ERROR_DIFFERENT_SERVICE_ACCOUNT)) << refused.output;
    EXPECT_NE(refused.output.find("NT AUTHORITY\\LocalService"), std::string::npos) << refused.output;
    EXPECT_EQ(service_status(kTwo).dwCurrentState, 0u);
    EXPECT_EQ(members(), Names{kOne});
}

TEST_F(Group, AGroupWithoutServicesIsNamedInTheError) {
    const auto result = services_.run({"--service", "--group", "PySvcTest nobody"});
    EXPECT_NE(result.code, 0u);
    EXPECT_NE(result.output.find("no services for the group 'PySvcTest nobody'"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace pysvc::test
