# SPDX-License-Identifier: Apache-2.0
# How each kind of room is built. An include that points the wrong way does
# not compile, because a target sees only the folders of what it DEPENDS on.

# Turns DEPENDS names into targets: cores have three flavours, host, guest and
# mutant (the guest's, in which a guard can be left out: abi/guards.h).
function(ambit_flavour out flavour)
    set(targets)
    foreach(name IN LISTS ARGN)
        if(name MATCHES "^(capabilities|ipc|domains)$")
            list(APPEND targets ${name}_${flavour})
        else()
            list(APPEND targets ${name})
        endif()
    endforeach()
    set(${out} ${targets} PARENT_SCOPE)
endfunction()

# The target that gives <abi/guard.h> to a flavour.
function(ambit_guards out flavour)
    if(flavour STREQUAL "mutant")
        set(${out} abi_guards_mutant PARENT_SCOPE)
    else()
        set(${out} abi_guards_normal PARENT_SCOPE)
    endif()
endfunction()

# add_core(<room> SOURCES ... [DEPENDS <core> ...])
# One list of sources, three static libraries: <room>_host, <room>_guest and
# <room>_mutant.
function(add_core room)
    cmake_parse_arguments(PARSE_ARGV 1 CORE "" "" "SOURCES;DEPENDS")
    foreach(flavour host guest mutant)
        ambit_flavour(depends ${flavour} ${CORE_DEPENDS})
        ambit_guards(guards ${flavour})
        add_library(${room}_${flavour} STATIC ${CORE_SOURCES})
        target_include_directories(${room}_${flavour} PUBLIC include)
        target_link_libraries(${room}_${flavour} PUBLIC
            abi ${guards} ${depends})
    endforeach()
    target_link_libraries(${room}_host PUBLIC ambit_host_flags)
    foreach(flavour guest mutant)
        target_compile_options(${room}_${flavour} PRIVATE
            ${ambit_warnings} ${ambit_guest_flags})
    endforeach()
    set_property(GLOBAL APPEND PROPERTY AMBIT_CORES ${room})
    set_property(GLOBAL PROPERTY AMBIT_CORE_DEPENDS_${room} ${CORE_DEPENDS})
endfunction()

# add_room(<name> SOURCES ... [DEPENDS ...])
# A room of the VMM: host static library, public folder ./include.
function(add_room name)
    cmake_parse_arguments(PARSE_ARGV 1 ROOM "" "" "SOURCES;DEPENDS")
    ambit_flavour(depends host ${ROOM_DEPENDS})
    add_library(${name} STATIC ${ROOM_SOURCES})
    target_include_directories(${name} PUBLIC include)
    target_link_libraries(${name} PUBLIC abi ${depends} ambit_host_flags)
endfunction()

# add_guest_objects(<name> SOURCES ... [DEPENDS ...] [INCLUDES ...])
# Ring-0 code. Include folders: INCLUDES and those of DEPENDS.
function(add_guest_objects name)
    cmake_parse_arguments(PARSE_ARGV 1 GUEST "" "" "SOURCES;DEPENDS;INCLUDES")
    ambit_flavour(depends guest ${GUEST_DEPENDS})
    add_library(${name} OBJECT ${GUEST_SOURCES})
    target_include_directories(${name} PUBLIC ${GUEST_INCLUDES})
    target_link_libraries(${name} PUBLIC abi abi_guards_normal ${depends})
    target_compile_options(${name} PRIVATE
        ${ambit_warnings} ${ambit_guest_flags})
endfunction()

# add_kernel(<name> SCRIPT <file.ld> SOURCES ... [FLAVOUR mutant]
#     [DEPENDS ...] [INCLUDES ...])
# A kernel's ELF, in <build>/kernel/<name>.elf.
function(add_kernel name)
    cmake_parse_arguments(PARSE_ARGV 1 KERNEL "" "SCRIPT;FLAVOUR"
        "SOURCES;DEPENDS;INCLUDES")
    if(NOT KERNEL_FLAVOUR)
        set(KERNEL_FLAVOUR guest)
    endif()
    ambit_flavour(depends ${KERNEL_FLAVOUR} ${KERNEL_DEPENDS})
    ambit_guards(guards ${KERNEL_FLAVOUR})
    get_filename_component(script ${KERNEL_SCRIPT} ABSOLUTE)
    add_executable(${name} ${KERNEL_SOURCES})
    target_include_directories(${name} PRIVATE ${KERNEL_INCLUDES})
    target_link_libraries(${name} PRIVATE abi ${guards} ${depends})
    target_compile_options(${name} PRIVATE
        ${ambit_warnings} ${ambit_guest_flags})
    target_link_options(${name} PRIVATE
        ${ambit_guest_link_flags} -Wl,-T,${script})
    set_target_properties(${name} PROPERTIES
        SUFFIX .elf
        LINK_DEPENDS ${script}
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/kernel)
endfunction()

# add_runtime(<name> SOURCES ...)
# Ring-3 static library with public folder ./include.
function(add_runtime name)
    cmake_parse_arguments(PARSE_ARGV 1 RUNTIME "" "" "SOURCES")
    add_library(${name} STATIC ${RUNTIME_SOURCES})
    target_include_directories(${name} PUBLIC include)
    target_link_libraries(${name} PUBLIC abi)
    target_compile_options(${name} PRIVATE
        ${ambit_warnings} ${ambit_program_flags})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ambit)
endfunction()

# add_program(<name> SOURCES ... [TEST])
# A domain program, <build>/programs/<name>.elf (target program_<name>).
# Built into `ambit` under its name, unless it is only for tests.
function(add_program name)
    cmake_parse_arguments(PARSE_ARGV 1 PROGRAM "TEST" "" "SOURCES")
    set(target program_${name})
    add_executable(${target} ${PROGRAM_SOURCES})
    target_link_libraries(${target} PRIVATE ambit_runtime abi)
    target_compile_options(${target} PRIVATE
        ${ambit_warnings} ${ambit_program_flags})
    target_link_options(${target} PRIVATE ${ambit_program_link_flags})
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${name}
        SUFFIX .elf
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/programs)
    set_property(GLOBAL APPEND PROPERTY AMBIT_PROGRAMS ${name})
    if(NOT PROGRAM_TEST)
        set_property(GLOBAL APPEND PROPERTY AMBIT_BUILTINS ${name})
    endif()
endfunction()

# add_ambit(SOURCES ... DEPENDS ...)
# The `ambit` binary, at the top of the build folder. Static, because finding
# and relocating shared libraries costs more than all of its own set-up; the
# sanitizers need a dynamic one.
function(add_ambit)
    cmake_parse_arguments(PARSE_ARGV 0 AMBIT "" "" "SOURCES;DEPENDS")
    ambit_flavour(depends host ${AMBIT_DEPENDS})
    add_executable(ambit ${AMBIT_SOURCES})
    target_link_libraries(ambit PRIVATE
        ${depends} ambit_builtins ambit_version ambit_host_flags)
    if(NOT AMBIT_SANITIZE)
        target_compile_options(ambit PRIVATE -fPIE)
        target_link_options(ambit PRIVATE -static-pie)
    endif()
    set_target_properties(ambit PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
endfunction()

# add_unit_test(<name> SOURCES ... [LINK ...])
# A Check program, CTest test unit.<name>. LINK takes what DEPENDS takes.
function(add_unit_test name)
    cmake_parse_arguments(PARSE_ARGV 1 UNIT "" "" "SOURCES;LINK")
    ambit_flavour(link host ${UNIT_LINK})
    add_executable(unit_${name} ${UNIT_SOURCES})
    target_link_libraries(unit_${name} PRIVATE
        ${link} lib_check ambit_host_flags)
    set_target_properties(unit_${name} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/unit)
    add_test(NAME unit.${name} COMMAND unit_${name})
    # Property runs take minutes under the sanitizers.
    set_tests_properties(unit.${name} PROPERTIES
        LABELS unit SKIP_RETURN_CODE 77 TIMEOUT 600)
endfunction()
