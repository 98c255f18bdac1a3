/* SPDX-License-Identifier: Apache-2.0 */
/* One load: what its stages share, and the stages in the order they run. */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include "node.h"
#include "table.h"
#include "words.h"

#include <yaml.h>

/* A row of the kinds table being read. */
struct kind_row {
    struct node *node; /* of `kinds` */
    uint32_t base;     /* another of these rows, or SPEC_NONE: built in */
    const struct pd_kind *builtin; /* what it comes from in the end, or null:
                                      an error was reported */
};

struct reader {
    struct arena *arena;
    struct config *config;
    struct diagnostics *diagnostics;
    struct failure *failure;
    const char *path;
    const struct config_override *overrides;
    size_t override_count;
    uint32_t errors; /* reported, by whichever stage */

    int fd;      /* of the file, or -1 */
    char *bytes; /* of the file, NUL-terminated */
    size_t byte_count;

    yaml_parser_t parser; /* kept here so that any end can release them */
    yaml_event_t event;
    bool parser_live, event_live;

    struct node *root;
    struct node **domain_nodes; /* parents first, as config->domains */
    struct kind_row *kinds;     /* as config->kinds */
    bool *broken;  /* domains whose composition has a reported error */
    bool nameless; /* a section is unread or too large: names are not
                      looked up, which would only report its absence */
};

__attribute__((format(printf, 3, 4))) void
report(struct reader *reader, struct mark mark, const char *format, ...);
/* The same, for a node, which is bad from then on. */
__attribute__((format(printf, 3, 4))) void
report_node(struct reader *reader, struct node *node, const char *format, ...);

/* Into file order; those of overrides last. */
void diagnostics_sort(struct diagnostics *diagnostics);

/* 1. Bytes of the file or standard input. 0, or -1 with failure filled. */
int read_bytes(struct reader *reader);
/* Reports the first byte that no text holds, with its position. */
bool check_encoding(struct reader *reader, const char *text, size_t bytes,
                    struct mark mark);
/* 2. Bytes to a tree; null after a report. `origin`: position of text[0],
 * with line 0 for an override. */
struct node *parse_yaml(struct reader *reader, const char *text, size_t bytes,
                        struct mark origin);
/* 3. --set, in the order given. */
void apply_overrides(struct reader *reader);
/* 4. The tree against the table: keys, types, values by themselves. */
void check_tree(struct reader *reader);
void check_value(struct reader *reader, const struct type *type,
                 struct node *node); /* scalars only */
void check_name(struct reader *reader, const struct type *type,
                struct node *node);
/* 5. Names to indices, domains in order; fills the config's arrays. */
void read_sections(struct reader *reader);
void order_domains(struct reader *reader);
void read_kinds(struct reader *reader);
void compose_domain(struct reader *reader, uint32_t domain);
void read_domain(struct reader *reader, uint32_t domain);
void read_holds(struct reader *reader, uint32_t domain);
void read_expect(struct reader *reader, uint32_t domain);
void fill_sizes(struct reader *reader); /* of new quotas and pools */
void read_boundaries(struct reader *reader);
void read_asserts(struct reader *reader);
void read_test(struct reader *reader);
/* 6. What makes no sense between domains: degrees, quotas, pools, holds. */
void check_rules(struct reader *reader);

/* Look-ups by name: an index, or SPEC_NONE after a report about `node`. */
uint32_t find_domain(struct reader *reader, struct node *node);
uint32_t find_range(struct reader *reader, struct node *node);
/* Reports a place (ring, app.stack) that does not exist. */
bool check_place(struct reader *reader, struct node *node);

/* Printers: text in double quotes; a scalar, bare where that reads back to
 * the same; any value on one line. */
void print_quoted(FILE *out, const char *text);
void print_value(FILE *out, const struct node *node);
void print_test(const struct config *config, FILE *out);

/* Sizes as people write them: 65536 -> "64KiB". */
/* The largest unit that a duration is a multiple of. */
void print_duration(uint64_t ns, FILE *out);

struct size_text {
    char text[24];
};
struct size_text size_text(uint64_t bytes);

#endif
