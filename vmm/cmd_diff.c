/* SPDX-License-Identifier: Apache-2.0 */
#include "command.h"
#include "diff.h"
#include "graph_write.h"
#include "json_file.h"
#include "plan_text.h"
#include "results.h"
#include "results_parts.h"

#include <string.h>

/* Both sides, loaded. */
struct comparison {
    struct options options[2];
    struct run run[2];
    struct sharing sharing[2];
    struct diff_facts facts[2];
    bool weaker, stronger;
};

static int load(struct comparison *c, const struct options *options, int side)
{
    struct diff_side one = {&c->run[side], &c->sharing[side]};
    int exit_code;

    c->options[side] = *options;
    c->options[side].config = options->operands[side];
    if (side == 0) {
        c->options[side].override_count = 0; /* --set changes B */
    }
    exit_code = run_load(&c->run[side], &c->options[side], 0);
    if (exit_code == EXIT_MET &&
        sharing_make(&c->sharing[side], &c->run[side].image->spec,
                     c->run[side].image->plan) == 0) {
        diff_collect(&one, &c->facts[side]);
    } else if (exit_code == EXIT_MET) {
        c->facts[side].failed = true;
    }
    if (c->facts[side].failed) {
        fputs("ambit: no memory on the host\n", stderr);
        return EXIT_HOST;
    }
    return exit_code;
}

static const char *verdict_of(const struct comparison *c)
{
    if (c->weaker && c->stronger) {
        return "incomparable";
    }
    return c->weaker ? "weaker" : c->stronger ? "stronger" : "same";
}

static const char *sign_of(const struct diff_change *change)
{
    return change->weaker && change->stronger ? "~"
           : change->weaker                   ? "+"
                                              : "-";
}

static void print_change(const struct diff_change *change, FILE *out)
{
    const struct diff_fact *fact = change->b ? change->b : change->a;
    char rights[8];

    fprintf(out, "%s ", sign_of(change));
    switch (fact->kind) {
    case DIFF_REACH:
        plan_rights_text(change->weaker ? change->gained : change->lost,
                         rights);
        fprintf(out, "%s %s %s %s%s(%s)\n", fact->domain,
                change->weaker ? "reaches" : "no longer reaches", fact->what,
                rights, *rights ? " " : "", fact->why);
        break;
    case DIFF_TRUST:
        fprintf(out, "%s %s %s (%s)\n", fact->domain,
                change->weaker ? "trusts" : "no longer trusts", fact->what,
                fact->why);
        break;
    default:
        fprintf(out, "assertion %s is %s: %s\n", fact->domain,
                change->weaker ? "gone" : "new", fact->what);
    }
}

static json_t *make_change(struct results *results,
                           const struct diff_change *change)
{
    static const char *const kinds[] = {"reach", "trust", "assert"};
    const struct diff_fact *fact = change->b ? change->b : change->a;
    json_t *out = json_object();

    results_set(results, out, "kind", json_string(kinds[fact->kind]));
    results_set(results, out, "domain", results_text(fact->domain));
    results_set(results, out, "what", results_text(fact->what));
    if (fact->kind == DIFF_REACH) {
        results_set(results, out, "gained", results_rights(change->gained));
        results_set(results, out, "lost", results_rights(change->lost));
    }
    results_set(results, out, "weaker", json_boolean(change->weaker));
    results_set(results, out, "stronger", json_boolean(change->stronger));
    results_set(results, out, "witness",
                results_text(*fact->why ? fact->why : NULL));
    return out;
}

/* Fills the verdict, and prints or lists each change. */
static void compare(struct comparison *c, FILE *out, struct results *results,
                    json_t *list)
{
    size_t at[2] = {0, 0};
    struct diff_change change;

    while (diff_next(&c->facts[0], &c->facts[1], at, &change)) {
        c->weaker |= change.weaker;
        c->stronger |= change.stronger;
        if (out) {
            print_change(&change, out);
        }
        results_append(results, list, make_change(results, &change));
    }
}

/* Metrics of both, for who wants to compare numbers. */
static int write_json(struct comparison *c, struct results *results,
                      json_t *list)
{
    const struct options *options = &c->options[1];
    struct failure failure = {0};
    json_t *out = json_object();
    int exit_code = EXIT_MET;

    results_set(results, out, "schema", json_integer(RESULTS_SCHEMA));
    results_set(results, out, "a", results_text(c->options[0].config));
    results_set(results, out, "b", results_text(c->options[1].config));
    results_set(results, out, "verdict", json_string(verdict_of(c)));
    results_set(results, out, "changes", json_incref(list));
    results_set(results, out, "metrics",
                json_pack("{s:o,s:o}", "a", graph_metrics_json(&c->sharing[0]),
                          "b", graph_metrics_json(&c->sharing[1])));
    if (results->failed) {
        failure_set(&failure, EXIT_HOST, "no memory on the host");
        exit_code = run_say_failure(&failure);
    } else if (json_file_write(out, options->json, &failure) < 0) {
        exit_code = run_say_failure(&failure);
    }
    json_decref(out);
    return exit_code;
}

static void print_verdict(const struct comparison *c)
{
    const char *a = c->options[0].config, *b = c->options[1].config;

    if (c->weaker && c->stronger) {
        printf("incomparable: %s gives some of what %s does not, and the other "
               "way round\n",
               b, a);
    } else if (c->weaker || c->stronger) {
        printf("%s: %s lets its domains reach %s than %s\n", verdict_of(c), b,
               c->weaker ? "more" : "less", a);
    } else {
        printf("same: %s and %s let their domains reach the same\n", a, b);
    }
}

static int conclude(struct comparison *c)
{
    const struct options *options = &c->options[1];
    bool print = !options_json_only(options);
    struct results results = {0};
    json_t *list = json_array();
    int exit_code = EXIT_MET;

    compare(c, print ? stdout : NULL, &results, list);
    if (print) {
        print_verdict(c);
    }
    if (options->json) {
        exit_code = write_json(c, &results, list);
    }
    json_decref(list);
    if (exit_code == EXIT_MET && options->fail_if_weaker && c->weaker) {
        exit_code = EXIT_MISSED;
    }
    return exit_code;
}

int cmd_diff(const struct options *options)
{
    static struct comparison c;
    int exit_code = load(&c, options, 0);

    if (exit_code == EXIT_MET) {
        exit_code = load(&c, options, 1);
    }
    if (exit_code == EXIT_MET) {
        exit_code = conclude(&c);
    }
    for (int i = 0; i < 2; i++) {
        diff_free(&c.facts[i]);
        sharing_free(&c.sharing[i]);
        run_free(&c.run[i]);
    }
    return exit_code;
}
