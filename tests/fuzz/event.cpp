// SPDX-License-Identifier: MIT
// Events with any inserts on their way to ReportEvent: pysvc::Journal.
#include "host/service/journal.hpp"
#include "tests/fakes/fake_event_log.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <vector>

namespace pysvc::fuzz {
namespace {

/// Up to 40,000 inserts' worth of text from few bytes: what is cut and joined is long.
std::vector<std::string> take_inserts(FuzzedDataProvider& input) {
    std::vector<std::string> inserts;
    while (input.remaining_bytes() != 0 && inserts.size() < 300) {
        const auto copies = input.ConsumeIntegralInRange<std::size_t>(1, 60);
        const auto repeats = input.ConsumeIntegralInRange<std::size_t>(1, 4'000);
        const std::string piece = input.ConsumeRandomLengthString(64);
        std::string insert;
        for (std::size_t i = 0; i < repeats && insert.size() < 50'000; ++i) insert += piece;
        // Many long ones would be slow and no different from a few.
        inserts.insert(inserts.end(), insert.size() < 100 ? copies : 1, insert);
    }
    return inserts;
}

void check(FuzzedDataProvider& input) {
    fakes::FakeEventLog log;
    Journal journal(log, "service", "messages.dll");
    const Event event{EventType::Error, 0xC0000004, take_inserts(input)};
    require(journal.report(event) == 0, "the event is written");
    const auto entries = log.entries();
    require(entries.size() == 1, "once");

    const std::vector<std::string>& written = entries.front().event.inserts;
    require(written.size() == std::min<std::size_t>(event.inserts.size(), 256), "ReportEvent takes 256 inserts");
    std::size_t units = 0;
    for (const std::string& insert : written) {
        require(insert.find('\0') == std::string::npos, "no insert ends early");
        units += utf16_length(insert);
    }
    require(units <= 31'839, "all inserts fit into one record");
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
