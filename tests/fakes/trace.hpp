// SPDX-License-Identifier: MIT
#pragma once

#include "tests/fakes/waiting.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace pysvc::fakes {

/// What happened in the order in which it happened, over all fakes of a test. Any thread.
class Trace {
public:
    void add(std::string entry) {
        {
            const auto lock = monitor_.lock();
            entries_.push_back(std::move(entry));
        }
        monitor_.notify();
    }

    [[nodiscard]] std::vector<std::string> entries() const {
        const auto lock = monitor_.lock();
        return entries_;
    }
    [[nodiscard]] std::size_t count(const std::string& entry) const {
        const auto lock = monitor_.lock();
        return static_cast<std::size_t>(std::ranges::count(entries_, entry));
    }
    void wait_for(const std::string& entry, std::size_t times = 1) {
        auto lock = monitor_.lock();
        monitor_.wait(lock, "'" + entry + "' in the trace",
                      [&] { return static_cast<std::size_t>(std::ranges::count(entries_, entry)) >= times; });
    }
    /// The entries of `wanted`, in the order of the trace: for assertions on an order that leave the rest open.
    [[nodiscard]] std::vector<std::string> only(const std::vector<std::string>& wanted) const {
        std::vector<std::string> found;
        for (const std::string& entry : entries()) {
            if (std::ranges::count(wanted, entry) != 0) found.push_back(entry);
        }
        return found;
    }

private:
    Monitor monitor_;
    std::vector<std::string> entries_;
};

}  // namespace pysvc::fakes
