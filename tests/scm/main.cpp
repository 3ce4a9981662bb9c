// SPDX-License-Identifier: MIT
#include "tests/scm/harness/environment.hpp"

#include <gtest/gtest.h>

#include <iostream>

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    // They install services and delete event sources: not what a test program is expected to do by itself.
    const bool lists = GTEST_FLAG_GET(list_tests);
    if (!lists && pysvc::test::environment_variable("PYSVC_ALLOW_SCM_TESTS") != "1") {
        std::cerr << "these tests create and delete services; set PYSVC_ALLOW_SCM_TESTS=1 to let them\n";
        return 2;
    }
    return RUN_ALL_TESTS();
}
