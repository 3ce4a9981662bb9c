// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/paths.hpp"
#include "host/commands/ports.hpp"
#include "host/locate/python_loader.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/fake_permissions.hpp"
#include "tests/fakes/fake_scm_client.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pysvc::fakes {

class FakeRegistryEditor final : public RegistryEditor {
public:
    std::map<std::string, std::map<std::string, RawValue>> keys;
    std::string refused;  ///< writing to a key with this in its path is denied

    Result<std::optional<RawValue>> read(const std::string& key, const std::string& name) override {
        const auto found = keys.find(key);
        if (found == keys.end() || found->second.count(name) == 0) return std::nullopt;
        return found->second.at(name);
    }
    Result<void> write(const std::string& key, const std::string& name, const RawValue& value) override {
        if (!refused.empty() && key.find(refused) != std::string::npos) {
            return failure(ErrorCode::OperatingSystem, 5, key);
        }
        keys[key][name] = value;
        return {};
    }
    Result<void> delete_value(const std::string& key, const std::string& name) override {
        keys[key].erase(name);
        return {};
    }
    Result<void> delete_key(const std::string& key) override {
        keys.erase(key);
        return {};
    }
    bool has_key(const std::string& key) override { return keys.count(key) != 0; }
};

class FakeChildProcess final : public ChildProcess {
public:
    std::vector<ChildRequest> requests;
    ChildResult answer;

    Result<ChildResult> run(const ChildRequest& request) override {
        requests.push_back(request);
        return answer;
    }
};

class RecordingOutput final : public Output {
public:
    std::string out;
    std::string err;
    std::vector<std::string> prompts;
    std::string typed = "from the prompt";

    void write(Stream stream, std::string_view text) override { (stream == Stream::Out ? out : err) += text; }
    Result<Secret> ask_secret(std::string_view prompt) override {
        prompts.emplace_back(prompt);
        return Secret(std::string(typed));
    }
    Result<Secret> read_secret_line() override { return Secret(std::string("from stdin")); }
};

class FakeInterrupts final : public Interrupts {
public:
    bool pressed = false;
    void watch() override {}
    [[nodiscard]] bool requested() const override { return pressed; }
};

/// A folder that goes with the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        for (int i = 0;; ++i) {
            path_ = std::filesystem::temp_directory_path() / ("pysvc-commands-" + std::to_string(i));
            if (std::filesystem::create_directory(path_)) break;
        }
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string str() const {
        const std::u8string text = path_.u8string();
        return {text.begin(), text.end()};
    }
    /// Writes a file and returns its path.
    std::string file(const std::u8string& name, const std::string& text) const {
        const std::filesystem::path path = (path_ / name).make_preferred();
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
        const std::u8string out = path.u8string();
        return {out.begin(), out.end()};
    }

private:
    std::filesystem::path path_;
};

/// All ports as fakes, and a script `backup.py` that the fake child describes.
struct RecordingPorts {
    RecordingPorts() {
        script = folder.file(u8"backup.py", "class Backup: _svc_name_ = 'backup'\n");
        child.answer.output = "file=" + script + "\ndirectory=" + folder.str() +
                              "\nmodule=backup\nclass=Backup\nname=backup\ndisplay_name=Nightly%20backup\n"
                              "description=Copies%20files\nend=\n";
        ports.folders = {folder.str() + "/bin/PythonService.exe", folder.str() + "/bin", folder.str() + "/data",
                         folder.str()};
    }

    TemporaryFolder folder;
    std::string script;
    FakeClock clock;
    FakeScmClient scm{clock};
    FakeRegistryEditor registry;
    FakeChildProcess child;
    RecordingOutput output;
    FakeInterrupts interrupts;
    FakePermissions permissions;
    std::vector<PythonQuery> queries;
    std::vector<std::string> made_folders;
    std::string refused_path;  ///< what has this in it is no local path
    std::optional<DebugRequest> debugged;

    CommandPorts ports{scm,
                       registry,
                       child,
                       output,
                       interrupts,
                       permissions,
                       make_file_probe()->system(),
                       clock,
                       [this](const PythonQuery& query) -> Result<PythonChoice> {
                           queries.push_back(query);
                           if (!query.named.empty()) {
                               return PythonChoice{absolute_from(folder.str(), query.named), "--python"};
                           }
                           return PythonChoice{"/python/python.exe", "registered"};
                       },
                       [](const LocateRequest&) { return PythonTrace{}; },
                       [](const std::string&) { return LocateRequest{}; },
                       {},
                       [this](const std::string& path, const std::string&) -> Result<void> {
                           made_folders.push_back(path);
                           return {};
                       },
                       [this](const std::string& path) -> Result<std::string> {
                           if (!refused_path.empty() && path.find(refused_path) != std::string::npos) {
                               return failure(ErrorCode::PathRefused, 0, "'" + path + "' is refused");
                           }
                           return path;
                       },
                       [this](const DebugRequest& request) {
                           debugged = request;
                           return 7;
                       }};
};

}  // namespace pysvc::fakes
