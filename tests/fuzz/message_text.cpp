// SPDX-License-Identifier: MIT
// Event messages with hostile inserts: pysvc::expand_message.
#include "host/base/message_text.hpp"
#include "messages/message_texts.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <iterator>
#include <vector>

namespace pysvc::fuzz {
namespace {

void check(FuzzedDataProvider& input) {
    const std::size_t row = input.ConsumeIntegralInRange<std::size_t>(0, std::size(kMessageTexts));
    const std::uint32_t id = row < std::size(kMessageTexts) ? kMessageTexts[row].id : input.ConsumeIntegral<std::uint32_t>();
    std::vector<std::string> inserts;
    while (input.remaining_bytes() != 0) inserts.push_back(input.ConsumeRandomLengthString());

    const std::string text = expand_message(id, inserts);
    std::size_t longest = message_text(id) != nullptr ? std::string_view(message_text(id)).size() : 0;
    for (const std::string& insert : inserts) {
        require(text.find(insert) != std::string::npos, "every insert is shown, unchanged");
        // A text of ours has an insert once; each surplus one is a line.
        longest += insert.size() + 1;
    }
    require(text.size() <= longest, "nothing in an insert is expanded");
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
