// SPDX-License-Identifier: MIT
#include "host/service/instance_record.hpp"

#include "host/base/paths.hpp"
#include "host/service/run_marker.hpp"
#include "tests/fakes/fake_crash_watch.hpp"
#include "tests/fakes/fake_event_log.hpp"
#include "tests/unit/service/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace pysvc {
namespace {

using namespace std::chrono_literals;

class InstanceRecordTest : public testing::Test {
protected:
    InstanceRecordTest() {
        settings.log_directory = from_path(root.path());
        files = log_files("svc", settings, {});
    }
    void write(const std::string& name, std::string_view text) const {
        std::filesystem::create_directories((root / name).parent_path());
        std::ofstream(root / name, std::ios::binary) << text;
    }
    void leave_marker() const { write("svc.running", to_text({gone, started})); }
    void begin() { record.begin("svc", files, settings); }
    /// The event about the previous instance; empty when there is none.
    [[nodiscard]] std::string told() const { return events.text(ErrorCode::PreviousInstanceEnded); }
    [[nodiscard]] bool tells(std::string_view part) const { return told().find(part) != std::string::npos; }
    [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(root / name); }
    /// How many texts are in the crash folder.
    [[nodiscard]] std::ptrdiff_t texts() const {
        return std::ranges::count_if(std::filesystem::directory_iterator(root / "crashes"),
                                     [](const auto& entry) { return entry.path().extension() == ".txt"; });
    }

    const ProcessIdentity gone{7, 1'000};
    const std::chrono::sys_seconds started{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
    TemporaryFolder root;
    Settings settings;
    LogFiles files;
    fakes::FakeEventLog events;
    fakes::FakeCrashWatch crashes;
    Journal journal{events, "svc", "messages.dll"};
    InstanceRecord record{journal, crashes};
};

TEST_F(InstanceRecordTest, LeavesAMarkerWhileTheInstanceRuns) {
    begin();
    EXPECT_EQ(told(), "");
    const auto marker = parse_run_marker(root.text("svc.running"));
    ASSERT_TRUE(marker);
    EXPECT_EQ(marker->process, crashes.self);
    record.end();
    EXPECT_FALSE(exists("svc.running"));
}

TEST_F(InstanceRecordTest, EndsOnlyWhatItHasBegun) {
    leave_marker();
    record.end();
    EXPECT_TRUE(exists("svc.running"));
}

TEST_F(InstanceRecordTest, TellsOfACrashWithItsEvidence) {
    leave_marker();
    write("svc.crash.log", "Windows fatal exception: access violation\n\nin f");
    write("crashes/svc-20260102T000000Z-7.dmp", "MDMP");
    begin();
    EXPECT_TRUE(tells("svc: process 7, started 2026-01-01T00:00:00Z\n"
                      "it crashed: Windows fatal exception: access violation\nminidump: "))
        << told();
    EXPECT_TRUE(tells("svc-20260102T000000Z-7.dmp\ncrash log: "));
    EXPECT_TRUE(tells("\n\nin f"));
    EXPECT_FALSE(exists("svc.crash.log"));
    EXPECT_EQ(texts(), 1);
}

TEST_F(InstanceRecordTest, TellsOfACrashThatLeftAMinidumpOnly) {
    leave_marker();
    write("crashes/svc-20260102T000000Z-7.dmp", "MDMP");
    begin();
    EXPECT_TRUE(tells("\nit crashed\nminidump: ")) << told();
}

TEST_F(InstanceRecordTest, TellsOfAnEndWithoutATrace) {
    leave_marker();
    write("svc.crash.log", "a line of a library\n");
    begin();
    EXPECT_TRUE(tells("it was ended without a trace")) << told();
    EXPECT_TRUE(tells("crash log: "));
}

TEST_F(InstanceRecordTest, TellsOfARestartOfTheMachine) {
    leave_marker();
    crashes.machine_start = started + 1s;
    begin();
    EXPECT_TRUE(tells("the machine was shut down or restarted")) << told();
}

TEST_F(InstanceRecordTest, TellsOfADamagedMarker) {
    write("svc.running", std::string(30, '\0'));
    begin();
    EXPECT_TRUE(tells("its marker is damaged")) << told();
    EXPECT_TRUE(parse_run_marker(root.text("svc.running")));
}

TEST_F(InstanceRecordTest, SaysNothingOfAnInstanceWhoseProcessIsStillThere) {
    leave_marker();
    write("svc.crash.log", "its stacks");
    crashes.others.push_back(gone);
    begin();
    EXPECT_EQ(told(), "");
    EXPECT_TRUE(exists("svc.crash.log"));
}

TEST_F(InstanceRecordTest, TellsOfAnInstanceWhoseIdAnotherProcessHasNow) {
    leave_marker();
    crashes.others.push_back({gone.id, gone.created + 1});
    begin();
    EXPECT_TRUE(tells("without a trace"));
}

TEST_F(InstanceRecordTest, LeavesTheCrashLogOfAnOrderlyEndUntilItIsLong) {
    write("svc.crash.log", "stacks");
    begin();
    EXPECT_EQ(root.text("svc.crash.log"), "stacks");
    record.end();
    write("svc.crash.log", std::string(1024 * 1024 + 1, 'x'));
    begin();
    EXPECT_FALSE(exists("svc.crash.log"));
    EXPECT_EQ(texts(), 1);
    EXPECT_EQ(told(), "");
}

TEST_F(InstanceRecordTest, KeepsNothingWhenNothingIsToBeKept) {
    settings.crash_files = 0;
    leave_marker();
    write("svc.crash.log", "Fatal Python error: Aborted\n");
    begin();
    EXPECT_TRUE(tells("it crashed: Fatal Python error: Aborted"));
    EXPECT_FALSE(exists("svc.crash.log"));
    EXPECT_FALSE(exists("crashes"));
    EXPECT_EQ(crashes.dump_folder, "");
}

TEST_F(InstanceRecordTest, WantsMinidumpsInTheCrashFolder) {
    begin();
    EXPECT_EQ(crashes.dump_folder, from_path(root / "crashes"));
    EXPECT_EQ(crashes.dump_service, "svc");
}

TEST_F(InstanceRecordTest, ThatCannotBeWrittenIsNoFailure) {
    files.run_marker = from_path(root / "missing" / "svc.running");
    begin();
    record.end();
    EXPECT_EQ(told(), "");
}

TEST_F(InstanceRecordTest, CutsALongTextForTheEvent) {
    leave_marker();
    write("svc.crash.log", "Fatal Python error: Aborted\n" + std::string(100'000, 'x'));
    begin();
    EXPECT_LT(told().size(), 20'000U);
    EXPECT_TRUE(tells("characters omitted"));
}

}  // namespace
}  // namespace pysvc
