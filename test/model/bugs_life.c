/* SPDX-License-Identifier: Apache-2.0 */
/* Mistakes in what a kernel does for a domain's life. */
#include "bugs.h"
#include "life.h"

/* A frame is charged back by each capability that goes, not by the last. */
static void frame_gone_twice(const struct cap_slot *slot, bool last)
{
    const struct frame *frame = (const struct frame *)(void *)slot->object;

    if (!last) {
        pd_quota_uncharge(&world.rest.quota[frame->quota], 1);
    }
    life_frame_gone(slot, last);
}

/* A frame that goes is given back, but stays charged. */
static void frame_gone_charged(const struct cap_slot *slot, bool last)
{
    uint8_t quota = ((const struct frame *)(void *)slot->object)->quota;

    life_frame_gone(slot, last);
    if (last) {
        world.rest.quota[quota].used++;
    }
}

/* One page more than the limit fits. */
static enum status charge_one_more(struct quota *quota, uint64_t pages)
{
    enum status status;

    quota->limit++;
    status = pd_quota_charge(quota, pages);
    quota->limit--;
    return status;
}

/* A domain that found no memory keeps the quota that was split off for it. */
static enum status reserve_keeps(void *context, uint32_t domain,
                                 const struct pd_needs *needs)
{
    enum status status = life_reserve(context, domain, needs);

    if (status == STATUS_NO_MEMORY) {
        (void)!pd_quota_charge(&world.rest.quota[domain == 0 ? ROOT : 0],
                               model_spec.domains[domain].quota_pages);
    }
    return status;
}

/* Quotas are made out of nothing. */
static enum status split_uncharged(struct quota *from, struct quota *quota,
                                   uint64_t pages)
{
    enum status status = pd_quota_split(from, quota, pages);

    if (status == STATUS_OK) {
        pd_quota_uncharge(from, pages);
    }
    return status;
}

/* The files table of a dead domain stays. */
static void drop_caps_alone(uint32_t domain)
{
    struct world saved = world;

    life_drop_tables(domain);
    world.rest.table[files_table(domain)] =
        saved.rest.table[files_table(domain)];
    for (uint32_t i = 0; i < CAP_CHUNK_SLOTS; i++) {
        world.slot[files_table(domain)][i] = saved.slot[files_table(domain)][i];
    }
    world.rest.directory.refs = saved.rest.directory.refs;
    world.rest.file.refs = saved.rest.file.refs;
}

/* A domain that others were composed of can go. */
static enum status destroy_parent(uint32_t domain)
{
    uint8_t others = world.rest.live & (uint8_t) ~(1u << domain);
    enum status status;

    world.rest.live &= (uint8_t)~others;
    status = life_destroy(domain);
    world.rest.live |= others;
    return status;
}

/* A domain that ends stays in its crossing. */
static void end_waits(uint32_t domain)
{
    world.rest.life[domain] = LIFE_ENDED;
}

/* Building does not look whether the domain is there already. */
static enum status build_twice(const struct spec *spec, const struct plan *plan,
                               uint32_t domain, uint64_t live,
                               const struct pd_ops *ops, void *context)
{
    return pd_build(spec, plan, domain, live & ~(UINT64_C(1) << domain), ops,
                    context);
}

/* A frame goes to the pool twice. */
static void frame_freed_twice(const struct cap_slot *slot, bool last)
{
    life_frame_gone(slot, last);
    world.rest.pool_free += last;
}

static void attach_nothing(void *context, uint32_t root, uint32_t range,
                           uint8_t rights)
{
    (void)context;
    (void)root;
    (void)range;
    (void)rights;
}

/* A domain's ranges are made, but appear in no root. */
static enum status build_unattached(const struct spec *spec,
                                    const struct plan *plan, uint32_t domain,
                                    uint64_t live, const struct pd_ops *ops,
                                    void *context)
{
    struct pd_ops blind = *ops;

    blind.attach = attach_nothing;
    return pd_build(spec, plan, domain, live, &blind, context);
}

const struct bug bugs_life[] = {
    {"frame-uncharged-twice",
     "a frame is uncharged once per capability",
     "life",
     {.frame_gone = frame_gone_twice},
     "M6 quota",
     5},
    {"frame-stays-charged",
     "a freed frame stays charged",
     "life",
     {.frame_gone = frame_gone_charged},
     "M6 quota",
     3},
    {"frame-freed-twice",
     "a frame goes to the pool twice",
     "life",
     {.frame_gone = frame_freed_twice},
     "M7 memory",
     3},
    {"build-unattached",
     "a domain's ranges appear in no root",
     "life",
     {.build = build_unattached},
     "M10 views",
     1},
    {"charge-one-more",
     "a quota lets one page more through",
     "life",
     {.charge = charge_one_more},
     "M12 verdict",
     5},
    {"reserve-keeps-quota",
     "a build that fails keeps its quota",
     "life",
     {.reserve = reserve_keeps},
     "M6 quota",
     5},
    {"split-uncharged",
     "a quota is split off without charge",
     "life",
     {.split = split_uncharged},
     "M6 quota",
     1},
    {"destroy-keeps-files",
     "a dead domain's files table stays",
     "life",
     {.drop_tables = drop_caps_alone},
     "M18 handle",
     3},
    {"destroy-parent",
     "a domain goes before those composed of it",
     "life",
     {.destroy = destroy_parent},
     "M20 assertion",
     4},
    {"end-in-crossing",
     "a domain that ends stays in its crossing",
     "life",
     {.end = end_waits},
     "M19 crossing",
     3},
    {"build-twice",
     "a domain that lives is built again",
     "life",
     {.build = build_twice},
     "M12 verdict",
     2},
};
const uint32_t bugs_life_count = sizeof bugs_life / sizeof bugs_life[0];
