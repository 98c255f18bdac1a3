/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds_table.h"

#define ROWS (sizeof rows / sizeof rows[0])
#define DEGREES(same, part, new, none)                                         \
    (uint8_t)((same) << PD_SAME | (part) << PD_PART | (new) << PD_NEW |        \
              (none) << PD_NONE)

/* Classes in the order of PD_CLASS_LIST: files cpu space pool quota caps
 * handler. */
static const struct pd_kind rows[] = {
    {"thread", {PD_SAME, PD_NEW, PD_SAME, PD_SAME, PD_SAME, PD_SAME, PD_SAME}},
    {"tis", {PD_SAME, PD_NEW, PD_PART, PD_SAME, PD_SAME, PD_SAME, PD_SAME}},
    {"tif", {PD_NEW, PD_NEW, PD_SAME, PD_SAME, PD_SAME, PD_SAME, PD_SAME}},
    {"process", {PD_SAME, PD_NEW, PD_NEW, PD_SAME, PD_NEW, PD_NEW, PD_NEW}},
    {"pir", {PD_SAME, PD_NEW, PD_NEW, PD_NEW, PD_NEW, PD_NEW, PD_NEW}},
};

static const char *const class_names[PD_CLASS_COUNT] = {
#define CLASS_NAME(name, text) text,
    PD_CLASS_LIST(CLASS_NAME)
#undef CLASS_NAME
};

static const char *const degree_names[PD_DEGREE_COUNT] = {"same", "part", "new",
                                                          "none"};

const uint8_t kinds__degrees[PD_CLASS_COUNT] = {
    [PD_FILES] = DEGREES(1, 1, 1, 1),   [PD_CPU] = DEGREES(0, 0, 1, 0),
    [PD_SPACE] = DEGREES(1, 1, 1, 0),   [PD_POOL] = DEGREES(1, 0, 1, 1),
    [PD_QUOTA] = DEGREES(1, 1, 1, 1),   [PD_CAPS] = DEGREES(1, 1, 1, 1),
    [PD_HANDLER] = DEGREES(1, 0, 1, 1),
};

const char *pd_class_name(enum pd_class c)
{
    return (uint32_t)c < PD_CLASS_COUNT ? class_names[c] : "?";
}

const char *pd_degree_name(enum pd_degree d)
{
    return (uint32_t)d < PD_DEGREE_COUNT ? degree_names[d] : "?";
}

uint8_t pd_class_degrees(enum pd_class c)
{
    return (uint32_t)c < PD_CLASS_COUNT ? kinds__degrees[c] : 0;
}

const struct pd_kind *pd_kind_builtin(uint32_t index)
{
    return index < ROWS ? &rows[index] : 0;
}
