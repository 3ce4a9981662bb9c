// SPDX-License-Identifier: MIT
#include "host/service/terminal.hpp"

#include "host/windows/win32.hpp"

#include <atomic>
#include <string>

namespace pysvc {
namespace {

using win::last_error;
using win::narrow;
using win::widen;

std::atomic<bool> interrupt_requested{false};

BOOL WINAPI on_console_event(DWORD event) {
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) return FALSE;
    // The second one ends the process as usual.
    return interrupt_requested.exchange(true) ? FALSE : TRUE;
}

bool is_console(HANDLE handle) {
    DWORD mode = 0;
    return GetConsoleMode(handle, &mode) != 0;
}

/// Room for every password that Windows takes: a string that grows leaves copies behind that nobody wipes.
constexpr std::size_t kLongestPassword = 1024;

/// One line of bytes.
Result<Secret> read_line(HANDLE input) {
    std::string line;
    line.reserve(kLongestPassword);
    char c = 0;
    DWORD count = 0;
    while (ReadFile(input, &c, 1, &count, nullptr) && count == 1 && c != '\n') line.push_back(c);
    if (line.ends_with('\r')) line.pop_back();
    return Secret(std::move(line));
}

Result<Secret> read_console_line(HANDLE input) {
    std::wstring line;
    line.reserve(kLongestPassword);
    wchar_t c = 0;
    DWORD count = 0;
    while (ReadConsoleW(input, &c, 1, &count, nullptr) && count == 1 && c != L'\n') {
        if (c != L'\r') line.push_back(c);
    }
    Secret secret(narrow(line));
    SecureZeroMemory(line.data(), line.size() * sizeof(wchar_t));
    return secret;
}

class ConsoleOutput final : public Output {
public:
    void write(Stream stream, std::string_view text) override {
        const HANDLE handle = GetStdHandle(stream == Stream::Out ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
        if (is_console(handle)) {
            write_console(handle, widen(text));
        } else {
            write_file(handle, text);
        }
    }

    Result<Secret> ask_secret(std::string_view prompt) override {
        const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
        DWORD before = 0;
        if (!GetConsoleMode(input, &before)) {
            return failure(ErrorCode::Usage, 0, "a password is needed and there is no console to ask for it on");
        }
        write(Stream::Err, prompt);
        SetConsoleMode(input, before & ~static_cast<DWORD>(ENABLE_ECHO_INPUT));
        auto line = read_console_line(input);
        SetConsoleMode(input, before);
        write(Stream::Err, "\n");
        return line;
    }

    Result<Secret> read_secret_line() override {
        const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
        return is_console(input) ? read_console_line(input) : read_line(input);
    }

private:
    static void write_console(HANDLE handle, std::wstring_view text) {
        // One call takes at most 64 KB on older systems.
        constexpr std::size_t kPiece = 8000;
        while (!text.empty()) {
            DWORD written = 0;
            const auto piece = static_cast<DWORD>(text.size() < kPiece ? text.size() : kPiece);
            if (!WriteConsoleW(handle, text.data(), piece, &written, nullptr) || written == 0) return;
            text.remove_prefix(written);
        }
    }

    static void write_file(HANDLE handle, std::string_view text) {
        while (!text.empty()) {
            DWORD written = 0;
            if (!WriteFile(handle, text.data(), static_cast<DWORD>(text.size()), &written, nullptr) || written == 0) {
                return;
            }
            text.remove_prefix(written);
        }
    }
};

class ConsoleInterrupts final : public Interrupts {
public:
    void watch() override {
        if (watching_) return;
        watching_ = SetConsoleCtrlHandler(on_console_event, TRUE) != 0;
    }
    [[nodiscard]] bool requested() const override { return interrupt_requested; }

private:
    bool watching_ = false;
};

}  // namespace

std::unique_ptr<Output> make_output() { return std::make_unique<ConsoleOutput>(); }

std::unique_ptr<Interrupts> make_interrupts() { return std::make_unique<ConsoleInterrupts>(); }

}  // namespace pysvc
