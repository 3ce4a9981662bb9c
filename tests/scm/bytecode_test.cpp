// SPDX-License-Identifier: MIT
// Where bytecode is kept for an account that cannot write beside the sources.
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <gtest/gtest.h>
#include <sddl.h>

#include <filesystem>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

constexpr char kScript[] = R"(
import importlib.util, os, sys

class Probe:
    def __init__(self, args):
        pass

    def run(self):
        bytecode = importlib.util.cache_from_source(__file__)
        with open(os.environ["PYSVC_TEST_REPORT"], "w") as report:
            report.write(f"prefix\t{ascii(sys.pycache_prefix)}\nkept\t{os.path.isfile(bytecode)}\n")
)";

/// While it lives, nobody is allowed to open the folder for writing, which is how the host asks. Wine keeps permissions of
/// folders but checks none; it does respect who shares what.
class NoWriting {
public:
    explicit NoWriting(const fs::path& folder)
        : handle_(CreateFileW(folder.c_str(), FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                              OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr)) {
        EXPECT_TRUE(handle_) << GetLastError();
    }

private:
    win::UniqueHandle handle_;
};

void let_everybody_write(const fs::path& folder) {
    PSECURITY_DESCRIPTOR security = nullptr;
    ASSERT_TRUE(ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:PAI(A;OICI;FA;;;WD)", SDDL_REVISION_1,
                                                                     &security, nullptr));
    const win::UniqueLocalMemory owner(security);
    ASSERT_TRUE(SetFileSecurityW(folder.c_str(), DACL_SECURITY_INFORMATION, security)) << GetLastError();
}

/// A service whose script lies in a folder of its own.
class Bytecode : public ::testing::Test {
protected:
    Bytecode() : folder_(work_folder() / L"bytecode"), service_("") {
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        write_file(folder_ / L"probe.py", kScript);
        service_.set_class(text_of(folder_) + "\\probe.Probe");
    }

    [[nodiscard]] fs::path own_folder() const { return service_.report().file().parent_path() / L"pycache"; }
    [[nodiscard]] std::string told(const std::string& key) const { return service_.report().wait(key); }

    const fs::path folder_;
    TestService service_;
};

TEST_F(Bytecode, LiesBesideTheSourcesWhenTheAccountMayWriteThere) {
    EXPECT_EQ(service_.start_and_wait_for_end(), kSuccess);
    EXPECT_EQ(told("prefix"), "None");
    EXPECT_EQ(told("kept"), "True");
    EXPECT_TRUE(fs::exists(folder_ / L"__pycache__"));
    EXPECT_FALSE(fs::exists(own_folder()));
}

TEST_F(Bytecode, LiesBesideTheLogWhenTheAccountMayNotWriteBesideTheSources) {
    const NoWriting refused(folder_);
    EXPECT_EQ(service_.start_and_wait_for_end(), kSuccess);
    EXPECT_NE(told("prefix"), "None");
    EXPECT_EQ(told("kept"), "True");
    EXPECT_FALSE(fs::exists(folder_ / L"__pycache__"));
    EXPECT_TRUE(fs::exists(own_folder()));
}

TEST_F(Bytecode, IsNotReadFromAFolderThatOthersMayWriteTo) {
    const NoWriting refused(folder_);
    fs::create_directories(own_folder());
    let_everybody_write(own_folder());
    EXPECT_EQ(service_.start_and_wait_for_end(), kSuccess);
    EXPECT_EQ(told("prefix"), "None");
    EXPECT_TRUE(service_.log().contains("bytecode of read-only folders is not kept")) << service_.log().text();
}

}  // namespace
}  // namespace pysvc::test
