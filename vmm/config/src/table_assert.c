/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of `assert`. */
#include "table.h"

#include <domains/spec.h>
#include <stddef.h>

static const struct type domain_name = {
    .kind = TYPE_NAME, .what = "a name ([a-z][a-z0-9_-]*, at most 31 letters)"};
static const struct type place_type = {
    .kind = TYPE_PLACE,
    .what = "the name of a range such as ring or app.stack"};
static const struct type access_type = {.kind = TYPE_ACCESS,
                                        .what = "letters of rwx in that order"};
static const struct type pair_type = {.kind = TYPE_LIST,
                                      .what = "a list of two domains",
                                      .item = &domain_name,
                                      .min = 2,
                                      .max = 2};
static const struct type domains_type = {.kind = TYPE_LIST,
                                         .what = "a list of domains",
                                         .item = &domain_name,
                                         .max = SPEC_MAX_DOMAINS};
static const struct type count_type = {.kind = TYPE_INTEGER,
                                       .what = "a number of domains",
                                       .max = SPEC_MAX_DOMAINS};
static const struct type fraction_type = {
    .kind = TYPE_FRACTION, .what = "a number from 0 to 1 such as 0.25"};

static const struct key reach_keys[] = {
    {"from", &domain_name, true, NULL, "prober", "The domain that tries."},
    {"to", &place_type, true, NULL, "app.stack", "The range that it tries."},
    {"access", &access_type, true, NULL, "rw", "The accesses meant."},
    {0}};
static const struct type reach_type = {
    .kind = TYPE_MAP,
    .what = "{from: DOMAIN, to: RANGE, access: rw}",
    .keys = reach_keys};

static const struct key tcb_keys[] = {
    {"of", &domain_name, true, NULL, "app", "The domain that trusts."},
    {"max", &count_type, false, "any number", "2",
     "How many domains it may have to trust."},
    {"within", &domains_type, false, "any", "[driver]",
     "The domains that it may have to trust, and no other."},
    {0}};
static const char *const tcb_any[] = {"max", "within", NULL};
static const struct type tcb_type = {
    .kind = TYPE_MAP,
    .what = "{of: DOMAIN, max: N} or {of: DOMAIN, within: [..]}",
    .keys = tcb_keys,
    .any_of = tcb_any};

/* The order is that of sharing_indices (vmm/sharing.h). */
const char *const table_indices[] = {"address",  "page",    "written", "file",
                                     "endpoint", "space",   "quota",   "pool",
                                     "table",    "handler", NULL};
static const struct type index_type = {
    .kind = TYPE_WORD,
    .what = "a type of resource such as page, written or file",
    .words = table_indices};
static const struct key rsi_keys[] = {
    {"between", &pair_type, true, NULL, "[app, plugin]",
     "The two domains that share."},
    {"type", &index_type, true, NULL, "page",
     "What is counted; written: pages that one of them may write."},
    {"max", &fraction_type, true, NULL, "0.1",
     "Most that they may share of what either reaches."},
    {0}};
static const struct type rsi_type = {
    .kind = TYPE_MAP,
    .what = "{between: [A, B], type: page, max: 0.1}",
    .keys = rsi_keys};

static const struct key isolated_keys[] = {
    {"between", &pair_type, true, NULL, "[app, plugin]",
     "The two domains that must not harm one another."},
    {0}};
static const struct type isolated_type = {
    .kind = TYPE_MAP, .what = "{between: [A, B]}", .keys = isolated_keys};

static const struct key assert_keys[] = {
    {"deny", &reach_type, false, NULL,
     "{from: prober, to: app.stack, access: rw}",
     "None of these accesses may be possible."},
    {"allow", &reach_type, false, NULL,
     "{from: prober, to: app.heap, access: rw}",
     "All of these accesses must be possible: a control."},
    {"tcb", &tcb_type, false, NULL, "{of: app, max: 2}",
     "Whom a domain may have to trust beside the kernel."},
    {"rsi", &rsi_type, false, NULL,
     "{between: [app, plugin], type: page, max: 0.1}",
     "How much two domains may share of a type of resource."},
    {"isolated", &isolated_type, false, NULL, "{between: [app, plugin]}",
     "Neither may write what the other reaches, control the other, or use its "
     "table of capabilities."},
    {0}};
static const char *const assert_any[] = {"deny", "allow",    "tcb",
                                         "rsi",  "isolated", NULL};
static const struct type assert_type = {
    .kind = TYPE_MAP,
    .what = "one of deny, allow, tcb, rsi and isolated",
    .keys = assert_keys,
    .any_of = assert_any,
    .only_one = true};
const struct type table_asserts = {.kind = TYPE_NAMED,
                                   .what = "a mapping of assertions",
                                   .item = &assert_type,
                                   .max = 1024};
