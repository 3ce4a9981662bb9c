// SPDX-License-Identifier: MIT
#include "host/locate/python_loader.hpp"

#include "tests/unit/locate/fake_file_probe.hpp"

#include "build_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pysvc {
namespace {

using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";

/// What the engine below was given, and what it answers. Entry points of the C boundary have no context.
struct EngineScript {
    pysvc_engine_api api{};
    bool refuse = false;
    int32_t result = 0;
    pysvc_failure failure{};
    std::string failure_text;
    std::string executable;
    std::string base_executable;
    std::string prefix;
    std::string crash_log;
    std::string pycache_prefix;
    std::vector<std::string> search_paths;
    std::vector<std::string> argv;
    int32_t use_environment = 0;
};
EngineScript* script = nullptr;

std::string text_of(pysvc_text text) { return {text.data, text.size}; }

int32_t start_interpreter(const pysvc_interpreter_config* config, pysvc_failure* failure) {
    script->executable = text_of(config->executable);
    script->base_executable = text_of(config->base_executable);
    script->prefix = text_of(config->expected_prefix);
    script->crash_log = text_of(config->crash_log);
    script->pycache_prefix = text_of(config->pycache_prefix);
    script->use_environment = config->use_environment;
    for (size_t i = 0; i < config->search_path_count; ++i)
        script->search_paths.push_back(text_of(config->search_paths[i]));
    for (size_t i = 0; i < config->argv_count; ++i) script->argv.push_back(text_of(config->argv[i]));
    if (script->result != 0) {
        failure->code = script->failure.code;
        failure->os_code = script->failure.os_code;
        failure->text.put(failure->text.context, script->failure_text.data(), script->failure_text.size());
    }
    return script->result;
}

const pysvc_engine_api* open_engine(const pysvc_host_api*) { return script->refuse ? nullptr : &script->api; }

/// Records the calls, in their order.
class FakeNativeLoader final : public NativeLoader {
public:
    explicit FakeNativeLoader(std::vector<std::string>& calls) : calls_(calls) {}

    std::optional<Error> python_failure;
    std::optional<Error> engine_failure;

    void set_variable(const std::string& name, const std::string& value) override {
        calls_.push_back(name + "=" + value);
    }
    void add_dll_directory(const std::string& directory) override { calls_.push_back("directory " + directory); }
    void repair_standard_handles() override { calls_.push_back("handles"); }
    Result<void> load_python(const std::string& library) override {
        calls_.push_back("python " + library);
        if (python_failure) return failure(*python_failure);
        return {};
    }
    void repair_descriptors(const std::string& crash_log) override { calls_.push_back("descriptors " + crash_log); }
    std::string python_version() override { return "3.13.5"; }
    Result<pysvc_open_engine_function> load_engine(const std::string& engine) override {
        calls_.push_back("engine " + engine);
        if (engine_failure) return failure(*engine_failure);
        return &open_engine;
    }
    void interpreter_started() override { calls_.push_back("started"); }
    std::string account() override { return "LocalService"; }

private:
    std::vector<std::string>& calls_;
};

class PythonLoaderTest : public testing::Test {
protected:
    PythonLoaderTest() { make_loader(); }
    ~PythonLoaderTest() override { script = nullptr; }

    /// From the beginning: a new machine, a new loader.
    void make_loader() {
        script_ = {};
        script = &script_;
        script_.api.size = sizeof(pysvc_engine_api);
        script_.api.build_id = PYSVC_BUILD_ID;
        script_.api.start_interpreter = start_interpreter;
        auto probe = std::make_unique<FakeFileProbe>();
        probe_ = probe.get();
        probe->add_installation(R"(C:\Python313)", 13);
        probe->add_environment(R"(D:\app\.venv)", R"(C:\Python313)", "3.13.5");
        probe->add_engine(kExe, 13);
        auto native = std::make_unique<FakeNativeLoader>(calls_);
        native_ = native.get();
        PythonLoaderOptions options;
        options.exe_directory = kExe;
        options.script_directory = [](const std::string& service) { return "D:\\" + service; };
        options.argv = {"PythonService.exe", "--service"};
        options.crash_log = [](const std::string& service, const Settings&) { return "C:\\logs\\" + service + ".txt"; };
        options.bytecode_folder = [](const std::string& service, const Settings&) { return "C:\\logs\\" + service; };
        loader_ = std::make_unique<PythonLoader>(std::move(options), std::move(probe), std::move(native));
    }
    Result<const pysvc_engine_api*> start() {
        return loader_->start(
            "app", settings_, host_, [](void* steps) { ++*static_cast<int*>(steps); }, &steps_);
    }

    EngineScript script_;
    std::vector<std::string> calls_;
    FakeFileProbe* probe_ = nullptr;
    FakeNativeLoader* native_ = nullptr;
    Settings settings_;
    pysvc_host_api host_{};
    int steps_ = 0;
    std::unique_ptr<PythonLoader> loader_;
};

TEST_F(PythonLoaderTest, DoesEverythingInItsOrder) {
    settings_.environment = {"MODE=a=b", "nonsense", "=x", "EMPTY="};
    const auto engine = start();
    ASSERT_TRUE(engine) << engine.error().context;
    EXPECT_EQ(*engine, &script_.api);
    EXPECT_EQ(calls_,
              (std::vector<std::string>{"MODE=a=b", "EMPTY=", R"(directory C:\Python313)", "handles",
                                        R"(python C:\Python313\python313.dll)", R"(descriptors C:\logs\app.txt)",
                                        "engine " + kExe + "\\servicemanager.cp313-win_amd64.pyd", "started"}));
    EXPECT_EQ(steps_, 4);
}

TEST_F(PythonLoaderTest, HandsTheEngineWhatWasFound) {
    ASSERT_TRUE(start());
    EXPECT_EQ(script_.executable, R"(D:\app\.venv\Scripts\python.exe)");
    EXPECT_EQ(script_.base_executable, R"(C:\Python313\python.exe)");
    EXPECT_EQ(script_.prefix, R"(D:\app\.venv)");
    EXPECT_EQ(script_.crash_log, R"(C:\logs\app.txt)");
    EXPECT_EQ(script_.argv, (std::vector<std::string>{"PythonService.exe", "--service"}));
    EXPECT_EQ(script_.search_paths.size(), 4U);
}

TEST_F(PythonLoaderTest, TakesTheStoredPython) {
    settings_.python = R"(C:\Python313\python.exe)";
    ASSERT_TRUE(start());
    EXPECT_EQ(script_.executable, settings_.python);
    EXPECT_NE(loader_->environment_summary().find(R"(Parameters\Python)"), std::string::npos);
}

TEST_F(PythonLoaderTest, PutsPythonPathFirstWhenTheEnvironmentCounts) {
    probe_->variables["PYTHONPATH"] = R"(D:\one;;D:\two)";
    ASSERT_TRUE(start());
    EXPECT_EQ(script_.search_paths.size(), 4U);

    script_.search_paths.clear();
    settings_.use_environment = true;
    ASSERT_TRUE(start());
    ASSERT_EQ(script_.search_paths.size(), 6U);
    EXPECT_EQ(script_.search_paths[0], R"(D:\one)");
    EXPECT_EQ(script_.search_paths[1], R"(D:\two)");
    EXPECT_EQ(script_.use_environment, 1);
}

TEST_F(PythonLoaderTest, PutsCondasDirectoriesOnPath) {
    probe_->add(R"(C:\Python313\conda-meta\history)");
    probe_->add(R"(C:\Python313\Library\bin\x.dll)");
    probe_->variables["PATH"] = R"(C:\Windows)";
    ASSERT_TRUE(start());
    EXPECT_NE(std::ranges::find(calls_, R"(PATH=C:\Python313\Library\bin;C:\Windows)"), calls_.end());
}

TEST_F(PythonLoaderTest, StopsAtTheFirstFailure) {
    native_->python_failure = Error{ErrorCode::PythonLoadFailed, 126, "'x'"};
    EXPECT_EQ(start().error().code, ErrorCode::PythonLoadFailed);
    EXPECT_EQ(steps_, 1);
    native_->python_failure.reset();

    steps_ = 0;
    native_->engine_failure = Error{ErrorCode::EngineLoadFailed, 127, "'x'"};
    EXPECT_EQ(start().error().os_code, 127U);
    EXPECT_EQ(steps_, 2);
    EXPECT_TRUE(script_.executable.empty());
}

TEST_F(PythonLoaderTest, RefusesAnEngineOfAnotherBuild) {
    script_.refuse = true;
    EXPECT_EQ(start().error().code, ErrorCode::EngineMismatch);
    script_.refuse = false;
    script_.api.build_id = "0.0.0+somethingelse";
    const auto other = start();
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::EngineMismatch);
    EXPECT_NE(other.error().context.find("0.0.0+somethingelse"), std::string::npos);
    EXPECT_NE(other.error().context.find(PYSVC_BUILD_ID), std::string::npos);
    script_.api.build_id = PYSVC_BUILD_ID;
    script_.api.size = 8;
    EXPECT_EQ(start().error().code, ErrorCode::EngineMismatch);
}

TEST_F(PythonLoaderTest, TellsWhyTheInterpreterDidNotStart) {
    script_.result = 1;
    script_.failure.code = static_cast<uint32_t>(ErrorCode::PrefixMismatch);
    script_.failure_text = "sys.prefix is elsewhere";
    const auto result = start();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::PrefixMismatch);
    EXPECT_NE(result.error().context.find("sys.prefix is elsewhere"), std::string::npos);
    EXPECT_EQ(steps_, 3);
    script_.failure.code = 0;
    EXPECT_EQ(start().error().code, ErrorCode::InterpreterFailed);
}

TEST_F(PythonLoaderTest, SummaryNamesInterpreterVersionPrefixAccountAndCrashLog) {
    EXPECT_EQ(loader_->environment_summary(), "");
    ASSERT_TRUE(start());
    const std::string summary = loader_->environment_summary();
    for (const std::string text :
         {R"(D:\app\.venv\Scripts\python.exe)", "3.13.5", "LocalService", R"(C:\logs\app.txt)"}) {
        EXPECT_NE(summary.find(text), std::string::npos) << summary;
    }
}

TEST_F(PythonLoaderTest, LeavesBytecodeBesideSourcesThatTheAccountMayWriteTo) {
    ASSERT_TRUE(start());
    EXPECT_EQ(script_.pycache_prefix, "");
}

TEST_F(PythonLoaderTest, KeepsBytecodeElsewhereWhenOneOfTheSourceFoldersIsReadOnly) {
    for (const char* folder : {R"(C:\Python313\Lib)", R"(D:\app\.venv\Lib\site-packages)", R"(D:\app)"}) {
        make_loader();
        probe_->add(folder + std::string(R"(\module.py)"));
        probe_->protect(folder);
        ASSERT_TRUE(start());
        EXPECT_EQ(script_.pycache_prefix, R"(C:\logs\app)") << folder;
    }
}

TEST_F(PythonLoaderTest, LeavesBytecodeToPythonsVariablesWhenTheyCount) {
    for (const char* variable : {"PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"}) {
        for (const bool counts : {true, false}) {
            make_loader();
            probe_->protect(R"(C:\Python313\Lib)");
            probe_->variables[variable] = "1";
            settings_.use_environment = counts;
            ASSERT_TRUE(start());
            EXPECT_EQ(script_.pycache_prefix, counts ? "" : R"(C:\logs\app)") << variable;
        }
    }
}

}  // namespace
}  // namespace pysvc
