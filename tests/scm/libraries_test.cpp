// SPDX-License-Identifier: MIT
// What people use in services, in each place where a service can run. services/libraries.py has the checks.
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"
#include "tests/scm/harness/virtual_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace pysvc::test {
namespace {

using Names = std::vector<std::string>;

Names operator+(Names left, const Names& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

std::string joined(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += name + ' ';
    return text;
}

const Names kStandardLibrary = {
    "paths_as_in_python_exe", "process_and_queue", "pool", "manager", "shared_memory", "process_pool_executor",
    "thread_pool_executor", "subprocess_with_pipes", "subprocess_with_inherited_streams",
    "subprocess_with_null_device", "subprocess_into_the_log", "subprocess_of_the_shell", "asyncio_tcp",
    "asyncio_subprocess", "asyncio_to_thread", "main_thread", "signals", "thread_recursion", "ctypes_callback",
    "ssl_context", "sqlite", "compression_and_hashes", "text_as_in_python_exe", "rare_encodings"};
const Names kPackages = {"joblib_loky", "stable_abi_wheel", "namespace_package", "package_metadata"};
const Names kNumpy = {"numpy_linalg"};

/// Wine 8 loads no numpy that was built for 3.14: its ucrtbase lacks crealf.
bool has_numpy() { return python_executable().parent_path().filename() != L"Python314" || !is_wine(); }

/// The environment with the packages; made once, since pip takes its time.
const VirtualEnvironment& environment() {
    static const auto made = [] {
        auto environment = std::make_unique<VirtualEnvironment>(L"libraries");
        Names packages = {"joblib", "psutil", "zope.event"};
        if (has_numpy()) packages.push_back("numpy");
        environment->install(packages);
        return environment;
    }();
    return *made;
}

/// Where the checks run.
enum class Place { Service, ServiceInVenv, DebugInVenv };

Names checks_of(Place place) {
    if (place == Place::Service) return kStandardLibrary;
    return kStandardLibrary + kPackages + (has_numpy() ? kNumpy : Names{});
}

/// All checks of a place, run once; the outcome of each.
std::map<std::string, std::string> run_checks(Place place) {
    TestService service("libraries.Libraries");
    service.set_environment({"PYSVC_TEST_CHECKS=" + joined(checks_of(place))});
    if (place != Place::Service) service.set("Python", text_of(environment().python()));
    if (place == Place::DebugInVenv) {
        Command debug({"debug", service.name()});
        EXPECT_EQ(debug.wait(5 * kPatience), 0u) << debug.output();
    } else {
        static_cast<void>(service.try_start());
        EXPECT_EQ(service.wait_for_stopped(5 * kPatience), kSuccess) << service.log().text();
    }
    std::map<std::string, std::string> outcomes;
    for (const std::string& key : service.report().keys()) outcomes[key] = service.report().values(key).front();
    return outcomes;
}

struct Case {
    Place place;
    std::string check;
    /// For GoogleTest, which would show its bytes.
    friend void PrintTo(const Case& shown, std::ostream* stream) { *stream << shown.check; }
};

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const Place place : {Place::Service, Place::ServiceInVenv, Place::DebugInVenv}) {
        for (const std::string& check : checks_of(place)) all.push_back({place, check});
    }
    return all;
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
    constexpr const char* kPlaces[] = {"service", "service_in_venv", "debug_in_venv"};
    return kPlaces[static_cast<int>(info.param.place)] + std::string("_") + info.param.check;
}

class Libraries : public ::testing::TestWithParam<Case> {
protected:
    static const std::map<std::string, std::string>& outcomes(Place place) {
        static std::map<Place, std::map<std::string, std::string>> known;
        const auto [entry, is_new] = known.try_emplace(place);
        if (is_new) entry->second = run_checks(place);
        return entry->second;
    }
};

TEST_P(Libraries, Work) {
    const auto& all = outcomes(GetParam().place);
    const auto outcome = all.find(GetParam().check);
    ASSERT_NE(outcome, all.end()) << "the service did not come so far";
    EXPECT_EQ(outcome->second, "'ok'");
}

INSTANTIATE_TEST_SUITE_P(In, Libraries, ::testing::ValuesIn(cases()), name_of);

TEST(SiteFiles, TextThatTheyPrintIsInTheLog) {
    const VirtualEnvironment environment(L"site files");
    write_file(environment.site_packages() / L"prints.pth", "import sys; print('printed by', 'prints.pth')\n");
    TestService service("libraries.Libraries");
    service.set("Python", text_of(environment.python()));
    // Children run it as well, into streams that they inherit.
    service.set_environment({"PYSVC_TEST_CHECKS=pool subprocess_with_inherited_streams"});
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    EXPECT_EQ(service.report().wait("pool"), "'ok'");
    EXPECT_EQ(service.report().wait("subprocess_with_inherited_streams"), "'ok'");
    EXPECT_TRUE(service.log().contains("printed by prints.pth")) << service.log().text();
}

TEST(Utf8Mode, ReachesChildrenOfTheService) {
    TestService service("libraries.Libraries");
    service.set("Utf8Mode", 1);
    service.set_environment({"PYSVC_TEST_CHECKS=utf8_mode"});
    EXPECT_EQ(service.start_and_wait_for_end(), kSuccess);
    EXPECT_EQ(service.report().wait("utf8_mode"), "'ok'");
}

}  // namespace
}  // namespace pysvc::test
