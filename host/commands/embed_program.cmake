# SPDX-License-Identifier: MIT
# Writes the text of INPUT as a function of pysvc into OUTPUT. In pieces: a compiler may limit one literal to 16 KB.
file(READ "${INPUT}" text)
string(LENGTH "${text}" length)
set(pieces "")
set(start 0)
while(start LESS length)
  string(SUBSTRING "${text}" ${start} 4000 piece)
  string(APPEND pieces "    R\"_PROGRAM_(${piece})_PROGRAM_\"\n")
  math(EXPR start "${start} + 4000")
endwhile()
file(WRITE "${OUTPUT}" "// SPDX-License-Identifier: MIT
#include \"host/commands/describe_script.hpp\"

namespace pysvc {

std::string_view describe_program() {
    static constexpr char kText[] =
${pieces}    ;
    return {kText, sizeof kText - 1};
}

}  // namespace pysvc
")
