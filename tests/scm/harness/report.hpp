// SPDX-License-Identifier: MIT
#pragma once

#include "tests/scm/harness/wait.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pysvc::test {

/// What a service told the test: lines "key<TAB>value" that services/reporting.py appends to a file. Values are Python's
/// ascii() of an object. The other way, `permit` lets a service go on that waits for it.
class Report {
public:
    explicit Report(std::filesystem::path file) : file_(std::move(file)) {}

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    /// The values reported under `key`, oldest first.
    [[nodiscard]] std::vector<std::string> values(const std::string& key) const;
    [[nodiscard]] bool has(const std::string& key) const { return !values(key).empty(); }
    [[nodiscard]] std::vector<std::string> keys() const;

    /// Waits for `key` and returns its first value; fails the test when it does not come.
    [[nodiscard]] std::string wait(const std::string& key, std::chrono::milliseconds limit = kPatience) const;
    /// Waits until `key` was reported `count` times; fails the test when it was not.
    void wait_for_count(const std::string& key, std::size_t count) const;

    /// What reporting.wait_for_permit(name) waits for.
    void permit(const std::string& name) const;

    /// Forgets everything, permits included.
    void clear() const;

private:
    std::filesystem::path file_;
};

}  // namespace pysvc::test
