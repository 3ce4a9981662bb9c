// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>

namespace pysvc {

/// Overwrites the memory of `text` in a way that the compiler may not leave out, then empties it.
template <class Text>
void wipe(Text& text) {
    volatile auto* memory = text.data();
    for (std::size_t i = 0; i < text.size(); ++i) memory[i] = 0;
    text.clear();
}

/// A password. Not printable, not copyable by accident, overwritten when it goes.
class Secret {
public:
    Secret() = default;
    /// Takes the text over and wipes what is left of `text`.
    explicit Secret(std::string&& text) : text_(text) { wipe(text); }
    Secret(Secret&& other) noexcept : text_(other.text_) { wipe(other.text_); }
    Secret& operator=(Secret&& other) noexcept {
        if (this != &other) {
            wipe(text_);
            text_ = other.text_;
            wipe(other.text_);
        }
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(text_); }

    /// For the one call that needs it; never for output.
    [[nodiscard]] const std::string& reveal() const { return text_; }

private:
    std::string text_;
};

}  // namespace pysvc
