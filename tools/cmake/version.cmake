# SPDX-License-Identifier: Apache-2.0
# The interface target ambit_version gives <ambit_version.h>, made at every
# build so that commit and dirty flag are those of what was built.

add_custom_target(ambit_version_header
    COMMAND ${CMAKE_COMMAND}
        -DSOURCE=${PROJECT_SOURCE_DIR}
        -DOUTPUT=${CMAKE_BINARY_DIR}/generated/ambit_version.h
        -DVERSION=${PROJECT_VERSION}
        "-DCOMPILER=${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}"
        -DBUILD_TYPE=${CMAKE_BUILD_TYPE}
        -P ${PROJECT_SOURCE_DIR}/tools/cmake/version_header.cmake
    BYPRODUCTS ${CMAKE_BINARY_DIR}/generated/ambit_version.h
    COMMENT "")
add_library(ambit_version INTERFACE)
target_include_directories(ambit_version INTERFACE
    ${CMAKE_BINARY_DIR}/generated)
add_dependencies(ambit_version ambit_version_header)
