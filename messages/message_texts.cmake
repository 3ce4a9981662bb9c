# SPDX-License-Identifier: MIT
# messages.mc as C++: what the host needs of a message compiler's output on systems that have none.

# pysvc_generate_message_texts(SOURCE DIRECTORY): writes DIRECTORY/message_texts.hpp (id and text of every message, in
# the order of the file) and DIRECTORY/message_ids.hpp (a constant per symbolic name).
function(pysvc_generate_message_texts source directory)
  file(READ "${source}" rest)
  string(REPLACE "\r\n" "\n" rest "${rest}")
  if(rest MATCHES "[^\n\t -~]")
    message(FATAL_ERROR "${source}: only ASCII: message compilers disagree on the encoding of their input")
  endif()

  set(texts "")
  set(ids "")
  set(count 0)
  set(in_text FALSE)
  # Line by line and by hand: a CMake list would break at the semicolons and brackets of the texts.
  while(NOT rest STREQUAL "")
    string(FIND "${rest}" "\n" end)
    if(end EQUAL -1)
      message(FATAL_ERROR "${source}: the last line has no end")
    endif()
    string(SUBSTRING "${rest}" 0 ${end} line)
    math(EXPR next "${end} + 1")
    string(SUBSTRING "${rest}" ${next} -1 rest)

    if(in_text AND "${line}" STREQUAL ".")
      # A line break inside a message is part of it, the last one is not.
      string(REGEX REPLACE "\\\\n$" "" text "${text}")
      string(APPEND texts "    {${id}, \"${text}\"},\n")
      string(APPEND ids "inline constexpr std::uint32_t ${name} = ${id};\n")
      math(EXPR count "${count} + 1")
      set(in_text FALSE)
    elseif(in_text)
      string(REPLACE "\\" "\\\\" line "${line}")
      string(REPLACE "\"" "\\\"" line "${line}")
      string(APPEND text "${line}\\n")
    elseif("${line}" MATCHES "^MessageId=0x([0-9A-F][0-9A-F][0-9A-F][0-9A-F])$")
      set(code "${CMAKE_MATCH_1}")
    elseif("${line}" MATCHES "^MessageId=")
      message(FATAL_ERROR "${source}: '${line}': write the id with four upper-case hexadecimal digits")
    elseif("${line}" STREQUAL "Severity=Success")
      set(severity 0)
    elseif("${line}" STREQUAL "Severity=Informational")
      set(severity 4)
    elseif("${line}" STREQUAL "Severity=Warning")
      set(severity 8)
    elseif("${line}" STREQUAL "Severity=Error")
      set(severity C)
    elseif("${line}" MATCHES "^SymbolicName=([A-Za-z0-9_]+)$")
      set(name "${CMAKE_MATCH_1}")
    elseif("${line}" MATCHES "^Language=")
      set(id "0x${severity}000${code}")
      set(text "")
      set(in_text TRUE)
    endif()
  endwhile()
  if(count EQUAL 0 OR in_text)
    message(FATAL_ERROR "${source}: no messages, or the last one does not end")
  endif()

  set(head "// SPDX-License-Identifier: MIT\n// Made from messages/messages.mc.\n#pragma once\n\n#include <cstdint>\n\n")
  file(CONFIGURE OUTPUT "${directory}/message_texts.hpp" @ONLY CONTENT
"@head@namespace pysvc {

struct MessageText {
    std::uint32_t id;
    const char* text;
};

inline constexpr MessageText kMessageTexts[] = {
@texts@};

}  // namespace pysvc
")
  file(CONFIGURE OUTPUT "${directory}/message_ids.hpp" @ONLY CONTENT
"@head@namespace pysvc::message {

@ids@
}  // namespace pysvc::message
")
endfunction()
