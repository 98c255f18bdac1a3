/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile guest kernel against the VMM: doorbells, exits, shared pages,
 * console ring and page tables, with everything of `ambit run` that looks at
 * them: console, snapshot, sampler, audit, fault texts, judge, report, table,
 * results. The engine is a fake; an input is what the guest does.
 *
 * The run ends, with a documented exit code; what is printed moves no cursor;
 * the results are JSON.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "hosted/machine.h"

#include "command.h"
#include "judge.h"
#include "report.h"
#include "results_parts.h"
#include "run.h"

#include <abi/hostcall.h>
#include <abi/layout.h>
#include <host/escape.h>
#include <stdlib.h>
#include <string.h>

#define SCENES 2u
#define EVENTS_MAX 64u
#define UNDO_BYTES 65536u

/* main.c has these, and is not linked. */
const struct command command_table[] = {
    {"run", "CONFIG [-- ARGS]", "runs", FOR_RUN, true, NULL},
    {"audit", "CONFIG [-- ARGS]", "audits", FOR_AUDIT, true, NULL},
    {NULL, NULL, NULL, 0, false, NULL},
};

const struct command *command_find(const char *name)
{
    return strcmp(name, "run") == 0 ? &command_table[0] : NULL;
}

static struct scene scenes[SCENES];
static struct scene *scene;
static struct bytes in;
static uint32_t events;

/* What was in guest memory before, so that each input finds the same. */
static uint8_t undo[UNDO_BYTES];
static size_t undo_used;

static void poke(uint64_t at, const void *from, size_t bytes)
{
    size_t need = bytes + sizeof at + sizeof bytes;

    if (bytes == 0 || at > scene->module - bytes ||
        need > sizeof undo - undo_used) {
        return;
    }
    memcpy(undo + undo_used, scene->memory + at, bytes);
    memcpy(undo + undo_used + bytes, &at, sizeof at);
    memcpy(undo + undo_used + bytes + sizeof at, &bytes, sizeof bytes);
    undo_used += need;
    memcpy(scene->memory + at, from, bytes);
}

static void restore(void)
{
    while (undo_used) {
        uint64_t at;
        size_t bytes;

        memcpy(&bytes, undo + undo_used - sizeof bytes, sizeof bytes);
        memcpy(&at, undo + undo_used - sizeof bytes - sizeof at, sizeof at);
        undo_used -= bytes + sizeof bytes + sizeof at;
        memcpy(scene->memory + at, undo + undo_used, bytes);
    }
}

static const struct shared *guest(void)
{
    return (const struct shared *)(const void *)(scene->memory +
                                                 ABI_SHARED_PHYS);
}

static void poke_shared(size_t offset, const void *from, size_t bytes)
{
    poke(ABI_SHARED_PHYS + offset, from, bytes);
}

static uint32_t number(void)
{
    static const uint32_t odd[] = {
        0,  1,   2,   3,   5,   7,          63,         64,
        65, 255, 256, 511, 512, 0x7fffffff, 0x80000000, UINT32_MAX};
    uint8_t choice = bytes_8(&in);

    return choice < 240 ? odd[choice % 16] : bytes_32(&in);
}

static void poke_word(void)
{
    static const uint16_t offsets[] = {
        offsetof(struct shared, magic),
        offsetof(struct shared, version),
        offsetof(struct shared, phase),
        offsetof(struct shared, current),
        offsetof(struct shared, registers_host),
        offsetof(struct shared, features),
        offsetof(struct shared, fault_count),
        offsetof(struct shared, report_count),
        offsetof(struct shared, console_written),
        offsetof(struct shared, console_taken),
        offsetof(struct shared, entry_tick),
        offsetof(struct shared, ring3_tick),
        offsetof(struct shared, kernel_root),
        offsetof(struct shared, panic_value),
        offsetof(struct shared, compose_shortfalls),
        offsetof(struct shared, probe_frame)};
    uint32_t value, at = offsets[bytes_8(&in) % 16];

    value = number();
    poke_shared(at, &value, sizeof value);
}

static void poke_domain(void)
{
    uint32_t index = bytes_8(&in) % SHARED_DOMAINS;
    struct shared_domain state = guest()->domains[index];
    uint8_t which = bytes_8(&in);

    state.outcome = which & 1 ? number() : state.outcome;
    state.code = which & 2 ? (int32_t)number() : state.code;
    state.fault = which & 4 ? number() : state.fault;
    state.blocked_on = which & 8 ? number() : state.blocked_on;
    state.waits = which & 16 ? number() : state.waits;
    state.heap_pages = which & 32 ? bytes_64(&in) : state.heap_pages;
    state.quota_pages = which & 64 ? bytes_64(&in) : state.quota_pages;
    state.create_ticks = which & 128 ? bytes_64(&in) : state.create_ticks;
    poke_shared(offsetof(struct shared, domains) + index * sizeof state, &state,
                sizeof state);
}

static void count_up(size_t offset, uint32_t count)
{
    count++;
    poke_shared(offset, &count, sizeof count);
}

static void poke_fault(void)
{
    uint32_t index = guest()->fault_count % SHARED_FAULTS;
    struct shared_fault fault = {.domain = bytes_8(&in) % 80,
                                 .type = bytes_8(&in) % 12,
                                 .access = bytes_8(&in) % 6,
                                 .tried = bytes_8(&in) % 5,
                                 .range = number(),
                                 .owner = number(),
                                 .error = bytes_8(&in)};

    fault.rip =
        bytes_8(&in) & 1
            ? scene->image->plan
                      ->ranges[bytes_8(&in) % scene->image->plan->range_count]
                      .base +
                  bytes_16(&in)
            : bytes_64(&in);
    fault.address = bytes_64(&in);
    poke_shared(offsetof(struct shared, faults) + index * sizeof fault, &fault,
                sizeof fault);
    count_up(offsetof(struct shared, fault_count), guest()->fault_count);
}

static void poke_report(void)
{
    uint32_t index = guest()->report_count % SHARED_REPORTS;
    struct shared_report report = {.by = bytes_8(&in),
                                   .about = bytes_8(&in) % 66,
                                   .kind = bytes_8(&in) % 3,
                                   .number = bytes_16(&in)};

    bytes_copy(&in, report.key, bytes_8(&in) % (sizeof report.key + 1));
    bytes_copy(&in, report.value, bytes_8(&in) % (sizeof report.value + 1));
    poke_shared(offsetof(struct shared, reports) + index * sizeof report,
                &report, sizeof report);
    count_up(offsetof(struct shared, report_count), guest()->report_count);
}

static void poke_ring(uint32_t position, uint8_t byte)
{
    poke_shared(offsetof(struct shared, console) +
                    position % SHARED_CONSOLE_BYTES,
                &byte, 1);
}

/* A chunk, as the kernel writes them; its header may lie. */
static void poke_console(void)
{
    struct shared_console_chunk chunk = {.domain = bytes_8(&in) % 10};
    uint32_t count = bytes_8(&in), written = guest()->console_written;
    uint8_t lie = bytes_8(&in), header[sizeof chunk];

    chunk.domain = chunk.domain == 9 ? 0xffff : chunk.domain;
    chunk.bytes = (uint16_t)(lie > 240 ? bytes_16(&in) : count);
    memcpy(header, &chunk, sizeof chunk);
    for (uint32_t i = 0; i < sizeof chunk; i++) {
        poke_ring(written + i, header[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        poke_ring(written + (uint32_t)sizeof chunk + i,
                  lie & 1 ? bytes_8(&in) : (uint8_t)('a' + i % 26));
    }
    written += (uint32_t)sizeof chunk + count;
    poke_shared(offsetof(struct shared, console_written), &written,
                sizeof written);
}

static void poke_root(void)
{
    uint64_t words[2] = {(uint64_t)bytes_16(&in) << ABI_PAGE_SHIFT,
                         bytes_8(&in)};

    poke_shared(offsetof(struct shared, roots) +
                    bytes_8(&in) % SHARED_ROOTS * sizeof words,
                words, sizeof words);
}

/* An entry of a table, which a published root may lead to. */
static void poke_table(void)
{
    const struct shared_root *root =
        &guest()->roots[bytes_8(&in) % SHARED_ROOTS];
    uint64_t table = root->cr3, entry;

    for (uint32_t level = bytes_8(&in) % 4; level; level--) {
        for (uint32_t i = 0; i < 512 && table <= scene->module - 4096; i++) {
            memcpy(&entry, scene->memory + (table & ~4095ull) + 8 * i, 8);
            if (entry & 1) {
                table = entry & 0xffffffff000ull;
                break;
            }
        }
    }
    entry = bytes_64(&in);
    poke((table & ~4095ull) + bytes_16(&in) % 512 * 8, &entry, 8);
}

static void poke_panic(void)
{
    char text[sizeof guest()->panic];

    bytes_copy(&in, text, sizeof text);
    poke_shared(offsetof(struct shared, panic), text, sizeof text);
}

static void poke_raw(void)
{
    uint8_t data[64];
    uint32_t at = bytes_32(&in) % (uint32_t)sizeof(struct shared);
    size_t count = bytes_8(&in) % sizeof data;

    bytes_copy(&in, data, count);
    poke_shared(at, data, count);
}

static void (*const pokes[])(void) = {
    poke_word, poke_domain,  poke_fault, poke_report, poke_console,
    poke_root, poke_console, poke_table, poke_raw,    poke_panic};

static void engine_run(struct engine *engine, uint64_t until,
                       struct engine_result *out)
{
    static const uint8_t doorbells[] = {HOSTCALL_CONSOLE, HOSTCALL_PHASE,
                                        HOSTCALL_STEP, 0xff};
    uint8_t choice;

    (void)engine;
    (void)until;
    for (uint32_t i = bytes_8(&in) % 24; in.left && i > 0; i--) {
        pokes[bytes_8(&in) % (sizeof pokes / sizeof pokes[0])]();
    }
    choice = bytes_8(&in);
    if (in.left && events++ < EVENTS_MAX) {
        out->event = choice & 0x80   ? ENGINE_PAUSED
                     : choice & 0x40 ? ENGINE_SIGNAL
                                     : ENGINE_DOORBELL;
        out->value = doorbells[choice % 4];
        return;
    }
    out->event = choice % 8 == 7 ? ENGINE_FAILED : ENGINE_DONE;
    out->value = choice % 3 ? HOSTCALL_EXIT_DONE : choice;
    if (out->event == ENGINE_FAILED) {
        failure_set(&out->failure, EXIT_HOST, "the engine died");
    }
}

static int engine_registers(struct engine *engine, struct engine_registers *out)
{
    uint8_t choice = bytes_8(&in);

    (void)engine;
    out->rip = bytes_64(&in);
    out->cr3 =
        choice & 1 ? guest()->roots[choice % SHARED_ROOTS].cr3 : bytes_64(&in);
    return choice & 2 ? -1 : 0;
}

static void engine_close(struct engine *engine)
{
    (void)engine;
}

static const struct engine_ops ops = {.name = "fake",
                                      .run = engine_run,
                                      .registers = engine_registers,
                                      .close = engine_close};

/* Lines of printable text: nothing that a terminal obeys. */
static void judge_text(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes;) {
        size_t length = escape_printable((const uint8_t *)text + i, bytes - i);

        FUZZ_CHECK(length || text[i] == '\n');
        i += length ? length : 1;
    }
}

static void judge_json(struct run *run, const struct judgement *judgement)
{
    struct results results = {.failed = false};
    json_t *made, *again;
    json_error_t error;
    char *text;

    run->env = results_env(&results);
    made = results_make(run, judgement);
    FUZZ_CHECK(made != NULL && !results.failed);
    json_decref(run->env);
    text = json_dumps(made, JSON_COMPACT);
    FUZZ_CHECK(text != NULL);
    again = json_loads(text, 0, &error);
    FUZZ_CHECK(again != NULL);
    json_decref(again);
    json_decref(made);
    free(text);
}

static void judge_run(struct run *run, FILE *out, bool json)
{
    struct judgement judgement;
    int exit_code;

    FUZZ_CHECK(run->end != RUN_GOING);
    report_end(run);
    FUZZ_CHECK(judge(run, &judgement) == 0);
    exit_code = judgement.exit_code;
    FUZZ_CHECK(exit_code == EXIT_MET || exit_code == EXIT_MISSED ||
               exit_code == EXIT_HOST || exit_code == EXIT_PANIC ||
               exit_code == EXIT_VIOLATED || exit_code == EXIT_TIMEOUT ||
               exit_code == EXIT_UNAVAILABLE);
    report_print(run, &judgement, out);
    if (json) {
        judge_json(run, &judgement);
    }
    judge_free(&judgement);
}

static void observe(struct run *run, FILE *out, bool reach)
{
    FUZZ_CHECK(snapshot_init(&run->snapshot) == 0);
    FUZZ_CHECK(console_init(&run->console, run->config, out) == 0);
    FUZZ_CHECK(sampler_init(&run->sampler, run->config, run->image, 3) == 0);
    run->sampler.memory = run->memory;
    run->sampler.memory_bytes = run->config->memory_bytes;
    run->sampler.module_base = run->module_base;
    FUZZ_CHECK(!reach || sampler_watch_reach(&run->sampler) == 0);
}

static void run_hostile(uint8_t first)
{
    char *texts[2] = {NULL, NULL}, *argv[] = {NULL};
    size_t sizes[2];
    FILE *out = open_memstream(&texts[0], &sizes[0]);
    FILE *err = open_memstream(&texts[1], &sizes[1]), *usual = stderr;
    struct options options = {.command = &command_table[first >> 1 & 1],
                              .verbose = (first & 4) != 0,
                              .timeout_ns = OPTIONS_TIMEOUT_NS,
                              .argv = argv};
    struct run run = {.options = &options,
                      .config = scene->config,
                      .image = scene->image,
                      .ops = &ops,
                      .memory_fd = -1,
                      .status_fd = -1,
                      .memory = scene->memory,
                      .module_base = scene->module};

    FUZZ_CHECK(out && err);
    run.engine_options.icount = (first & 8) != 0;
    run.times.start = run.times.open = run_now();
    run.deadline = run.times.open + options.timeout_ns;
    observe(&run, out, (first & 16) != 0);
    stderr = err;
    run_guest(&run);
    judge_run(&run, out, (first & 0x60) == 0x60);
    stderr = usual;
    sampler_free(&run.sampler);
    console_free(&run.console);
    snapshot_free(&run.snapshot);
    FUZZ_CHECK(fclose(out) == 0 && fclose(err) == 0);
    judge_text(texts[0], sizes[0]);
    judge_text(texts[1], sizes[1]);
    free(texts[0]);
    free(texts[1]);
}

/* What an honest kernel leaves when everybody has run once. */
static struct scene *scene_of(uint8_t choice)
{
    static const char *const paths[SCENES] = {SCENE_FOLDER "/family.yaml",
                                              SCENE_FOLDER "/peers.yaml"};
    struct scene *chosen = &scenes[choice % SCENES];
    const struct machine_options options = {.native = true};

    if (!chosen->memory) {
        scene_open(chosen, paths[choice % SCENES]);
        FUZZ_CHECK(machine_boot(chosen, &options) == MACHINE_RING3);
        machine_audit(); /* which copies the shared pages to their place */
    }
    return chosen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t first = size ? data[0] : 0;

    scene = scene_of(first & 1);
    in = (struct bytes){data, size};
    (void)bytes_8(&in);
    events = 0;
    run_hostile(first);
    restore();
    return 0;
}
