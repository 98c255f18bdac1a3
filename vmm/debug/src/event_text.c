/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <abi/status.h>
#include <abi/syscall.h>
#include <debug/event_text.h>
#include <debug/register_text.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define VECTOR_PAGE 14u

static const char *named(const char *const *names, size_t count,
                         uint64_t number)
{
    return number < count && names[number] ? names[number] : NULL;
}

const char *event_kind_name(uint32_t kind)
{
    static const char *const names[EVENT_KINDS] = {
        [EVENT_CALL] = "call",       [EVENT_RETURN] = "return",
        [EVENT_FAULT] = "fault",     [EVENT_TIMER] = "timer",
        [EVENT_SWITCH] = "switch",   [EVENT_ROOT] = "root",
        [EVENT_CREATE] = "create",   [EVENT_END] = "end",
        [EVENT_DESTROY] = "destroy", [EVENT_ATTACH] = "attach",
        [EVENT_DETACH] = "detach",   [EVENT_PANIC] = "panic"};
    const char *name = named(names, COUNT(names), kind);

    return name ? name : "unknown";
}

void event_list_make(const struct shared *shared, struct event_list *out)
{
    uint64_t ever = shared->event_count;

    out->count = ever < SHARED_EVENTS ? (uint32_t)ever : SHARED_EVENTS;
    for (uint32_t i = 0; i < out->count; i++) {
        out->number[i] = ever - out->count + i;
        out->event[i] = shared->events[out->number[i] % SHARED_EVENTS];
    }
}

static const char *domain_name(const struct image *image, uint64_t domain)
{
    const struct spec *spec = &image->spec;

    return domain < spec->header->domains.count
               ? spec_string(spec, spec->domains[domain].name)
               : NULL;
}

const char *event_domain(const struct shared_event *event,
                         const struct image *image)
{
    return domain_name(image, event->domain);
}

void event_address(uint64_t address, const struct image *image, char *out,
                   size_t bytes)
{
    const struct plan *plan = image->plan;
    uint32_t range = plan_range_at(plan, address);
    size_t used;

    snprintf(out, bytes, "0x%llx", (unsigned long long)address);
    if (range >= plan->range_count || plan->ranges[range].kind != PLAN_IMAGE ||
        plan->ranges[range].object >= image->program_count) {
        return;
    }
    const struct program *program =
        &image->programs[plan->ranges[range].object];
    if (program->symbols) {
        symbols_name(program->symbols, address - plan->ranges[range].base, out,
                     bytes);
    }
    used = strlen(out);
    snprintf(out + used, bytes - used, " of %s", program->name);
}

static const char *call_name(uint64_t number, char *room, size_t bytes)
{
#define CALL_NAME(code, name) [code] = #name,
    static const char *const names[] = {SYSCALL_LIST(CALL_NAME)};
#undef CALL_NAME
    const char *name = named(names, COUNT(names), number);

    snprintf(room, bytes, "%s", name ? name : "no such call");
    for (char *at = room; name && *at; at++) {
        *at = (char)(*at == '_' ? '-' : *at | 0x20);
    }
    return room;
}

static const char *status_name(uint32_t status)
{
#define STATUS_NAME(name, code, text) [code] = #name,
    static const char *const names[] = {ABI_STATUS_LIST(STATUS_NAME)};
#undef STATUS_NAME
    const char *name = named(names, COUNT(names), status);

    if (status == EVENT_BLOCKED) {
        return "it waits";
    }
    return name ? name : "no status";
}

const char *event_vector(uint32_t vector, char *room, size_t bytes)
{
    static const char *const names[] = {[0] = "division error",
                                        [1] = "debug trap",
                                        [2] = "non-maskable interrupt",
                                        [3] = "breakpoint",
                                        [4] = "overflow",
                                        [5] = "bound range",
                                        [6] = "undefined instruction",
                                        [7] = "no floating point",
                                        [8] = "double fault",
                                        [10] = "invalid task state",
                                        [11] = "segment not present",
                                        [12] = "stack segment fault",
                                        [13] = "general protection fault",
                                        [14] = "page fault",
                                        [16] = "floating-point error",
                                        [17] = "alignment check",
                                        [18] = "machine check",
                                        [19] = "SIMD floating-point error"};
    const char *name = named(names, COUNT(names), vector);

    if (name) {
        return name;
    }
    snprintf(room, bytes, "vector %u", vector);
    return room;
}

static const char *outcome_name(uint32_t outcome)
{
    static const char *const names[] = {"none",    "running",    "blocked",
                                        "by exit", "by a fault", "stopped"};
    const char *name = named(names, COUNT(names), outcome);

    return name ? name : "somehow";
}

static void fault_text(const struct shared_event *event,
                       const struct image *image, char *out, size_t bytes)
{
    uint32_t vector = event->first & 0xff, error = event->first >> 8;
    char room[24], words[96], range[2 * SPEC_NAME_MAX + 8] = "";
    uint32_t index = plan_range_at(image->plan, event->second);

    if (vector != VECTOR_PAGE) {
        event_address(event->second, image, words, sizeof(words));
        snprintf(out, bytes, "%s at %s",
                 event_vector(vector, room, sizeof(room)), words);
        return;
    }
    register_page_error_text(error, words, sizeof(words));
    if (index < image->plan->range_count) {
        plan_range_name(&image->spec, image->plan, index, range, sizeof(range));
    }
    snprintf(out, bytes, "page fault at 0x%llx%s%s%s: %s",
             (unsigned long long)event->second, *range ? " (" : "", range,
             *range ? ")" : "", words);
}

static void attach_text(const struct shared_event *event,
                        const struct image *image, char *out, size_t bytes)
{
    char range[2 * SPEC_NAME_MAX + 8] = "no such range";
    uint32_t rights = event->first >> 8;

    if (event->second < image->plan->range_count) {
        plan_range_name(&image->spec, image->plan, (uint32_t)event->second,
                        range, sizeof(range));
    }
    snprintf(out, bytes, "%s %s (%s%s%s) %s root %u",
             event_kind_name(event->kind), range, rights & 1 ? "r" : "",
             rights & 2 ? "w" : "", rights & 4 ? "x" : "",
             event->kind == EVENT_ATTACH ? "to" : "from", event->first & 0xff);
}

static void life_text(const struct shared_event *event, char *out, size_t bytes)
{
    switch (event->kind) {
    case EVENT_CREATE:
        snprintf(out, bytes, "created: %s", status_name(event->first));
        break;
    case EVENT_END:
        snprintf(out, bytes, "ended %s, code %d", outcome_name(event->first),
                 (int32_t)event->second);
        break;
    default:
        snprintf(out, bytes, "destroyed, root %u", event->first);
        break;
    }
}

static void switch_text(const struct shared_event *event,
                        const struct image *image, char *out, size_t bytes)
{
    const char *from = domain_name(image, event->first);

    snprintf(out, bytes, "runs, after %s, with CR3 0x%llx",
             from ? from : "nobody", (unsigned long long)event->second);
}

static void panic_text(const struct shared_event *event, char *out,
                       size_t bytes)
{
    char room[24];

    snprintf(out, bytes, "panic (%s), value 0x%llx",
             event->first == SHARED_NO_VECTOR
                 ? "the kernel's own decision"
                 : event_vector(event->first, room, sizeof(room)),
             (unsigned long long)event->second);
}

void event_describe(const struct shared_event *event, const struct image *image,
                    char *out, size_t bytes)
{
    char call[32], address[256];

    switch (event->kind) {
    case EVENT_CALL:
        event_address(event->second, image, address, sizeof(address));
        snprintf(out, bytes, "call %s, from %s",
                 call_name(event->first, call, sizeof(call)), address);
        break;
    case EVENT_RETURN:
        snprintf(out, bytes, "return of %s: %s",
                 call_name(event->second, call, sizeof(call)),
                 status_name(event->first));
        break;
    case EVENT_FAULT:
        fault_text(event, image, out, bytes);
        break;
    case EVENT_TIMER:
        event_address(event->second, image, address, sizeof(address));
        snprintf(out, bytes, "timer, at %s", address);
        break;
    case EVENT_SWITCH:
        switch_text(event, image, out, bytes);
        break;
    case EVENT_ROOT:
        snprintf(out, bytes, "root: CR3 0x%llx",
                 (unsigned long long)event->second);
        break;
    case EVENT_CREATE:
    case EVENT_END:
    case EVENT_DESTROY:
        life_text(event, out, bytes);
        break;
    case EVENT_ATTACH:
    case EVENT_DETACH:
        attach_text(event, image, out, bytes);
        break;
    case EVENT_PANIC:
        panic_text(event, out, bytes);
        break;
    default:
        snprintf(out, bytes, "no event of a known kind (%u)", event->kind);
        break;
    }
}
