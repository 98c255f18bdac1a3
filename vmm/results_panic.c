/* SPDX-License-Identifier: Apache-2.0 */
/* The end that must not be, for programs. */
#include "panic.h"
#include "results_parts.h"

#include <debug/register_text.h>

#define LINE 512u

static void set_flags(struct results *results, json_t *out, const char *key,
                      enum register_flags which, uint64_t value)
{
    char text[160];

    register_flags_text(which, value, text, sizeof(text));
    results_set(results, out, key, json_string(text));
}

static json_t *make_registers(struct results *results,
                              const struct engine_registers *r)
{
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"rip", r->rip},       {"cs", r->cs},   {"ss", r->ss},
                {"rflags", r->rflags}, {"cr0", r->cr0}, {"cr2", r->cr2},
                {"cr3", r->cr3},       {"cr4", r->cr4}, {"efer", r->efer}};
    json_t *out = json_object();

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        results_set(results, out, rows[i].name, results_hex(rows[i].value));
    }
    for (unsigned i = 0; i < 16; i++) {
        results_set(results, out, register_name(i),
                    results_hex(i == 4 ? r->rsp : r->general[i]));
    }
    set_flags(results, out, "rflags_set", FLAGS_RFLAGS, r->rflags);
    set_flags(results, out, "cr0_set", FLAGS_CR0, r->cr0);
    set_flags(results, out, "cr4_set", FLAGS_CR4, r->cr4);
    set_flags(results, out, "efer_set", FLAGS_EFER, r->efer);
    return out;
}

static void set_bases(struct results *results, json_t *out,
                      const struct engine_registers *r)
{
    json_t *bases = json_object();

    if (!r->bases_known) {
        json_decref(bases);
        results_lack(results, out, "bases", "the engine cannot tell any more");
        return;
    }
    results_set(results, bases, "gdt", results_hex(r->gdt_base));
    results_set(results, bases, "idt", results_hex(r->idt_base));
    results_set(results, bases, "fs", results_hex(r->fs_base));
    results_set(results, bases, "gs", results_hex(r->gs_base));
    results_set(results, out, "bases", bases);
}

static json_t *make_place(struct results *results,
                          const struct symbols *symbols,
                          const struct unwind_frame *frame)
{
    json_t *out = json_object();
    char text[LINE];

    panic_kernel_address(symbols, frame, text, sizeof(text));
    results_set(results, out, "address", results_hex(frame->rip));
    results_set(results, out, "symbol", results_text(text));
    return out;
}

static void set_places(struct results *results, json_t *out)
{
    const struct run *run = results->run;
    const struct panic *panic = &run->panic;
    struct symbols *symbols = symbols_open(run->kernel, run->kernel_bytes);
    json_t *trace = json_array(), *samples = json_array();

    for (uint32_t i = 0; i < panic->trace.count; i++) {
        results_append(results, trace,
                       make_place(results, symbols, &panic->trace.frames[i]));
    }
    for (uint32_t i = 0; i < panic->samples; i++) {
        struct unwind_frame frame = {panic->sample[i], false};

        results_append(results, samples, make_place(results, symbols, &frame));
    }
    symbols_close(symbols);
    results_set(results, out, "backtrace", trace);
    results_set(results, out, "backtrace_end",
                panic->trace.count
                    ? json_string(unwind_end_name(panic->trace.end))
                    : json_null());
    results_set(results, out, "samples", samples);
}

static json_t *make_domain(struct results *results)
{
    const struct panic *panic = &results->run->panic;
    json_t *out;
    char text[LINE];

    if (panic->domain == SHARED_NO_DOMAIN) {
        return json_null();
    }
    out = json_object();
    results_set(results, out, "name",
                results_text(results_domain_name(results->run, panic->domain)));
    if (!panic->ring3_known) {
        results_lack(results, out, "address", "its registers are nowhere");
        return out;
    }
    event_address(panic->ring3.rip, results->run->image, text, sizeof(text));
    results_set(results, out, "address", results_hex(panic->ring3.rip));
    results_set(results, out, "symbol", results_text(text));
    return out;
}

static json_t *make_events(struct results *results)
{
    const struct run *run = results->run;
    const struct event_list *events = &run->panic.events;
    json_t *list = json_array();
    char text[LINE];

    for (uint32_t i = 0; i < events->count; i++) {
        const struct shared_event *event = &events->event[i];
        json_t *out = json_object();

        event_describe(event, run->image, text, sizeof(text));
        results_set(results, out, "number",
                    json_integer((json_int_t)events->number[i]));
        results_set(results, out, "kind",
                    json_string(event_kind_name(event->kind)));
        results_set(results, out, "domain",
                    results_text(event_domain(event, run->image)));
        results_set(results, out, "text", results_text(text));
        results_append(results, list, out);
    }
    return list;
}

static json_t *make_walk(struct results *results, const struct page_walk *walk)
{
    json_t *out = json_object(), *levels = json_array();
    char text[256];

    for (uint32_t i = 0; i < walk->steps; i++) {
        json_t *level = json_object();

        page_walk_step_text(walk, i, text, sizeof(text));
        results_set(results, level, "level", json_integer(walk->step[i].level));
        results_set(results, level, "index", json_integer(walk->step[i].index));
        results_set(results, level, "entry", results_hex(walk->step[i].entry));
        results_set(results, level, "text", json_string(text));
        results_append(results, levels, level);
    }
    page_walk_end_text(walk, text, sizeof(text));
    results_set(results, out, "address", results_hex(walk->address));
    results_set(results, out, "cr3", results_hex(walk->cr3));
    results_set(results, out, "levels", levels);
    results_set(results, out, "end",
                json_string(page_walk_end_name(walk->end)));
    results_set(results, out, "text", json_string(text));
    return out;
}

json_t *results_panic(struct results *results)
{
    const struct panic *panic = &results->run->panic;
    json_t *out = json_object();
    char text[LINE];

    panic_what(results->run, text, sizeof(text));
    results_set(results, out, "kind",
                json_string(panic_kind_name(panic->kind)));
    results_set(results, out, "what", results_text(text));
    results_set(results, out, "vector",
                panic->vector == SHARED_NO_VECTOR
                    ? json_null()
                    : json_integer(panic->vector));
    results_set(results, out, "value", results_hex(panic->value));
    if (panic->registers_known) {
        results_set(results, out, "registers",
                    make_registers(results, &panic->registers));
        set_bases(results, out, &panic->registers);
    } else {
        results_lack(results, out, "registers", "the engine cannot tell");
    }
    set_places(results, out);
    results_set(results, out, "domain", make_domain(results));
    results_set(results, out, "page_walk",
                panic->walked ? make_walk(results, &panic->walk) : json_null());
    results_set(results, out, "events", make_events(results));
    return out;
}
