// SPDX-License-Identifier: MIT
// What Windows hands to HandlerEx, whose size is a field of it and may lie: pysvc::copy_event_data.
#include "host/service/control.hpp"
#include "host/service/event_data.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <memory>

namespace pysvc::fuzz {
namespace {

const std::byte* readable_begin = nullptr;
const std::byte* readable_end = nullptr;

bool is_readable(const void* data, std::size_t size) {
    const auto* at = static_cast<const std::byte*>(data);
    return at >= readable_begin && at <= readable_end && size <= static_cast<std::size_t>(readable_end - at);
}

void check(FuzzedDataProvider& input) {
    constexpr std::uint32_t kControls[] = {control::kDeviceEvent, control::kPowerEvent, control::kSessionChange,
                                           control::kTimeChange, control::kTriggerEvent, control::kFirstUserDefined};
    const std::uint32_t control = input.PickValueInArray(kControls);
    const auto event_type = input.PickValueInArray<std::uint32_t>({0, 0x8000, 0x8013});
    const std::string bytes = input.ConsumeRemainingBytesAsString();
    // Memory of exactly this size: AddressSanitizer sees a byte that is read behind it.
    const auto memory = std::make_unique<std::byte[]>(bytes.size());
    std::ranges::transform(bytes, memory.get(), [](char c) { return static_cast<std::byte>(c); });
    readable_begin = memory.get();
    readable_end = memory.get() + bytes.size();

    const auto copy = copy_event_data(control, event_type, memory.get(), is_readable);
    require(copy.size() <= bytes.size() && std::equal(copy.begin(), copy.end(), memory.get()),
            "the copy is what the data begins with");
    const bool documented = control == control::kDeviceEvent || control == control::kSessionChange ||
                            control == control::kTimeChange ||
                            (control == control::kPowerEvent && event_type == 0x8013);
    require(documented || copy.empty(), "data that is not documented is not looked at");
    require(copy.empty() || copy.size() >= 8, "a copy is a whole structure");
    require(copy_event_data(control, event_type, nullptr, is_readable).empty(), "no data is no data");
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
