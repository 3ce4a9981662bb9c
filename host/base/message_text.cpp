// SPDX-License-Identifier: MIT
#include "host/base/message_text.hpp"

#include "messages/message_texts.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace pysvc {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Expands one message text. The sequences are those of FormatMessage, as far as a message file may have them.
class Expansion {
public:
    explicit Expansion(std::span<const std::string> inserts) : inserts_(inserts) {}

    std::string expand(std::string_view text) {
        while (!text.empty()) {
            const std::size_t percent = text.find('%');
            out_ += text.substr(0, percent);
            if (percent == std::string_view::npos) break;
            text.remove_prefix(percent + 1);
            if (text.starts_with('0')) break;  // "%0" ends the message, without a line break
            take_sequence(text);
        }
        append_surplus();
        return std::move(out_);
    }

private:
    /// `text` begins after a percent sign; what belongs to the sequence is taken off.
    void take_sequence(std::string_view& text) {
        if (text.empty()) {
            out_ += '%';
        } else if (is_digit(text.front())) {
            take_insert(text);
        } else {
            switch (text.front()) {
                case 'n': out_ += '\n'; break;
                case 'r': out_ += '\r'; break;
                case 't': out_ += '\t'; break;
                case 'b': out_ += ' '; break;
                default: out_ += text.front(); break;
            }
            text.remove_prefix(1);
        }
    }

    /// "1", "12" or "1!S!": the format between the exclamation marks is always a string's.
    void take_insert(std::string_view& text) {
        const std::string_view all = text;
        std::size_t number = 0;
        for (int digits = 0; digits < 2 && !text.empty() && is_digit(text.front()); ++digits) {
            number = number * 10 + static_cast<std::size_t>(text.front() - '0');
            text.remove_prefix(1);
        }
        if (text.starts_with('!')) {
            if (const std::size_t end = text.find('!', 1); end != std::string_view::npos) text.remove_prefix(end + 1);
        }
        used_ = std::max(used_, number);
        if (number <= inserts_.size()) {
            out_ += inserts_[number - 1];
        } else {
            // A viewer shows the placeholder of an insert that was not given.
            out_ += '%';
            out_ += all.substr(0, all.size() - text.size());
        }
    }

    void append_surplus() {
        for (std::size_t i = used_; i < inserts_.size(); ++i) {
            if (inserts_[i].empty()) continue;  // pywin32 fills up with empty ones
            if (!out_.empty()) out_ += '\n';
            out_ += inserts_[i];
        }
    }

    std::span<const std::string> inserts_;
    std::string out_;
    std::size_t used_ = 0;
};

}  // namespace

const char* message_text(std::uint32_t id) {
    const auto row = std::ranges::find(kMessageTexts, id, &MessageText::id);
    return row == std::ranges::end(kMessageTexts) ? nullptr : row->text;
}

std::string expand_message(std::uint32_t id, std::span<const std::string> inserts) {
    const char* text = message_text(id);
    return Expansion(inserts).expand(text != nullptr ? text : "");
}

}  // namespace pysvc
