/* SPDX-License-Identifier: Apache-2.0 */
/* Makes specs for tests: fill the tables, change what the test is about, then
 * pack them into a blob of exactly its size. */
#ifndef TEST_DOMAINS_MAKER_H
#define TEST_DOMAINS_MAKER_H

#include <domains/build.h>

enum { THREAD, TIS, TIF, PROCESS, PIR }; /* rows of the built-in table */

#define MAKER_MEMORY_PAGES 16384u
#define MAKER_ARENA_PAGE 512u
#define MAKER_PROGRAM_PAGES 8u
#define MAKER_WRITABLE_PAGES 3u

struct maker {
    struct spec_header header;
    struct spec_domain domains[SPEC_MAX_DOMAINS];
    struct spec_program programs[SPEC_MAX_PROGRAMS];
    struct spec_segment segments[SPEC_MAX_SEGMENTS];
    struct spec_range ranges[SPEC_MAX_RANGES];
    struct spec_endpoint endpoints[SPEC_MAX_ENDPOINTS];
    struct spec_hold holds[SPEC_MAX_HOLDS];
    struct spec_keep keeps[SPEC_MAX_KEEPS];
    struct spec_tree trees[SPEC_MAX_TREES];
    struct spec_node nodes[64];
    struct spec_probe probes[8];
    char strings[16384];
};

/* A machine of 64 MiB, and program 0: r, rx, r, a hole, rw (one page more
 * than the module has). */
void maker_init(struct maker *m);
uint32_t maker_string(struct maker *m, const char *text);
uint32_t maker_program(struct maker *m, const char *name);
uint32_t maker_range(struct maker *m, const char *name, uint32_t pages);
uint32_t maker_endpoint(struct maker *m, const char *name);
/* A directory with one file of one page. */
uint32_t maker_tree(struct maker *m, const char *name);
/* A domain of a built-in kind, with sizes that fit; a part keeps all. */
uint32_t maker_domain(struct maker *m, const char *name, uint32_t kind,
                      uint32_t parent);
/* These append to the domain added last. */
void maker_hold(struct maker *m, uint32_t type, uint32_t object,
                uint32_t rights);
void maker_keep(struct maker *m, uint32_t what, uint32_t range);

/* Packs; free() the result. `bytes` is its exact size. */
void *maker_pack(const struct maker *m, uint32_t *bytes);

/* Puts each table into memory of its own, so that a sanitizer sees who reads
 * past its end; maker_gather frees that. */
void maker_spread(const struct spec *spec, struct spec *spread);
void maker_gather(struct spec *spread);

/* app and its six children of the example, one of each kind and two that have
 * no name; returns how many domains. */
uint32_t maker_spectrum(struct maker *m);

#endif
