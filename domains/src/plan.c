/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making a plan: addresses first come in the order of the domains, then each
 * root is filled. Roots are filled in two passes, so that a part of a space is
 * a part of what the parent brings there, and not of what other domains of
 * that space add.
 */
#include <domains/plan.h>

#include <abi/guard.h>
#include <abi/layout.h>
#include <capabilities/cap.h>
#include <stdbool.h>

#define WINDOW_GRANULES 64u
#define GIBIBYTE_SHIFT 30u
#define RIGHTS_RW (CAP_READ | CAP_WRITE)
#define RIGHTS_PAGE (CAP_READ | CAP_WRITE | CAP_EXEC)

struct planner {
    const struct spec *spec;
    struct plan *plan;
    uint64_t granule; /* next one that nobody has, counted from address 0 */
    uint32_t domain;  /* being planned */
};

/* Next range in address order; the caller sets what is not common. */
static struct plan_range *add_range(struct planner *p,
                                    enum plan_range_kind kind, uint32_t pages)
{
    struct plan_range *r = &p->plan->ranges[p->plan->range_count++];

    r->kind = (uint8_t)kind;
    r->rights = RIGHTS_RW;
    r->owner = p->domain;
    r->object = SPEC_NONE;
    r->pages = pages;
    r->start_pages = pages;
    r->frames = pages;
    r->granules = (pages + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES;
    r->leaves = r->granules;
    r->base = p->granule << ABI_GRANULE_SHIFT;
    p->granule += r->granules;
    if (pages % ABI_GRANULE_PAGES == 0) {
        p->granule++; /* one granule that is empty, as the guard */
    }
    return r;
}

static void add_named(struct planner *p)
{
    p->domain = SPEC_NONE;
    for (uint32_t i = 0; i < p->spec->header->ranges.count; i++) {
        add_range(p, PLAN_NAMED, p->spec->ranges[i].pages)->object = i;
    }
}

static uint32_t add_image(struct planner *p, uint32_t program)
{
    const struct spec_program *image = &p->spec->programs[program];
    const struct spec_segment *s = &p->spec->segments[image->first_segment];
    struct plan_range *r = add_range(p, PLAN_IMAGE, image->pages);
    uint32_t rights = 0, writable = 0;

    for (uint32_t i = 0; i < image->segment_count; i++, s++) {
        rights |= s->rights;
        writable += (s->rights & CAP_WRITE) != 0 ? s->pages : 0;
    }
    r->rights = (uint8_t)rights;
    r->object = program;
    r->frames = writable;
    return p->plan->range_count - 1;
}

static uint32_t add_heap(struct planner *p, uint32_t pages)
{
    struct plan_range *r;

    if (pages == 0) {
        return PLAN_NONE;
    }
    r = add_range(p, PLAN_HEAP, pages);
    r->start_pages = 0;
    r->frames = 0;
    r->leaves = 1;
    return p->plan->range_count - 1;
}

/* A part's list names the parent's image or heap. */
static bool keeps(const struct planner *p, enum spec_keep_what what)
{
    const struct spec_domain *d = &p->spec->domains[p->domain];
    const struct spec_keep *k = &p->spec->keeps[d->first_keep];

    if (d->degree[PD_SPACE] != PD_PART) {
        return d->degree[PD_SPACE] == PD_SAME;
    }
    if (d->keep_all) {
        return true;
    }
    for (uint32_t i = 0; i < d->keep_count; i++, k++) {
        if (k->what == what) {
            return true;
        }
    }
    return false;
}

/* Its own image, heap and stack, or its parent's image and heap. */
static void lay_out(struct planner *p, struct plan_domain *d)
{
    const struct spec_domain *s = &p->spec->domains[p->domain];
    uint32_t parent = s->parent;
    bool windowed = s->degree[PD_POOL] == PD_NEW;

    if (windowed) {
        p->granule = (p->granule + WINDOW_GRANULES - 1) / WINDOW_GRANULES *
                     WINDOW_GRANULES;
    }
    d->own = p->plan->range_count;
    if (parent != SPEC_NONE && s->program == p->spec->domains[parent].program &&
        keeps(p, SPEC_KEEP_IMAGE)) {
        d->image = p->plan->domains[parent].image;
    } else {
        d->image = add_image(p, s->program);
    }
    d->heap = PLAN_NONE;
    if (parent != SPEC_NONE && keeps(p, SPEC_KEEP_HEAP)) {
        d->heap = p->plan->domains[parent].heap;
    }
    if (d->heap == PLAN_NONE) {
        d->heap = add_heap(p, s->heap_pages);
    }
    d->stack = p->plan->range_count;
    add_range(p, PLAN_STACK, s->stack_pages);
    if (windowed) {
        p->granule = (p->granule + WINDOW_GRANULES - 1) / WINDOW_GRANULES *
                     WINDOW_GRANULES;
    }
}

/* Owner of a table: the parent's, itself, or nobody. */
static uint32_t owner(uint8_t degree, uint32_t parents, uint32_t self)
{
    if (degree == PD_SAME) {
        return parents;
    }
    return degree == PD_NONE ? PLAN_NONE : self;
}

/* Owner of a quota or pool: what has none is built on the parent's. */
static uint32_t payer(uint8_t degree, uint32_t parents, uint32_t self)
{
    return degree == PD_SAME || degree == PD_NONE ? parents : self;
}

static void set_owners(struct planner *p, struct plan_domain *d)
{
    const struct spec_domain *s = &p->spec->domains[p->domain];
    const struct plan_domain *up =
        s->parent == SPEC_NONE ? 0 : &p->plan->domains[s->parent];

    d->caps = owner(s->degree[PD_CAPS], up ? up->caps : PLAN_NONE, p->domain);
    d->files =
        owner(s->degree[PD_FILES], up ? up->files : PLAN_NONE, p->domain);
    d->quota =
        payer(s->degree[PD_QUOTA], up ? up->quota : PLAN_NONE, p->domain);
    d->pool = payer(s->degree[PD_POOL], up ? up->pool : PLAN_NONE, p->domain);
    d->handler = owner(s->degree[PD_HANDLER], up ? up->handler : PLAN_NONE,
                       s->parent); /* new: the parent, or nobody */
    if (s->degree[PD_SPACE] == PD_SAME) {
        d->root = up->root;
        return;
    }
    d->root = p->plan->root_count++;
    p->plan->roots[d->root].first = p->domain;
}

static void add_gibibytes(struct plan_root *root, const struct plan_range *r)
{
    uint64_t g = r->base >> GIBIBYTE_SHIFT;
    uint64_t end = r->base + ((uint64_t)r->granules << ABI_GRANULE_SHIFT);

    for (; g << GIBIBYTE_SHIFT < end; g++) {
        uint64_t *word = &root->gibibytes[g / 64];

        root->directories += (*word >> g % 64 & 1) == 0;
        *word |= 1ull << g % 64;
    }
}

static inline void attach(struct planner *p, uint32_t root, uint32_t range,
                          uint32_t rights)
{
    uint8_t *slot = &p->plan->attached[root][range];

    if (*slot == 0 && rights != 0) {
        add_gibibytes(&p->plan->roots[root], &p->plan->ranges[range]);
        p->plan->ranges[range].roots |= 1ull << root;
    }
    *slot |= (uint8_t)rights;
}

/* What the domain itself brings to its space. */
static void attach_own(struct planner *p)
{
    const struct spec_domain *s = &p->spec->domains[p->domain];
    const struct plan_domain *d = &p->plan->domains[p->domain];
    const struct spec_hold *hold = &p->spec->holds[s->first_hold];

    for (uint32_t r = d->own; r <= d->stack; r++) {
        attach(p, d->root, r, p->plan->ranges[r].rights);
        for (uint32_t i = 0; !GUARD_ACT(OWN_VIEWS) && i < p->plan->root_count;
             i++) {
            attach(p, i, r, p->plan->ranges[r].rights);
        }
    }
    for (uint32_t i = 0; i < s->hold_count; i++, hold++) {
        if (hold->type == CAP_RANGE) {
            attach(p, d->root, hold->object, hold->rights & RIGHTS_PAGE);
        }
    }
}

/* A list selects by plan->kept; keep_all takes whatever is no stack. */
static void mark_kept(struct planner *p, uint8_t mark)
{
    const struct spec_domain *s = &p->spec->domains[p->domain];
    const struct plan_domain *parent = &p->plan->domains[s->parent];
    const struct spec_keep *k = &p->spec->keeps[s->first_keep];

    for (uint32_t i = 0; i < s->keep_count; i++, k++) {
        uint32_t range = k->range;

        if (k->what != SPEC_KEEP_RANGE) {
            range = k->what == SPEC_KEEP_IMAGE ? parent->image : parent->heap;
        }
        p->plan->kept[range] = mark;
    }
}

static void inherit(struct planner *p, uint32_t range, uint32_t rights)
{
    bool all = p->spec->domains[p->domain].keep_all != 0;

    if (all ? GUARD(STACK_VIEWS, p->plan->ranges[range].kind != PLAN_STACK)
            : GUARD(KEPT_VIEWS, p->plan->kept[range] != 0)) {
        attach(p, p->plan->domains[p->domain].root, range,
               rights & RIGHTS_PAGE);
    }
}

/* What one domain above, in the parent's space, brought there. */
static void inherit_from(struct planner *p, uint32_t above)
{
    const struct spec_domain *s = &p->spec->domains[above];
    const struct plan_domain *d = &p->plan->domains[above];
    const struct spec_hold *hold = &p->spec->holds[s->first_hold];

    if (d->heap != PLAN_NONE) {
        inherit(p, d->heap, RIGHTS_RW);
    }
    inherit(p, d->image, p->plan->ranges[d->image].rights);
    for (uint32_t i = 0; i < s->hold_count; i++, hold++) {
        if (hold->type == CAP_RANGE) {
            inherit(p, hold->object, hold->rights);
        }
    }
}

/*
 * The part of the parent's view: what the parent brought to its space, and
 * what the domains above it in the same space did, down from the first, whose
 * root at this time holds just that and what it got from above itself.
 */
static void attach_part(struct planner *p)
{
    const struct spec_domain *s = &p->spec->domains[p->domain];
    uint32_t root = p->plan->domains[s->parent].root;
    const uint8_t *row = p->plan->attached[root];
    uint32_t above = s->parent;

    if (!s->keep_all) {
        if (!GUARD(KEPT_VIEWS, s->keep_count != 0)) {
            return;
        }
        mark_kept(p, 1);
    }
    /* Nothing of later domains is in the parent's root yet. */
    for (uint32_t r = 0; r < p->plan->domains[p->domain].own; r++) {
        if (row[r] != 0) {
            inherit(p, r, row[r]);
        }
    }
    while (above != p->plan->roots[root].first) {
        inherit_from(p, above);
        above = p->spec->domains[above].parent;
    }
    if (!s->keep_all) {
        mark_kept(p, 0);
    }
}

enum status plan_make(const struct spec *spec, struct plan *plan)
{
    struct planner p = {spec, plan, ABI_USER_BASE >> ABI_GRANULE_SHIFT, 0};
    uint32_t count = spec->header->domains.count;

    add_named(&p);
    for (p.domain = 0; p.domain < count; p.domain++) {
        set_owners(&p, &plan->domains[p.domain]);
        lay_out(&p, &plan->domains[p.domain]);
    }
    if (p.granule > ABI_RUNTIME_BASE >> ABI_GRANULE_SHIFT) {
        return STATUS_OUT_OF_RANGE;
    }
    for (p.domain = 0; p.domain < count; p.domain++) {
        uint8_t degree = spec->domains[p.domain].degree[PD_SPACE];

        if (degree == PD_PART) {
            attach_part(&p);
        }
        if (degree != PD_SAME) {
            attach_own(&p);
        }
    }
    for (p.domain = 0; p.domain < count; p.domain++) {
        if (spec->domains[p.domain].degree[PD_SPACE] == PD_SAME) {
            attach_own(&p);
        }
    }
    return STATUS_OK;
}
