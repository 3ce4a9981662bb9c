// SPDX-License-Identifier: MIT
// pywin32.md 1.2: every function of the module, called by a running service.
#include "tests/differential/comparison.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/registry.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

/// What the registry has of an event source, and takes it away.
void observe_source(HostRun& run, const std::string& behaviour, const std::string& source) {
    const std::string key = registry::event_source_key(source);
    run.observe(behaviour + " is registered", std::to_string(registry::exists(key)));
    const auto file = registry::read_text(key, "EventMessageFile").value_or("");
    run.observe(behaviour + " has the host's message file", std::to_string(path_of(file) == message_file_of(run.host())));
    run.observe(behaviour + " has TypesSupported", registry::read_number(key, "TypesSupported").value_or(0));
    registry::remove(key);
}

TEST(Functions, InAService) {
    compare_hosts([](HostRun& run) {
        const std::string source = run.service().name() + " source";
        for (const char* rest : {"", " registered", " of Initialize"}) registry::remove(registry::event_source_key(source + rest));
        run.host_class("functions.Functions");
        run.start();
        (void)run.report().wait("done");
        EXPECT_EQ(run.stop(), kSuccess);
        observe_source(run, "SetEventSourceName/without registerNow", source);
        observe_source(run, "SetEventSourceName/with registerNow", source + " registered");
        const std::string key = registry::event_source_key(source + " of Initialize");
        run.observe("Initialize/source after its first event", std::to_string(registry::exists(key)));
        run.observe("Initialize/its message file", registry::read_text(key, "EventMessageFile").value_or("none"));
        registry::remove(key);
    });
}

TEST(Functions, OfHostingInAService) {
    compare_hosts([](HostRun& run) {
        run.host_class("functions.Hosting");
        run.start();
        (void)run.report().wait("done");
        HostRun::kill(run.service().status().dwProcessId);
    });
}

TEST(Functions, FileHasTheMessages) {
    compare_hosts([](HostRun& run) {
        const std::string file = text_of(message_file_of(run.host()));
        const HMODULE module = LoadLibraryExW(path_of(file).c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE);
        ASSERT_NE(module, nullptr) << file;
        const bool has_table = FindResourceW(module, MAKEINTRESOURCEW(1), RT_MESSAGETABLE) != nullptr;
        run.observe("__file__/has a message table", std::to_string(has_table));
        FreeLibrary(module);
    });
}

}  // namespace
}  // namespace pysvc::test
