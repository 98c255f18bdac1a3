/* SPDX-License-Identifier: Apache-2.0 */
/* A domain's own values: program, sizes, what it holds and is expected of. */
#include "reader.h"

#include <abi/shared.h>
#include <capabilities/cap.h>
#include <string.h>

static struct marked text_or(const struct reader *reader,
                             const struct node *node, const char *standard)
{
    struct marked marked = {standard, {reader->path, 0, 0}};

    return node && node->kind == NODE_SCALAR ? node_marked(node) : marked;
}

static uint64_t number_or(const struct node *node, uint64_t standard)
{
    return node && node->kind == NODE_SCALAR ? node->number : standard;
}

static void read_args(struct reader *reader, struct config_domain *domain,
                      struct node *list)
{
    size_t bytes = 0;
    struct marked *arg;

    if (!list || list->kind != NODE_LIST) {
        return;
    }
    arg = arena_array(reader->arena, list->count, sizeof *arg);
    domain->args = arg;
    domain->arg_count = list->count;
    for (const struct node *node = list->first; node; node = node->next) {
        *arg = text_or(reader, node, "");
        bytes += strlen(arg->text) + 1;
        arg++;
    }
    if (bytes > SPEC_ARGS_BYTES_MAX) {
        report_node(reader, list,
                    "args of '%s' take %zu bytes: at most %u are possible",
                    domain->name.text, bytes, SPEC_ARGS_BYTES_MAX);
    }
}

/* Tables are made of whole pages of slots. */
static uint32_t whole_chunks(uint64_t slots)
{
    return (uint32_t)((slots + CAP_CHUNK_SLOTS - 1) / CAP_CHUNK_SLOTS *
                      CAP_CHUNK_SLOTS);
}

static void read_slots(struct config_domain *domain, const struct node *slots)
{
    uint64_t caps = CONFIG_SLOTS_DEFAULT, files = CONFIG_FILES_SLOTS_DEFAULT;

    if (slots && slots->kind == NODE_SCALAR) {
        caps = slots->number;
    } else if (slots) {
        caps = number_or(node_good(slots, "caps"), caps);
        files = number_or(node_good(slots, "files"), files);
    }
    domain->caps_slots = whole_chunks(caps);
    domain->files_slots = whole_chunks(files);
}

/* 1 + index of the time of that name; 0: none is named. */
static uint32_t find_time(struct reader *reader, struct node *node)
{
    const struct config *config = reader->config;
    struct guess guess;

    if (!node) {
        return 0;
    }
    guess = guess_start(node->text);
    for (uint32_t i = 0; i < config->time_count; i++) {
        guess_offer(&guess, config->times[i].name.text);
        if (strcmp(config->times[i].name.text, node->text) == 0) {
            return i + 1;
        }
    }
    report_node(reader, node, "unknown time '%s' in %s%s", node->text,
                node_path(node).text, guess_hint(&guess).text);
    return 0;
}

void read_domain(struct reader *reader, uint32_t index)
{
    struct config_domain *domain = &reader->config->domains[index];
    const struct node *node = reader->domain_nodes[index];
    const struct node *parent = node_get(node, "parent");

    domain->program = text_or(reader, node_good(node, "program"), NULL);
    if (!domain->program.text && domain->parent != SPEC_NONE) {
        domain->program = reader->config->domains[domain->parent].program;
    }
    domain->entry = text_or(reader, node_good(node, "entry"), "main");
    read_args(reader, domain, node_good(node, "args"));
    domain->on_fault =
        (uint32_t)number_or(node_good(node, "on_fault"), SPEC_FAULT_STOP);
    domain->start =
        (uint32_t)number_or(node_good(node, "start"), SPEC_START_BOOT);
    domain->time = find_time(reader, node_good(node, "time"));
    domain->stack_bytes =
        number_or(node_good(node, "stack"), CONFIG_STACK_DEFAULT);
    domain->heap_bytes =
        number_or(node_good(node, "heap"), CONFIG_HEAP_DEFAULT);
    read_slots(domain, node_good(node, "slots"));
    if (node->kind != NODE_MAP || (parent && domain->parent == SPEC_NONE)) {
        reader->broken[index] = true; /* reported already */
    }
}

static void read_fault(struct reader *reader, const struct node *node,
                       struct config_fault *fault)
{
    const struct node *access = node_good(node, "access");
    struct node *to = node_good(node, "to");

    fault->mark = node->mark;
    fault->access = ACCESS_NONE;
    if (access) {
        fault->access = ACCESS_READ + (uint32_t)access->number;
    }
    fault->to.mark.file = reader->path;
    if (to && check_place(reader, to)) {
        fault->to = node_marked(to);
    }
}

void read_expect(struct reader *reader, uint32_t index)
{
    struct config_expect *expect = &reader->config->domains[index].expect;
    const struct node *node = node_good(reader->domain_nodes[index], "expect");
    const struct node *end = node_good(node, "exit");
    const struct node *faults = node_good(node, "faults");
    struct config_fault *fault;

    if (!node) {
        return;
    }
    expect->given = true;
    expect->mark = node->mark;
    expect->output = text_or(reader, node_good(node, "output"), NULL);
    if (end && end->type->kind == TYPE_WORD) {
        expect->fault_outcome = true;
    } else if (end) {
        expect->exit_given = true;
        expect->exit = (int32_t)end->number;
    }
    if (!faults || faults->kind != NODE_LIST) {
        return;
    }
    fault = arena_array(reader->arena, faults->count, sizeof *fault);
    expect->faults = fault;
    expect->fault_count = faults->count;
    for (const struct node *at = faults->first; at; at = at->next) {
        read_fault(reader, at, fault++);
    }
}
