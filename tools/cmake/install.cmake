# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where: the binary, the examples, the docs, and
# what a domain program needs to be built elsewhere (a pkg-config file `ambit`).

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
install(TARGETS ambit_runtime DESTINATION ${CMAKE_INSTALL_LIBDIR}/ambit)
