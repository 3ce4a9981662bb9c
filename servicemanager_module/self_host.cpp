// SPDX-License-Identifier: MIT
// The python.exe door: a script imports this module and hosts its service itself, on the same service code as the EXE.
#include "servicemanager_module/self_host.hpp"

#include "host/base/paths.hpp"
#include "host/service/console_host.hpp"
#include "host/service/platform.hpp"
#include "host/service/service_host.hpp"
#include "servicemanager_module/interpreter/engine_api.hpp"
#include "servicemanager_module/interpreter/engine_state.hpp"
#include "servicemanager_module/interpreter/python.hpp"

#include <memory>
#include <string>
#include <utility>

namespace pysvc::py {
namespace {

/// There is nothing to find or load: the interpreter runs, and this module is the engine.
class RunningEngine final : public EngineLoader {
public:
    Result<const pysvc_engine_api*> start(const std::string&, const Settings&, const pysvc_host_api&, void (*)(void*),
                                          void*) override {
        return &engine_api();
    }
    std::string environment_summary() override { return {}; }
};

/// servicemanager.Debugging(True) sends events to the console instead of the event log.
class SwitchedEventLog final : public EventLog {
public:
    SwitchedEventLog(EventLog& service, EventLog& console) : service_(service), console_(console) {}
    void follow(const pysvc_host_api& api) { api_ = &api; }

    Result<void> report(const std::string& source, const Event& event) override { return log().report(source, event); }
    Result<void> register_source(const std::string& source, const EventFiles& files) override {
        return service_.register_source(source, files);
    }
    bool is_source_registered(const std::string& source) override { return log().is_source_registered(source); }

private:
    EventLog& log() { return api_ != nullptr && api_->set_debugging(api_->host, -1) != 0 ? console_ : service_; }

    EventLog& service_;
    EventLog& console_;
    const pysvc_host_api* api_ = nullptr;
};

/// Where the message table is: beside this module, wherever python.exe may be.
std::string message_file() {
    const auto module = pb::module_::import("servicemanager");
    const auto path = pb::cast<std::string>(module.attr("__file__"));
    return from_path(to_path(path).parent_path() / kMessageFile);
}

/// The parts that main composes for the EXE.
class SelfHost {
public:
    SelfHost(ServicePlatform platform, std::string messages)
        : platform_(std::move(platform)),
          console_(*output_),
          events_(*platform_.events, console_),
          journal_(events_, "Python Service", std::move(messages)),
          host_({*platform_.scm, *config_, journal_, engine_, *process_, clock_, {}, {}, {}, platform_.dispatcher.get()},
                PYSVC_DOOR_SELF_HOSTED, ServiceTable::empty()) {
        host_.adopt_engine(engine_api());
        events_.follow(host_.api());
    }

    [[nodiscard]] const pysvc_host_api& api() const { return host_.api(); }

private:
    ServicePlatform platform_;
    std::unique_ptr<Output> output_ = make_output();
    std::unique_ptr<ServiceConfig> config_ = make_service_config();
    // python.exe enables faulthandler as its user wants it: there is no crash log of ours to read stacks from.
    std::unique_ptr<Process> process_ = make_process([] { return std::string(); });
    SteadyClock clock_;
    RunningEngine engine_;
    ConsoleEventLog console_;
    SwitchedEventLog events_;
    Journal journal_;
    ServiceHost host_;
};

}  // namespace

const pysvc_host_api* self_hosted_host() {
    // No function-local static around it: asking Python may give the GIL to a thread that would then wait, with the
    // GIL, for this one to leave the initialiser.
    std::string messages = message_file();
    if (engine()->host != nullptr) return engine()->host;
    auto platform = make_service_platform();
    if (!platform) return nullptr;
    // Never destroyed: the SCM's threads may call in until the process ends.
    const auto* self = new SelfHost(std::move(*platform), std::move(messages));
    return &self->api();
}

}  // namespace pysvc::py
