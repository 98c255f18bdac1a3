/* SPDX-License-Identifier: Apache-2.0 */
/* The rules as a seccomp filter, made by libseccomp. */
#define _GNU_SOURCE
#include "sandbox_internal.h"
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>

#define BINARY_TREE 2u /* SCMP_FLTATR_CTL_OPTIMIZE: search, not a list */

static scmp_filter_ctx new_filter(bool tell)
{
    scmp_filter_ctx filter =
        seccomp_init(tell ? SCMP_ACT_TRAP : SCMP_ACT_KILL_PROCESS);

    /* Before Linux 4.14 only the thread can be killed: we have but one. */
    return filter ? filter : seccomp_init(SCMP_ACT_KILL);
}

static int add(scmp_filter_ctx filter, const struct sandbox_rule *rule)
{
    struct scmp_arg_cmp compare[SANDBOX_ARGUMENTS];

    for (unsigned i = 0; i < rule->count; i++) {
        const struct sandbox_argument *argument = &rule->argument[i];

        compare[i] = (struct scmp_arg_cmp){
            .arg = argument->index,
            .op = SCMP_CMP_MASKED_EQ,
            .datum_a = argument->mask,
            .datum_b = argument->value,
        };
    }
    return seccomp_rule_add_array(
        filter, rule->refuse ? SCMP_ACT_ERRNO(EACCES) : SCMP_ACT_ALLOW,
        rule->call, rule->count, compare);
}

/* 0, or a negative error number of libseccomp. */
static int load(scmp_filter_ctx filter, const struct sandbox *sandbox)
{
    int rc = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
                              SCMP_ACT_KILL_PROCESS);

    for (size_t i = 0; rc == 0 && i < sandbox->rules; i++) {
        rc = add(filter, &sandbox->rule[i]);
        /* A system call that this build's libseccomp does not know stays
         * forbidden. */
        rc = rc == -EDOM ? 0 : rc;
    }
    if (rc == 0) {
        /* Before libseccomp 2.5 there is none: the list does as well. */
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, BINARY_TREE);
        rc = seccomp_load(filter);
    }
    return rc;
}

int sandbox__seccomp(const struct sandbox *sandbox, struct sandbox_layer *out,
                     struct failure *failure)
{
    scmp_filter_ctx filter;
    int rc;

    sandbox__seccomp_probe(out);
    if (out->state == SANDBOX_UNAVAILABLE) {
        return 0;
    }
    filter = new_filter(sandbox->tell);
    if (sandbox->tell) {
        sandbox__trap();
    }
    rc = filter ? load(filter, sandbox) : -ENOMEM;
    if (filter) {
        seccomp_release(filter);
    }
    if (rc < 0) {
        return failure_set(failure, EXIT_HOST, "sandbox: seccomp: %s",
                           strerror(-rc));
    }
    sandbox__say(out, SANDBOX_APPLIED,
                 "%zu rules; any other system call kills this process",
                 sandbox->rules);
    return 0;
}

void sandbox__seccomp_probe(struct sandbox_layer *out)
{
    /* With a null program: EFAULT if filters exist (seccomp(2), prctl(2)). */
    if (prctl(PR_SET_SECCOMP, 2, NULL, 0, 0) < 0 && errno != EFAULT) {
        sandbox__say(out, SANDBOX_UNAVAILABLE,
                     errno == EINVAL ? "needs Linux with CONFIG_SECCOMP_FILTER"
                                     : "%s",
                     strerror(errno));
        return;
    }
    sandbox__say(out, SANDBOX_APPLIED,
                 "any system call off a list kills ambit while a guest runs");
}
