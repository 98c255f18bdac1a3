# SPDX-License-Identifier: Apache-2.0
# The lints as CTest tests (label `lint`), each with a self-test that proves
# it can fail. They are rules of the project, not of one compiler.

# Debian's own interpreter, which sees python3-jsonschema.
find_program(AMBIT_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(AMBIT_PYTHON python3 REQUIRED)

# add_lint(<name> [arguments ...]): tools/lint/<name>.py as lint.<name>.
function(add_lint name)
    ambit_lint_test(lint.${name} ${name}.py ${ARGN})
endfunction()

function(ambit_lint_test test script)
    add_test(NAME ${test}
        COMMAND ${AMBIT_PYTHON} -B
            ${PROJECT_SOURCE_DIR}/tools/lint/${script} ${ARGN})
    set_tests_properties(${test} PROPERTIES LABELS lint TIMEOUT 120)
endfunction()

# ambit_lints(): call when every target is known.
function(ambit_lints)
    set(root --root ${PROJECT_SOURCE_DIR})
    add_lint(layers ${root})
    add_lint(size ${root})
    add_lint(words ${root})
    add_lint(links ${root})
    add_lint(format ${root})
    string(JOIN " " warnings ${ambit_warnings})
    string(JOIN " " guest ${ambit_warnings} ${ambit_guest_flags})
    string(JOIN " " program ${ambit_warnings} ${ambit_program_flags})
    add_lint(headers ${root} --cc ${CMAKE_C_COMPILER}
        "--host-flags=${warnings}" "--guest-flags=${guest}"
        "--program-flags=${program}")

    add_lint(kernel $<TARGET_FILE:ambit_kernel>)
    ambit_lint_test(lint.kernel.mutant kernel.py --mutant
        $<TARGET_FILE:ambit_kernel_mutant>)
    set(segments $<TARGET_FILE:ambit_kernel>
        $<TARGET_FILE:ambit_kernel_mutant> $<TARGET_FILE:ambit>)
    get_property(programs GLOBAL PROPERTY AMBIT_PROGRAMS)
    foreach(name IN LISTS programs)
        list(APPEND segments $<TARGET_FILE:program_${name}>)
    endforeach()
    add_lint(segments ${segments})

    get_property(cores GLOBAL PROPERTY AMBIT_CORES)
    foreach(core IN LISTS cores)
        get_property(depends GLOBAL PROPERTY AMBIT_CORE_DEPENDS_${core})
        set(below)
        set(mutants)
        foreach(name IN LISTS depends)
            list(APPEND below $<TARGET_FILE:${name}_guest>)
            list(APPEND mutants $<TARGET_FILE:${name}_mutant>)
        endforeach()
        ambit_lint_test(lint.purity.${core} purity.py
            $<TARGET_FILE:${core}_guest> ${below})
        ambit_lint_test(lint.purity.${core}.mutant purity.py
            --also guard_off $<TARGET_FILE:${core}_mutant> ${mutants})
    endforeach()

    foreach(name layers size words links format headers kernel segments purity)
        ambit_lint_test(lint.${name}.selftest selftest.py ${name})
        set_tests_properties(lint.${name}.selftest PROPERTIES
            ENVIRONMENT CC=${CMAKE_C_COMPILER})
    endforeach()
endfunction()
