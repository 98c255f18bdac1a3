/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lead: starts each child, has the clerk try what the parent can, waits
 * for the end. Its argument is the number of children.
 */
#include "lattice.h"

static void letter_about(const char *about, const char *key,
                         enum lattice_finding finding)
{
    static const char letters[] = {
#define LETTER(id, letter, text) letter,
        LATTICE_FINDING_LIST(LETTER)
#undef LETTER
    };
    char text[2] = {finding < LATTICE_FINDINGS ? letters[finding] : '?', 0};

    ambit_report_about(about, key, text);
}

static void run_child(struct ambit_handle clerk, uint64_t child)
{
    struct ambit_outcome outcome;
    struct ambit_handle domain;
    enum status status;
    char name[16];

    child_name(name, sizeof name, child);
    domain = held(name);
    status = ambit_spawn(domain);
    if (status != STATUS_OK) {
        ambit_report_about(name, "spawn", ambit_status_text(status));
        return;
    }
    letter_about(name, "stack",
                 (enum lattice_finding)ask(clerk, WORK_PREPARE, child, 0));
    must(ambit_wait(domain, &outcome));
    ambit_report_about(name, "end",
                       outcome.kind == OUTCOME_EXIT && outcome.code == 0
                           ? "exit"
                       : outcome.kind == OUTCOME_FAULT ? "fault"
                                                       : "otherwise");
}

/* Whose one act is a fault that tells its handler to end. */
static void dismiss(const char *name)
{
    struct ambit_outcome outcome;
    struct ambit_handle domain = held(name);

    must(ambit_spawn(domain));
    must(ambit_wait(domain, &outcome));
}

AMBIT_ENTRY(lead_main)
{
    struct ambit_handle clerk = held("clerk");
    uint64_t children = 0;

    ambit_assert(argc == 2 && ambit_number(argv[1], &children));
    /* Its answer says that it has set up: nothing of a child's is charged to
     * the parent's quota before. */
    ask(clerk, WORK_USED, 0, 0);
    for (uint64_t i = 0; i < children; i++) {
        run_child(clerk, i);
    }
    dismiss("quit-parent");
    dismiss("quit-top");
    ask(clerk, WORK_DONE, 0, 0);
    return 0;
}
