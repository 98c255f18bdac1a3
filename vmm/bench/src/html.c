/* SPDX-License-Identifier: Apache-2.0 */
/* The report for people: one file that needs no other, and no script. */
#include "html.h"

#include "html_style.h"

#include <string.h>

void html_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < ' ' || strchr("<>&'\"", byte)) {
            fprintf(out, "&#%u;", byte < ' ' ? (unsigned)' ' : byte);
        } else {
            fputc(byte, out);
        }
    }
}

void html_time(double ns, char *out, size_t bytes)
{
    static const char *const units[] = {"ns", "us", "ms", "s"};
    unsigned unit = 0;

    while (ns >= 1000 && unit < 3) {
        ns /= 1000;
        unit++;
    }
    if (ns == (double)(unsigned)ns) {
        snprintf(out, bytes, "%.0f %s", ns, units[unit]);
    } else {
        snprintf(out, bytes, "%.*f %s", ns < 100 ? 2 : 0, ns, units[unit]);
    }
}

void html_value(const struct bench_row *row, double value, char *out,
                size_t bytes)
{
    if (!bench_counts(row->place)) {
        html_time(value, out, bytes);
    } else {
        bench_number(value, out, bytes);
    }
}

bool html_in_chart(const struct bench_row *row, const char *operation,
                   enum html_kind kind)
{
    enum html_kind own = row->place == BENCH_BARE   ? HTML_BARE
                         : bench_counts(row->place) ? HTML_COUNTED
                                                    : HTML_TIMED;

    return own == kind && strcmp(row->about->operation, operation) == 0;
}

/* The text at a path of two keys, or null. */
static const char *about_text(const json_t *about, const char *first,
                              const char *second)
{
    return json_string_value(
        json_object_get(json_object_get(about, first), second));
}

static void print_fact(const char *name, const char *text, FILE *out)
{
    if (text) {
        fprintf(out, "<tr><th>%s</th><td>", name);
        html_text(text, out);
        fputs("</td></tr>\n", out);
    }
}

static void print_command(const json_t *about, FILE *out)
{
    const json_t *words = json_object_get(about, "argv");

    fputs("<tr><th>command</th><td><code>", out);
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *word = json_string_value(json_array_get(words, i));

        fputs(i ? " " : "", out);
        html_text(word ? word : "", out);
    }
    fputs("</code></td></tr>\n", out);
}

static void print_site(const struct bench_table *table, enum bench_place place,
                       FILE *out)
{
    const struct bench_site *site = &table->sites[place];
    const char *version =
        json_string_value(json_object_get(site->engine, "version"));
    const char *system =
        json_string_value(json_object_get(site->engine, "system"));
    char text[512];

    if (*site->reason) {
        snprintf(text, sizeof(text), "not measured: %.300s", site->reason);
    } else if (site->usable) {
        snprintf(text, sizeof(text), "%.300s%s%s", version ? version : system,
                 *site->ring0 ? "; ring 0: " : "", site->ring0);
    } else {
        return;
    }
    print_fact(bench_place_text(place), text, out);
}

static void print_facts(const struct bench_table *table, const json_t *about,
                        FILE *out)
{
    const json_t *versions = NULL;

    fputs("<div class='wide'><table>\n", out);
    for (unsigned i = 0; i < BENCH_PLACES; i++) {
        const struct bench_site *site = &table->sites[i];

        print_site(table, (enum bench_place)i, out);
        versions = site->versions ? site->versions : versions;
    }
    print_fact("commit", json_string_value(json_object_get(versions, "commit")),
               out);
    if (json_is_true(json_object_get(versions, "dirty"))) {
        print_fact("", "with changes that are not in that commit", out);
    }
    print_fact("kernel of Ambit, sha256",
               json_string_value(json_object_get(versions, "kernel_sha256")),
               out);
    print_fact("processor", about_text(about, "env", "cpu"), out);
    print_fact("host", about_text(about, "env", "host_kernel"), out);
    print_fact("hypervisor below", about_text(about, "env", "hypervisor"), out);
    print_fact("ended", json_string_value(json_object_get(about, "ended")),
               out);
    print_command(about, out);
    fputs("</table></div>\n", out);
}

static const char *const titles[] = {
    [HTML_COUNTED] = "Instructions <span class='key ambit'></span>Ambit"
                     "<span class='key linux'></span>Linux",
    [HTML_BARE] = "Instructions where the processor has no FSGSBASE",
    [HTML_TIMED] = "Time <span class='key ambit'></span>Ambit"
                   "<span class='key linux'></span>Linux"};

static void print_chart(const struct bench_table *table, const char *operation,
                        enum html_kind kind, FILE *out)
{
    bool any = false;

    for (uint32_t i = 0; i < table->count; i++) {
        any |= html_in_chart(&table->rows[i], operation, kind);
    }
    if (!any) {
        return;
    }
    fprintf(out, "<h3>%s</h3>\n", titles[kind]);
    if (kind == HTML_TIMED &&
        strcmp(table->sites[BENCH_KVM].ring0, "emulated") == 0) {
        fputs("<p class='soft'>The KVM of this host interprets ring 0: times "
              "of Ambit say nothing about hardware.</p>\n",
              out);
    }
    if (kind != HTML_BARE) {
        fputs("<div class='wide'>\n", out);
        html_chart(table, operation, kind, out);
        fputs("</div>\n", out);
    }
    html_table(table, operation, kind, out);
}

static const char explanation[] =
    "<p>A bar is the median of n samples, from 0 on a linear axis; the line in "
    "it goes from the least sample to the 99th percentile, and ends in an "
    "arrow "
    "where that lies beyond the axis. What was not measured says why. "
    "<b>Instructions</b> are counted by QEMU (icount), Ambit and a Linux guest "
    "alike: they rank software paths and hide what hardware charges for "
    "switches, so what was privileged stands beside: writes of cr3 and MSRs, "
    "state saved or restored, TLB flushes; and the steps of rep movs and "
    "rep stos, each of which counts as an instruction: of a page 512 where "
    "Ambit clears or copies it by eight bytes, 4,096 where Linux does by one. "
    "<b>Times</b> are from the "
    "time-stamp counter of this "
    "host, comparable within this run. Nothing is subtracted: what reading the "
    "counter costs is a row of its own. Linux does more in some of what stands "
    "beside Ambit here.</p>\n";

void bench_print_html(const struct bench_table *table, const json_t *about,
                      FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
          "<meta name='viewport' content='width=device-width'>"
          "<title>What operations cost: Ambit and "
          "Linux</title>\n<style>\n" HTML_STYLE "</style></head><body>\n"
          "<h1>What operations cost</h1>\n",
          out);
    fprintf(out, "<p class='soft'>ambit bench, %u samples a row</p>\n",
            table->repeat);
    fputs(explanation, out);
    print_facts(table, about, out);
    fputs("<h2>At a glance</h2>\n", out);
    html_glance(table, false, out);
    if (strcmp(table->sites[BENCH_KVM].ring0, "emulated") != 0) {
        html_glance(table, true, out);
    }
    for (unsigned i = 0; bench_operation(i); i++) {
        const char *operation = bench_operation(i);
        bool any = false;

        for (uint32_t j = 0; j < table->count; j++) {
            any |= strcmp(table->rows[j].about->operation, operation) == 0;
        }
        if (any) {
            fprintf(out, "<h2>%s</h2>\n", operation);
            print_chart(table, operation, HTML_COUNTED, out);
            print_chart(table, operation, HTML_BARE, out);
            print_chart(table, operation, HTML_TIMED, out);
        }
    }
    fputs("</body></html>\n", out);
}
