/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each right of directories and files, held and not held: what works, and the
 * exact status of what does not. Needs a tree with a.txt, hello.elf and a
 * folder deep with below.txt in it.
 */
#include "tools.h"

#include <ambit/create.h>

#define ALONE SYSCALL_OPEN_EXCLUSIVE
#define RXU (AMBIT_READ | AMBIT_EXEC | AMBIT_USE)

static void is(const char *what, enum status got, enum status wanted)
{
    if (got != wanted) {
        ambit_printf("%s: %s; wanted: %s\n", what, ambit_status_text(got),
                     ambit_status_text(wanted));
        ambit_exit(1);
    }
}

static uint32_t rights_of(struct ambit_handle handle)
{
    struct ambit_info info = {0};

    is("inspect", ambit_inspect(handle, &info), STATUS_OK);
    return info.rights;
}

static struct ambit_handle with(struct ambit_handle directory, const char *path,
                                uint32_t rights)
{
    struct ambit_handle handle = {0};

    is(path, ambit_open_with(directory, path, rights, 0, &handle), STATUS_OK);
    ambit_assert(rights_of(handle) == rights);
    return handle;
}

static void drop(struct ambit_handle handle)
{
    is("delete", ambit_delete(handle), STATUS_OK);
}

static int run_entry(int argc, char **argv)
{
    (void)argv;
    return argc;
}

static enum status read_byte(struct ambit_handle file)
{
    char byte;
    size_t got = 99;
    enum status status = ambit_read(file, 0, &byte, 1, &got);

    ambit_assert(status == STATUS_OK ? got == 1 : got == 99);
    return status;
}

/* A directory: read lists, use walks; neither stands for the other. */
static void directories(struct ambit_handle files)
{
    struct ambit_handle list = with(files, "deep", AMBIT_READ);
    struct ambit_handle walk = with(files, "deep", AMBIT_USE), file = {0};
    struct ambit_entry entry;

    is("list", ambit_list(list, 0, &entry), STATUS_OK);
    ambit_assert(strcmp(entry.name, "below.txt") == 0 && !entry.directory);
    is("list without read", ambit_list(walk, 0, &entry), STATUS_NO_RIGHTS);
    is("walk without use", ambit_open(list, "below.txt", &file),
       STATUS_NO_RIGHTS);
    is("walk", ambit_open(walk, "below.txt", &file), STATUS_OK);
    ambit_assert(rights_of(file) == AMBIT_USE);
    is("read what was opened without", read_byte(file), STATUS_NO_RIGHTS);
    drop(file);
    is("more than it has",
       ambit_open_with(walk, "below.txt", AMBIT_READ, 0, &file),
       STATUS_NO_RIGHTS);
    drop(list);
    drop(walk);
    /* A part of a tree has no way to the rest. */
    walk = with(files, "deep", RXU);
    is("up", ambit_open(walk, "../a.txt", &file), STATUS_NOT_FOUND);
    is("beside", ambit_open(walk, "a.txt", &file), STATUS_NOT_FOUND);
    drop(walk);
}

static void plain_files(struct ambit_handle files)
{
    struct ambit_handle file = {0};

    is("open", ambit_open(files, "a.txt", &file), STATUS_OK);
    ambit_assert(rights_of(file) == (AMBIT_READ | AMBIT_USE));
    is("read", read_byte(file), STATUS_OK);
    drop(file);
    is("open a program", ambit_open(files, "hello.elf", &file), STATUS_OK);
    ambit_assert(rights_of(file) == RXU);
    is("which can be read", read_byte(file), STATUS_OK);
    drop(file);
    file = with(files, "hello.elf", AMBIT_EXEC);
    is("and be had without read", read_byte(file), STATUS_NO_RIGHTS);
    drop(file);
    file.bits = 0;
    is("data with exec", ambit_open_with(files, "a.txt", AMBIT_EXEC, 0, &file),
       STATUS_NO_RIGHTS);
    is("write", ambit_open_with(files, "a.txt", AMBIT_WRITE, 0, &file),
       STATUS_NO_RIGHTS);
    is("nothing", ambit_open_with(files, "a.txt", 0, 0, &file),
       STATUS_INVALID_ARGUMENT);
    is("bit 5", ambit_open_with(files, "a.txt", 33, 0, &file),
       STATUS_INVALID_ARGUMENT);
    is("flag 2", ambit_open_with(files, "a.txt", 1, 2, &file),
       STATUS_INVALID_ARGUMENT);
    is("none", ambit_open_with(files, "none", 1, ALONE, &file),
       STATUS_NOT_FOUND);
    ambit_assert(file.bits == 0);
}

static enum status alone(struct ambit_handle files, struct ambit_handle *out)
{
    return ambit_open_with(files, "a.txt", AMBIT_READ, ALONE, out);
}

/* Everything that ends it: deleting it, and revoking what it came from. */
static void exclusive(struct ambit_handle files)
{
    struct ambit_handle file = {0}, again = {0}, root = {0};

    is("a folder", ambit_open_with(files, "deep", 1, ALONE, &file),
       STATUS_WRONG_TYPE);
    is("alone", alone(files, &file), STATUS_OK);
    is("read it", read_byte(file), STATUS_OK);
    is("alone twice", alone(files, &again), STATUS_BUSY);
    is("its holder opens it", ambit_open(files, "a.txt", &again), STATUS_OK);
    drop(again);
    is("alone still", alone(files, &again), STATUS_BUSY);
    is("derive", ambit_derive(file, AMBIT_READ, &again),
       STATUS_INVALID_ARGUMENT);
    is("move", ambit_move(file, &again), STATUS_INVALID_ARGUMENT);
    drop(file);
    is("alone after", alone(files, &file), STATUS_OK);
    drop(file);
    is("derive", ambit_derive(files, RXU, &root), STATUS_OK);
    is("below", alone(root, &file), STATUS_OK);
    is("revoke", ambit_revoke(root), STATUS_OK);
    is("it is gone", read_byte(file), STATUS_INVALID_HANDLE);
    drop(root);
    is("and free", alone(files, &file), STATUS_OK);
    drop(file);
}

/* A full table: nothing is opened, and nothing is kept from others. */
static void full(struct ambit_handle files)
{
    static struct ambit_handle taken[100];
    struct ambit_handle file = {0};
    uint32_t count = 0;

    while (count < 100 &&
           ambit_derive(files, AMBIT_READ, &taken[count]) == STATUS_OK) {
        count++;
    }
    ambit_assert(count > 0 && count < 100);
    is("full", alone(files, &file), STATUS_NO_SLOT);
    drop(taken[--count]);
    is("not", alone(files, &file), STATUS_OK);
    drop(file);
    while (count > 0) {
        drop(taken[--count]);
    }
}

/* A domain of another program: the file's, from its main, with its own image.
 */
static void run_file(struct ambit_handle files)
{
    struct ambit_domain_spec spec = {
        .name = "hello",
        .program = with(files, "hello.elf", AMBIT_EXEC),
        .degree = {AMBIT_NONE, AMBIT_NEW, AMBIT_NEW, AMBIT_SAME, AMBIT_SAME,
                   AMBIT_NEW, AMBIT_NEW},
        .stack_pages = 8,
    };
    struct ambit_handle domain = {0};
    struct ambit_outcome outcome;

    for (uint32_t round = 0; round < 3; round++) {
        is("create", ambit_domain_create(&spec, &domain, NULL), STATUS_OK);
        is("start", ambit_domain_start(domain), STATUS_OK);
        is("wait", ambit_wait(domain, &outcome), STATUS_OK);
        ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
        is("destroy", ambit_domain_destroy(domain), STATUS_OK);
    }
    domain.bits = 0;
    spec.entry = run_entry;
    is("an entry of ours", ambit_domain_create(&spec, &domain, NULL),
       STATUS_INVALID_ARGUMENT);
    spec.entry = NULL;
    drop(spec.program);
    is("a file that is closed", ambit_domain_create(&spec, &domain, NULL),
       STATUS_INVALID_HANDLE);
    spec.program = with(files, "hello.elf", AMBIT_READ | AMBIT_USE);
    is("without exec", ambit_domain_create(&spec, &domain, NULL),
       STATUS_NO_RIGHTS);
    drop(spec.program);
    spec.program = with(files, "deep", RXU);
    is("a folder", ambit_domain_create(&spec, &domain, NULL),
       STATUS_WRONG_TYPE);
    drop(spec.program);
    ambit_assert(domain.bits == 0);
}

AMBIT_ENTRY(rights_main)
{
    struct ambit_handle files = {0};

    is("files", ambit_capability("files", &files), STATUS_OK);
    ambit_assert(rights_of(files) == RXU);
    directories(files);
    plain_files(files);
    exclusive(files);
    full(files);
    run_file(files);
    ambit_printf("every right both ways\n");
    return 0;
}

/* Files that are nobody's: a name that leads to the parent's is none. */
AMBIT_ENTRY(no_files_main)
{
    struct ambit_handle files = {0};

    is("files", ambit_capability("files", &files), STATUS_NOT_FOUND);
    return 0;
}
