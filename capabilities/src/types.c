/* SPDX-License-Identifier: Apache-2.0 */
/* What each resource type is called, and which rights it knows. */
#include <capabilities/cap.h>

uint8_t cap_type_rights(enum cap_type type)
{
    /* Table 1 of the model, completed: one row a type. */
    static const uint8_t rights[CAP_TYPE_COUNT] = {
        [CAP_FRAME] = CAP_ALL,
        [CAP_RANGE] = CAP_ALL,
        [CAP_SPACE] = CAP_READ | CAP_WRITE | CAP_USE,
        [CAP_QUOTA] = CAP_READ | CAP_USE,
        [CAP_POOL] = CAP_READ | CAP_USE,
        [CAP_CPU] = CAP_READ | CAP_WRITE,
        [CAP_TIME] = CAP_READ | CAP_WRITE | CAP_USE,
        [CAP_FILE] = CAP_ALL,
        [CAP_DIRECTORY] = CAP_ALL,
        [CAP_ENDPOINT] = CAP_WRITE | CAP_USE,
        [CAP_NOTIFICATION] = CAP_WRITE | CAP_USE,
        [CAP_CHANNEL] = CAP_WRITE | CAP_USE,
        [CAP_GATE] = CAP_WRITE | CAP_USE,
        [CAP_HANDLER] = CAP_READ | CAP_WRITE | CAP_USE,
        [CAP_DOMAIN] = CAP_READ | CAP_WRITE | CAP_USE,
        [CAP_ATTACHMENT] = CAP_ALL,
        [CAP_COMPOSITE] = CAP_ALL,
    };

    return (uint32_t)type < CAP_TYPE_COUNT ? rights[type] : 0;
}

const char *cap_type_name(enum cap_type type)
{
#define CAP_TYPE_NAME(name, text) text,
    static const char *const names[CAP_TYPE_COUNT] = {
        CAP_TYPE_LIST(CAP_TYPE_NAME)};
#undef CAP_TYPE_NAME

    return (uint32_t)type < CAP_TYPE_COUNT ? names[type] : "unknown";
}
