// SPDX-License-Identifier: MIT
#include "host/service/evidence.hpp"

#include "host/base/text.hpp"
#include "host/service/text_sink.hpp"

#include <fmt/format.h>

#include <memory>
#include <string_view>

namespace pysvc {
namespace {

/// In UTF-16 units: of three parts that the first half of an event (30,000) has to hold.
constexpr std::size_t kPartLimit = 4'000;

/// `lines` indented below a heading; nothing when there are none.
std::string part(std::string_view heading, const std::string& lines) {
    if (lines.empty()) return {};
    std::string text(heading);
    std::string_view rest = lines;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        text.append("\n  ").append(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return cut_in_the_middle(text, kPartLimit) + "\n";
}

/// Python's own list of threads. It takes the GIL, which the watchdog never does: asked on a thread that may wait.
std::string python_threads(const EvidenceSources& sources) {
    if (sources.engine == nullptr) return "threads of Python: it has not started\n";
    struct Answer {
        std::int32_t described = 0;
        std::string text;
    };
    const auto answer = std::make_shared<Answer>();
    const auto asked = sources.calls.run(
        [engine = sources.engine, answer] {
            answer->described = engine->describe_threads(sink_into(answer->text));
        },
        sources.patience);
    if (asked == BoundedCalls::Result::NoThread)
        return "threads of Python: not to be had, no thread can be made to ask\n";
    // The answer is still being written.
    if (asked == BoundedCalls::Result::Late) {
        return fmt::format(
            "threads of Python: not to be had, the GIL was not free for {} ms (a thread holds it, probably in C "
            "code)\n",
            sources.patience.count());
    }
    if (answer->described == 0) return "threads of Python: the interpreter is shutting down, its last step has begun\n";
    return part("threads of Python that keep it alive:", answer->text);
}

}  // namespace

std::string gather_evidence(const EvidenceSources& sources) {
    std::string text = python_threads(sources);
    text += part("child processes:", sources.process.children());
    text += part("native stack of the service's thread:", sources.process.native_stack(sources.thread));
    const std::string stacks = sources.process.python_stacks();
    if (!stacks.empty()) text += "stacks of Python:\n" + stacks;
    return text;
}

}  // namespace pysvc
