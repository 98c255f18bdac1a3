/* SPDX-License-Identifier: Apache-2.0 */
/* Scalars by themselves: numbers, sizes, words, rights. */
#include "values.h"
#include "reader.h"

#include <capabilities/cap.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct size_text size_text(uint64_t bytes)
{
    struct size_text out;
    const char *unit = "KiB";
    uint64_t count = bytes >> 10;

    if (bytes != 0 && bytes % (1u << 30) == 0) {
        unit = "GiB";
        count = bytes >> 30;
    } else if (bytes != 0 && bytes % (1u << 20) == 0) {
        unit = "MiB";
        count = bytes >> 20;
    }
    snprintf(out.text, sizeof out.text, "%llu%s", (unsigned long long)count,
             unit);
    return out;
}

/* Decimal digits without leading zeros; how many, or 0. */
static size_t digits(const char *text)
{
    size_t count = strspn(text, "0123456789");

    return count > 1 && text[0] == '0' ? 0 : count;
}

static bool in_bounds(const struct type *type, bool negative, uint64_t value)
{
    if (negative) {
        return type->min < 0 && value <= (uint64_t)-type->min;
    }
    return value <= type->max &&
           (type->min <= 0 || value >= (uint64_t)type->min);
}

static void refuse_integer(struct reader *reader, const struct type *type,
                           struct node *node)
{
    const char *why = type->why ? type->why : "";
    const char *colon = type->why ? ": " : "";

    if (type->min == (int64_t)type->max) {
        report_node(reader, node, "%s must be %lld, not %.24s%s%s",
                    node_path(node).text, (long long)type->min, node->text,
                    colon, why);
        return;
    }
    report_node(reader, node, "%s must be from %lld to %llu, not %.24s%s%s",
                node_path(node).text, (long long)type->min,
                (unsigned long long)type->max, node->text, colon, why);
}

static void check_integer(struct reader *reader, const struct type *type,
                          struct node *node)
{
    bool negative = node->text[0] == '-';
    const char *number = node->text + negative;
    size_t count = digits(number);
    unsigned long long value;

    if (count == 0 || number[count] || node->quoted) {
        refuse_value(reader, type, node,
                     count && !number[count] ? ": numbers have no quotes" : "");
        return;
    }
    errno = 0;
    value = strtoull(number, NULL, 10);
    if (errno || !in_bounds(type, negative, value)) {
        refuse_integer(reader, type, node);
        return;
    }
    node->number = negative ? 0 - (uint64_t)value : value;
}

/* Shift of a unit, or 0. */
static unsigned unit_shift(const char *unit)
{
    static const char *const units[] = {"KiB", "MiB", "GiB"};

    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(unit, units[i]) == 0) {
            return (i + 1) * 10;
        }
    }
    return 0;
}

/* A number alone: of bytes, when it is many. */
static void refuse_bare(struct reader *reader, struct node *node)
{
    unsigned long long bytes = strtoull(node->text, NULL, 10);

    if (bytes >= 4096 && bytes % 4096 == 0 && bytes < 1ull << 40) {
        report_node(reader, node,
                    "size '%s' has no unit KiB, MiB or GiB (%s bytes are %s)",
                    node->text, node->text, size_text(bytes).text);
        return;
    }
    report_node(reader, node,
                "size '%.20s' has no unit: write %.20sKiB, %.20sMiB or "
                "%.20sGiB",
                node->text, node->text, node->text, node->text);
}

static void refuse_unit(struct reader *reader, struct node *node, size_t count)
{
    static const char *const units[] = {"KiB", "MiB", "GiB"};
    const char *unit = node->text + count;
    const char *letters = "kmg";
    const char *place;
    char hint[64] = "";

    if (*unit == '.' || *unit == ',') {
        report_node(reader, node,
                    "size %s is not a whole number of KiB, MiB or GiB",
                    words_quote(node->text).text);
        return;
    }
    place = strchr(letters, tolower((unsigned char)*unit));
    if (place && *place && count < 20) {
        snprintf(hint, sizeof hint, " (did you mean '%.*s%s'?)", (int)count,
                 node->text, units[place - letters]);
    }
    report_node(reader, node, "size %s has no unit KiB, MiB or GiB%s",
                words_quote(node->text).text, hint);
}

static void refuse_multiple(struct reader *reader, const struct type *type,
                            struct node *node, uint64_t bytes)
{
    uint64_t below = bytes / type->multiple * type->multiple;
    uint64_t above = below + type->multiple;

    if (below < (uint64_t)type->min || below == 0) {
        below = above;
    }
    if (above > type->max) {
        above = below;
    }
    report_node(reader, node,
                "size '%s' is no multiple of %s (nearest: %s%s%s)", node->text,
                size_text(type->multiple).text, size_text(below).text,
                above != below ? ", " : "",
                above != below ? size_text(above).text : "");
}

static void check_size_limits(struct reader *reader, const struct type *type,
                              struct node *node, uint64_t bytes)
{
    if (bytes < (uint64_t)type->min) {
        report_node(reader, node, "size '%s' is too small for %s: at least %s",
                    node->text, node_path(node).text,
                    size_text((uint64_t)type->min).text);
    } else if (bytes > type->max) {
        report_node(reader, node, "size '%s' is too large for %s: at most %s",
                    node->text, node_path(node).text,
                    size_text(type->max).text);
    } else if (bytes % type->multiple != 0) {
        refuse_multiple(reader, type, node, bytes);
    } else {
        node->number = bytes;
    }
}

static void check_size(struct reader *reader, const struct type *type,
                       struct node *node)
{
    size_t count = digits(node->text);
    unsigned shift;
    uint64_t value;

    if (count == 0) {
        refuse_value(reader, type, node, "");
        return;
    }
    shift = unit_shift(node->text + count);
    if (!node->text[count]) {
        refuse_bare(reader, node);
        return;
    }
    if (shift == 0) {
        refuse_unit(reader, node, count);
        return;
    }
    errno = 0;
    value = strtoull(node->text, NULL, 10);
    if (errno || value > UINT64_MAX >> shift) {
        report_node(reader, node, "size %s is too large for %s: at most %s",
                    words_quote(node->text).text, node_path(node).text,
                    size_text(type->max).text);
        return;
    }
    check_size_limits(reader, type, node, value << shift);
}

static void check_word(struct reader *reader, const struct type *type,
                       struct node *node)
{
    struct guess guess = guess_start(node->text);

    for (uint64_t i = 0; type->words[i]; i++) {
        if (strcmp(node->text, type->words[i]) == 0) {
            node->number = i;
            return;
        }
        guess_offer(&guess, type->words[i]);
    }
    refuse_value(reader, type, node, guess.best ? guess_hint(&guess).text : "");
}

/* Why a class cannot be had to some degree. */
static const char *class_reason(enum pd_class class)
{
    switch (class) {
    case PD_CPU:
        return "two domains on one set of registers would be one domain";
    case PD_SPACE:
        return "a domain without a space has nowhere to run";
    case PD_POOL:
        return "a part of an allocator is a limit on it, which is quota: part";
    case PD_HANDLER:
        return "a fault is not handled in part";
    default:
        return "it makes no sense";
    }
}

static void check_degree(struct reader *reader, const struct type *type,
                         struct node *node)
{
    enum pd_class class = (enum pd_class)type->min;
    struct guess guess = guess_start(node->text);
    bool known = false;

    for (uint32_t i = 0; i < PD_DEGREE_COUNT; i++) {
        const char *name = pd_degree_name(i);
        bool same = strcmp(node->text, name) == 0;

        if (same && (pd_class_degrees(class) >> i & 1) != 0) {
            node->number = i;
            return;
        }
        known = known || same;
        if ((pd_class_degrees(class) >> i & 1) != 0) {
            guess_offer(&guess, name);
        }
    }
    if (known) {
        report_node(reader, node, "%s cannot be '%s': %s (it can be: %s)",
                    pd_class_name(class), node->text, class_reason(class),
                    guess.known.text);
        return;
    }
    report_node(reader, node, "unknown degree %s for %s%s",
                words_quote(node->text).text, node_path(node).text,
                guess_hint(&guess).text);
}

/* Letters of `order` in that order, each at most once; 0: they are not. */
static uint64_t letter_mask(const char *text, const char *order)
{
    uint64_t mask = 0;
    const char *at = order;

    for (; *text; text++) {
        const char *place = strchr(at, *text);

        if (!place) {
            return 0;
        }
        mask |= 1ull << (place - order);
        at = place + 1;
    }
    return mask;
}

static void refuse_letters(struct reader *reader, const struct type *type,
                           struct node *node, const char *order)
{
    char sorted[8] = "";
    size_t used = 0;

    if (!*node->text || strspn(node->text, order) != strlen(node->text)) {
        refuse_value(reader, type, node, "");
        return;
    }
    for (const char *at = order; *at; at++) {
        if (strchr(node->text, *at)) {
            sorted[used++] = *at;
        }
    }
    report_node(reader, node, "letters %s are not in the order %s: write '%s'",
                words_quote(node->text).text, order, sorted);
}

static void check_rights(struct reader *reader, const struct type *type,
                         struct node *node)
{
    if (strcmp(node->text, "call") == 0 || strcmp(node->text, "signal") == 0) {
        node->number = CAP_WRITE;
        return;
    }
    if (strcmp(node->text, "serve") == 0 ||
        strcmp(node->text, "receive") == 0) {
        node->number = CAP_USE;
        return;
    }
    node->number = letter_mask(node->text, "rwxu");
    if (node->number == 0) {
        refuse_letters(reader, type, node, "rwxu");
    }
}

static void check_access(struct reader *reader, const struct type *type,
                         struct node *node)
{
    node->number = letter_mask(node->text, "rwx");
    if (node->number == 0) {
        refuse_letters(reader, type, node, "rwx");
    }
}

void check_value(struct reader *reader, const struct type *type,
                 struct node *node)
{
    switch (type->kind) {
    case TYPE_INTEGER:
        check_integer(reader, type, node);
        break;
    case TYPE_SIZE:
        check_size(reader, type, node);
        break;
    case TYPE_WORD:
        check_word(reader, type, node);
        break;
    case TYPE_DEGREE:
        check_degree(reader, type, node);
        break;
    case TYPE_CODE:
        check_code(reader, type, node);
        break;
    case TYPE_DURATION:
        check_duration(reader, type, node);
        break;
    case TYPE_FRACTION:
        check_fraction(reader, type, node);
        break;
    case TYPE_RIGHTS:
        check_rights(reader, type, node);
        break;
    case TYPE_ACCESS:
        check_access(reader, type, node);
        break;
    case TYPE_TEXT:
        break;
    default:
        check_text(reader, type, node);
        break;
    }
}
