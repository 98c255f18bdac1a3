/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laying out the boot module and filling it:
 *
 *   page 0, the spec, data and read-only segments, files,
 *   padding to a granule, the executable arena, padding to a granule - 1 page
 *
 * Padding is memory never touched: it costs nothing.
 */
#define _GNU_SOURCE
#include "parts.h"

#include <capabilities/cap.h>
#include <string.h>
#include <sys/mman.h>

static bool is_executable(const struct spec_segment *segment)
{
    return (segment->rights & CAP_EXEC) != 0;
}

/* Page numbers of all segments of one sort, from `page` on; the next page. */
static uint64_t place_segments(struct draft *draft, bool executable,
                               uint64_t page)
{
    for (uint32_t i = 0; i < draft->header.segments.count; i++) {
        struct spec_segment *segment = &draft->segments[i];

        if (is_executable(segment) == executable) {
            segment->source = (uint32_t)page;
            page += segment->file_pages;
        }
    }
    return page;
}

static uint64_t place_files(struct draft *draft, uint64_t page)
{
    for (uint32_t i = 0; i < draft->header.nodes.count; i++) {
        struct spec_node *node = &draft->nodes[i];

        if (node->kind == SPEC_NODE_FILE) {
            node->first = (uint32_t)page;
            page += node->count;
        }
    }
    return page;
}

static uint64_t granule_up(uint64_t page)
{
    return (page + ABI_GRANULE_PAGES - 1) / ABI_GRANULE_PAGES *
           ABI_GRANULE_PAGES;
}

/* Pages cannot overflow: programs and files are bounded, 64 x 16 MiB and the
 * machine's memory. */
int image__layout(struct making *making)
{
    struct draft *draft = making->draft;
    struct spec_header *header = &draft->header;
    uint64_t page = 1 + image__pages(making->spec_bytes);
    uint64_t end;

    page = place_segments(draft, false, page);
    page = place_files(draft, page);
    making->data_pages = (uint32_t)page;
    making->exec_page = (uint32_t)granule_up(page);
    end = place_segments(draft, true, making->exec_page);
    making->exec_pages = (uint32_t)(end - making->exec_page);
    making->pages = (uint32_t)granule_up(end + 1) - 1;
    header->module_pages = making->pages;
    header->exec_page = making->exec_page;
    header->exec_pages = making->exec_pages;
    return 0;
}

static uint8_t *page_at(const struct making *making, uint32_t page)
{
    return making->image->module + (size_t)page * ABI_PAGE_SIZE;
}

static void write_header(struct making *making)
{
    struct boot_module header = {
        .magic = BOOT_MODULE_MAGIC,
        .version = BOOT_MODULE_VERSION,
        .flags = making->boot_flags,
        .pages = making->pages,
        .spec_page = 1,
        .spec_bytes = making->spec_bytes,
        .exec_page = making->exec_page,
        .exec_pages = making->exec_pages,
        .seed = making->config->seed,
    };

    memcpy(making->image->module, &header, sizeof(header));
}

static void write_programs(struct making *making)
{
    const struct image *image = making->image;

    for (uint32_t i = 0; i < image->program_count; i++) {
        struct program *program = &image->programs[i];
        const struct spec_segment *placed =
            &making->draft->segments[making->draft->programs[i].first_segment];

        for (uint32_t s = 0; s < program->segment_count; s++) {
            program->segments[s].source = placed[s].source;
            memcpy(page_at(making, placed[s].source) + program->leads[s],
                   program->bytes[s], program->byte_counts[s]);
        }
    }
}

static int write_files(struct making *making)
{
    const struct trees *trees = &making->trees;
    char text[240];
    struct sentence why = {text, sizeof(text)};
    int result = 0;

    for (uint32_t i = 0; i < trees->node_count; i++) {
        if (!trees->nodes[i].directory &&
            image__trees_read(trees, i,
                              page_at(making, making->draft->nodes[i].first),
                              &why) != 0) {
            diagnostics_add(making->diagnostics,
                            image__tree_mark(making, trees->nodes[i].tree),
                            "%s", text);
            result = -1;
        }
    }
    return result;
}

int image__write(struct making *making)
{
    struct image *image = making->image;
    size_t bytes = (size_t)making->pages * ABI_PAGE_SIZE;
    void *module = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (module == MAP_FAILED) {
        return image__no_memory(making->failure);
    }
    image->module = module;
    image->module_bytes = bytes;
    image->data_bytes = (size_t)making->data_pages * ABI_PAGE_SIZE;
    write_header(making);
    image__draft_write(making->draft, page_at(making, 1));
    write_programs(making);
    return write_files(making);
}

void image_without_guard(struct image *image, uint32_t guard)
{
    struct boot_module header;

    memcpy(&header, image->module, sizeof(header));
    header.without_guard = guard;
    memcpy(image->module, &header, sizeof(header));
}

void image_trace(struct image *image, uint32_t records)
{
    struct boot_module header;

    memcpy(&header, image->module, sizeof(header));
    header.trace_records = records;
    memcpy(image->module, &header, sizeof(header));
}

void image_copy(const struct image *image, void *to)
{
    struct boot_module header;
    size_t exec;

    memcpy(&header, image->module, sizeof(header));
    exec = (size_t)header.exec_page * ABI_PAGE_SIZE;
    memcpy(to, image->module, image->data_bytes);
    memcpy((uint8_t *)to + exec, image->module + exec,
           (size_t)header.exec_pages * ABI_PAGE_SIZE);
}
