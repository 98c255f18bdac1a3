/* SPDX-License-Identifier: Apache-2.0 */
/* What a child reaches of its parent, read off the plan. */
#include <domains/lattice.h>

#include <capabilities/cap.h>

/* A child and its parent, in spec and plan. */
struct pair {
    const struct plan *plan;
    const struct spec_domain *spec;
    const struct plan_domain *child, *parent;
};

static enum lattice_finding reach(const struct plan *plan, uint32_t root,
                                  uint32_t range)
{
    uint8_t rights = range == PLAN_NONE ? 0 : plan->attached[root][range];

    if ((rights & CAP_READ) == 0) {
        return LATTICE_IS_FAULT;
    }
    return (rights & CAP_WRITE) != 0 ? LATTICE_IS_RW : LATTICE_IS_READ;
}

/* Files or caps: whose table, and what of the parent's is in it. */
static enum lattice_finding table(uint32_t child, uint32_t parent,
                                  uint8_t degree)
{
    if (child == PLAN_NONE) {
        return LATTICE_IS_NONE;
    }
    if (child == parent) {
        return LATTICE_IS_SHARED;
    }
    return degree == PD_PART ? LATTICE_IS_COPY : LATTICE_IS_OWN;
}

/* The table holds what the parent has: its pool and its quota, too. */
static bool has_parents(enum lattice_finding caps)
{
    return caps == LATTICE_IS_SHARED || caps == LATTICE_IS_COPY;
}

/* Nothing is taken at run time by what has no pool, or no quota. */
static bool takes(const struct pair *p)
{
    return p->spec->degree[PD_POOL] != PD_NONE &&
           p->spec->degree[PD_QUOTA] != PD_NONE;
}

/* The numbers of a pool or quota of the parent's move when it allocates. */
static enum lattice_finding allocator(const struct pair *p,
                                      enum lattice_finding caps)
{
    const uint8_t *degree = p->spec->degree;

    if (caps == LATTICE_IS_NONE) {
        return LATTICE_IS_NONE;
    }
    if (degree[PD_POOL] == PD_SAME || degree[PD_QUOTA] == PD_SAME ||
        has_parents(caps)) {
        return LATTICE_IS_SEEN;
    }
    return degree[PD_POOL] == PD_NONE && degree[PD_QUOTA] == PD_NONE
               ? LATTICE_IS_NONE
               : LATTICE_IS_HIDDEN;
}

static enum lattice_finding hunger(const struct pair *p,
                                   enum lattice_finding caps)
{
    static const uint8_t starved[PD_DEGREE_COUNT] = {
        [PD_SAME] = LATTICE_IS_BOTH,
        [PD_PART] = LATTICE_IS_CEILING,
        [PD_NEW] = LATTICE_IS_OWN,
        [PD_NONE] = LATTICE_IS_NONE,
    };

    return caps != LATTICE_IS_NONE && takes(p)
               ? starved[p->spec->degree[PD_QUOTA]]
               : LATTICE_IS_NONE;
}

/* A range is its owner's, whose quota pays. */
static enum lattice_finding growth(const struct pair *p,
                                   enum lattice_finding caps)
{
    if (caps == LATTICE_IS_NONE || p->child->heap == PLAN_NONE || !takes(p)) {
        return LATTICE_IS_NONE;
    }
    if (p->child->heap == p->parent->heap) {
        return LATTICE_IS_PARENT;
    }
    return p->spec->degree[PD_QUOTA] == PD_NEW ? LATTICE_IS_OWN
                                               : LATTICE_IS_PARENT;
}

static enum lattice_finding handled(const struct pair *p, uint32_t parent)
{
    if (p->child->handler == PLAN_NONE) {
        return LATTICE_IS_NOBODY;
    }
    return p->child->handler == parent ? LATTICE_IS_PARENT : LATTICE_IS_ABOVE;
}

void lattice_predict(const struct spec *spec, const struct plan *plan,
                     uint32_t child, uint8_t *predicted)
{
    const struct spec_domain *d = &spec->domains[child];
    const struct pair p = {plan, d, &plan->domains[child],
                           &plan->domains[d->parent]};
    enum lattice_finding caps =
        table(p.child->caps, p.parent->caps, d->degree[PD_CAPS]);

    predicted[LATTICE_HEAP] =
        (uint8_t)reach(plan, p.child->root, p.parent->heap);
    predicted[LATTICE_STACK] =
        (uint8_t)reach(plan, p.child->root, p.parent->stack);
    predicted[LATTICE_CHILD_STACK] =
        (uint8_t)reach(plan, p.parent->root, p.child->stack);
    predicted[LATTICE_FILES] =
        (uint8_t)table(p.child->files, p.parent->files, d->degree[PD_FILES]);
    predicted[LATTICE_CAPS] = (uint8_t)caps;
    predicted[LATTICE_POOL] = (uint8_t)allocator(&p, caps);
    predicted[LATTICE_QUOTA] = (uint8_t)hunger(&p, caps);
    predicted[LATTICE_GROWTH] = (uint8_t)growth(&p, caps);
    predicted[LATTICE_FAULTS] = (uint8_t)handled(&p, d->parent);
}
