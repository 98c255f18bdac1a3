/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libambit: what a domain program links against. This header brings all of
 * it; ambit/calls.h describes the system calls.
 *
 * A program is a set of entry functions. The config names the one a domain
 * starts in (`entry:`; `main` unless given), and several domains may start in
 * several functions of one program:
 *
 *     AMBIT_ENTRY(main)
 *     {
 *         ambit_printf("%s lives\n", argv[0]);
 *         return 0;
 *     }
 *
 * Domains with a space in common share the program's static variables.
 */
#ifndef AMBIT_AMBIT_H
#define AMBIT_AMBIT_H

#include <abi/syscall.h>
#include <ambit/calls.h>
#include <ambit/create.h>
#include <ambit/heap.h>
#include <ambit/parts.h>
#include <ambit/print.h>
#include <ambit/ranges.h>
#include <ambit/string.h>
#include <ambit/time.h>
#include <ambit/try.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Begins an entry function `int name(int argc, char **argv)`. argv[0] is the
 * domain's name, argv[1] the first of its `args:`, argv[argc] null. Returning
 * ends the domain with that exit code.
 */
#define AMBIT_ENTRY(name)                                                      \
    int name(int argc, char **argv);                                           \
    __attribute__((used)) int name(__attribute__((unused)) int argc,           \
                                   __attribute__((unused)) char **argv)

#define AMBIT_ARGUMENTS_MAX 127 /* beyond that a domain does not start */

/* Exit codes that libambit itself ends a domain with. */
enum ambit_exit {
    AMBIT_EXIT_ASSERT = 120,   /* ambit_assert failed */
    AMBIT_EXIT_RELOCATE = 121, /* the image holds a relocation it cannot do */
    AMBIT_EXIT_ARGUMENTS = 122 /* more than AMBIT_ARGUMENTS_MAX */
};

/*
 * The calling domain's start block: name, index, seed. It is on the domain's
 * own stack, because domains may share everything else; so this needs a stack
 * that the kernel gave. Cost: a load.
 */
const struct syscall_start *ambit_self(void);

/* Ends the domain with AMBIT_EXIT_ASSERT, and says where, unless it holds. */
#define ambit_assert(condition)                                                \
    ((condition) ? (void)0                                                     \
                 : ambit_assert_failed(#condition, __FILE__, __LINE__))
_Noreturn void ambit_assert_failed(const char *condition, const char *file,
                                   int line);

/* Reads the time-stamp counter. Not serialised. Its unit is the substrate's:
 * docs/substrates.md. */
static inline uint64_t ambit_ticks(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

/*
 * Reports one observation: a cell of the table that `ambit run` prints, in the
 * row of the caller, or of the domain `about`. Key and value are cut to 31
 * bytes. Columns stand in the order in which keys were first reported.
 */
void ambit_report(const char *key, const char *value);
void ambit_report_about(const char *about, const char *key, const char *value);

/* Reports a difference of ambit_ticks(): shown as instructions where the
 * substrate counts them, else left blank. */
void ambit_report_instructions(const char *key, uint64_t ticks);

/* "done", "no such name", ...: the text of a status. */
const char *ambit_status_text(enum status status);

#endif
