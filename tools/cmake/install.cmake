# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: the binary, the examples, the docs, and
# what a domain program needs to be built elsewhere: ambit-cc, a CMake package
# `Ambit`, a pkg-config file `ambit`. All of it finds its place by itself, so a
# prefix may be moved. ambit-cc and the package work in the build folder, too.

include(GNUInstallDirs)

install(FILES README.md LICENSE CHANGELOG.md
    DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY domains/examples DESTINATION ${CMAKE_INSTALL_DATADIR}/ambit)
install(DIRECTORY guest/runtime/include/ guest/abi/include/
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ambit FILES_MATCHING PATTERN *.h)

file(RELATIVE_PATH up
    /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(JOIN " " cflags -std=c11 ${ambit_program_flags})
string(JOIN " " ldflags ${ambit_program_link_flags})
configure_file(tools/cmake/ambit.pc.in ${CMAKE_BINARY_DIR}/ambit.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/ambit.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS ambit)
install(FILES tools/ambit.py DESTINATION ${CMAKE_INSTALL_DATADIR}/ambit)
install(TARGETS ambit_runtime DESTINATION ${CMAKE_INSTALL_LIBDIR}/ambit)

# ambit_sdk_file(<out> <in> <place>): a file that looks for libambit where
# PLACE says: `build`, or `prefix`, as it is installed.
function(ambit_sdk_file out in place)
    set(bin ${CMAKE_INSTALL_BINDIR})
    set(lib ${CMAKE_INSTALL_LIBDIR})
    file(RELATIVE_PATH up_bin /prefix/${bin} /prefix)
    file(RELATIVE_PATH up_cmake /prefix/${lib}/cmake/Ambit /prefix)
    if(place STREQUAL "build")
        string(CONCAT places
            "library='${CMAKE_BINARY_DIR}/guest/runtime'\n"
            "source='${PROJECT_SOURCE_DIR}'")
        string(CONCAT include_arguments
            "set -- \"-I$source/guest/runtime/include\" "
            "\"-I$source/guest/abi/include\" \"$@\"")
        set(missing "build it: cmake --build '${CMAKE_BINARY_DIR}'")
        set(cmake_library "${CMAKE_BINARY_DIR}/guest/runtime")
        set(cmake_includes "${PROJECT_SOURCE_DIR}/guest/runtime/include"
            "${PROJECT_SOURCE_DIR}/guest/abi/include")
        set(cmake_bin "${CMAKE_BINARY_DIR}")
    else()
        string(CONCAT places
            "library=$here/${up_bin}${lib}/ambit\n"
            "include=$here/${up_bin}${CMAKE_INSTALL_INCLUDEDIR}/ambit")
        set(include_arguments "set -- \"-I$include\" \"$@\"")
        set(missing "install Ambit again: cmake --install BUILD --prefix DIR")
        set(root "\${CMAKE_CURRENT_LIST_DIR}/${up_cmake}")
        set(cmake_library "${root}${lib}/ambit")
        set(cmake_includes "${root}${CMAKE_INSTALL_INCLUDEDIR}/ambit")
        set(cmake_bin "${root}${bin}")
    endif()
    configure_file(${in} ${out} @ONLY)
endfunction()

foreach(place build prefix)
    ambit_sdk_file(${CMAKE_BINARY_DIR}/sdk/${place}/ambit-cc
        tools/sdk/ambit-cc.in ${place})
    ambit_sdk_file(${CMAKE_BINARY_DIR}/sdk/${place}/AmbitConfig.cmake
        tools/sdk/AmbitConfig.cmake.in ${place})
endforeach()
include(CMakePackageConfigHelpers)
write_basic_package_version_file(
    ${CMAKE_BINARY_DIR}/sdk/AmbitConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)

# In the build folder: beside `ambit`, and where Ambit_DIR=<build> finds them.
file(COPY ${CMAKE_BINARY_DIR}/sdk/build/ambit-cc
    ${CMAKE_BINARY_DIR}/sdk/build/AmbitConfig.cmake
    ${CMAKE_BINARY_DIR}/sdk/AmbitConfigVersion.cmake
    DESTINATION ${CMAKE_BINARY_DIR} USE_SOURCE_PERMISSIONS)

install(PROGRAMS ${CMAKE_BINARY_DIR}/sdk/prefix/ambit-cc
    DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_BINARY_DIR}/sdk/prefix/AmbitConfig.cmake
    ${CMAKE_BINARY_DIR}/sdk/AmbitConfigVersion.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/Ambit)
