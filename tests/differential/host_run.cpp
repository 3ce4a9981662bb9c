// SPDX-License-Identifier: MIT
#include "tests/differential/host_run.hpp"

#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"

#include <array>
#include <cstdio>
#include <set>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

/// A plain name, since pywin32 cuts class strings after 255 characters.
fs::path new_folder(Host host) {
    static int number = 0;
    const fs::path folder = fs::temp_directory_path() / L"PySvcContract" /
                            (std::to_wstring(++number) + L'-' + win::widen(name_of(host)));
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    fs::create_directories(folder.parent_path());
    fs::copy(scripts_folder(), folder, fs::copy_options::recursive);
    fs::copy_file(services_folder() / L"reporting.py", folder / L"reporting.py");
    return folder;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string escaped(const std::string& text) {
    std::string out = text;
    replace_all(out, "\\", "\\\\");
    return out;
}

std::string head_of(const ReportedEvent& event) {
    std::array<char, 64> head{};
    std::snprintf(head.data(), head.size(), "%u 0x%08X", static_cast<unsigned>(event.type),
                  static_cast<unsigned>(event.id));
    return head.data();
}

/// Events of a script's own begin their first insert with the behaviour they show: L"LogMsg/list: text".
std::string behaviour_of(const ReportedEvent& event) {
    if (event.inserts.empty()) return {};
    const std::string& first = event.inserts.front();
    const auto end = first.find(": ");
    const auto slash = first.find('/');
    if (!first.starts_with("L\"") || end == first.npos || slash == first.npos || slash > end) return {};
    return first.substr(2, end - 2);
}

}  // namespace

HostRun::HostRun(Host host)
    : host_(host), service_("", std::string(".") + name_of(host)), folder_(new_folder(host)), report_(folder_ / L"report"), trace_begin_(end_of_trace()) {}

std::string HostRun::image_path() const {
    return '"' + text_of(executable_of(host_)) + '"';
}

void HostRun::host_class(const std::string& class_string) {
    set_image(SERVICE_WIN32_OWN_PROCESS, image_path());
    const bool complete = class_string.find_first_of("\\/") != std::string::npos;
    service_.set_class(complete ? class_string : text_of(folder_) + '\\' + class_string);
}

std::vector<std::string> HostRun::script_arguments(const std::string& script,
                                               const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {text_of(folder_ / L"run_with.py"),
                                    is_here() ? text_of(program_folder()) : "-", text_of(folder_ / path_of(script))};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return all;
}

void HostRun::host_script(const std::string& script, const std::vector<std::string>& arguments) {
    std::string image = '"' + text_of(python_executable()) + '"';
    for (const std::string& argument : script_arguments(script, arguments)) image += " \"" + argument + '"';
    set_image(SERVICE_WIN32_OWN_PROCESS, image);
}

void HostRun::set_image(DWORD type, const std::string& image_path) {
    EXPECT_TRUE(ChangeServiceConfigW(service_.handle(), type, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                                     win::widen(image_path).c_str(), nullptr, nullptr, nullptr, nullptr, nullptr,
                                     nullptr))
        << "error " << GetLastError();
}

void HostRun::start(const std::vector<std::string>& arguments) {
    ASSERT_EQ(service_.try_start(arguments), 0u) << name_of(host_);
    service_.wait_for(SERVICE_RUNNING);
}

std::future<DWORD> HostRun::start_beside() {
    return std::async(std::launch::async, [this] { return service_.try_start(); });
}

Ended HostRun::run_to_its_end() {
    static_cast<void>(service_.try_start());
    const Ended ended = service_.wait_for_stopped();
    // What the service reported after STOPPED counts as well; a process that is gone already has no number.
    if (const DWORD process = service_.status().dwProcessId; process != 0) Process(process).wait_for_end();
    return ended;
}

Ended HostRun::stop() {
    const Process process = service_.process();
    const Ended ended = service_.stop();
    process.wait_for_end();
    return ended;
}

void HostRun::kill(DWORD process) {
    const win::UniqueHandle handle(OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE, FALSE, process));
    TerminateProcess(handle.get(), 1);
    EXPECT_EQ(WaitForSingleObject(handle.get(), 10'000), WAIT_OBJECT_0);
}

void HostRun::observe(const std::string& behaviour, const std::string& value) { observed_.emplace_back(behaviour, value); }

void HostRun::observe(const std::string& behaviour, const Ended& ended) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%lu 0x%lX", static_cast<unsigned long>(ended.win32),
                  static_cast<unsigned long>(ended.specific));
    observe(behaviour, std::string(text.data()));
}

std::string HostRun::host_events() {
    std::string text;
    for (const ReportedEvent& event : events()) {
        if (!behaviour_of(event).empty()) continue;
        if (!text.empty()) text += ", ";
        text += head_of(event);
    }
    return text.empty() ? "none" : text;
}

std::string HostRun::without_names(std::string value) const {
    replace_all(value, escaped(text_of(folder_)), "<folder>");
    replace_all(value, text_of(folder_), "<folder>");
    replace_all(value, service_.name(), "<service>");
    return value;
}

Behaviours HostRun::behaviours() {
    std::vector<std::pair<std::string, std::string>> all = observed_;
    const std::vector<std::string> keys = report_.keys();
    for (const std::string& key : std::set(keys.begin(), keys.end())) {
        if (key.find('/') == std::string::npos) continue;
        for (const std::string& value : report_.values(key)) all.emplace_back(key, value);
    }
    for (const ReportedEvent& event : events()) {
        const std::string behaviour = behaviour_of(event);
        if (behaviour.empty()) continue;
        std::string value = head_of(event) + " category " + std::to_string(event.category);
        for (const std::string& insert : event.inserts) value += ' ' + insert;
        all.emplace_back(behaviour + " event", value);
    }
    Behaviours joined;
    for (const auto& [key, value] : all) {
        std::string& text = joined[key];
        if (!text.empty()) text += "; ";
        text += without_names(value);
    }
    return joined;
}

}  // namespace pysvc::test
