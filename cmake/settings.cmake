# SPDX-License-Identifier: MIT
# Language level, warnings and linker settings, as targets that only our own code links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")

find_package(Threads REQUIRED)

add_library(pysvc_settings INTERFACE)
target_include_directories(pysvc_settings INTERFACE "${PROJECT_SOURCE_DIR}")
target_link_libraries(pysvc_settings INTERFACE Threads::Threads)

if(MSVC)
  # Control Flow Guard checks our indirect calls; DLLs without it go on as before. No /CETCOMPAT: with a shadow stack for
  # the process, what changes stacks by itself (greenlet) would depend on what Windows tolerates.
  target_compile_options(pysvc_settings INTERFACE /W4 /permissive- /utf-8 /Zc:__cplusplus /EHsc /guard:cf)
  add_link_options(/guard:cf)
  set(CMAKE_MSVC_RUNTIME_LIBRARY "MultiThreaded$<$<CONFIG:Debug>:Debug>")
else()
  target_compile_options(pysvc_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    # Paths of the build machine stay out of the binaries: two clean builds give equal hashes.
    "-ffile-prefix-map=${PROJECT_SOURCE_DIR}=." "-ffile-prefix-map=${PROJECT_BINARY_DIR}=build")
endif()

if(WIN32)
  target_compile_definitions(pysvc_settings INTERFACE
    UNICODE _UNICODE WIN32_LEAN_AND_MEAN NOMINMAX _WIN32_WINNT=0x0A00 WINVER=0x0A00)
endif()
if(MINGW)
  # static: the EXE and the engine bring no runtime DLL of their own: one old DLL beside an EXE wins over the copy that
  # every wheel was built for. no-insert-timestamp: reproducible output. file-alignment: sections that lie in the file as
  # in memory are mapped, not copied, where the loader can (Wine: 5 MiB less of private memory).
  # No -fstack-protector: libssp opens a CryptoAPI provider before main, 7 ms on the way to START_PENDING. MSVC has /GS.
  # No _FORTIFY_SOURCE: its checks are in libssp, too. No -fstack-clash-protection: every frame above a page is probed on
  # Windows anyway. No -fcf-protection: ld cannot mark the file, and Windows has no use for endbr64 in user mode.
  add_link_options(-static -Wl,--no-insert-timestamp -Wl,--file-alignment,4096)
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_link_options(-s)
  endif()
endif()
if(PYSVC_SANITIZER)
  # Not optimised (CMakePresets.json): with optimisation gcc takes twice as long for what the sanitizers insert.
  add_compile_options(-fsanitize=${PYSVC_SANITIZER} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${PYSVC_SANITIZER})
  if(PYSVC_SANITIZER MATCHES "undefined")
    # Engine and EXE are two modules: run-time type checks across them would compare type info by address.
    add_compile_options(-fno-sanitize=vptr -fno-sanitize-recover=undefined)
  endif()
endif()
