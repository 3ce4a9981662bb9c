// SPDX-License-Identifier: MIT
// What an event says about a service that does not do what it should.
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

TEST(Evidence, OfAStopThatHangsHasThreadsChildrenAndBothStacks) {
    TestService service("evidence.HangsWithCompany");
    service.set("StopTimeout", 1'000);
    service.set("StopKillTimeout", 3'000);
    service.start();
    const std::string child = service.report().wait("child");
    EXPECT_EQ(service.stop(), (Ended{0, 0x20002043}));
    for (const char* fragment : {" MainThread", " uploader", "daemon threads: 1", "native stack of the service's thread:",
                                 "ntdll.dll", "stacks of Python:", "evidence.py"}) {
        EXPECT_TRUE(logged(service, 0x80002042, "warning", fragment));
        EXPECT_TRUE(logged(service, 0xC0002043, "error", fragment));
    }
    EXPECT_TRUE(logged(service, 0x80002042, "warning", child + " python.exe"));
}

TEST(Evidence, IsThereWhileCHoldsTheGil) {
    TestService service("evidence.HoldsTheGil");
    service.set("StopKillTimeout", 1'000);
    service.start();
    (void)service.report().wait("entering C");
    EXPECT_EQ(service.stop(), (Ended{0, 0x20002043}));
    for (const char* fragment : {"the GIL was not free", "native stack of the service's thread:", "evidence.py"}) {
        EXPECT_TRUE(logged(service, 0xC0002043, "error", fragment));
    }
}

TEST(Evidence, OfAFinalisationThatHangsNamesTheThreadThatDoesNotEnd) {
    TestService service("evidence.ThreadThatStays");
    service.set("FinalizeTimeout", 300);
    service.start();
    EXPECT_EQ(service.stop(), kSuccess);
    EXPECT_TRUE(logged(service, 0x80002045, "warning", " the culprit"));
    EXPECT_TRUE(logged(service, 0x80002045, "warning", "in never_end"));
}

}  // namespace
}  // namespace pysvc::test
