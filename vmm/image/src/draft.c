/* SPDX-License-Identifier: Apache-2.0 */
/* From a config to the spec's tables; page numbers come later (module.c). */
#include "parts.h"

#include <capabilities/cap.h>
#include <string.h>

static uint32_t put(struct making *making, const char *text)
{
    return image__strings_put(&making->draft->strings, text ? text : "");
}

static uint32_t sum_holds(const struct config *config)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < config->domain_count; i++) {
        sum += config->domains[i].hold_count;
    }
    return sum;
}

static uint32_t sum_keeps(const struct config *config)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < config->domain_count; i++) {
        sum += config->domains[i].classes[PD_SPACE].keep_count;
    }
    return sum;
}

static uint32_t sum_segments(const struct image *image)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < image->program_count; i++) {
        sum += image->programs[i].segment_count;
    }
    return sum;
}

static int judge_counts(struct making *making)
{
    const struct config *config = making->config;
    const struct {
        const char *what;
        uint32_t count, most;
    } counts[] = {
        {"domains", config->domain_count, SPEC_MAX_DOMAINS},
        {"ranges", config->range_count, SPEC_MAX_RANGES},
        {"endpoints", config->endpoint_count, SPEC_MAX_ENDPOINTS},
        {"times", config->time_count, SPEC_MAX_TIMES},
        {"holds", sum_holds(config), SPEC_MAX_HOLDS},
        {"kept ranges", sum_keeps(config), SPEC_MAX_KEEPS},
        {"program segments", sum_segments(making->image), SPEC_MAX_SEGMENTS},
    };

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (counts[i].count > counts[i].most) {
            struct mark mark = {config->path, 0, 0};

            diagnostics_add(making->diagnostics, mark,
                            "%u %s are too many: at most %u", counts[i].count,
                            counts[i].what, counts[i].most);
            return -1;
        }
    }
    return 0;
}

static void draft_programs(struct making *making)
{
    struct draft *draft = making->draft;
    uint32_t segments = 0;

    for (uint32_t i = 0; i < making->image->program_count; i++) {
        const struct program *program = &making->image->programs[i];
        struct spec_program *to = &draft->programs[i];

        to->name = put(making, program->name);
        to->pages = program->pages;
        to->first_segment = segments;
        to->segment_count = program->segment_count;
        to->entry = program->entry;
        memcpy(&draft->segments[segments], program->segments,
               program->segment_count * sizeof(struct spec_segment));
        segments += program->segment_count;
    }
    draft->header.programs.count = making->image->program_count;
    draft->header.segments.count = segments;
}

static void draft_globals(struct making *making)
{
    const struct config *config = making->config;
    struct draft *draft = making->draft;

    for (uint32_t i = 0; i < config->range_count; i++) {
        draft->ranges[i].name = put(making, config->ranges[i].name.text);
        draft->ranges[i].pages =
            (uint32_t)image__pages(config->ranges[i].bytes);
    }
    for (uint32_t i = 0; i < config->endpoint_count; i++) {
        draft->endpoints[i].name = put(making, config->endpoints[i].text);
        draft->endpoints[i].notifies = i >= config->first_notification;
    }
    for (uint32_t i = 0; i < config->time_count; i++) {
        const struct config_time *time = &config->times[i];

        draft->times[i] =
            (struct spec_time){.name = put(making, time->name.text),
                               .priority = time->priority,
                               .budget = time->budget_ns,
                               .period = time->period_ns};
    }
    draft->header.times.count = config->time_count;
    draft->header.ranges.count = config->range_count;
    draft->header.endpoints.count = config->endpoint_count;
}

static void draft_trees(struct making *making)
{
    const struct trees *trees = &making->trees;
    struct draft *draft = making->draft;

    for (uint32_t i = 0; i < trees->count; i++) {
        draft->trees[i].name = put(making, trees->list[i].name);
        draft->trees[i].root = trees->list[i].root;
    }
    for (uint32_t i = 0; i < trees->node_count; i++) {
        const struct tree_node *node = &trees->nodes[i];
        struct spec_node *to = &draft->nodes[i];

        to->name = put(making, node->name);
        to->kind = node->directory ? SPEC_NODE_DIRECTORY : SPEC_NODE_FILE;
        to->first = node->first;
        to->count =
            node->directory ? node->count : (uint32_t)image__pages(node->bytes);
        to->bytes = node->bytes;
        to->program = node->program;
        to->entry = node->entry;
    }
    draft->header.trees.count = trees->count;
    draft->header.nodes.count = trees->node_count;
}

static void draft_holds(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    struct draft *draft = making->draft;
    struct spec_domain *to = &draft->domains[index];

    to->first_hold = draft->header.holds.count;
    to->hold_count = domain->hold_count;
    for (uint32_t i = 0; i < domain->hold_count; i++) {
        const struct config_hold *hold = &domain->holds[i];
        struct spec_hold *out = &draft->holds[to->first_hold + i];

        out->name =
            put(making, hold->name.text ? hold->name.text : hold->object.text);
        out->type = hold->type;
        out->object = hold->index;
        out->rights = hold->rights;
        out->badge = hold->type == CAP_ENDPOINT && !(hold->rights & CAP_USE)
                         ? index + 1
                         : 0;
    }
    draft->header.holds.count += domain->hold_count;
}

static void draft_keeps(struct making *making, uint32_t index)
{
    const struct config_degree *space =
        &making->config->domains[index].classes[PD_SPACE];
    struct draft *draft = making->draft;
    struct spec_domain *to = &draft->domains[index];

    to->keep_all = space->degree == PD_PART && !space->keep_given;
    to->first_keep = draft->header.keeps.count;
    to->keep_count = space->keep_count;
    for (uint32_t i = 0; i < space->keep_count; i++) {
        draft->keeps[to->first_keep + i].what = space->keeps[i].what;
        draft->keeps[to->first_keep + i].range = space->keeps[i].range;
    }
    draft->header.keeps.count += space->keep_count;
}

static void draft_sizes(const struct config_domain *domain,
                        struct spec_domain *to)
{
    to->stack_pages = (uint32_t)image__pages(domain->stack_bytes);
    to->heap_pages = (uint32_t)image__pages(domain->heap_bytes);
    to->quota_pages = (uint32_t)image__pages(domain->classes[PD_QUOTA].bytes);
    to->pool_pages = (uint32_t)image__pages(domain->classes[PD_POOL].bytes);
    to->caps_slots = domain->caps_slots;
    to->files_slots = domain->files_slots;
}

/* The parentless domain that stands first in the file. */
static bool takes_args(const struct config *config, uint32_t index)
{
    const struct config_domain *domain = &config->domains[index];

    if (domain->parent != SPEC_NONE) {
        return false;
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (config->domains[i].parent == SPEC_NONE &&
            config->domains[i].declared < domain->declared) {
            return false;
        }
    }
    return true;
}

static int draft_args(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    struct strings *strings = &making->draft->strings;
    struct spec_domain *to = &making->draft->domains[index];
    uint32_t start = strings->used;

    to->args = start;
    to->argc = domain->arg_count;
    for (uint32_t i = 0; i < domain->arg_count; i++) {
        image__strings_append(strings, domain->args[i].text);
    }
    if (takes_args(making->config, index) && making->argc > 0) {
        to->argc += (uint32_t)making->argc;
        for (int i = 0; i < making->argc; i++) {
            image__strings_append(strings, making->args[i]);
        }
    }
    to->args_bytes = strings->used - start;
    if (to->args_bytes > SPEC_ARGS_BYTES_MAX || strings->full) {
        diagnostics_add(making->diagnostics,
                        domain->arg_count ? domain->args[0].mark
                                          : domain->name.mark,
                        "the arguments of '%s' are longer than %u bytes: "
                        "shorten them",
                        domain->name.text, SPEC_ARGS_BYTES_MAX);
        return -1;
    }
    return 0;
}

static int draft_domain(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    struct spec_domain *to = &making->draft->domains[index];

    to->name = put(making, domain->name.text);
    to->kind = put(making, domain->kind_name.text);
    to->parent = domain->parent;
    to->program = making->program_of[index];
    to->entry = making->entry_of[index];
    for (uint32_t c = 0; c < PD_CLASS_COUNT; c++) {
        to->degree[c] = domain->classes[c].degree;
    }
    to->on_fault = (uint8_t)domain->on_fault;
    to->start = (uint8_t)domain->start;
    to->time = domain->time;
    to->tree = making->tree_of[index];
    to->files_dir = making->part_of[index] ? making->root_of[index] + 1 : 0;
    draft_sizes(domain, to);
    draft_keeps(making, index);
    draft_holds(making, index);
    return draft_args(making, index);
}

int image__draft(struct making *making)
{
    const struct config *config = making->config;
    struct draft *draft = making->draft;

    if (judge_counts(making) != 0) {
        return -1;
    }
    draft->header.magic = SPEC_MAGIC;
    draft->header.version = SPEC_VERSION;
    draft->header.seed = config->seed;
    draft->header.memory_pages = config->memory_bytes / ABI_PAGE_SIZE;
    draft_programs(making);
    draft_globals(making);
    draft_trees(making);
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (draft_domain(making, i) != 0) {
            return -1;
        }
    }
    draft->header.domains.count = config->domain_count;
    image__probes(making);
    if (draft->strings.full) {
        diagnostics_add(making->diagnostics, config->memory_mark.mark,
                        "the names of all files and other things are longer "
                        "than %u KiB together: pack fewer files",
                        SPEC_MAX_STRING_BYTES / 1024);
        return -1;
    }
    making->spec_bytes = image__draft_bytes(draft);
    return 0;
}
