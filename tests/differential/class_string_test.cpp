// SPDX-License-Identifier: MIT
// pywin32.md 1.6: the string that names the class in the registry.
#include "tests/differential/comparison.hpp"
#include "tests/scm/harness/command.hpp"
#include "tests/scm/harness/environment.hpp"
#include "tests/scm/harness/files.hpp"
#include "tests/scm/harness/registry.hpp"

#include <gtest/gtest.h>

namespace pysvc::test {
namespace {

namespace fs = std::filesystem;

TEST(ClassString, DirectoryGoesToTheFrontOfThePath) {
    compare_hosts([](HostRun& run) {
        run.host_class("pkg.sub.dotted.Service");
        run.start();
        (void)run.report().wait("done");
        EXPECT_EQ(run.stop(), kSuccess);
    });
}

TEST(ClassString, WithoutDirectoryIsFoundOnThePath) {
    // Written by GetServiceClassString for a class of an installed package.
    const fs::path module = site_packages() / L"pysvc_contract_installed.py";
    compare_hosts([&](HostRun& run) {
        write_file(module, "import sys; sys.path.append(r'" + text_of(run.folder()) + "')\nfrom life import RunReturns\n");
        run.service().set_class_value(registry::kText, registry::units_of("pysvc_contract_installed.RunReturns"));
        run.set_image(SERVICE_WIN32_OWN_PROCESS, run.image_path());
        run.observe("module-alone/end", run.run_to_its_end());
    });
    fs::remove(module);
}

TEST(ClassString, ForwardSlashes) {
    compare_hosts([](HostRun& run) {
        std::string folder = text_of(run.folder());
        for (char& c : folder) c = c == '\\' ? '/' : c;
        run.host_class(folder + "/life.RunReturns");
        run.observe("forward-slash/end", run.run_to_its_end());
        run.observe("forward-slash/events", run.host_events());
    });
}

TEST(ClassString, NestedClass) {
    compare_hosts([](HostRun& run) {
        run.host_class("life.Outer.Inner");
        run.observe("nested-class/end", run.run_to_its_end());
        run.observe("nested-class/events", run.host_events());
    });
}

TEST(ClassString, WithoutDot) {
    compare_hosts([](HostRun& run) {
        run.host_class("life");
        run.observe("last-dot/end without a dot", run.run_to_its_end());
        run.observe("last-dot/events without a dot", run.host_events());
    });
}

TEST(ClassString, DotsInTheDirectory) {
    compare_hosts([](HostRun& run) {
        const fs::path folder = run.folder() / L"dir.with.dots";
        fs::create_directories(folder);
        for (const wchar_t* file : {L"life.py", L"plain.py", L"contract_report.py", L"reporting.py"}) fs::copy_file(run.folder() / file, folder / file);
        run.host_class(text_of(folder) + "\\life.RunReturns");
        run.observe("last-backslash/end of a directory with dots", run.run_to_its_end());
    });
}

TEST(ClassString, AsTheInstallersWriteIt) {
    const auto written_by = [](HostRun& run) -> std::string {
        if (run.host() == Host::Pywin32) {
            // What HandleCommandLine stores for a class of the script that is run.
            Command command(python_executable(), {text_of(run.folder() / L"installed.py"), "class-string"}, {});
            EXPECT_EQ(command.wait(), 0u);
            std::string text = command.output();
            while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
            return text;
        }
        Command command({"install", text_of(run.folder() / L"installed.py"), "--name", "PySvcTest-written",
                         "--python", text_of(python_executable())});
        EXPECT_EQ(command.wait(), 0u) << command.output();
        const auto text = registry::read_text(R"(SYSTEM\CurrentControlSet\Services\PySvcTest-written\PythonClass)", "");
        Command removal({"remove", "PySvcTest-written"});
        EXPECT_EQ(removal.wait(), 0u) << removal.output();
        return text.value_or("nothing");
    };
    compare_hosts([&](HostRun& run) { run.observe("written-form/class of a script", written_by(run)); });
}

}  // namespace
}  // namespace pysvc::test
