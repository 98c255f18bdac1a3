/* SPDX-License-Identifier: Apache-2.0 */
/* Dynamic entries and relocations that are refused. */
#include "suites.h"

#define TAG_RELR 36
#define TAG_RELRSZ 35

static struct copy c;

static void fresh(void)
{
    copy_make(&c, sample_elf, sample_elf_end);
}

static void fresh_relr(void)
{
    copy_make(&c, relr_elf, relr_elf_end);
}

/* Overwrites an entry that nobody needs. */
static void set_entry(int64_t tag, uint64_t value)
{
    Elf64_Dyn *entry = copy_dynamic(&c, DT_SYMENT);

    entry->d_tag = tag;
    entry->d_un.d_val = value;
}

START_TEST(dynamic_segment)
{
    fresh();
    copy_segment(&c, PT_GNU_STACK, 0)->p_type = PT_DYNAMIC;
    copy_refused(&c, "has two dynamic segments: build it again");
    fresh();
    copy_segment(&c, PT_DYNAMIC, 0)->p_vaddr = 0x900000;
    copy_refused(&c, "has a dynamic segment outside its loaded segments: "
                     "build it again");
    fresh();
    copy_segment(&c, PT_DYNAMIC, 0)->p_memsz = UINT64_MAX;
    copy_refused(&c, "has a dynamic segment outside its loaded segments: "
                     "build it again");
    fresh();
    copy_segment(&c, PT_DYNAMIC, 0)->p_memsz = 16;
    copy_refused(&c, "has a dynamic segment without an end: build it again");
}
END_TEST

START_TEST(forbidden_entries)
{
    fresh();
    set_entry(DT_NEEDED, 1);
    copy_refused(&c, "needs shared libraries: link with -static-pie");
    fresh();
    set_entry(DT_TEXTREL, 0);
    copy_refused(&c, "has text relocations: compile everything with -fPIE and "
                     "link with -z text");
    fresh();
    set_entry(DT_FLAGS, DF_TEXTREL);
    copy_refused(&c, "has text relocations: compile everything with -fPIE and "
                     "link with -z text");
    fresh();
    set_entry(DT_PLTRELSZ, 24);
    copy_refused(&c, "has REL or PLT relocations, where only RELA and RELR are "
                     "possible: link with -static-pie and without ifuncs");
    fresh();
    set_entry(DT_RELSZ, 16);
    copy_refused(&c, "has REL or PLT relocations, where only RELA and RELR are "
                     "possible: link with -static-pie and without ifuncs");
}
END_TEST

static Elf64_Rela *first_rela(void)
{
    return copy_at(&c, copy_dynamic(&c, DT_RELA)->d_un.d_ptr);
}

START_TEST(rela_table)
{
    static const char damaged[] = "has a damaged relocation table (RELA): "
                                  "build it again";

    fresh();
    copy_dynamic(&c, DT_RELASZ)->d_un.d_val += 1;
    copy_refused(&c, damaged);
    fresh();
    copy_dynamic(&c, DT_RELASZ)->d_un.d_val = UINT64_MAX / 24 * 24;
    copy_refused(&c, damaged);
    fresh();
    copy_dynamic(&c, DT_RELAENT)->d_un.d_val = 16;
    copy_refused(&c, damaged);
    fresh();
    copy_dynamic(&c, DT_RELA)->d_un.d_ptr = 0xffff0000;
    copy_refused(&c, damaged);
}
END_TEST

START_TEST(rela_entries)
{
    char sentence[200];
    uint64_t text;

    fresh();
    first_rela()->r_info = ELF64_R_INFO(1, R_X86_64_GLOB_DAT);
    copy_refused(&c, "has a relocation of type 6, where only "
                     "R_X86_64_RELATIVE (8) is possible: link with "
                     "-static-pie, without ifuncs and undefined symbols");
    fresh();
    first_rela()->r_offset = 0x800000;
    copy_refused(&c, "has a relocation of 0x800000, outside its segments: "
                     "build it again");
    fresh();
    first_rela()->r_offset = UINT64_MAX - 3;
    copy_refused(&c, "has a relocation of 0xfffffffffffffffc, outside its "
                     "segments: build it again");
    fresh();
    text = copy_load(&c, PF_R | PF_X)->p_vaddr;
    first_rela()->r_offset = text;
    snprintf(sentence, sizeof(sentence),
             "has a relocation of 0x%lx, in a segment that is not writable: "
             "compile everything with -fPIE and link with -z text",
             (unsigned long)text);
    copy_refused(&c, sentence);
}
END_TEST

START_TEST(relr)
{
    static const char damaged[] = "has a damaged relocation table (RELR): "
                                  "build it again";
    uint64_t *words;

    fresh_relr();
    copy_dynamic(&c, TAG_RELRSZ)->d_un.d_val += 1;
    copy_refused(&c, damaged);
    fresh_relr();
    copy_dynamic(&c, TAG_RELR)->d_un.d_ptr = 0x900000;
    copy_refused(&c, damaged);
    fresh_relr();
    words = copy_at(&c, copy_dynamic(&c, TAG_RELR)->d_un.d_ptr);
    words[0] = 0x900000;
    copy_refused(&c, "has a relocation of 0x900000, outside its segments: "
                     "build it again");
    fresh_relr();
    words = copy_at(&c, copy_dynamic(&c, TAG_RELR)->d_un.d_ptr);
    words[0] = 3; /* a bitmap before any address: address 0, in the headers */
    copy_refused(&c, "has a relocation of 0x0, in a segment that is not "
                     "writable: compile everything with -fPIE and link with "
                     "-z text");
}
END_TEST

START_TEST(no_dynamic)
{
    fresh();
    copy_segment(&c, PT_DYNAMIC, 0)->p_type = PT_NULL;
    copy_refused(&c, "has relocations but no dynamic segment: link with "
                     "-static-pie");
}
END_TEST

TCase *bad_relocation_case(void)
{
    TCase *tcase = tcase_create("bad relocations");

    tcase_add_test(tcase, dynamic_segment);
    tcase_add_test(tcase, forbidden_entries);
    tcase_add_test(tcase, rela_table);
    tcase_add_test(tcase, rela_entries);
    tcase_add_test(tcase, relr);
    tcase_add_test(tcase, no_dynamic);
    return tcase;
}
