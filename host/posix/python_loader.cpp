// SPDX-License-Identifier: MIT
#include "host/locate/python_loader.hpp"

#include "host/posix/standard_handles.hpp"

#include <dlfcn.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pysvc::posix {
namespace {

std::string loader_error() {
    const char* text = dlerror();
    return text != nullptr ? text : "unknown error";
}

class SystemLoader final : public NativeLoader {
public:
    void set_variable(const std::string& name, const std::string& value) override {
        ::setenv(name.c_str(), value.c_str(), 1);
    }

    void add_dll_directory(const std::string&) override {}  // shared objects carry their own search path

    void repair_standard_handles() override {
        // Without Python's own signal handlers a closed pipe would end the process instead of raising BrokenPipeError.
        ::signal(SIGPIPE, SIG_IGN);
    }

    Result<void> load_python(const std::string& library) override {
        // GLOBAL: extension modules are linked without libpython and take its symbols from the process.
        python_ = dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL);
        if (python_ == nullptr) return failure(ErrorCode::PythonLoadFailed, 0, loader_error());
        return {};
    }

    void repair_descriptors(const std::string& crash_log) override { posix::repair_descriptors(crash_log); }

    std::string python_version() override {
        if (python_ == nullptr) return {};
        const auto get_version = reinterpret_cast<const char* (*)()>(dlsym(python_, "Py_GetVersion"));
        const std::string text = get_version != nullptr ? get_version() : "";
        return text.substr(0, text.find(' '));
    }

    Result<pysvc_open_engine_function> load_engine(const std::string& engine) override {
        void* module = dlopen(engine.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (module == nullptr) return failure(ErrorCode::EngineLoadFailed, 0, loader_error());
        const auto open = reinterpret_cast<pysvc_open_engine_function>(dlsym(module, PYSVC_OPEN_ENGINE));
        if (open == nullptr) return failure(ErrorCode::EngineLoadFailed, 0, loader_error());
        return open;
    }

    void interpreter_started() override {}  // the engine has registered faulthandler for SIGUSR2

    std::string account() override {
        passwd entry{};
        passwd* found = nullptr;
        std::vector<char> buffer(1024);
        int error = 0;
        while ((error = getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found)) == ERANGE) {
            buffer.resize(buffer.size() * 2);
        }
        return error == 0 && found != nullptr ? entry.pw_name : std::to_string(::geteuid());
    }

private:
    void* python_ = nullptr;
};

}  // namespace
}  // namespace pysvc::posix

namespace pysvc {

std::unique_ptr<EngineLoader> make_python_loader(PythonLoaderOptions options) {
    return std::make_unique<PythonLoader>(std::move(options), make_file_probe(),
                                          std::make_unique<posix::SystemLoader>());
}

}  // namespace pysvc
