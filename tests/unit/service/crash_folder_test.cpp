// SPDX-License-Identifier: MIT
#include "host/service/crash_folder.hpp"

#include "host/base/paths.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <set>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

class CrashFolderTest : public testing::Test {
protected:
    void make(const std::string& name) const { std::ofstream(root / name) << name; }
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(root.path())) {
            names.insert(from_path(entry.path().filename()));
        }
        return names;
    }

    TemporaryFolder root;
    CrashFolder folder{root.path(), "svc"};
};

TEST_F(CrashFolderTest, KeepsTheNewestOfEachKind) {
    make("svc-20260101T000000Z-9.dmp");
    make("svc-20260102T000000Z-8.dmp");
    make("svc-20260103T000000Z-7.dmp");
    make("svc-20260101T000000Z-9.txt");
    folder.keep_newest(2);
    EXPECT_EQ(names(), (std::set<std::string>{"svc-20260102T000000Z-8.dmp", "svc-20260103T000000Z-7.dmp",
                                              "svc-20260101T000000Z-9.txt"}));
    folder.keep_newest(0);
    EXPECT_TRUE(names().empty());
}

TEST_F(CrashFolderTest, LeavesEverythingElseAlone) {
    const std::set<std::string> others{"svc-b-20260101T000000Z-9.dmp", "svc.dmp",          "svc-2026.dmp", "other.txt",
                                       "svc-20260101T000000Z.dmp",     "svc-20260101T000000Z-9.log",
                                       "svc-2026010aT000000Z-9.dmp"};
    for (const std::string& name : others) make(name);
    folder.keep_newest(0);
    EXPECT_EQ(names(), others);
}

TEST_F(CrashFolderTest, FindsTheMinidumpOfAProcess) {
    make("svc-20260101T000000Z-7.dmp");
    make("svc-20260102T000000Z-17.dmp");
    make("svc-20260103T000000Z-7.txt");
    const auto started = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
    EXPECT_EQ(folder.dump_of(7, started), root / "svc-20260101T000000Z-7.dmp");
    // The id was another process's then.
    EXPECT_FALSE(folder.dump_of(7, started + 1s));
    EXPECT_FALSE(folder.dump_of(8, started));
}

TEST_F(CrashFolderTest, TakesACrashLogIn) {
    make("svc.crash.log");
    const CrashFolder inner(root / "crashes", "svc");
    const auto taken = inner.take_in(root / "svc.crash.log", std::chrono::sys_seconds(0s), 7);
    EXPECT_EQ(taken, root / "crashes" / "svc-19700101T000000Z-7.txt");
    EXPECT_EQ(root.text("crashes/svc-19700101T000000Z-7.txt"), "svc.crash.log");
    EXPECT_FALSE(std::filesystem::exists(root / "svc.crash.log"));
    EXPECT_FALSE(inner.take_in(root / "missing", std::chrono::sys_seconds(0s), 7));
}

TEST_F(CrashFolderTest, ThatIsNotThereHoldsNothing) {
    const CrashFolder missing(root / "missing", "svc");
    missing.keep_newest(0);
    EXPECT_FALSE(missing.dump_of(7, {}));
    EXPECT_FALSE(std::filesystem::exists(root / "missing"));
}

}  // namespace
}  // namespace pysvc
