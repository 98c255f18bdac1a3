/* SPDX-License-Identifier: Apache-2.0 */
/* vmm/host: guest memory, page walks, kernel files, words of failure. */
#include <abi/layout.h>
#include <abi/shared.h>
#include <check.h>
#include <elf.h>
#include <host/describe.h>
#include <host/memory.h>
#include <host/pvh.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BYTES 0x10000u
#define PRESENT 1ull
#define LARGE 0x80ull
#define LONG_CR0 0x80000011ull
#define LONG_CR4 0x20ull
#define LONG_EFER 0x500ull

static uint8_t bytes[BYTES];
static const struct guest_memory memory = {bytes, BYTES};

static void put(uint64_t at, uint64_t value)
{
    ck_assert(guest_write(&memory, (struct gpa){at}, &value, sizeof(value)));
}

START_TEST(copies_stay_inside)
{
    static const struct {
        uint64_t at;
        size_t bytes;
        bool inside;
    } cases[] = {
        {0, 0, true},           {0, BYTES, true},      {0, BYTES + 1, false},
        {BYTES, 0, true},       {BYTES, 1, false},     {BYTES - 1, 1, true},
        {BYTES - 1, 2, false},  {BYTES + 1, 0, false}, {UINT64_MAX, 1, false},
        {UINT64_MAX, 0, false}, {1, SIZE_MAX, false},  {8, 8, true}};
    static uint8_t copy[BYTES];
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct gpa at = {cases[i].at};

        ck_assert_msg(guest_holds(&memory, at, cases[i].bytes) ==
                          cases[i].inside,
                      "case %zu", i);
        ck_assert(guest_read(&memory, at, copy, cases[i].bytes) ==
                  cases[i].inside);
        ck_assert(guest_write(&memory, at, copy, cases[i].bytes) ==
                  cases[i].inside);
    }
}
END_TEST

static struct engine_registers long_mode(uint64_t cr3)
{
    return (struct engine_registers){
        .cr0 = LONG_CR0, .cr4 = LONG_CR4, .efer = LONG_EFER, .cr3 = cr3};
}

/* 4 KiB page at 0x40201000 -> 0x5000, by tables at 0x1000..0x4000. */
static void map_one(void)
{
    memset(bytes, 0, sizeof(bytes));
    put(0x1000, 0x2000 | PRESENT);
    put(0x2000 + 8, 0x3000 | PRESENT);
    put(0x3000 + 8, 0x4000 | PRESENT);
    put(0x4000 + 8, 0x5000 | PRESENT | 1ull << 63);
}

START_TEST(walk_finds_pages_of_every_size)
{
    struct engine_registers r = long_mode(0x1000);
    struct gpa at;

    map_one();
    ck_assert(guest_translate(&memory, &r, 0x40201234, &at));
    ck_assert_uint_eq(at.value, 0x5234);
    ck_assert(!guest_translate(&memory, &r, 0x40202000, &at));
    ck_assert(!guest_translate(&memory, &r, 0, &at));
    put(0x3000, LARGE | PRESENT);
    ck_assert(guest_translate(&memory, &r, 0x40003456, &at));
    ck_assert_uint_eq(at.value, 0x3456);
    /* A large page is found, but its far end is outside the memory. */
    ck_assert(!guest_translate(&memory, &r, 0x40013456, &at));
    put(0x2000, LARGE | PRESENT);
    ck_assert(guest_translate(&memory, &r, 0x2345, &at));
    ck_assert_uint_eq(at.value, 0x2345);
}
END_TEST

START_TEST(walk_survives_what_a_guest_may_write)
{
    struct engine_registers r = long_mode(0xffffffffff000);
    struct gpa at = {7};

    ck_assert(!guest_translate(&memory, &r, 0x40201000, &at));
    r.cr3 = BYTES - 4;
    ck_assert(!guest_translate(&memory, &r, UINT64_MAX, &at));
    map_one();
    r.cr3 = 0x1000;
    put(0x3000 + 8, 0x000ffffffffff000 | PRESENT);
    ck_assert(!guest_translate(&memory, &r, 0x40201000, &at));
    put(0x3000 + 8, 0x4000 | PRESENT);
    put(0x4000 + 8, (uint64_t)BYTES | PRESENT);
    ck_assert(!guest_translate(&memory, &r, 0x40201000, &at));
    /* LARGE in the top level is reserved, not a page. */
    put(0x1000, 0x2000 | PRESENT | LARGE);
    put(0x4000 + 8, 0x5000 | PRESENT);
    ck_assert(guest_translate(&memory, &r, 0x40201000, &at));
    at.value = 7;
    r.cr4 |= 1u << 12;
    ck_assert(!guest_translate(&memory, &r, 0x40201000, &at));
    r = long_mode(0x1000);
    r.efer = 0;
    ck_assert(!guest_translate(&memory, &r, 0x40201000, &at));
    ck_assert_uint_eq(at.value, 7);
}
END_TEST

START_TEST(without_paging_addresses_are_physical)
{
    struct engine_registers r = {.cr0 = 1};
    uint8_t copy[16];
    struct gpa at;

    ck_assert(guest_translate(&memory, &r, 0x1234, &at));
    ck_assert_uint_eq(at.value, 0x1234);
    ck_assert(!guest_translate(&memory, &r, BYTES, &at));
    ck_assert_uint_eq(guest_read_linear(&memory, &r, BYTES - 4, copy, 16), 4);
    ck_assert_uint_eq(guest_read_linear(&memory, &r, UINT64_MAX, copy, 16), 0);
}
END_TEST

/* A kernel file to spoil: header, two program headers, note, code. */
struct file {
    Elf64_Ehdr header;
    Elf64_Phdr load;
    Elf64_Phdr notes;
    Elf64_Nhdr note;
    char name[4];
    uint32_t entry;
    uint8_t code[16];
};

static struct file good_file(void)
{
    return (struct file){
        .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB,
                               EV_CURRENT},
                   .e_type = ET_EXEC,
                   .e_machine = EM_X86_64,
                   .e_phoff = offsetof(struct file, load),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 2},
        .load = {.p_type = PT_LOAD,
                 .p_offset = offsetof(struct file, code),
                 .p_paddr = 0x200000,
                 .p_filesz = 16,
                 .p_memsz = 0x1000},
        .notes = {.p_type = PT_NOTE,
                  .p_offset = offsetof(struct file, note),
                  .p_filesz = sizeof(Elf64_Nhdr) + 8},
        .note = {.n_namesz = 4, .n_descsz = 4, .n_type = 18},
        .name = "Xen",
        .entry = 0x200004,
    };
}

static struct file file;
static struct pvh_kernel kernel;
static struct failure failure;

static void refused(const char *words)
{
    memset(&kernel, 0xee, sizeof(kernel));
    ck_assert_int_eq(pvh_parse(&file, sizeof(file), &kernel, &failure), -1);
    ck_assert_int_eq(failure.exit_code, EXIT_HOST);
    ck_assert_msg(strstr(failure.text, words) != NULL, "%s", failure.text);
    ck_assert_uint_eq(kernel.entry, 0xeeeeeeee);
    file = good_file();
}

START_TEST(good_kernel_is_read)
{
    file = good_file();
    ck_assert_int_eq(pvh_parse(&file, sizeof(file), &kernel, &failure), 0);
    ck_assert_uint_eq(kernel.entry, 0x200004);
    ck_assert_uint_eq(kernel.segments, 1);
    ck_assert_uint_eq(kernel.segment[0].paddr, 0x200000);
    ck_assert_uint_eq(kernel.segment[0].file_bytes, 16);
    ck_assert_uint_eq(kernel.segment[0].memory_bytes, 0x1000);
}
END_TEST

START_TEST(bad_kernels_are_refused)
{
    file = good_file();
    file.header.e_ident[0] = 0;
    refused("not an ELF");
    file.header.e_ident[EI_CLASS] = ELFCLASS32;
    refused("not an x86-64");
    file.header.e_machine = EM_AARCH64;
    refused("not an x86-64");
    file.header.e_type = ET_DYN;
    refused("not an x86-64");
    file.header.e_phentsize = 1;
    refused("program headers");
    file.header.e_phnum = 65;
    refused("program headers");
    file.header.e_phoff = sizeof(file) - 8;
    refused("outside the file");
    file.header.e_phoff = UINT64_MAX - 8;
    refused("outside the file");
    file.load.p_offset = sizeof(file) - 15;
    refused("past the end");
    file.load.p_filesz = UINT64_MAX;
    refused("past the end");
    file.load.p_memsz = 15;
    refused("sizes make no sense");
    file.load.p_paddr = UINT64_MAX - 0xffe;
    refused("sizes make no sense");
    file.note.n_type = 17;
    refused("no PVH entry");
    file.name[0] = 'Y';
    refused("no PVH entry");
    file.note.n_namesz = UINT32_MAX;
    refused("no PVH entry");
    file.note.n_descsz = 2;
    refused("no PVH entry");
    file.notes.p_filesz = UINT64_MAX;
    refused("no PVH entry");
    file.notes.p_offset = sizeof(file) - 4;
    refused("no PVH entry");
    file.entry = 0x200010;
    refused("in no loaded segment");
    file.entry = 0x1fffff;
    refused("in no loaded segment");
}
END_TEST

/* Every prefix, and every byte flipped: parsed or refused, never worse. */
START_TEST(spoiled_kernels_do_no_harm)
{
    size_t size, i;

    file = good_file();
    for (size = 0; size < offsetof(struct file, code) + 16; size++) {
        uint8_t *exact = malloc(size + 1);

        ck_assert_ptr_nonnull(exact);
        memcpy(exact + 1, &file, size); /* and unaligned */
        ck_assert_int_eq(pvh_parse(exact + 1, size, &kernel, &failure), -1);
        free(exact);
    }
    for (i = 0; i < sizeof(file) * 8; i++) {
        uint32_t s;

        file = good_file();
        ((uint8_t *)&file)[i / 8] ^= (uint8_t)(1u << i % 8);
        if (pvh_parse(&file, sizeof(file), &kernel, &failure) == 0) {
            ck_assert_uint_le(kernel.segments, PVH_SEGMENTS_MAX);
            for (s = 0; s < kernel.segments; s++) {
                ck_assert_uint_le(kernel.segment[s].file_offset +
                                      kernel.segment[s].file_bytes,
                                  sizeof(file));
            }
        }
    }
}
END_TEST

START_TEST(module_goes_to_the_top)
{
    struct engine_guest guest = {.module_bytes = 0x1ff000,
                                 .memory_bytes = 16u << 20};
    uint64_t at = 7;

    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), 0);
    ck_assert_uint_eq(at, 14u << 20);
    guest.module_bytes = (12u << 20) - 4096;
    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), 0);
    ck_assert_uint_eq(at, 4u << 20);
    guest.module_bytes = (14u << 20) - 4096;
    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), -1);
    ck_assert_int_eq(failure.exit_code, EXIT_USAGE);
    ck_assert_ptr_nonnull(strstr(failure.remedy, "memory"));
    guest.module_bytes = SIZE_MAX; /* of no form */
    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), -1);
    guest.module_bytes = 0x200000;
    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), -1);
    guest.module_bytes = 0;
    ck_assert_int_eq(engine_module_place(&guest, &at, &failure), -1);
    ck_assert_uint_eq(at, 4u << 20);
}
END_TEST

START_TEST(failure_is_cut_not_spilled)
{
    static char words[4096];
    int i;

    memset(words, 'x', sizeof(words) - 1);
    ck_assert_int_eq(failure_set(&failure, 3, "%s", words), -1);
    ck_assert_uint_eq(strlen(failure.text), sizeof(failure.text) - 1);
    ck_assert_str_eq(failure.remedy, "");
    failure_remedy(&failure, "%s", words);
    ck_assert_uint_eq(strlen(failure.remedy), sizeof(failure.remedy) - 1);
    failure_append(&failure, "more");
    ck_assert_uint_eq(strlen(failure.text), sizeof(failure.text) - 1);
    (void)failure_set(&failure, 3, "a");
    for (i = 0; i < 2000; i++) {
        failure_append(&failure, "b");
    }
    ck_assert_uint_eq(strlen(failure.text), sizeof(failure.text) - 1);
}
END_TEST

START_TEST(description_names_domain_and_bytes)
{
    static uint8_t guest[0x201000];
    static const uint8_t code[] = {0x0f, 0x0b, 0x90};
    const struct guest_memory all = {guest, sizeof(guest)};
    struct engine_registers r = {.rip = sizeof(guest) - sizeof(code)};
    uint32_t *head = (uint32_t *)(void *)(guest + ABI_SHARED_PHYS);

    memcpy(guest + r.rip, code, sizeof(code));
    (void)failure_set(&failure, 3, "x");
    engine_describe(&failure, &all, &r);
    ck_assert_ptr_nonnull(strstr(failure.text, "has not come up"));
    ck_assert_ptr_nonnull(strstr(failure.text, "rip: 0f 0b 90 (end of page)"));
    head[0] = SHARED_MAGIC;
    head[1] = SHARED_VERSION;
    head[3] = 7;
    (void)failure_set(&failure, 3, "x");
    engine_describe(&failure, &all, NULL);
    ck_assert_str_eq(failure.text, "x\nrunning: domain 7 (phase 0)");
    head[3] = SHARED_DOMAINS; /* not a domain: not believed */
    (void)failure_set(&failure, 3, "x");
    engine_describe(&failure, &all, NULL);
    ck_assert_str_eq(failure.text, "x\nrunning: the guest kernel (phase 0)");
    memset(&r, 0xff, sizeof(r)); /* the longest registers fit */
    (void)failure_set(&failure, 3, "%0200d", 0);
    engine_describe(&failure, &all, &r);
    ck_assert_ptr_nonnull(strstr(failure.text, "rip: none mapped"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("host");
    TCase *cases = tcase_create("host");
    SRunner *runner;
    int failed;

    tcase_add_test(cases, copies_stay_inside);
    tcase_add_test(cases, walk_finds_pages_of_every_size);
    tcase_add_test(cases, walk_survives_what_a_guest_may_write);
    tcase_add_test(cases, without_paging_addresses_are_physical);
    tcase_add_test(cases, good_kernel_is_read);
    tcase_add_test(cases, bad_kernels_are_refused);
    tcase_add_test(cases, spoiled_kernels_do_no_harm);
    tcase_add_test(cases, module_goes_to_the_top);
    tcase_add_test(cases, failure_is_cut_not_spilled);
    tcase_add_test(cases, description_names_domain_and_bytes);
    suite_add_tcase(suite, cases);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
