// SPDX-License-Identifier: MIT
// Controls in any order against a model of the queue: pysvc::ControlQueue.
#include "host/service/control_queue.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <optional>
#include <vector>

namespace pysvc::fuzz {
namespace {

constexpr std::size_t kBytesOfAllQueues = std::size_t{8} * 1024 * 1024;
constexpr std::size_t kRecordsOfAllQueues = 65'536;

/// What one queue should hold, as event types, which number the controls.
struct Model {
    std::vector<std::pair<std::uint32_t, std::size_t>> controls;  ///< number and size of data
    std::optional<std::uint32_t> stop;
    bool closed = false;
};

QueuedControl numbered(std::uint32_t number, std::size_t size, std::shared_ptr<Reply> reply) {
    return {ControlRecord{control::kFirstUserDefined, number, std::vector<std::byte>(size)}, std::move(reply)};
}

/// Two queues with one budget.
class Queues {
public:
    void push(std::size_t which, std::size_t size) {
        Model& model = models_[which];
        const bool room = records_ < kRecordsOfAllQueues && bytes_ + size <= kBytesOfAllQueues;
        const bool taken = queues_[which].push(numbered(++number_, size, nullptr));
        require(taken == (room && !model.closed), "a control is taken when there is room, else refused");
        if (!taken) return;
        model.controls.emplace_back(number_, size);
        ++records_;
        bytes_ += size;
    }

    void push_stop(std::size_t which) {
        queues_[which].push_stop(numbered(++number_, 0, nullptr));
        Model& model = models_[which];
        if (!model.closed && !model.stop) model.stop = number_;
    }

    void pop(std::size_t which) {
        Model& model = models_[which];
        // An open queue with nothing in it would wait.
        if (!model.closed && !model.stop && model.controls.empty()) return;
        const auto popped = queues_[which].pop();
        require(popped.has_value() == !model.closed, "an open queue gives a control, a closed one its end");
        if (!popped) return;
        if (model.stop) {
            require(popped->record.event_type == *model.stop, "STOP overtakes");
            model.stop.reset();
            return;
        }
        require(popped->record.event_type == model.controls.front().first, "first in, first out");
        forget(model.controls.front().second);
        model.controls.erase(model.controls.begin());
    }

    void close(std::size_t which) {
        constexpr std::uint32_t kDefault = 1062;
        const auto reply = std::make_shared<Reply>();
        const bool queued = queues_[which].push(numbered(++number_, 0, reply));
        queues_[which].close(kDefault);
        if (queued) require(reply->wait({}) == kDefault, "who waits is answered at the end");
        Model& model = models_[which];
        for (const auto& [number, size] : model.controls) forget(size);
        model = {{}, std::nullopt, true};
    }

private:
    void forget(std::size_t size) {
        --records_;
        bytes_ -= size;
    }

    QueueBudget budget_;
    ControlQueue queues_[2] = {ControlQueue(budget_), ControlQueue(budget_)};
    Model models_[2];
    std::size_t records_ = 0;
    std::size_t bytes_ = 0;
    std::uint32_t number_ = 0;
};

void check(FuzzedDataProvider& input) {
    Queues queues;
    while (input.remaining_bytes() != 0) {
        const auto step = input.ConsumeIntegral<std::uint8_t>();
        const std::size_t which = step >> 7;
        switch (step % 8) {
            case 0: queues.push_stop(which); break;
            case 1: queues.push(which, 0); break;
            case 2: queues.push(which, 700'000); break;
            // More than the records that all queues take together, from one byte of input in a few.
            case 3:
                for (int i = 0; i < 20'000; ++i) queues.push(which, 0);
                break;
            case 4: queues.close(which); break;
            default: queues.pop(which); break;
        }
    }
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider input(data, size);
    pysvc::fuzz::check(input);
    return 0;
}
