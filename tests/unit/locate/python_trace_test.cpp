// SPDX-License-Identifier: MIT
#include "host/locate/python_trace.hpp"

#include "tests/unit/locate/fake_file_probe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pysvc {
namespace {

using test::FakeFileProbe;

const std::string kExe = R"(C:\Program Files\PythonService)";
const std::string kBase = R"(C:\Python313)";

class Trace : public testing::Test {
protected:
    Trace() {
        probe_.add_installation(kBase, 13);
        probe_.add_engine(kExe, 13);
        request_.exe_directory = kExe;
        request_.script_directory = R"(D:\work\app)";
        request_.mode = LocateMode::Interactive;
    }

    const PythonSource& source(const std::string& id) {
        trace_ = trace_python(request_, probe_);
        const auto found = std::ranges::find(trace_.sources, id, &PythonSource::id);
        EXPECT_NE(found, trace_.sources.end()) << id;
        return *found;
    }

    FakeFileProbe probe_;
    LocateRequest request_;
    PythonTrace trace_;
};

TEST_F(Trace, HasAllSourcesInTheirOrder) {
    std::vector<std::string> ids;
    for (const PythonSource& source : trace_python(request_, probe_).sources) ids.emplace_back(source.id);
    EXPECT_EQ(ids, (std::vector<std::string>{"named", "active", "script", "program", "dll", "owner", "registered"}));
}

TEST_F(Trace, GoesOnBehindTheDecision) {
    request_.python = kBase;
    probe_.add_environment(R"(D:\work\app\.venv)", kBase, "3.13.5");
    probe_.add_environment(R"(D:\work\venv)", kBase, "3.13.5");
    const PythonSource& script = source("script");
    EXPECT_EQ(trace_.python->prefix, kBase);
    EXPECT_TRUE(trace_.sources.front().candidates.at(0).decides);
    std::vector<std::string> usable;
    for (const PythonCandidate& candidate : script.candidates) {
        EXPECT_FALSE(candidate.decides);
        if (candidate.found) usable.push_back((*candidate.found)->prefix);
    }
    EXPECT_EQ(usable, (std::vector<std::string>{R"(D:\work\app\.venv)", R"(D:\work\venv)"}));
    EXPECT_EQ(script.candidates.front().place, R"(D:\work\app\pyvenv.cfg)");
}

TEST_F(Trace, HasTheRefusalThatDecidesAndThoseThatDoNot) {
    probe_.variables["VIRTUAL_ENV"] = R"(D:\gone)";
    probe_.machine_pythons = {{"HKLM a", "PythonCore", "3.12", "64bit", R"(C:\gone312)", "3.12"},
                              {"HKLM b", "PythonCore", "3.13", "64bit", kBase, "3.13"}};
    const PythonSource& registered = source("registered");
    ASSERT_FALSE(trace_.python);
    EXPECT_EQ(trace_.python.error().code, ErrorCode::PythonNotFound);
    const PythonCandidate& active = trace_.sources.at(1).candidates.at(0);
    EXPECT_TRUE(active.decides);
    EXPECT_EQ(active.place, R"(VIRTUAL_ENV = D:\gone)");
    ASSERT_EQ(registered.candidates.size(), 2U);
    EXPECT_TRUE(*registered.candidates[0].found);
    EXPECT_FALSE(*registered.candidates[1].found);
    for (const PythonCandidate& candidate : registered.candidates) EXPECT_FALSE(candidate.decides);
}

TEST_F(Trace, SaysWhySourcesAreNotAsked) {
    request_.mode = LocateMode::Service;
    request_.script_directory.clear();
    EXPECT_NE(source("active").skipped, "");
    EXPECT_NE(source("script").skipped, "");
    EXPECT_EQ(source("registered").skipped, "");
}

TEST_F(Trace, DecidesAsTheSearchDoes) {
    request_.script_directory = R"(D:\a\b\c)";
    for (const std::string place : {"", R"(D:\a)", R"(D:\a\b\venv)", R"(D:\a\b\c\.venv)"}) {
        if (!place.empty()) probe_.add_environment(place, kBase, "3.13.5");
        for (const LocateMode mode : {LocateMode::Service, LocateMode::Interactive}) {
            request_.mode = mode;
            const auto found = locate_python(request_, probe_);
            const auto traced = trace_python(request_, probe_).python;
            ASSERT_EQ(found.has_value(), traced.has_value()) << place;
            if (found) {
                EXPECT_EQ(found->prefix, traced->prefix);
            } else {
                EXPECT_EQ(found.error().context, traced.error().context);
            }
        }
    }
}

TEST_F(Trace, OfAnUnknownVersionShowsWhatWasConsidered) {
    request_.python = "3.12";
    probe_.machine_pythons = {{"HKLM a", "PythonCore", "3.12", "64bit", R"(C:\gone312)", "3.12"}};
    const PythonSource& named = source("named");
    ASSERT_EQ(named.candidates.size(), 2U);
    EXPECT_EQ(named.candidates[0].place, "HKLM a");
    EXPECT_TRUE(named.candidates[1].decides);
}

}  // namespace
}  // namespace pysvc
