/* SPDX-License-Identifier: Apache-2.0 */
/* Files: more rights than a directory has, and files that another domain has
 * opened for itself alone. */
#include "attack.h"

#include <ambit/create.h>

#define ALONE SYSCALL_OPEN_EXCLUSIVE

static enum status open_alone(struct ambit_handle *file)
{
    return ambit_open_with(attack_capability("files"), "public.txt", AMBIT_READ,
                           ALONE, file);
}

/* Has the file for itself while the thief tries; the control comes after. */
AMBIT_ENTRY(file_owner_main)
{
    struct ambit_message message;
    struct ambit_handle file;

    attack_expect("open", open_alone(&file), STATUS_OK);
    attack_let_one_in(&message);
    attack_let_it_go(&message);
    attack_let_one_in(&message);
    attack_expect("delete", ambit_delete(file), STATUS_OK);
    attack_let_it_go(&message);
    return 0;
}

AMBIT_ENTRY(file_thief_main)
{
    struct ambit_handle none = {0};

    attack_wait();
    attack_expect("open alone", open_alone(&none), STATUS_BUSY);
    attack_expect("open",
                  ambit_open(attack_capability("files"), "public.txt", &none),
                  STATUS_BUSY);
    ambit_assert(none.bits == 0);
    attack_wait();
    attack_expect("open when it is free", open_alone(&none), STATUS_OK);
    return 0;
}

/* Makes a second capability of the one that there may be. */
AMBIT_ENTRY(file_copy_main)
{
    struct ambit_handle file, none = {0};

    attack_expect("open", open_alone(&file), STATUS_OK);
    attack_expect("derive", ambit_derive(file, AMBIT_READ, &none),
                  STATUS_INVALID_ARGUMENT);
    ambit_assert(none.bits == 0);
    return 0;
}

/* A child takes the file with it into its grave. */
AMBIT_ENTRY(file_widow_main)
{
    struct ambit_handle child = attack_capability("child"), file;
    struct ambit_outcome outcome;

    attack_expect("start", ambit_spawn(child), STATUS_OK);
    attack_expect("wait", ambit_wait(child, &outcome), STATUS_OK);
    ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    attack_expect("open what a dead domain had", open_alone(&file), STATUS_OK);
    return 0;
}

AMBIT_ENTRY(file_dying_main)
{
    struct ambit_handle file;

    attack_expect("open", open_alone(&file), STATUS_OK);
    return 0;
}

/* A directory without exec; the control is one with. */
AMBIT_ENTRY(file_rights_main)
{
    struct ambit_handle files = attack_capability("files"), weak, file,
                        none = {0};

    attack_expect("derive", ambit_derive(files, AMBIT_READ | AMBIT_USE, &weak),
                  STATUS_OK);
    attack_expect("open a program to run it",
                  ambit_open_with(files, "hello.elf", AMBIT_EXEC, 0, &file),
                  STATUS_OK);
    attack_expect("open it below a weaker directory",
                  ambit_open_with(weak, "hello.elf", AMBIT_EXEC, 0, &none),
                  STATUS_NO_RIGHTS);
    ambit_assert(none.bits == 0);
    return 0;
}

/* A file of data. */
AMBIT_ENTRY(file_exec_main)
{
    struct ambit_handle none = {0};

    attack_expect("open data to run it",
                  ambit_open_with(attack_capability("files"), "public.txt",
                                  AMBIT_READ | AMBIT_EXEC, 0, &none),
                  STATUS_NO_RIGHTS);
    ambit_assert(none.bits == 0);
    return 0;
}

/* What its child must not reach is there. */
AMBIT_ENTRY(folder_app_main)
{
    struct ambit_handle file;

    attack_expect("open",
                  ambit_open(attack_capability("files"), "top.txt", &file),
                  STATUS_OK);
    return 0;
}

AMBIT_ENTRY(folder_main)
{
    static const char *const ways[] = {"top.txt", "../top.txt", "deep",
                                       "deep/below.txt", "./top.txt"};
    struct ambit_handle files = attack_capability("files"), file, none = {0};
    struct ambit_entry entry;

    for (uint32_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        attack_expect(ways[i], ambit_open(files, ways[i], &none),
                      STATUS_NOT_FOUND);
    }
    ambit_assert(none.bits == 0);
    attack_expect("list", ambit_list(files, 0, &entry), STATUS_OK);
    ambit_assert(strcmp(entry.name, "below.txt") == 0);
    attack_expect("list more", ambit_list(files, 1, &entry), STATUS_NOT_FOUND);
    attack_expect("open what is its own", ambit_open(files, "below.txt", &file),
                  STATUS_OK);
    return 0;
}

static enum status compose(struct ambit_handle program, enum ambit_degree space)
{
    const struct ambit_domain_spec spec = {
        .name = "made",
        .program = program,
        .degree = {AMBIT_SAME, AMBIT_NEW, (uint8_t)space, AMBIT_SAME,
                   AMBIT_SAME, AMBIT_SAME, AMBIT_SAME},
        .stack_pages = 8,
        .heap_pages = 8,
    };
    struct ambit_handle domain = {0};

    return ambit_domain_create(&spec, &domain, NULL);
}

/* A file that can be read is not therefore run; the control is one with exec.
 */
AMBIT_ENTRY(file_run_main)
{
    struct ambit_handle files = attack_capability("files"), read, run;

    attack_expect("open",
                  ambit_open_with(files, "hello.elf", AMBIT_READ, 0, &read),
                  STATUS_OK);
    attack_expect("open",
                  ambit_open_with(files, "hello.elf", AMBIT_EXEC, 0, &run),
                  STATUS_OK);
    attack_expect("compose by exec", compose(run, AMBIT_NEW), STATUS_OK);
    attack_expect("compose by read", compose(read, AMBIT_NEW),
                  STATUS_NO_RIGHTS);
    return 0;
}

/* Another program's entry, in the image of this one. */
AMBIT_ENTRY(file_image_main)
{
    struct ambit_handle files = attack_capability("files"), run;

    attack_expect("open",
                  ambit_open_with(files, "hello.elf", AMBIT_EXEC, 0, &run),
                  STATUS_OK);
    attack_expect("compose in a space of its own", compose(run, AMBIT_NEW),
                  STATUS_OK);
    attack_expect("compose in this space", compose(run, AMBIT_SAME),
                  STATUS_INVALID_ARGUMENT);
    return 0;
}
