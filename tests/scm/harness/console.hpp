// SPDX-License-Identifier: MIT
#pragma once

namespace pysvc::test {

/// A console of our own, so that Ctrl+C reaches the programs we start and nobody else.
void provide_console();

void press_ctrl_c();

}  // namespace pysvc::test
