/* SPDX-License-Identifier: Apache-2.0 */
/* Names to indices. */
#include "reader.h"

#include <string.h>

static bool is_domain(const struct config *config, uint32_t index,
                      const char *name, size_t bytes)
{
    const char *text = config->domains[index].name.text;

    return strncmp(text, name, bytes) == 0 && text[bytes] == '\0';
}

uint32_t find_domain(struct reader *reader, struct node *node)
{
    const struct config *config = reader->config;
    struct guess guess = guess_start(node->text);

    if (node->bad) { /* reported */
        return SPEC_NONE;
    }
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (strcmp(config->domains[i].name.text, node->text) == 0) {
            return i;
        }
        guess_offer(&guess, config->domains[i].name.text);
    }
    report_node(reader, node, "unknown domain '%s'%s", node->text,
                guess_hint(&guess).text);
    return SPEC_NONE;
}

static bool names_domain(const struct config *config, const char *name)
{
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (is_domain(config, i, name, strlen(name))) {
            return true;
        }
    }
    return false;
}

uint32_t find_range(struct reader *reader, struct node *node)
{
    const struct config *config = reader->config;
    struct guess guess = guess_start(node->text);

    for (uint32_t i = 0; i < config->range_count; i++) {
        if (strcmp(config->ranges[i].name.text, node->text) == 0) {
            return i;
        }
        guess_offer(&guess, config->ranges[i].name.text);
    }
    if (names_domain(config, node->text)) {
        report_node(reader, node,
                    "'%s' is a domain: its ranges are %s.image, %s.heap and "
                    "%s.stack",
                    node->text, node->text, node->text, node->text);
        return SPEC_NONE;
    }
    report_node(reader, node, "unknown range '%s'%s", node->text,
                guess_hint(&guess).text);
    return SPEC_NONE;
}

bool check_place(struct reader *reader, struct node *node)
{
    const struct config *config = reader->config;
    const char *dot = strchr(node->text, '.');
    struct guess guess = guess_start("");
    char name[SPEC_NAME_MAX + 1] = "";

    if (!dot) {
        return find_range(reader, node) != SPEC_NONE;
    }
    memcpy(name, node->text, (size_t)(dot - node->text));
    guess = guess_start(name);
    for (uint32_t i = 0; i < config->domain_count; i++) {
        if (is_domain(config, i, name, strlen(name))) {
            return true;
        }
        guess_offer(&guess, config->domains[i].name.text);
    }
    report_node(reader, node, "unknown domain '%s' in '%s'%s", name, node->text,
                guess_hint(&guess).text);
    return false;
}
