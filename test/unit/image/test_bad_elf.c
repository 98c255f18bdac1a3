/* SPDX-License-Identifier: Apache-2.0 */
/* Headers and segments that are refused, each with its exact sentence. */
#include "suites.h"

static struct copy c;

static void fresh(void)
{
    copy_make(&c, sample_elf, sample_elf_end);
}

START_TEST(empty)
{
    fresh();
    free(c.bytes);
    c.bytes = malloc(1);
    c.size = 0;
    copy_refused(&c, "is not an ELF file: give a program built for x86-64 "
                     "with -static-pie");
}
END_TEST

START_TEST(magic)
{
    fresh();
    c.bytes[0] = '#';
    copy_refused(&c, "is not an ELF file: give a program built for x86-64 "
                     "with -static-pie");
}
END_TEST

START_TEST(cut_header)
{
    uint8_t *part = malloc(40);

    fresh();
    memcpy(part, c.bytes, 40);
    free(c.bytes);
    c.bytes = part;
    c.size = 40;
    copy_refused(&c, "is cut short within the ELF header: build or copy it "
                     "again");
}
END_TEST

START_TEST(identity)
{
    fresh();
    c.bytes[EI_CLASS] = ELFCLASS32;
    copy_refused(&c, "is not a 64-bit ELF file: compile it for x86-64 with "
                     "-m64");
    fresh();
    c.bytes[EI_DATA] = ELFDATA2MSB;
    copy_refused(&c, "is not a little-endian ELF file: compile it for x86-64");
    fresh();
    c.bytes[EI_VERSION] = 7;
    copy_refused(&c, "has the unknown ELF version 7: build it again");
    fresh();
    copy_header(&c)->e_machine = EM_AARCH64;
    copy_refused(&c, "is for ELF machine 183, not for x86-64 (62): compile it "
                     "for x86-64");
}
END_TEST

START_TEST(type)
{
    static const char *const names[] = {"unknown", "REL", "EXEC", NULL, "CORE"};
    char sentence[100];

    for (uint16_t i = 0; i < 5; i++) {
        if (i == ET_DYN) {
            continue;
        }
        fresh();
        copy_header(&c)->e_type = i;
        snprintf(sentence, sizeof(sentence),
                 "is not a static-PIE (type %s): link with -static-pie",
                 names[i]);
        copy_refused(&c, sentence);
    }
    copy_make(&c, fixed_elf, fixed_elf_end);
    copy_refused(&c, "is not a static-PIE (type EXEC): link with -static-pie");
}
END_TEST

START_TEST(program_headers)
{
    fresh();
    copy_header(&c)->e_phnum = 0;
    copy_refused(&c, "has no program headers: link with -static-pie");
    fresh();
    copy_header(&c)->e_phentsize = 32;
    copy_refused(&c, "has program headers of 32 bytes instead of 56: build it "
                     "again");
    fresh();
    copy_header(&c)->e_phoff = c.size - 8;
    copy_refused(&c, "is cut short within the program headers: build or copy "
                     "it again");
    fresh();
    copy_header(&c)->e_phoff = UINT64_MAX - 8;
    copy_refused(&c, "is cut short within the program headers: build or copy "
                     "it again");
}
END_TEST

START_TEST(forbidden_segments)
{
    fresh();
    copy_segment(&c, PT_GNU_STACK, 0)->p_type = PT_INTERP;
    copy_refused(&c, "asks for a program interpreter: link with -static-pie");
    fresh();
    copy_segment(&c, PT_GNU_STACK, 0)->p_type = PT_TLS;
    copy_refused(&c, "has thread-local storage, which domains do not have: "
                     "remove _Thread_local variables");
    fresh();
    copy_segment(&c, PT_GNU_STACK, 0)->p_flags |= PF_X;
    copy_refused(&c, "asks for an executable stack: link with "
                     "-z noexecstack");
}
END_TEST

START_TEST(rights)
{
    fresh();
    copy_load(&c, PF_R | PF_X)->p_flags |= PF_W;
    copy_refused(&c, "has a segment (1) that is writable and executable: link "
                     "without -N and keep code out of writable sections");
    fresh();
    copy_load(&c, PF_R | PF_X)->p_flags = PF_X;
    copy_refused(&c, "has a segment (1) that is not readable: link without "
                     "execute-only segments");
}
END_TEST

START_TEST(extent)
{
    Elf64_Phdr *load;

    fresh();
    load = copy_segment(&c, PT_LOAD, 0);
    load->p_filesz = load->p_memsz + 1;
    copy_refused(&c, "has a segment (0) that is larger in the file than in "
                     "memory: build it again");
    fresh();
    load = copy_segment(&c, PT_LOAD, 1);
    load->p_offset = (c.size + 0x1000) & ~0xfffull;
    copy_refused(&c, "is cut short: segment 1 lies beyond the file's end; "
                     "build or copy it again");
    fresh();
    load = copy_segment(&c, PT_LOAD, 1);
    load->p_offset = UINT64_MAX - 0xfff;
    load->p_filesz = load->p_memsz = 0x2000;
    copy_refused(&c, "is cut short: segment 1 lies beyond the file's end; "
                     "build or copy it again");
    fresh();
    copy_load(&c, PF_R | PF_W)->p_memsz = (16ull << 20) + 1;
    copy_refused(&c, "is larger than 16 MiB in memory: make it smaller");
    fresh();
    copy_load(&c, PF_R | PF_W)->p_memsz = UINT64_MAX;
    copy_refused(&c, "is larger than 16 MiB in memory: make it smaller");
    fresh();
    copy_load(&c, PF_R | PF_W)->p_vaddr = UINT64_MAX - 0xfff;
    copy_refused(&c, "has a segment (3) that reaches past the end of all "
                     "addresses: build it again");
    fresh();
    copy_load(&c, PF_R | PF_X)->p_offset += 8;
    copy_refused(&c, "has a segment (1) whose file offset and address differ "
                     "within a page: link without -n and -N");
}
END_TEST

START_TEST(places)
{
    Elf64_Phdr *load;

    fresh();
    load = copy_segment(&c, PT_LOAD, 0);
    load->p_vaddr += 0x100000;
    copy_refused(&c, "has segments out of order (1): link with ascending "
                     "addresses");
    fresh();
    load = copy_segment(&c, PT_LOAD, 0);
    load->p_memsz = 0x1001;
    copy_refused(&c, "has segments (0 and 1) that overlap or share a page: "
                     "link with -z max-page-size=4096");
    fresh();
    load = copy_load(&c, PF_R | PF_W);
    load->p_vaddr += 16ull << 20;
    copy_refused(&c, "is larger than 16 MiB in memory: make it smaller");
    fresh();
    copy_load(&c, PF_R | PF_W)->p_align = 4ull << 20;
    copy_refused(&c, "has a segment (3) that needs an alignment of 4194304 "
                     "bytes: link with -z max-page-size=4096");
}
END_TEST

START_TEST(no_load)
{
    fresh();
    for (unsigned i = 0; i < 4; i++) {
        copy_segment(&c, PT_LOAD, 0)->p_type = PT_NULL;
    }
    copy_refused(&c, "has no loadable segment: link with -static-pie");
}
END_TEST

START_TEST(too_many_loads)
{
    Elf64_Phdr load = {.p_type = PT_LOAD, .p_flags = PF_R, .p_memsz = 1};

    fresh();
    c.bytes = realloc(c.bytes, c.size + 9 * sizeof(load));
    copy_header(&c)->e_phoff = c.size;
    copy_header(&c)->e_phnum = 9;
    for (unsigned i = 0; i < 9; i++) {
        load.p_vaddr = 0x1000 * i;
        memcpy(c.bytes + c.size, &load, sizeof(load));
        c.size += sizeof(load);
    }
    copy_refused(&c, "has more than 8 loadable segments: link with the "
                     "default layout");
}
END_TEST

START_TEST(entry)
{
    fresh();
    copy_header(&c)->e_entry = 0;
    copy_refused(&c, "starts at 0x0, which no executable segment holds: link "
                     "with the runtime that defines _start");
    fresh();
    copy_header(&c)->e_entry = 0xfffffffffffffff0;
    copy_refused(&c, "starts at 0xfffffffffffffff0, which no executable "
                     "segment holds: link with the runtime that defines "
                     "_start");
    fresh();
    copy_load(&c, PF_R | PF_X)->p_filesz = 0;
    copy_header(&c)->e_entry = 0x1000;
    copy_refused(&c, "starts at 0x1000, which no executable segment holds: "
                     "link with the runtime that defines _start");
}
END_TEST

TCase *bad_elf_case(void)
{
    TCase *tcase = tcase_create("bad ELF");

    tcase_add_test(tcase, empty);
    tcase_add_test(tcase, magic);
    tcase_add_test(tcase, cut_header);
    tcase_add_test(tcase, identity);
    tcase_add_test(tcase, type);
    tcase_add_test(tcase, program_headers);
    tcase_add_test(tcase, forbidden_segments);
    tcase_add_test(tcase, rights);
    tcase_add_test(tcase, extent);
    tcase_add_test(tcase, places);
    tcase_add_test(tcase, no_load);
    tcase_add_test(tcase, too_many_loads);
    tcase_add_test(tcase, entry);
    return tcase;
}
