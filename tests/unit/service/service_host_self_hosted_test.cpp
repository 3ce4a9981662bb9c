// SPDX-License-Identifier: MIT
// python.exe is the process: a script has called StartServiceCtrlDispatcher.
#include "tests/unit/service/host_test.hpp"

namespace pysvc {
namespace {

using enum State;

/// StartServiceCtrlDispatcher: runs a ServiceMain per started service and returns when all have returned, and `serve`.
class FakeDispatcher final : public Dispatcher {
public:
    Result<void> run(const std::vector<std::string>& names, ServiceHost& host) override {
        asked = names;
        if (error != 0) return failure(ErrorCode::DispatcherFailed, error, "StartServiceCtrlDispatcher");
        std::vector<std::thread> threads;
        for (const std::string& name : started) threads.emplace_back([&host, name] { host.service_main({name}); });
        for (std::thread& thread : threads) thread.join();
        if (serve) serve();
        return {};
    }

    std::uint32_t error = 0;
    std::vector<std::string> started;
    std::vector<std::string> asked;
    std::function<void()> serve;
};

class ServiceHostSelfHostedTest : public HostTest {
protected:
    ServiceHostSelfHostedTest() {
        door = PYSVC_DOOR_SELF_HOSTED;
        table.emplace(ServiceTable::single(ClassObject{&object}));
        dispatcher = &scm_dispatcher;
    }
    /// The interpreter is there before the host is.
    void SetUp() override {
        engine.adopt(host().api());
        host().adopt_engine(engine.api());
    }
    int object = 0;
    FakeDispatcher scm_dispatcher;
};

TEST_F(ServiceHostSelfHostedTest, TheCallerRunsTheServiceAndOwnsTheProcess) {
    scm_dispatcher.started = {"svc"};
    std::thread::id ran_on;
    engine.on_run([&](const ServicePointer& service) {
        ran_on = std::this_thread::get_id();
        return ordinary_class()(service);
    });
    std::uint32_t code = 99;
    std::thread::id caller;
    std::thread python([&] {
        caller = std::this_thread::get_id();
        code = host().run_self_hosted();
    });
    scm.wait_for("svc", Running);
    EXPECT_EQ(scm.control("svc", control::kStop), win32::kNoError);
    python.join();
    EXPECT_EQ(code, 0U);
    EXPECT_EQ(ran_on, caller);
    EXPECT_EQ(states().back(), Stopped);
    EXPECT_EQ(trace.count("finalize"), 0U) << "python.exe finalises itself";
    EXPECT_FALSE(process.ended());
}

TEST_F(ServiceHostSelfHostedTest, ADispatcherThatFailsGivesItsCode) {
    scm_dispatcher.error = win32::kFailedServiceControllerConnect;
    EXPECT_EQ(host().run_self_hosted(), win32::kFailedServiceControllerConnect);
}

TEST_F(ServiceHostSelfHostedTest, ADispatcherThatFailedCanBeTriedAgain) {
    scm_dispatcher.error = win32::kFailedServiceControllerConnect;
    EXPECT_EQ(host().run_self_hosted(), win32::kFailedServiceControllerConnect);
    scm_dispatcher.error = 0;
    scm_dispatcher.started = {"svc"};
    engine.on_run([](const ServicePointer&) { return RunAnswer::returned(); });
    EXPECT_EQ(host().run_self_hosted(), 0U);
    EXPECT_EQ(host().run_self_hosted(), win32::kServiceAlreadyRunning) << "once in a process";
}

TEST_F(ServiceHostSelfHostedTest, IsAServiceOnlyWhileTheDispatcherRuns) {
    const pysvc_host_api& api = host().api();
    scm_dispatcher.started = {"svc"};
    std::int32_t inside = 0;
    engine.on_run([&](const ServicePointer&) {
        inside = api.running_as_service(api.host);
        return RunAnswer::returned();
    });
    EXPECT_EQ(api.running_as_service(api.host), 0);
    EXPECT_EQ(host().run_self_hosted(), 0U);
    EXPECT_EQ(inside, 1);
    EXPECT_EQ(api.running_as_service(api.host), 0);
}

TEST_F(ServiceHostSelfHostedTest, ForgetsWhatWasPreparedAndReleasesIt) {
    const pysvc_host_api& api = host().api();
    api.forget_prepared(api.host);
    EXPECT_EQ(engine.released_objects(), std::vector<void*>{&object});
    EXPECT_EQ(api.prepare_to_host_multiple(api.host, view("other"), nullptr), 1) << "Single is forgotten";
}

TEST_F(ServiceHostSelfHostedTest, ForgetsNothingWhileAServiceRuns) {
    const pysvc_host_api& api = host().api();
    scm_dispatcher.started = {"svc"};
    engine.on_run([&](const ServicePointer&) {
        api.forget_prepared(api.host);
        return RunAnswer::returned();
    });
    EXPECT_EQ(host().run_self_hosted(), 0U);
    EXPECT_EQ(api.prepare_to_host_multiple(api.host, view("other"), nullptr), 0);
}

TEST_F(ServiceHostSelfHostedTest, HostedCodeMayNotStartTheDispatcherAgain) {
    scm_dispatcher.started = {"svc"};
    std::uint32_t inner = 0;
    engine.on_run([&](const ServicePointer& service) {
        inner = service->host().run_dispatcher(service->host().host);
        return RunAnswer::returned();
    });
    EXPECT_EQ(host().run_self_hosted(), 0U);
    EXPECT_EQ(inner, win32::kServiceAlreadyRunning);
}

TEST_F(ServiceHostSelfHostedTest, ReturnsWhenTheDispatcherEndsWithoutAService) {
    EXPECT_EQ(host().run_self_hosted(), 0U);
}

class ServiceHostSelfHostedGroupTest : public ServiceHostSelfHostedTest {
protected:
    ServiceHostSelfHostedGroupTest() { table.emplace(ServiceTable::group({"svc"})); }
};

TEST_F(ServiceHostSelfHostedGroupTest, ReturnsWhenEveryServiceWasRefused) {
    scm_dispatcher.started = {"unknown"};
    EXPECT_EQ(host().run_self_hosted(), 0U);
    EXPECT_EQ(events.count(ErrorCode::ServiceUnknown), 1U);
    EXPECT_EQ(scm_dispatcher.asked, std::vector<std::string>{"svc"});
    EXPECT_FALSE(process.ended());
}

/// Two services of one script; "one" is first and so on the script's thread.
class ServiceHostSelfHostedPairTest : public ServiceHostSelfHostedTest {
protected:
    ServiceHostSelfHostedPairTest() {
        table.emplace(ServiceTable::group({"one", "two"}));
        for (const char* name : {"one", "two"}) config.set_class(name, "module.Class");
    }
    void start_both() {
        scm_dispatcher.serve = [this] {
            for (const char* name : {"one", "two"}) wait_until_stopped(name);
        };
        python_ = std::thread([this] {
            host().run_self_hosted();
            returned.open();
        });
        for (const char* name : {"one", "two"}) start_and_wait(name);
    }
    void TearDown() override {
        engine.release_all();
        if (python_.joinable()) python_.join();
    }

    Gate& returned = gate("StartServiceCtrlDispatcher to return");

private:
    std::thread python_;
};

TEST_F(ServiceHostSelfHostedPairTest, ReturnsWhenTheLastHasStopped) {
    start_both();
    EXPECT_EQ(scm.control("one", control::kStop), win32::kNoError);
    wait_until_stopped("one");
    EXPECT_FALSE(returned.is_open());
    EXPECT_EQ(scm.control("two", control::kStop), win32::kNoError);
    returned.wait();
    EXPECT_EQ(states("two").back(), Stopped);
    EXPECT_FALSE(process.ended());
}

TEST_F(ServiceHostSelfHostedPairTest, EndsTheProcessWhenTheScriptsThreadHangs) {
    engine.on_run("one", hanging_class());
    start_both();
    EXPECT_EQ(scm.control("one", control::kStop), win32::kNoError);
    clock.advance(std::chrono::seconds(180));
    wait_until_stopped("one");
    EXPECT_FALSE(process.ended()) << "the other one is active";
    EXPECT_EQ(scm.control("two", control::kStop), win32::kNoError);
    wait_until_stopped("two");
    process.wait_for_end();
    EXPECT_EQ(process.codes(), std::vector<std::uint32_t>{0}) << "nobody is left to return to";
    EXPECT_EQ(trace.only({"two STOPPED", "terminate"}), (std::vector<std::string>{"two STOPPED", "terminate"}));
}

TEST_F(ServiceHostSelfHostedPairTest, ReturnsAlthoughAnotherThreadHangs) {
    engine.on_run("two", hanging_class());
    start_both();
    EXPECT_EQ(scm.control("two", control::kStop), win32::kNoError);
    clock.advance(std::chrono::seconds(180));
    wait_until_stopped("two");
    EXPECT_EQ(scm.control("one", control::kStop), win32::kNoError);
    returned.wait();
    EXPECT_FALSE(process.ended());
}

}  // namespace
}  // namespace pysvc
