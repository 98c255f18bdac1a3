# SPDX-License-Identifier: Apache-2.0
# Outside libraries, as interface targets: lib_yaml, lib_jansson, lib_elf,
# lib_dw, lib_seccomp, lib_check. `ambit` is linked statically, so each names everything
# that its static archive needs.

find_package(PkgConfig REQUIRED)

function(ambit_library name package)
    pkg_check_modules(${name} REQUIRED ${package})
    add_library(${name} INTERFACE)
    target_include_directories(${name} SYSTEM INTERFACE
        ${${name}_INCLUDE_DIRS})
    target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

ambit_library(lib_yaml yaml-0.1 yaml)
ambit_library(lib_jansson jansson jansson)
ambit_library(lib_elf libelf elf z)
ambit_library(lib_dw libdw dw elf z lzma bz2)
ambit_library(lib_seccomp libseccomp seccomp)

# Only for tests, so never static.
if(BUILD_TESTING)
    pkg_check_modules(lib_check REQUIRED IMPORTED_TARGET check)
    add_library(lib_check INTERFACE)
    target_link_libraries(lib_check INTERFACE PkgConfig::lib_check)
endif()
