/* SPDX-License-Identifier: Apache-2.0 */
/* Names of what is tried and found, and the recommended rows. */
#include <domains/lattice.h>

static const char *const probe_names[LATTICE_PROBES] = {
#define PROBE_NAME(id, name, text) name,
    LATTICE_PROBE_LIST(PROBE_NAME)
#undef PROBE_NAME
};

static const char *const probe_texts[LATTICE_PROBES] = {
#define PROBE_TEXT(id, name, text) text,
    LATTICE_PROBE_LIST(PROBE_TEXT)
#undef PROBE_TEXT
};

static const char *const finding_texts[LATTICE_FINDINGS] = {
#define FINDING_TEXT(id, letter, text) text,
    LATTICE_FINDING_LIST(FINDING_TEXT)
#undef FINDING_TEXT
};

static const char letters[LATTICE_FINDINGS] = {
#define FINDING_LETTER(id, letter, text) letter,
    LATTICE_FINDING_LIST(FINDING_LETTER)
#undef FINDING_LETTER
};

/* Classes in the order of PD_CLASS_LIST: files cpu space pool quota caps
 * handler. */
static const struct lattice_kind rows[] = {
    {{"plugin", {PD_NONE, PD_NEW, PD_PART, PD_NONE, PD_NONE, PD_NEW, PD_NONE}},
     "tis",
     "code of others: what it is lent, and no memory to take"},
    {{"supervised",
      {PD_SAME, PD_NEW, PD_PART, PD_SAME, PD_PART, PD_PART, PD_NEW}},
     "tis",
     "a worker whose faults its parent handles, and restarts it"},
    {{"metered", {PD_SAME, PD_NEW, PD_PART, PD_SAME, PD_PART, PD_NEW, PD_SAME}},
     "tis",
     "a worker with a heap of its own and a ceiling on memory"},
    {{"context",
      {PD_PART, PD_NEW, PD_PART, PD_SAME, PD_SAME, PD_PART, PD_SAME}},
     "tis",
     "a light-weight context: its parent's code, private data"},
    {{"parser", {PD_NONE, PD_NEW, PD_NEW, PD_SAME, PD_NEW, PD_NEW, PD_NEW}},
     "process",
     "privilege separation: reads what strangers sent"},
};

const char *lattice_probe_name(enum lattice_probe probe)
{
    return (uint32_t)probe < LATTICE_PROBES ? probe_names[probe] : "?";
}

const char *lattice_probe_text(enum lattice_probe probe)
{
    return (uint32_t)probe < LATTICE_PROBES ? probe_texts[probe] : "?";
}

const char *lattice_finding_text(enum lattice_finding finding)
{
    return (uint32_t)finding < LATTICE_FINDINGS ? finding_texts[finding] : "?";
}

char lattice_finding_letter(enum lattice_finding finding)
{
    return (uint32_t)finding < LATTICE_FINDINGS ? letters[finding] : '?';
}

enum lattice_finding lattice_finding_of(char letter)
{
    for (uint32_t i = 0; i < LATTICE_FINDINGS; i++) {
        if (letters[i] == letter) {
            return (enum lattice_finding)i;
        }
    }
    return LATTICE_IS_UNKNOWN;
}

const struct lattice_kind *lattice_recommended(uint32_t index)
{
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : 0;
}
