/* SPDX-License-Identifier: Apache-2.0 */
/* The packed spec as the kernel will see it: the same function judges it. */
#include "parts.h"

#include <stdlib.h>

static int say_bug(struct failure *failure, const char *what)
{
    failure_set(failure, EXIT_HOST,
                "the packed spec is malformed: %s (a bug in ambit)", what);
    failure_remedy(failure, "report it together with the config");
    return -1;
}

/* Where the thing was written that a domain's error is about. */
static struct mark domain_mark(const struct making *making,
                               const struct spec_error *error)
{
    const struct config_domain *domain =
        &making->config->domains[error->domain];
    const struct spec_domain *spec = &making->draft->domains[error->domain];
    const struct config_degree *degree;

    if (error->pd_class >= PD_CLASS_COUNT) {
        uint32_t hold = error->item - spec->first_hold;

        return error->item != SPEC_NONE && hold < domain->hold_count
                   ? image__mark(domain->holds[hold].name.mark,
                                 domain->holds[hold].object.mark)
                   : domain->name.mark;
    }
    degree = &domain->classes[error->pd_class];
    if (error->pd_class == PD_SPACE && error->item != SPEC_NONE &&
        error->item - spec->first_keep < degree->keep_count) {
        return image__mark(
            degree->keeps[error->item - spec->first_keep].name.mark,
            degree->mark);
    }
    return image__mark(degree->mark, domain->name.mark);
}

static int say_error(struct making *making, const struct spec_error *error)
{
    const struct config *config = making->config;
    struct mark mark = config->memory_mark.mark;

    if (error->status == STATUS_MALFORMED) {
        return say_bug(making->failure, error->what);
    }
    if (error->domain < config->domain_count) {
        mark = image__mark(domain_mark(making, error),
                           config->domains[error->domain].name.mark);
        diagnostics_add(making->diagnostics, mark, "domain '%s': %s",
                        config->domains[error->domain].name.text, error->what);
        return -1;
    }
    if (error->item < config->range_count) {
        mark = config->ranges[error->item].name.mark;
    }
    diagnostics_add(making->diagnostics, mark, "%s", error->what);
    return -1;
}

int image__validate(struct making *making)
{
    struct image *image = making->image;
    struct spec_error error;

    if (spec_validate(image->module + ABI_PAGE_SIZE, making->spec_bytes,
                      &image->spec, &error) != STATUS_OK) {
        return say_error(making, &error);
    }
    image->plan = calloc(1, sizeof(*image->plan));
    if (image->plan == NULL) {
        return image__no_memory(making->failure);
    }
    if (plan_make(&image->spec, image->plan) != STATUS_OK) {
        diagnostics_add(making->diagnostics, making->config->memory_mark.mark,
                        "the domains' images, heaps, stacks and ranges need "
                        "more addresses than there are (511 GiB): make heaps "
                        "and ranges smaller");
        return -1;
    }
    return 0;
}
