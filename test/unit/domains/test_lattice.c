/* SPDX-License-Identifier: Apache-2.0 */
#include "suites.h"

#include <domains/lattice.h>
#include <stdlib.h>
#include <string.h>

static struct lattice lattice;

static void set_up(void)
{
    memset(&lattice, 0, sizeof lattice);
    lattice_init(&lattice);
}

static bool to_be_had(const uint8_t *degree)
{
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        if ((pd_class_degrees(i) >> degree[i] & 1) == 0) {
            return false;
        }
    }
    return true;
}

START_TEST(numbers_and_degrees)
{
    uint8_t degree[PD_CLASS_COUNT];

    ck_assert_uint_eq(LATTICE_POINTS, 16384);
    for (uint32_t point = 0; point < LATTICE_POINTS; point++) {
        lattice_degrees(point, degree);
        ck_assert_uint_eq(lattice_point(degree), point);
    }
    lattice_degrees(0, degree);
    ck_assert_uint_eq(degree[PD_FILES], PD_SAME);
    lattice_degrees(1, degree);
    ck_assert_uint_eq(degree[PD_HANDLER], PD_PART);
    lattice_degrees(3u << 2 * (PD_CLASS_COUNT - 1), degree);
    ck_assert_uint_eq(degree[PD_FILES], PD_NONE);
}
END_TEST

START_TEST(every_point_has_a_verdict_and_a_reason)
{
    uint32_t possible = 1, counts[LATTICE_VALID + 1] = {0};

    set_up();
    for (uint32_t i = 0; i < PD_CLASS_COUNT; i++) {
        possible *= (uint32_t)__builtin_popcount(pd_class_degrees(i));
    }
    for (uint32_t point = 0; point < LATTICE_POINTS; point++) {
        struct lattice_judgement j;

        lattice_judge(&lattice, point, &j);
        counts[j.verdict]++;
        ck_assert_uint_eq(lattice_point(j.degree), point);
        ck_assert_int_eq(to_be_had(j.degree), j.verdict != LATTICE_NO_DEGREE);
        if (j.verdict == LATTICE_VALID) {
            continue;
        }
        ck_assert_ptr_nonnull(j.error.what);
        ck_assert_uint_lt(j.error.pd_class, PD_CLASS_COUNT);
        ck_assert_int_ne(j.error.status, STATUS_MALFORMED);
        ck_assert_uint_eq(j.error.domain, LATTICE_CHILD);
        /* The sentence begins with the class that it blames. */
        ck_assert_int_eq(strncmp(j.error.what, pd_class_name(j.error.pd_class),
                                 strlen(pd_class_name(j.error.pd_class))),
                         0);
        if (j.verdict == LATTICE_NO_DEGREE) {
            uint8_t d = j.degree[j.error.pd_class];

            ck_assert_uint_eq(pd_class_degrees(j.error.pd_class) >> d & 1, 0);
        }
    }
    ck_assert_uint_eq(counts[LATTICE_NO_DEGREE], LATTICE_POINTS - possible);
    ck_assert_uint_eq(counts[LATTICE_REFUSED] + counts[LATTICE_VALID],
                      possible);
    ck_assert_uint_gt(counts[LATTICE_VALID], 0);
    ck_assert_uint_gt(counts[LATTICE_REFUSED], 0);
}
END_TEST

/* A pool of one's own wants a quota of one's own: nothing else is refused that
 * each class alone could have. */
START_TEST(refused_together)
{
    set_up();
    for (uint32_t point = 0; point < LATTICE_POINTS; point++) {
        struct lattice_judgement j;

        lattice_judge(&lattice, point, &j);
        if (j.verdict != LATTICE_NO_DEGREE) {
            ck_assert_int_eq(j.verdict == LATTICE_REFUSED,
                             j.degree[PD_POOL] == PD_NEW &&
                                 j.degree[PD_QUOTA] != PD_NEW);
        }
    }
}
END_TEST

static const struct {
    const char *kind;
    uint8_t predicted[LATTICE_PROBES];
} known[] = {
    {"thread",
     {LATTICE_IS_RW, LATTICE_IS_RW, LATTICE_IS_RW, LATTICE_IS_SHARED,
      LATTICE_IS_SHARED, LATTICE_IS_SEEN, LATTICE_IS_BOTH, LATTICE_IS_PARENT,
      LATTICE_IS_ABOVE}},
    {"tis",
     {LATTICE_IS_RW, LATTICE_IS_FAULT, LATTICE_IS_FAULT, LATTICE_IS_SHARED,
      LATTICE_IS_SHARED, LATTICE_IS_SEEN, LATTICE_IS_BOTH, LATTICE_IS_PARENT,
      LATTICE_IS_ABOVE}},
    {"tif",
     {LATTICE_IS_RW, LATTICE_IS_RW, LATTICE_IS_RW, LATTICE_IS_OWN,
      LATTICE_IS_SHARED, LATTICE_IS_SEEN, LATTICE_IS_BOTH, LATTICE_IS_PARENT,
      LATTICE_IS_ABOVE}},
    {"process",
     {LATTICE_IS_FAULT, LATTICE_IS_FAULT, LATTICE_IS_FAULT, LATTICE_IS_SHARED,
      LATTICE_IS_OWN, LATTICE_IS_SEEN, LATTICE_IS_OWN, LATTICE_IS_OWN,
      LATTICE_IS_PARENT}},
    {"pir",
     {LATTICE_IS_FAULT, LATTICE_IS_FAULT, LATTICE_IS_FAULT, LATTICE_IS_SHARED,
      LATTICE_IS_OWN, LATTICE_IS_HIDDEN, LATTICE_IS_OWN, LATTICE_IS_OWN,
      LATTICE_IS_PARENT}},
};

START_TEST(what_the_models_kinds_isolate)
{
    const struct pd_kind *kind;

    set_up();
    for (uint32_t i = 0; (kind = pd_kind_builtin(i)) != NULL; i++) {
        struct lattice_judgement j;

        ck_assert_str_eq(kind->name, known[i].kind);
        lattice_judge(&lattice, lattice_point(kind->degree), &j);
        ck_assert_int_eq(j.verdict, LATTICE_VALID);
        for (uint32_t p = 0; p < LATTICE_PROBES; p++) {
            ck_assert_msg(j.predicted[p] == known[i].predicted[p], "%s, %s: %s",
                          kind->name, lattice_probe_name(p),
                          lattice_finding_text(j.predicted[p]));
        }
    }
}
END_TEST

/* A verdict does not depend on what was judged before. */
START_TEST(judging_leaves_nothing_behind)
{
    struct lattice_judgement first, again;

    set_up();
    for (uint32_t point = 0; point < LATTICE_POINTS; point += 77) {
        lattice_judge(&lattice, point, &first);
        lattice_judge(&lattice, LATTICE_POINTS - 1 - point, &again);
        lattice_judge(&lattice, point, &again);
        ck_assert_mem_eq(&first, &again, sizeof first);
    }
}
END_TEST

START_TEST(recommended_rows)
{
    const struct lattice_kind *row, *other;
    const struct pd_kind *builtin;
    uint32_t count = 0;

    set_up();
    while ((row = lattice_recommended(count)) != NULL) {
        uint32_t point = lattice_point(row->kind.degree);
        bool base = false;
        struct lattice_judgement j;

        lattice_judge(&lattice, point, &j);
        ck_assert_msg(j.verdict == LATTICE_VALID, "%s: %s", row->kind.name,
                      j.error.what);
        for (uint32_t i = 0; (builtin = pd_kind_builtin(i)) != NULL; i++) {
            ck_assert_uint_ne(lattice_point(builtin->degree), point);
            ck_assert_str_ne(builtin->name, row->kind.name);
            base = base || strcmp(builtin->name, row->base) == 0;
        }
        ck_assert(base);
        for (uint32_t i = 0; i < count; i++) {
            other = lattice_recommended(i);
            ck_assert_uint_ne(lattice_point(other->kind.degree), point);
            ck_assert_str_ne(other->kind.name, row->kind.name);
        }
        ck_assert_uint_gt(strlen(row->purpose), 10);
        count++;
    }
    ck_assert_uint_ge(count, 4);
    ck_assert_ptr_null(lattice_recommended(UINT32_MAX));
}
END_TEST

START_TEST(letters_and_texts)
{
    for (uint32_t i = 0; i < LATTICE_FINDINGS; i++) {
        ck_assert_uint_eq(lattice_finding_of(lattice_finding_letter(i)), i);
        ck_assert_str_ne(lattice_finding_text(i), "?");
    }
    for (uint32_t i = 0; i < LATTICE_PROBES; i++) {
        ck_assert_str_ne(lattice_probe_name(i), "?");
        ck_assert_str_ne(lattice_probe_text(i), "?");
    }
    ck_assert_uint_eq(lattice_finding_of('Z'), LATTICE_IS_UNKNOWN);
    ck_assert_str_eq(lattice_finding_text(LATTICE_FINDINGS), "?");
    ck_assert_str_eq(lattice_probe_name(LATTICE_PROBES), "?");
    ck_assert_str_eq(lattice_probe_text(LATTICE_PROBES), "?");
    ck_assert_int_eq(lattice_finding_letter(LATTICE_FINDINGS), '?');
}
END_TEST

Suite *suite_lattice(void)
{
    Suite *suite = suite_create("lattice");
    TCase *tests = tcase_create("lattice");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, numbers_and_degrees);
    tcase_add_test(tests, every_point_has_a_verdict_and_a_reason);
    tcase_add_test(tests, refused_together);
    tcase_add_test(tests, what_the_models_kinds_isolate);
    tcase_add_test(tests, judging_leaves_nothing_behind);
    tcase_add_test(tests, recommended_rows);
    tcase_add_test(tests, letters_and_texts);
    suite_add_tcase(suite, tests);
    return suite;
}
