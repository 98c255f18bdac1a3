/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reading a file costs, by who reads. file_main starts its children one
 * after the other; arguments: samples, then their names.
 */
#include "samples.h"

#define SMALL 64u
#define PAGE 4096u
#define NAME "page.bin"

static void read_some(struct ambit_handle file, char *to, size_t bytes)
{
    size_t got;

    must(ambit_read(file, 0, to, bytes, &got));
    ambit_assert(got == bytes);
}

static void open_once(struct ambit_handle files)
{
    struct ambit_handle file;

    must(ambit_open(files, NAME, &file));
    must(ambit_delete(file));
}

AMBIT_ENTRY(file_main)
{
    for (int i = 2; i < argc; i++) {
        struct ambit_handle child;
        struct ambit_outcome outcome;

        must(ambit_capability(argv[i], &child));
        must(ambit_spawn(child));
        must(ambit_wait(child, &outcome));
        ambit_assert(outcome.kind == OUTCOME_EXIT && outcome.code == 0);
    }
    return 0;
}

/* Arguments: samples, our name. */
AMBIT_ENTRY(reader_main)
{
    struct samples samples;
    struct ambit_handle files, file;
    char *page = ambit_malloc(PAGE);

    samples_begin(&samples, argc, argv);
    ambit_assert(argc == 3 && page != NULL);
    must(ambit_capability("files", &files));
    must(ambit_open(files, NAME, &file));
    SAMPLES(&samples, read_some(file, page, SMALL));
    samples_print(&samples, (struct series){"file-read", argv[2], "64", 1});
    SAMPLES(&samples, read_some(file, page, PAGE));
    samples_print(&samples, (struct series){"file-read", argv[2], "4096", 1});
    SAMPLES(&samples, open_once(files));
    samples_print(&samples, (struct series){"file-read", argv[2], "open", 1});
    return 0;
}
