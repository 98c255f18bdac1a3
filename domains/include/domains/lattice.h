/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lattice: every way to write a degree for each class, and what becomes of
 * it for the child of a parent that has everything. Nothing here knows what
 * makes sense or what is isolated: each point is written as a spec, and the
 * validator and the planner are asked.
 */
#ifndef DOMAINS_LATTICE_H
#define DOMAINS_LATTICE_H

#include <abi/lattice.h>
#include <domains/plan.h>
#include <stdbool.h>

/* A point is a number: two bits a class, the first class in the highest. */
#define LATTICE_POINTS (1u << 2u * PD_CLASS_COUNT)
_Static_assert(PD_DEGREE_COUNT == 4, "two bits a class");

enum lattice_verdict {
    LATTICE_NO_DEGREE, /* a class cannot be had to that degree at all */
    LATTICE_REFUSED,   /* each degree can be had, but not together */
    LATTICE_VALID
};

struct lattice_judgement {
    enum lattice_verdict verdict;
    struct spec_error error; /* unless valid: the validator's own words */
    uint8_t degree[PD_CLASS_COUNT];
    uint8_t predicted[LATTICE_PROBES]; /* enum lattice_finding; if valid */
};

/* A row worth having that is no built-in kind. */
struct lattice_kind {
    struct pd_kind kind;
    const char *base;    /* the built-in row that it is nearest to */
    const char *purpose; /* one line */
};

/* The domains of a point's spec. */
enum lattice_domain {
    LATTICE_TOP,    /* handles the parent's faults */
    LATTICE_PARENT, /* has everything, new */
    LATTICE_CHILD,  /* of the point's degrees */
    LATTICE_DOMAINS
};

#define LATTICE_STRINGS 32u

/* A point as a spec: one program, one file tree, three domains. */
struct lattice_blob {
    struct spec_header header;
    struct spec_domain domains[LATTICE_DOMAINS];
    struct spec_program programs[1];
    struct spec_segment segments[1];
    struct spec_tree trees[1];
    struct spec_node nodes[1];
    char strings[LATTICE_STRINGS];
};

/* Memory of the caller for judging. */
struct lattice {
    struct lattice_blob blob;
    struct spec spec; /* both of the last valid point */
    struct plan plan;
};

/* Number to degrees and back. Needs: point below LATTICE_POINTS; degrees that
 * exist. */
void lattice_degrees(uint32_t point, uint8_t degree[PD_CLASS_COUNT]);
uint32_t lattice_point(const uint8_t degree[PD_CLASS_COUNT]);

/* Writes the blob in which every point is judged. */
void lattice_init(struct lattice *lattice);

/*
 * Judges one point: writes it as a spec, has that validated and, if it is
 * valid, planned, and reads off the plan what the child reaches.
 * Needs: lattice_init. Cost: a validation; if valid, a cleared plan, too.
 */
void lattice_judge(struct lattice *lattice, uint32_t point,
                   struct lattice_judgement *out);

/*
 * What the plan of a valid spec says of a child and its parent: fills
 * predicted[LATTICE_PROBES]. Needs: the child has a parent.
 */
void lattice_predict(const struct spec *spec, const struct plan *plan,
                     uint32_t child, uint8_t *predicted);

/* Names and texts of the lists above; "?" past their end. */
const char *lattice_probe_name(enum lattice_probe probe);
const char *lattice_probe_text(enum lattice_probe probe);
const char *lattice_finding_text(enum lattice_finding finding);
char lattice_finding_letter(enum lattice_finding finding);
/* The finding of a letter, LATTICE_IS_UNKNOWN if there is none. */
enum lattice_finding lattice_finding_of(char letter);

/* Recommended rows by index, null past the end. */
const struct lattice_kind *lattice_recommended(uint32_t index);

#endif
