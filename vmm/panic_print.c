/* SPDX-License-Identifier: Apache-2.0 */
/* The end that must not be, for people. */
#include "panic.h"
#include "run.h"
#include <host/escape.h>

#include <debug/register_text.h>
#include <string.h>

#define LINE 512u
#define VECTOR_PAGE 14u

/* Words that hold names of files and, it may be, bytes of the guest. */
static void say(FILE *out, const char *before, const char *text)
{
    char escaped[LINE * ESCAPE_GROWTH];

    escape_string(text, escaped, sizeof(escaped));
    fprintf(out, "  %s%s\n", before, escaped);
}

void panic_kernel_address(const struct symbols *symbols,
                          const struct unwind_frame *frame, char *out,
                          size_t bytes)
{
    snprintf(out, bytes, "0x%llx", (unsigned long long)frame->rip);
    if (symbols) {
        symbols_at(symbols, frame->rip - (frame->call ? 1 : 0), out, bytes);
    }
}

/* What the kernel's words leave out. */
static void trap_text(const struct panic *panic, const char *words, char *out,
                      size_t bytes)
{
    char room[24], error[96] = "", address[48] = "";
    uint32_t vector = panic->vector;
    const char *name = event_vector(vector, room, sizeof(room));

    if (strcmp(name, words) == 0) {
        return;
    }
    if (vector == VECTOR_PAGE) {
        register_page_error_text(panic->error, error, sizeof(error));
        snprintf(address, sizeof(address), " at 0x%llx",
                 (unsigned long long)panic->registers.cr2);
    } else if (panic->error) {
        snprintf(error, sizeof(error), "error code 0x%llx",
                 (unsigned long long)panic->error);
    }
    snprintf(out, bytes, ": %s%s%s%s%s", name, address, *error ? " (" : "",
             error, *error ? ")" : "");
}

void panic_what(const struct run *run, char *out, size_t bytes)
{
    const struct panic *panic = &run->panic;
    const char *words = run->snapshot.shared->panic;
    char detail[192] = "";

    switch (panic->kind) {
    case PANIC_KERNEL:
        if (panic->vector != SHARED_NO_VECTOR) {
            trap_text(panic, words, detail, sizeof(detail));
        } else if (panic->value) {
            snprintf(detail, sizeof(detail), " (value 0x%llx)",
                     (unsigned long long)panic->value);
        }
        snprintf(out, bytes, "%s%s", *words ? words : "it did not say why",
                 detail);
        break;
    case PANIC_EXIT:
        snprintf(out, bytes, "%.*s", (int)strcspn(run->failure.text, "\n"),
                 run->failure.text);
        break;
    default:
        snprintf(out, bytes,
                 "the guest kernel hangs: %u looks, 20 ms apart, found it in "
                 "ring 0, and no new event",
                 panic->samples);
        break;
    }
}

static void print_trace(const struct run *run, const struct symbols *symbols,
                        FILE *out)
{
    const struct unwind_trace *trace = &run->panic.trace;
    char text[LINE], number[16];

    if (trace->count == 0) {
        return;
    }
    fputs("backtrace of the guest kernel:\n", out);
    for (uint32_t i = 0; i < trace->count; i++) {
        panic_kernel_address(symbols, &trace->frames[i], text, sizeof(text));
        snprintf(number, sizeof(number), "#%-2u ", i);
        say(out, number, text);
    }
    if (trace->end != UNWIND_BOTTOM) {
        fprintf(out, "  it ends there: %s\n", unwind_end_words(trace->end));
    }
}

static void print_samples(const struct run *run, const struct symbols *symbols,
                          FILE *out)
{
    char text[LINE];

    if (run->panic.kind != PANIC_HANG) {
        return;
    }
    fputs("where it was at each look:\n", out);
    for (uint32_t i = 0; i < run->panic.samples; i++) {
        struct unwind_frame frame = {run->panic.sample[i], false};

        panic_kernel_address(symbols, &frame, text, sizeof(text));
        say(out, "", text);
    }
}

static void print_domain(const struct run *run, FILE *out)
{
    const struct panic *panic = &run->panic;
    char where[LINE] = "somewhere unknown", text[LINE];

    if (panic->domain == SHARED_NO_DOMAIN) {
        fputs("current domain: none\n", out);
        return;
    }
    if (panic->ring3_known) {
        event_address(panic->ring3.rip, run->image, where, sizeof(where));
    }
    escape_string(where, text, sizeof(text));
    fprintf(out, "current domain: %s, in ring 3 at %s\n",
            run->config->domains[panic->domain].name.text, text);
}

static void print_flags(FILE *out, const char *name, uint64_t value,
                        enum register_flags which, const char *end)
{
    char text[160];

    register_flags_text(which, value, text, sizeof(text));
    fprintf(out, "  %s %llx (%s)%s", name, (unsigned long long)value, text,
            end);
}

static void print_registers(const struct panic *panic, FILE *out)
{
    const struct engine_registers *r = &panic->registers;

    if (!panic->registers_known) {
        fputs("registers: unknown, the engine cannot tell\n", out);
        return;
    }
    fputs("registers:\n", out);
    print_flags(out, "rflags", r->rflags, FLAGS_RFLAGS, "\n");
    fprintf(out, "  rip %016llx  cs %llx  ss %llx\n",
            (unsigned long long)r->rip, (unsigned long long)r->cs,
            (unsigned long long)r->ss);
    for (unsigned i = 0; i < 16; i++) {
        uint64_t value = i == 4 ? r->rsp : r->general[i];

        fprintf(out, "  %-3s %016llx%s", register_name(i),
                (unsigned long long)value, i % 4 == 3 ? "\n" : "");
    }
    fprintf(out, "  cr2 %016llx  cr3 %016llx\n", (unsigned long long)r->cr2,
            (unsigned long long)r->cr3);
    print_flags(out, "cr0", r->cr0, FLAGS_CR0, "\n");
    print_flags(out, "cr4", r->cr4, FLAGS_CR4, "\n");
    print_flags(out, "efer", r->efer, FLAGS_EFER, "\n");
    if (r->bases_known) {
        fprintf(out, "  gdt %llx  idt %llx  fs base %llx  gs base %llx\n",
                (unsigned long long)r->gdt_base,
                (unsigned long long)r->idt_base, (unsigned long long)r->fs_base,
                (unsigned long long)r->gs_base);
    }
}

static void print_walk(const struct panic *panic, FILE *out)
{
    char text[256];

    if (!panic->walked) {
        return;
    }
    fprintf(out, "page walk of 0x%llx%s with CR3 0x%llx:\n",
            (unsigned long long)panic->walk.address,
            panic->kind == PANIC_EXIT ? " (CR2, the last page fault)" : "",
            (unsigned long long)panic->walk.cr3);
    for (uint32_t i = 0; i < panic->walk.steps; i++) {
        page_walk_step_text(&panic->walk, i, text, sizeof(text));
        fprintf(out, "  %s\n", text);
    }
    page_walk_end_text(&panic->walk, text, sizeof(text));
    fprintf(out, "  %s\n", text);
}

static void print_events(const struct run *run, FILE *out)
{
    const struct event_list *events = &run->panic.events;
    char text[LINE], before[SPEC_NAME_MAX + 32];

    if (events->count == 0) {
        fputs("no kernel events were kept: --verbose keeps the last 32\n", out);
        return;
    }
    fprintf(out, "the last %u kernel events, newest last:\n", events->count);
    for (uint32_t i = 0; i < events->count; i++) {
        const char *domain = event_domain(&events->event[i], run->image);

        event_describe(&events->event[i], run->image, text, sizeof(text));
        snprintf(before, sizeof(before), "%5llu %-8s ",
                 (unsigned long long)events->number[i], domain ? domain : "-");
        say(out, before, text);
    }
}

void panic_print(const struct run *run, FILE *out)
{
    const struct panic *panic = &run->panic;
    struct symbols *symbols;

    if (panic->kind == PANIC_NONE) {
        return;
    }
    symbols = symbols_open(run->kernel, run->kernel_bytes);
    print_trace(run, symbols, out);
    print_samples(run, symbols, out);
    print_domain(run, out);
    print_registers(panic, out);
    print_walk(panic, out);
    print_events(run, out);
    symbols_close(symbols);
}
