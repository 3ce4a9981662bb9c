// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/main_thread.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>
#include <vector>

namespace pysvc::py {
namespace {

pb::list program_setting(const std::string& service_name, const std::string& name) {
    const pysvc_host_api& api = host();
    std::vector<std::string> values;
    const auto put = [](void* context, const char* data, std::size_t size) {
        static_cast<std::vector<std::string>*>(context)->emplace_back(data, size);
    };
    api.program_setting(api.host, text_of(service_name), text_of(name), {&values, put});
    pb::list texts;
    for (const std::string& value : values) texts.append(str_of(value));
    return texts;
}

pb::object set_signal(const pb::object& set, int signal, const pb::object& handler) {
    const KeptSignalHandler kept(signal);
    return set(signal, handler);
}

bool wake(unsigned long thread, double patience) {
    return wait_for_main_thread(thread, std::chrono::milliseconds(static_cast<std::int64_t>(patience * 1000)));
}

}  // namespace

void bind_programs(pb::module_& module) {
    module.def("program_setting", &program_setting, pb::arg("service_name"), pb::arg("name"), pb::pos_only(),
               "program_setting(service_name, name, /)\n--\n\n"
               "The texts of a setting for pythonservice.programs: a list, empty when it has none.");
    module.def("set_signal", &set_signal, pb::arg("set"), pb::arg("signal"), pb::arg("handler"), pb::pos_only(),
               "set_signal(set, signal, handler, /)\n--\n\n"
               "set(signal, handler), CPython's own, with the C library's handler as it was before.");
    module.def("wake_main_thread", &wake, pb::arg("thread"), pb::arg("patience"), pb::pos_only(),
               "wake_main_thread(thread, patience, /)\n--\n\n"
               "Wakes the main thread, whose ident is `thread`, until it has executed bytecode, `patience` seconds at "
               "most.\n\nReturns whether it has.");
}

}  // namespace pysvc::py
