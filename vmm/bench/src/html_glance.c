/* SPDX-License-Identifier: Apache-2.0 */
/* What stands beside what: a row of Ambit and the nearest of Linux. */
#include "html.h"

#include <string.h>

static const struct {
    const char *operation, *detail, *subject, *peer;
} pairs[] = {
    {"call", "system-call", "self", "getppid"},
    {"call", "reply", "process", "pipe"},
    {"notify", "round-trip", "process", "eventfd"},
    {"create", "life", "thread", "pthread"},
    {"create", "life", "tif", "clone-vm"},
    {"create", "life", "process", "vfork-exec"},
    {"fault", "try", "self", "signal"},
    {"fault", "handler", "process", "userfaultfd"},
    {"file-read", "64", "process", "pread-64"},
    {"file-read", "open", "process", "open-close"},
};
#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static const struct bench_row *find(const struct bench_table *table,
                                    enum bench_place place,
                                    const char *operation, const char *detail,
                                    const char *subject)
{
    for (uint32_t i = 0; i < table->count; i++) {
        const struct bench_row *row = &table->rows[i];

        if (row->place == place && row->stat.n &&
            strcmp(row->about->operation, operation) == 0 &&
            strcmp(row->about->detail, detail) == 0 &&
            strcmp(row->subject, subject) == 0) {
            return row;
        }
    }
    return NULL;
}

static void print_side(const struct bench_row *row, FILE *out)
{
    char text[32];

    html_value(row, row->stat.median, text, sizeof(text));
    fputs("<td>", out);
    if (row->about->subjects == SUBJECT_KINDS) {
        html_text(row->subject, out);
        fputs(": ", out);
    }
    html_text(row->about->text, out);
    fprintf(out, "</td><td class='number'>%s</td>", text);
}

/* What is left when each repeated instruction counts nothing; 0: not known. */
static double without_steps(const struct bench_row *row)
{
    double steps =
        row->privileged ? row->privileged_median[BENCH_REP_STEPS] : 0;

    return row->privileged && row->stat.median > steps
               ? row->stat.median - steps
               : 0;
}

static void print_pair(const struct bench_row *ambit,
                       const struct bench_row *linux_row, FILE *out)
{
    double ours = without_steps(ambit), theirs = without_steps(linux_row);

    fprintf(out, "<tr><td>%s</td>", ambit->about->operation);
    print_side(ambit, out);
    print_side(linux_row, out);
    fprintf(out, "<td class='number'>%.2f</td><td class='number'>",
            linux_row->stat.median / ambit->stat.median);
    if (ours > 0 && theirs > 0) {
        fprintf(out, "%.2f", theirs / ours);
    }
    fputs("</td></tr>\n", out);
}

void html_glance(const struct bench_table *table, bool timed, FILE *out)
{
    enum bench_place ambit = timed ? BENCH_KVM : BENCH_QEMU;
    enum bench_place peers = timed ? BENCH_HOST : BENCH_LINUX;
    bool begun = false;

    for (unsigned i = 0; i < PAIRS; i++) {
        const struct bench_row *one = find(table, ambit, pairs[i].operation,
                                           pairs[i].detail, pairs[i].subject);
        const struct bench_row *other = find(table, peers, pairs[i].operation,
                                             pairs[i].peer, pairs[i].peer);

        if (!one || !other) {
            continue;
        }
        if (!begun) {
            fprintf(out,
                    "<h3>%s, medians</h3>\n<div class='wide'><table>"
                    "<tr><th></th><th>Ambit</th><th></th><th>Linux</th>"
                    "<th></th><th>Linux / Ambit</th><th>%s</th></tr>\n",
                    timed ? "Time" : "Instructions",
                    timed ? "" : "without rep steps");
            begun = true;
        }
        print_pair(one, other, out);
    }
    if (begun) {
        fputs("</table></div>\n", out);
    }
}
