/* SPDX-License-Identifier: Apache-2.0 */
/* What assertions have tried in ring 3, and the code that programs bring for
 * it. */
#include "parts.h"

#include <capabilities/cap.h>
#include <string.h>

/* ambit__probe of guest/runtime/src/start.S: nothing else is taken for it. */
static const uint8_t probe_code[] = {
    0x48, 0x8b, 0x07, /* mov rax, [rdi] */
    0x48, 0x85, 0xf6, /* test rsi, rsi */
    0x74, 0x03,       /* jz +3 */
    0x48, 0x89, 0x07, /* mov [rdi], rax */
    0x0f, 0x0b,       /* ud2 */
};

static bool is_probe(const struct program *program, uint64_t offset)
{
    for (uint32_t i = 0; i < program->segment_count; i++) {
        const struct spec_segment *segment = &program->segments[i];
        uint64_t first =
            (uint64_t)segment->page * ABI_PAGE_SIZE + program->leads[i];

        if (segment->rights & CAP_EXEC && offset >= first &&
            offset - first + sizeof(probe_code) <= program->byte_counts[i]) {
            return memcmp(program->bytes[i] + (offset - first), probe_code,
                          sizeof(probe_code)) == 0;
        }
    }
    return false;
}

static void find_code(struct making *making)
{
    for (uint32_t i = 0; i < making->image->program_count; i++) {
        const struct program *program = &making->image->programs[i];
        uint64_t offset;

        if (program_function(program, "ambit__probe", &offset) == 0 &&
            is_probe(program, offset)) {
            making->draft->programs[i].probe = offset;
        }
    }
}

static void add(struct making *making, const struct spec_probe *probe)
{
    struct spec_table *table = &making->draft->header.probes;

    if (table->count < SPEC_MAX_PROBES) {
        making->draft->probes[table->count++] = *probe;
    }
}

/* "app.stack" or "ring"; the config has checked that it is one. */
static bool find_place(const struct config *config, const char *name,
                       struct spec_probe *out)
{
    static const char *const whats[] = {".image", ".heap", ".stack"};
    const char *dot = strchr(name, '.');
    size_t bytes = dot ? (size_t)(dot - name) : 0;

    for (uint32_t i = 0; !dot && i < config->range_count; i++) {
        if (strcmp(config->ranges[i].name.text, name) == 0) {
            out->what = SPEC_PROBE_RANGE;
            out->object = i;
            return true;
        }
    }
    for (uint32_t i = 0; dot && i < config->domain_count; i++) {
        const char *domain = config->domains[i].name.text;

        for (uint32_t w = 0; strlen(domain) == bytes &&
                             memcmp(domain, name, bytes) == 0 && w < 3;
             w++) {
            if (strcmp(dot, whats[w]) == 0) {
                out->what = w;
                out->object = i;
                return true;
            }
        }
    }
    return false;
}

/* What `domain` reaches, tried by `by`. */
static void add_reach(struct making *making, uint32_t about, uint32_t by,
                      uint32_t domain, uint32_t own)
{
    const struct config_domain *d = &making->config->domains[domain];
    struct spec_probe probe = {.domain = by, .object = domain, .about = about};

    for (uint32_t what = SPEC_PROBE_IMAGE; what <= SPEC_PROBE_STACK; what++) {
        probe.what = what;
        /* Whatever is there to be read is text in part: it is not written. */
        probe.access = what == SPEC_PROBE_IMAGE ? CAP_WRITE : own;
        if (what != SPEC_PROBE_HEAP || d->heap_bytes) {
            add(making, &probe);
        }
    }
    for (uint32_t i = 0; i < d->hold_count; i++) {
        if (d->holds[i].type == CAP_RANGE) {
            add(making, &(struct spec_probe){.domain = by,
                                             .what = SPEC_PROBE_RANGE,
                                             .object = d->holds[i].index,
                                             .access = CAP_WRITE,
                                             .about = about});
        }
    }
}

static bool may_be_trusted(const struct config_assert *assertion,
                           uint32_t domain)
{
    for (uint32_t i = 0; i < assertion->within_count; i++) {
        if (assertion->within[i] == domain) {
            return true;
        }
    }
    return domain == assertion->from;
}

static void add_assert(struct making *making, uint32_t index)
{
    const struct config_assert *assertion = &making->config->asserts[index];
    struct spec_probe probe = {.domain = assertion->from, .about = index};

    switch (assertion->kind) {
    case ASSERT_DENY:
    case ASSERT_ALLOW:
        probe.access = assertion->rights & (CAP_READ | CAP_WRITE);
        if (probe.access &&
            find_place(making->config, assertion->to.text, &probe)) {
            add(making, &probe);
        }
        break;
    case ASSERT_TCB:
        for (uint32_t i = 0;
             assertion->within_given && i < making->config->domain_count; i++) {
            if (!may_be_trusted(assertion, i)) {
                add_reach(making, index, i, assertion->from, CAP_WRITE);
            }
        }
        break;
    case ASSERT_ISOLATED:
        for (uint32_t i = 0; i < 2; i++) {
            add_reach(making, index, assertion->between[i],
                      assertion->between[1 - i], CAP_READ | CAP_WRITE);
        }
        break;
    case ASSERT_RSI:
        break; /* a number: there is no access that must fail */
    }
}

void image__probes(struct making *making)
{
    if (making->config->assert_count == 0) {
        return;
    }
    find_code(making);
    for (uint32_t i = 0; i < making->config->assert_count; i++) {
        add_assert(making, i);
    }
}
