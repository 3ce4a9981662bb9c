// SPDX-License-Identifier: MIT
#include "host/main.hpp"

int main(int argc, char** argv) { return pysvc::run({argv, argv + argc}); }
