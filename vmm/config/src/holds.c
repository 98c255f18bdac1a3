/* SPDX-License-Identifier: Apache-2.0 */
/* Initial capabilities: which object, and do the rights suit it? */
#include "reader.h"

#include <capabilities/cap.h>
#include <string.h>

/* The object's type and index; type CAP_NONE: there is none of that name. */
static void find_object(const struct config *config, const char *name,
                        struct config_hold *hold, struct guess *guess)
{
    for (uint32_t i = 0; i < config->range_count; i++) {
        guess_offer(guess, config->ranges[i].name.text);
        if (strcmp(config->ranges[i].name.text, name) == 0) {
            hold->type = CAP_RANGE;
            hold->index = i;
            return;
        }
    }
    for (uint32_t i = 0; i < config->endpoint_count; i++) {
        guess_offer(guess, config->endpoints[i].text);
        if (strcmp(config->endpoints[i].text, name) == 0) {
            hold->type = i < config->first_notification ? CAP_ENDPOINT
                                                        : CAP_NOTIFICATION;
            hold->index = i;
            return;
        }
    }
    for (uint32_t i = 0; i < config->time_count; i++) {
        guess_offer(guess, config->times[i].name.text);
        if (strcmp(config->times[i].name.text, name) == 0) {
            hold->type = CAP_TIME;
            hold->index = i;
            return;
        }
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        guess_offer(guess, config->domains[i].name.text);
        if (strcmp(config->domains[i].name.text, name) == 0) {
            hold->type = CAP_DOMAIN;
            hold->index = i;
            return;
        }
    }
}

static bool descends(const struct config *config, uint32_t domain,
                     uint32_t ancestor)
{
    while (domain != SPEC_NONE && domain > ancestor) {
        domain = config->domains[domain].parent;
    }
    return domain == ancestor;
}

static bool is_call_word(const char *text)
{
    return strcmp(text, "call") == 0 || strcmp(text, "serve") == 0;
}

static bool is_signal_word(const char *text)
{
    return strcmp(text, "signal") == 0 || strcmp(text, "receive") == 0;
}

static bool is_crossing_word(const char *text)
{
    return is_call_word(text) || is_signal_word(text);
}

static const char *wrong_range_rights(const struct config_hold *hold,
                                      const char *text)
{
    if (is_crossing_word(text)) {
        return "a range is held with letters of rwu";
    }
    if ((hold->rights & CAP_EXEC) != 0) {
        return "only pages of programs are executable";
    }
    if ((hold->rights & (CAP_READ | CAP_WRITE)) == CAP_WRITE) {
        return "page tables know no page that is written but not read: write "
               "'rw'";
    }
    return NULL;
}

static const char *wrong_rights(const struct config_hold *hold,
                                const char *text)
{
    if (hold->type == CAP_RANGE) {
        return wrong_range_rights(hold, text);
    }
    if (hold->type == CAP_TIME) {
        return is_crossing_word(text) || (hold->rights & CAP_EXEC) != 0
                   ? "a time is held with r (query), w (change), u (bind)"
                   : NULL;
    }
    if (hold->type == CAP_DOMAIN && is_crossing_word(text)) {
        return "a domain is held with r (inspect), w (stop, restart), u "
               "(spawn into)";
    }
    if ((hold->rights & ~(uint32_t)cap_type_rights(hold->type)) == 0 &&
        !(hold->type == CAP_ENDPOINT && is_signal_word(text)) &&
        !(hold->type == CAP_NOTIFICATION && is_call_word(text))) {
        return NULL;
    }
    if (hold->type == CAP_NOTIFICATION) {
        return "a notification is held with signal (w) or receive (u)";
    }
    return hold->type == CAP_ENDPOINT
               ? "an endpoint is held with call (w) or serve (u)"
               : "a domain is held with r (inspect), w (stop, restart), u "
                 "(spawn into)";
}

static void check_hold(struct reader *reader, uint32_t index,
                       struct config_hold *hold, struct node *object,
                       struct node *rights)
{
    const struct config *config = reader->config;
    struct guess guess = guess_start(object->text);
    const char *wrong;

    find_object(config, object->text, hold, &guess);
    if (hold->type == CAP_NONE) {
        report_node(reader, object,
                    "unknown object '%s' in %s: no range, endpoint, time or "
                    "domain has that name%s",
                    object->text, node_path(rights).text,
                    guess_hint(&guess).text);
        return;
    }
    if (hold->type == CAP_DOMAIN &&
        (hold->index == index || !descends(config, hold->index, index))) {
        report_node(reader, object,
                    "'%s' cannot hold domain '%s': a domain holds only its "
                    "descendants",
                    config->domains[index].name.text, object->text);
        return;
    }
    if (rights->bad) {
        return;
    }
    hold->rights = (uint32_t)rights->number;
    wrong = wrong_rights(hold, rights->text);
    if (wrong) {
        report_node(reader, rights, "rights '%s' do not suit %s '%s': %s",
                    rights->text, cap_type_name(hold->type), object->text,
                    wrong);
    }
}

/* Composition gives every domain capabilities of these names. */
static void check_local_name(struct reader *reader, struct node *name)
{
    static const char *const given[] = {"space", "pool",  "quota",
                                        "cpu",   "files", "handler",
                                        "heap",  "stack", "domain"};

    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        if (!name->bad && strcmp(name->text, given[i]) == 0) {
            report_node(reader, name,
                        "local name '%s' is what a domain calls its own: "
                        "choose another",
                        name->text);
        }
    }
}

static void read_hold(struct reader *reader, uint32_t index,
                      struct config_hold *hold, struct node *node)
{
    struct node *object = node->key, *rights = node;

    check_local_name(reader, node->key);
    hold->name = node_key_marked(node);
    if (node->kind == NODE_MAP) {
        rights = node->first;
        object = rights ? rights->key : NULL;
    }
    if (!object || rights->kind != NODE_SCALAR || object->bad) {
        return;
    }
    hold->object = node_marked(object);
    check_hold(reader, index, hold, object, rights);
}

void read_holds(struct reader *reader, uint32_t index)
{
    struct config_domain *domain = &reader->config->domains[index];
    const struct node *map = node_good(reader->domain_nodes[index], "holds");
    struct config_hold *hold;

    if (!map || map->kind != NODE_MAP) {
        return;
    }
    domain->hold_count = map->count;
    hold = arena_array(reader->arena, map->count, sizeof *hold);
    domain->holds = hold;
    for (struct node *node = map->first; node; node = node->next) {
        read_hold(reader, index, hold++, node);
    }
}
