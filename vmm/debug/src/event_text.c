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
        [EVENT_DETACH] = "detach",   [EVENT_PANIC] = "panic",
        [EVENT_SEND] = "send",       [EVENT_TAKE] = "take",
        [EVENT_REPLY] = "reply",     [EVENT_SIGNAL] = "signal",
        [EVENT_QUOTA] = "quota"};
    const char *name = named(names, COUNT(names), kind);

    return name ? name : "unknown";
}

void event_list_make(const struct shared *shared,
                     const struct guest_memory *memory, struct event_list *out)
{
    const struct shared_trace *trace = &shared->trace;
    uint64_t ever = trace->written, records = trace->records;

    out->count = 0;
    if (records < SHARED_EVENTS || records > TRACE_RECORDS_MAX) {
        return;
    }
    out->count = ever < SHARED_EVENTS ? (uint32_t)ever : SHARED_EVENTS;
    for (uint32_t i = 0; i < out->count; i++) {
        struct shared_record record = {0};
        uint64_t number = ever - out->count + i;
        struct gpa at = {trace->base + number % records * sizeof(record)};

        if (!guest_read(memory, at, &record, sizeof(record))) {
            out->count = 0;
            return;
        }
        out->number[i] = number;
        out->event[i] = record.event;
    }
}

/* With an image, by the config; else by a list. */
static const char *domain_name(const struct event_names *names, uint64_t domain)
{
    const struct spec *spec = names->image ? &names->image->spec : NULL;

    if (spec && domain < spec->header->domains.count) {
        return spec_string(spec, spec->domains[domain].name);
    }
    return domain < names->domain_count ? names->domains[domain] : NULL;
}

const char *event_domain(const struct shared_event *event,
                         const struct image *image)
{
    const struct event_names names = {.image = image};

    return domain_name(&names, event->domain);
}

/* "nobody", its name, or "domain 70". */
static const char *somebody(const struct event_names *names, uint32_t domain,
                            char room[24])
{
    const char *name = domain_name(names, domain);

    if (domain == SHARED_NO_DOMAIN) {
        return "nobody";
    }
    snprintf(room, 24, "domain %u", domain);
    return name ? name : room;
}

void event_address(uint64_t address, const struct image *image, char *out,
                   size_t bytes)
{
    uint32_t range = image ? plan_range_at(image->plan, address) : PLAN_NONE;
    const struct plan *plan = image ? image->plan : NULL;
    size_t used;

    snprintf(out, bytes, "0x%llx", (unsigned long long)address);
    if (!plan || range >= plan->range_count ||
        plan->ranges[range].kind != PLAN_IMAGE ||
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

const char *event_call_name(uint64_t number, char *room, size_t bytes)
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

const char *event_status_name(uint32_t status)
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
    uint32_t index =
        image ? plan_range_at(image->plan, event->second) : PLAN_NONE;

    if (vector != VECTOR_PAGE) {
        event_address(event->second, image, words, sizeof(words));
        snprintf(out, bytes, "%s at %s",
                 event_vector(vector, room, sizeof(room)), words);
        return;
    }
    register_page_error_text(error, words, sizeof(words));
    if (image && index < image->plan->range_count) {
        plan_range_name(&image->spec, image->plan, index, range, sizeof(range));
    }
    snprintf(out, bytes, "page fault at 0x%llx%s%s%s: %s",
             (unsigned long long)event->second, *range ? " (" : "", range,
             *range ? ")" : "", words);
}

static void attach_text(const struct shared_event *event,
                        const struct image *image, char *out, size_t bytes)
{
    char range[2 * SPEC_NAME_MAX + 8];
    uint32_t rights = event->first >> 8;

    snprintf(range, sizeof(range), "range %llu",
             (unsigned long long)event->second);
    if (image && event->second < image->plan->range_count) {
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
        snprintf(out, bytes, "created: %s", event_status_name(event->first));
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
                        const struct event_names *names, char *out,
                        size_t bytes)
{
    char room[24];

    snprintf(out, bytes, "runs, after %s, with CR3 0x%llx",
             somebody(names, event->first, room),
             (unsigned long long)event->second);
}

static void crossing_text(const struct shared_event *event,
                          const struct event_names *names, char *out,
                          size_t bytes)
{
    char room[24];
    const char *other = somebody(names, event->first, room);
    unsigned long long second = event->second;

    switch (event->kind) {
    case EVENT_SEND:
        if (event->first == SHARED_NO_DOMAIN) {
            snprintf(out, bytes, "sends, badge %llu: it waits its turn",
                     second);
        } else {
            snprintf(out, bytes, "sends to %s, badge %llu", other, second);
        }
        break;
    case EVENT_TAKE:
        snprintf(out, bytes, "takes what %s sent, badge %llu", other, second);
        break;
    case EVENT_REPLY:
        snprintf(out, bytes, "replies to %s", other);
        break;
    default:
        snprintf(out, bytes, "signals bits 0x%llx, wakes %s", second, other);
        break;
    }
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

void event_describe_by(const struct shared_event *event,
                       const struct event_names *names, char *out, size_t bytes)
{
    const struct image *image = names->image;
    char call[32], address[256];

    switch (event->kind) {
    case EVENT_CALL:
        event_address(event->second, image, address, sizeof(address));
        snprintf(out, bytes, "call %s, from %s",
                 event_call_name(event->first, call, sizeof(call)), address);
        break;
    case EVENT_RETURN:
        snprintf(out, bytes, "return of %s: %s",
                 event_call_name(event->second, call, sizeof(call)),
                 event_status_name(event->first));
        break;
    case EVENT_FAULT:
        fault_text(event, image, out, bytes);
        break;
    case EVENT_TIMER:
        event_address(event->second, image, address, sizeof(address));
        snprintf(out, bytes, "timer, at %s", address);
        break;
    case EVENT_SWITCH:
        switch_text(event, names, out, bytes);
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
    case EVENT_SEND:
    case EVENT_TAKE:
    case EVENT_REPLY:
    case EVENT_SIGNAL:
        crossing_text(event, names, out, bytes);
        break;
    case EVENT_QUOTA:
        snprintf(out, bytes, "%u of %llu pages charged", event->first,
                 (unsigned long long)event->second);
        break;
    case EVENT_PANIC:
        panic_text(event, out, bytes);
        break;
    default:
        snprintf(out, bytes, "no event of a known kind (%u)", event->kind);
        break;
    }
}

void event_describe(const struct shared_event *event, const struct image *image,
                    char *out, size_t bytes)
{
    const struct event_names names = {.image = image};

    event_describe_by(event, &names, out, bytes);
}
