// SPDX-License-Identifier: MIT
// What the constructor gets: one tuple of str.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pysvc::test {
namespace {

TEST(Arguments, AreOneTupleWithTheServiceNameFirst) {
    TestService service("framework.Service");
    service.start();
    EXPECT_EQ(service.report().wait("args"), "('" + service.name() + "',)");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Arguments, OfStartServiceReachTheConstructorUnchanged) {
    TestService service("framework.Service");
    const std::string lone_surrogate = "\xED\xA0\x80x";  // U+D800, the way the host keeps it
    service.start({"plain", "two words", "a\"quote\\", "Gr\xC3\xBC\xC3\x9F" "e \xE6\x9C\x8D\xE5\x8A\xA1",
                   "\xF0\x9F\x98\x80", lone_surrogate});
    EXPECT_EQ(service.report().wait("args"),
              "('" + service.name() +
                  R"(', 'plain', 'two words', 'a"quote\\', 'Gr\xfc\xdfe \u670d\u52a1', '\U0001f600', '\ud800x'))");
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Arguments, MayBeManyAndLong) {
    TestService service("framework.Service");
    std::vector<std::string> arguments(300, "argument");
    arguments.emplace_back(20'000, 'x');
    service.start(arguments);
    const std::string got = service.report().wait("args");
    EXPECT_TRUE(got.ends_with("'argument', '" + arguments.back() + "')"));
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Arguments, TenThousandReachTheConstructor) {
    TestService service("light.NoHandler");
    std::vector<std::string> arguments;
    for (int i = 0; i < 10'000; ++i) arguments.push_back(std::to_string(i));
    service.start(arguments);
    const std::string got = service.report().wait("args");
    EXPECT_EQ(std::ranges::count(got, ','), 10'000);
    EXPECT_TRUE(got.ends_with(", '9998', '9999')")) << got.substr(got.size() > 100 ? got.size() - 100 : 0);
    EXPECT_EQ(service.stop(), kSuccess);
}

TEST(Arguments, OfTheNextStartAreItsOwn) {
    TestService service("framework.Service");
    service.start({"first"});
    EXPECT_EQ(service.stop(), kSuccess);
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    const auto all = service.report().values("args");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[1], "('" + service.name() + "',)");
}

}  // namespace
}  // namespace pysvc::test
