// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/line_splitter.hpp"

#include "host/base/text.hpp"

#include <algorithm>
#include <utility>

namespace pysvc::py {
namespace {

/// sys.stdout.buffer takes any bytes, the host's log only UTF-8.
std::string valid_utf8(std::string_view bytes) {
    const bool ascii =
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    return ascii ? std::string(bytes) : utf8_from_utf16(utf16_from_utf8(bytes));
}

std::string line_of(std::string_view bytes) {
    if (!bytes.empty() && bytes.back() == '\r') bytes.remove_suffix(1);
    return valid_utf8(bytes);
}

/// At most LineSplitter::kLongestLine bytes of `bytes`, not ending inside a character.
std::size_t piece_size(std::string_view bytes) {
    std::size_t size = LineSplitter::kLongestLine;
    const auto continues = [&](std::size_t at) { return (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80; };
    while (size > LineSplitter::kLongestLine - 4 && size < bytes.size() && continues(size)) --size;
    return size;
}

}  // namespace

std::vector<std::string> LineSplitter::add(std::string_view bytes) {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines;
    // The rest holds no line end, so only the new bytes are searched.
    std::size_t search_from = rest_.size();
    rest_.append(bytes);
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = rest_.find('\n', search_from);
        const std::size_t line_end = std::min(end, rest_.size());
        while (line_end - begin > kLongestLine) {
            const std::size_t size = piece_size(std::string_view(rest_).substr(begin, line_end - begin));
            lines.push_back(valid_utf8(std::string_view(rest_).substr(begin, size)));
            begin += size;
        }
        if (end == std::string::npos) break;
        lines.push_back(line_of(std::string_view(rest_).substr(begin, end - begin)));
        begin = search_from = end + 1;
    }
    rest_.erase(0, begin);
    return lines;
}

std::vector<std::string> LineSplitter::take_rest() {
    const std::scoped_lock lock(mutex_);
    std::vector<std::string> lines;
    if (!rest_.empty()) lines.push_back(line_of(std::exchange(rest_, {})));
    return lines;
}

}  // namespace pysvc::py
