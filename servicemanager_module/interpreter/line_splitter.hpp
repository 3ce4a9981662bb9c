// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc::py {

/// Makes lines of the bytes that Python writes to one stream. Knows no Python. Thread-safe; its lock is a leaf and is
/// held for copying only, so it may be taken under the GIL.
class LineSplitter {
public:
    /// A line longer than this is handed out in pieces: a program that never ends its line must not eat all memory.
    static constexpr std::size_t kLongestLine = 64 * 1024;

    /// Adds `bytes`; the lines that are complete now, without their ends, as valid UTF-8.
    [[nodiscard]] std::vector<std::string> add(std::string_view bytes);

    /// What has been written since the last line end, if anything.
    [[nodiscard]] std::vector<std::string> take_rest();

private:
    std::mutex mutex_;
    std::string rest_;
};

}  // namespace pysvc::py
