// SPDX-License-Identifier: MIT
// The file of a virtual environment, which anybody may have written: pysvc::parse_pyvenv_cfg.
#include "host/locate/pyvenv_cfg.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace pysvc::fuzz {
namespace {

void check(std::string_view text) {
    const PyvenvCfg cfg = parse_pyvenv_cfg(text);
    for (const std::string* value : {&cfg.home, &cfg.executable, &cfg.implementation}) {
        require(value->find('\n') == std::string::npos, "a value is of one line");
        require(value->empty() || (value->front() != ' ' && value->back() != ' '), "without the blanks around it");
        require(text.find(*value) != std::string_view::npos, "and is in the file");
    }
    require(!cfg.minor || *cfg.minor >= 0, "a minor is a number");

    std::string written = "home = " + cfg.home + "\nexecutable=" + cfg.executable + "\r\nIMPLEMENTATION\t= " +
                          cfg.implementation + '\n';
    if (cfg.minor) written += "version_info = 3." + std::to_string(*cfg.minor) + ".0.final.0";
    const PyvenvCfg again = parse_pyvenv_cfg(written);
    require(again.home == cfg.home && again.executable == cfg.executable &&
                again.implementation == cfg.implementation && again.minor == cfg.minor,
            "a file of the same values means the same");
}

}  // namespace
}  // namespace pysvc::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    pysvc::fuzz::check(pysvc::fuzz::text_of_input(data, size));
    return 0;
}
