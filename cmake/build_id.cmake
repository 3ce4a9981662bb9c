# SPDX-License-Identifier: MIT
# EXE and engine are equal builds or refuse each other: the id is the version plus a digest of the contract between them.
set(abi_header "${PROJECT_SOURCE_DIR}/host/service/host_api.h")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${abi_header}")
file(SHA256 "${abi_header}" abi_digest)
string(SUBSTRING "${abi_digest}" 0 12 abi_digest)
set(PYSVC_BUILD_ID "${PROJECT_VERSION}+${abi_digest}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/build_id.hpp.in" "${PROJECT_BINARY_DIR}/generated/build_id.hpp" @ONLY)
target_include_directories(pysvc_settings INTERFACE "${PROJECT_BINARY_DIR}/generated")
