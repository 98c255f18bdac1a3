/* SPDX-License-Identifier: Apache-2.0 */
/* The explorer. Exit code 0: all as asked; 1: not; 2: usage. */
#include "bugs.h"
#include "encode.h"
#include "listing.h"
#include "mutual.h"
#include "options.h"
#include "scenes.h"
#include "search.h"
#include "store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

struct totals {
    uint64_t states, transitions;
};

static double cpu_seconds(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static uint32_t resident_mib(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (uint32_t)(usage.ru_maxrss / 1024);
}

static void list(void)
{
    for (uint32_t i = 0; i < scene_count; i++) {
        (void)printf("scene %-10s %s\n", scenes[i].name, scenes[i].what);
    }
    for (uint32_t i = 0; bug_at(i) != NULL; i++) {
        (void)printf("bug   %-24s %s (%s)\n", bug_at(i)->name, bug_at(i)->what,
                     bug_at(i)->scene);
    }
}

static struct limits limits_of(const struct options *o, const struct scene *s)
{
    return (struct limits){
        .depth = o->depth != 0 ? o->depth
                 : o->longer   ? s->deeper
                               : s->depth,
        .states = o->states,
        .trace = o->trace,
        .teardown = o->bug == NULL,
    };
}

static bool explore(const struct options *o, const struct scene *s,
                    struct totals *totals)
{
    struct limits limits = limits_of(o, s);
    struct result result;
    double start = cpu_seconds();

    search(s, &limits, &result);
    totals->states += result.states;
    totals->transitions += result.transitions;
    (void)printf("%-10s %9" PRIu32 " %11" PRIu64 " %6" PRIu32 " %7.1f %9" PRIu64
                 "  %s\n",
                 s->name, result.states, result.transitions, result.depth,
                 cpu_seconds() - start, store_used() / result.states,
                 result.broken != NULL ? "BROKEN"
                 : result.complete     ? "all states"
                 : result.full         ? "the store is full"
                                       : "bounded");
    (void)fflush(stdout);
    if (result.broken != NULL) {
        (void)printf("breaks %s:\n", result.broken);
    }
    listing_trace(&result);
    return result.broken == NULL && !result.full;
}

static bool explore_all(const struct options *o)
{
    struct totals totals = {0, 0};
    bool good = true;

    (void)printf("%-10s %9s %11s %6s %7s %9s\n", "scene", "states",
                 "transitions", "depth", "seconds", "bytes");
    for (uint32_t i = 0; i < scene_count; i++) {
        if (o->scene == NULL || strcmp(o->scene, scenes[i].name) == 0) {
            good = explore(o, &scenes[i], &totals) && good;
        }
    }
    (void)printf("%-10s %9" PRIu64 " %11" PRIu64
                 "        %7.1f            %" PRIu32 " MiB resident at most\n",
                 "all", totals.states, totals.transitions, cpu_seconds(),
                 resident_mib());
    if (o->exactly != 0 && totals.states != o->exactly) {
        (void)printf("expected %" PRIu32 " states\n", o->exactly);
        good = false;
    }
    if (totals.states < o->least) {
        (void)printf("fewer than %" PRIu32 " states\n", o->least);
        good = false;
    }
    if (o->memory != 0 && resident_mib() > o->memory) {
        (void)printf("more than %" PRIu32 " MiB resident\n", o->memory);
        good = false;
    }
    return good;
}

static bool hunt(const struct options *o, const struct bug *bug)
{
    const struct scene *s = scene_named(bug->scene);
    struct limits limits = limits_of(o, s);
    struct result result;

    bug_seed(bug, &calls);
    search(s, &limits, &result);
    (void)printf("%s: %s\n", bug->name, bug->what);
    if (result.broken == NULL) {
        (void)printf("not found in %" PRIu32 " states\n", result.states);
        return false;
    }
    (void)printf("breaks %s after %" PRIu32 " states, by %" PRIu32
                 " operations:\n",
                 result.broken, result.states, result.length);
    listing_trace(&result);
    if (strcmp(result.broken, bug->breaks) != 0 ||
        result.length != bug->length) {
        (void)printf("expected to break %s, by %" PRIu32 " operations\n",
                     bug->breaks, bug->length);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct options o;
    const struct bug *bug;

    if (!options_read(argc, argv, &o)) {
        return 2;
    }
    if (o.list) {
        list();
        return 0;
    }
    if (o.scene != NULL && scene_named(o.scene) == NULL) {
        (void)fprintf(stderr, "model: no scene %s; --list has them\n", o.scene);
        return 2;
    }
    calls = calls_right;
    canonical_off = o.plain;
    if (o.bug != NULL) {
        bug = bug_named(o.bug);
        if (bug == NULL) {
            (void)fprintf(stderr, "model: no bug %s; --list has them\n", o.bug);
            return 2;
        }
        return hunt(&o, bug) ? 0 : 1;
    }
    if (o.mutual) {
        return mutual(o.scene, o.depth) ? 0 : 1;
    }
    return explore_all(&o) ? 0 : 1;
}
