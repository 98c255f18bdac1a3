/* SPDX-License-Identifier: Apache-2.0 */
#include <abi/layout.h>
#include <debug/page_walk.h>
#include <stdio.h>
#include <string.h>

#define CR0_PG (1ull << 31)
#define CR4_LA57 (1ull << 12)
#define EFER_LMA (1ull << 10)

#define ENTRY_PRESENT 1ull
#define ENTRY_WRITE 2ull
#define ENTRY_USER 4ull
#define ENTRY_LARGE 0x80ull
#define ENTRY_NX (1ull << 63)
#define ENTRY_ADDRESS 0x000ffffffffff000ull
#define LARGEST_LEVEL 3u
#define INDEX_BITS 9u

static const char *const level_names[PAGE_WALK_LEVELS + 1] = {"", "PT", "PD",
                                                              "PDPT", "PML4"};
static const char *const level_words[PAGE_WALK_LEVELS + 1] = {
    "", "page table", "page directory", "page-directory-pointer table",
    "top table"};

static unsigned level_shift(uint32_t level)
{
    return ABI_PAGE_SHIFT + INDEX_BITS * (level - 1);
}

static bool canonical(uint64_t address)
{
    uint64_t top = address >> 47;

    return top == 0 || top == (1u << 17) - 1;
}

static bool is_page(const struct page_walk_step *step)
{
    return step->level == 1 ||
           (step->level <= LARGEST_LEVEL && (step->entry & ENTRY_LARGE));
}

static void mapped(struct page_walk *walk, const struct page_walk_step *last)
{
    uint64_t inside = (1ull << level_shift(last->level)) - 1;

    walk->end = WALK_MAPPED;
    walk->bytes = inside + 1;
    walk->physical =
        (last->entry & ENTRY_ADDRESS & ~inside) | (walk->address & inside);
}

static void steps(const struct guest_memory *memory, struct page_walk *walk)
{
    struct gpa table = {walk->cr3 & ENTRY_ADDRESS};

    walk->user = walk->write = walk->exec = true;
    for (uint32_t level = PAGE_WALK_LEVELS; level > 0; level--) {
        struct page_walk_step *step = &walk->step[walk->steps];
        struct gpa slot;

        step->level = level;
        step->table = table.value;
        step->index = walk->address >> level_shift(level) & 511u;
        slot.value = table.value + step->index * sizeof(step->entry);
        if (!guest_read(memory, slot, &step->entry, sizeof(step->entry))) {
            walk->end = WALK_OUTSIDE;
            return;
        }
        walk->steps++;
        if (!(step->entry & ENTRY_PRESENT)) {
            walk->end = WALK_NOT_PRESENT;
            return;
        }
        walk->user = walk->user && (step->entry & ENTRY_USER);
        walk->write = walk->write && (step->entry & ENTRY_WRITE);
        walk->exec = walk->exec && !(step->entry & ENTRY_NX);
        if (is_page(step)) {
            mapped(walk, step);
            return;
        }
        table.value = step->entry & ENTRY_ADDRESS;
    }
}

void page_walk_make(const struct guest_memory *memory,
                    const struct engine_registers *registers, uint64_t address,
                    struct page_walk *out)
{
    *out = (struct page_walk){.address = address, .cr3 = registers->cr3};
    if (!(registers->cr0 & CR0_PG)) {
        out->end = WALK_NO_PAGING;
    } else if (!(registers->efer & EFER_LMA) || (registers->cr4 & CR4_LA57)) {
        out->end = WALK_OTHER_MODE;
    } else if (!canonical(address)) {
        out->end = WALK_NOT_CANONICAL;
    } else {
        steps(memory, out);
    }
}

static void flags_text(uint64_t entry, char *out, size_t bytes)
{
    static const struct {
        uint64_t bit;
        const char *word;
    } flags[] = {{ENTRY_WRITE, ", write"},       {ENTRY_USER, ", user"},
                 {1ull << 3, ", write-through"}, {1ull << 4, ", uncached"},
                 {1ull << 5, ", accessed"},      {1ull << 6, ", dirty"},
                 {1ull << 8, ", global"},        {ENTRY_NX, ", no-execute"}};
    size_t used;

    snprintf(out, bytes, "%s",
             entry & ENTRY_PRESENT ? "present" : "not present");
    for (size_t i = 0;
         entry & ENTRY_PRESENT && i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (entry & flags[i].bit) {
            used = strlen(out);
            snprintf(out + used, bytes - used, "%s", flags[i].word);
        }
    }
}

void page_walk_step_text(const struct page_walk *walk, uint32_t index,
                         char *out, size_t bytes)
{
    const struct page_walk_step *step = &walk->step[index];
    uint64_t inside = (1ull << level_shift(step->level)) - 1;
    char flags[128], name[16], where[48] = "";

    flags_text(step->entry, flags, sizeof(flags));
    snprintf(name, sizeof(name), "%s[%u]", level_names[step->level],
             step->index);
    if ((step->entry & ENTRY_PRESENT) && is_page(step)) {
        snprintf(where, sizeof(where), " -> page 0x%llx",
                 (unsigned long long)(step->entry & ENTRY_ADDRESS & ~inside));
    } else if (step->entry & ENTRY_PRESENT) {
        snprintf(where, sizeof(where), " -> table 0x%llx",
                 (unsigned long long)(step->entry & ENTRY_ADDRESS));
    }
    snprintf(out, bytes, "%-9s 0x%llx: %s%s", name,
             (unsigned long long)step->entry, flags, where);
}

static void mapped_text(const struct page_walk *walk, char *out, size_t bytes)
{
    uint64_t kib = walk->bytes >> 10;

    snprintf(out, bytes, "maps to 0x%llx, a page of %llu %s: %s may read%s%s",
             (unsigned long long)walk->physical,
             (unsigned long long)(kib < 1024          ? kib
                                  : kib < 1024 * 1024 ? kib >> 10
                                                      : kib >> 20),
             kib < 1024          ? "KiB"
             : kib < 1024 * 1024 ? "MiB"
                                 : "GiB",
             walk->user ? "ring 3" : "ring 0 alone",
             walk->write ? ", write" : "", walk->exec ? ", execute" : "");
}

void page_walk_end_text(const struct page_walk *walk, char *out, size_t bytes)
{
    const char *last =
        walk->steps ? level_words[walk->step[walk->steps - 1].level] : "";

    switch (walk->end) {
    case WALK_MAPPED:
        mapped_text(walk, out, bytes);
        break;
    case WALK_NO_PAGING:
        snprintf(out, bytes, "paging is off: the address is physical");
        break;
    case WALK_OTHER_MODE:
        snprintf(out, bytes, "the paging mode is not long mode, four levels");
        break;
    case WALK_NOT_CANONICAL:
        snprintf(out, bytes, "the address is not canonical: no table is read");
        break;
    case WALK_NOT_PRESENT:
        snprintf(out, bytes, "stops at the %s: the entry is not present", last);
        break;
    case WALK_OUTSIDE:
        snprintf(out, bytes,
                 "stops: the next table (0x%llx) is outside guest memory",
                 (unsigned long long)(walk->steps
                                          ? walk->step[walk->steps - 1].entry &
                                                ENTRY_ADDRESS
                                          : walk->cr3 & ENTRY_ADDRESS));
        break;
    }
}

const char *page_walk_end_name(enum page_walk_end end)
{
    static const char *const names[] = {"mapped",      "no-paging",
                                        "other-mode",  "not-canonical",
                                        "not-present", "outside-memory"};

    return names[end];
}
