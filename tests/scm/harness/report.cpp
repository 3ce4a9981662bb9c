// SPDX-License-Identifier: MIT
#include "tests/scm/harness/report.hpp"

#include "tests/scm/harness/files.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::vector<std::string> Report::values(const std::string& key) const {
    std::vector<std::string> found;
    for (const std::string& line : complete_lines(read_file(file_))) {
        if (line.starts_with(key + '\t')) found.push_back(line.substr(key.size() + 1));
    }
    return found;
}

std::vector<std::string> Report::keys() const {
    std::vector<std::string> found;
    for (const std::string& line : complete_lines(read_file(file_))) found.push_back(line.substr(0, line.find('\t')));
    return found;
}

std::string Report::wait(const std::string& key, std::chrono::milliseconds limit) const {
    std::vector<std::string> found;
    const bool came = wait_until([&] { return !(found = values(key)).empty(); }, limit);
    EXPECT_TRUE(came) << "the service did not report '" << key << "'; its report:\n" << read_file(file_);
    return came ? found.front() : std::string();
}

void Report::wait_for_count(const std::string& key, std::size_t count) const {
    EXPECT_TRUE(wait_until([&] { return values(key).size() >= count; }))
        << "the service reported '" << key << "' " << values(key).size() << " times, not " << count;
}

void Report::permit(const std::string& name) const {
    fs::path file = file_;
    file += "." + name;
    write_file(file, "");
}

void Report::clear() const {
    const std::wstring name = file_.filename().native();
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(file_.parent_path(), ignored)) {
        if (entry.path().filename().native().starts_with(name)) fs::remove(entry.path(), ignored);
    }
}

}  // namespace pysvc::test
