# SPDX-License-Identifier: Apache-2.0
# Compiler flags: one place for the host, the kernel and domain programs.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Assertions stay on in every build type.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_C_FLAGS_RELEASE "-O2")

set(ambit_warnings
    -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes
    -Wmissing-prototypes -Wundef -Wcast-qual -Wpointer-arith
    -Wwrite-strings -Wvla -Werror)

# The compiler's own freestanding headers (stdint.h, stddef.h, ...).
execute_process(
    COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
    OUTPUT_VARIABLE ambit_compiler_include
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)

# Ring 0, and the cores' guest flavour. The same in every build type.
set(ambit_guest_flags
    -ffreestanding -nostdinc -isystem ${ambit_compiler_include}
    -mno-red-zone -mgeneral-regs-only -mcmodel=kernel
    -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none
    -fno-asynchronous-unwind-tables -fno-strict-aliasing
    -U_FORTIFY_SOURCE -O2 -g)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU") # a kernel has many small functions
    list(APPEND ambit_guest_flags --param=max-inline-insns-auto=24)
endif()
set(ambit_guest_link_flags
    -nostdlib -static $<$<C_COMPILER_ID:GNU>:-no-pie> -Wl,--build-id=none
    -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack)

# Ring 3: libambit and domain programs.
set(ambit_program_flags
    -ffreestanding -fPIE -fno-stack-protector -fcf-protection=none
    -fno-asynchronous-unwind-tables -U_FORTIFY_SOURCE -O2 -g)
set(ambit_program_link_flags
    -static-pie -nostdlib -nostartfiles -Wl,--no-dynamic-linker
    -Wl,-z,text -Wl,-z,noexecstack -Wl,-z,separate-code -Wl,-z,norelro
    -Wl,-z,pack-relative-relocs
    -Wl,--build-id=none -Wl,-z,max-page-size=4096)

# Address and undefined-behaviour sanitizers for everything on the host; with
# -O1, since property runs take three times as long without.
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
    set(ambit_sanitize_default ON)
else()
    set(ambit_sanitize_default OFF)
endif()
option(AMBIT_SANITIZE "ASan and UBSan in host code" ${ambit_sanitize_default})
option(AMBIT_FUZZ "Host code counts its edges for libFuzzer (clang)" OFF)

# Host code links against this. Feature-test macros (_GNU_SOURCE) are defined
# by the source files that need them.
add_library(ambit_host_flags INTERFACE)
target_compile_options(ambit_host_flags INTERFACE ${ambit_warnings})
if(AMBIT_SANITIZE)
    target_compile_options(ambit_host_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all
        -fno-omit-frame-pointer -O1)
    target_link_options(ambit_host_flags INTERFACE
        -fsanitize=address,undefined)
endif()
if(AMBIT_FUZZ)
    target_compile_options(ambit_host_flags INTERFACE
        -fsanitize=fuzzer-no-link)
endif()

# Counts which lines ran (tools/coverage). Unoptimised, so that a line is one.
option(AMBIT_COVERAGE "gcc's line counters in host code" OFF)
if(AMBIT_COVERAGE)
    target_compile_options(ambit_host_flags INTERFACE --coverage -O0)
    target_link_options(ambit_host_flags INTERFACE --coverage)
endif()
