/* SPDX-License-Identifier: Apache-2.0 */
#include <debug/register_text.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 24u

struct bit {
    unsigned bit;
    const char *name;
};

/* Intel SDM vol. 3, 2.3 (EFLAGS), 2.5 (control registers), vol. 4 (EFER). */
static const struct bit rflags[NAMES_MAX] = {
    {0, "CF"},  {2, "PF"},  {4, "AF"},  {6, "ZF"},  {7, "SF"},
    {8, "TF"},  {9, "IF"},  {10, "DF"}, {11, "OF"}, {14, "NT"},
    {16, "RF"}, {17, "VM"}, {18, "AC"}, {21, "ID"}};
static const struct bit cr0[NAMES_MAX] = {
    {0, "PE"},  {1, "MP"},  {2, "EM"},  {3, "TS"},  {4, "ET"}, {5, "NE"},
    {16, "WP"}, {18, "AM"}, {29, "NW"}, {30, "CD"}, {31, "PG"}};
static const struct bit cr4[NAMES_MAX] = {
    {0, "VME"},      {1, "PVI"},    {2, "TSD"},         {3, "DE"},
    {4, "PSE"},      {5, "PAE"},    {6, "MCE"},         {7, "PGE"},
    {8, "PCE"},      {9, "OSFXSR"}, {10, "OSXMMEXCPT"}, {11, "UMIP"},
    {12, "LA57"},    {13, "VMXE"},  {16, "FSGSBASE"},   {17, "PCIDE"},
    {18, "OSXSAVE"}, {20, "SMEP"},  {21, "SMAP"},       {22, "PKE"}};
static const struct bit efer[NAMES_MAX] = {
    {0, "SCE"}, {8, "LME"}, {10, "LMA"}, {11, "NXE"}, {12, "SVME"}};
static const struct bit *const tables[] = {rflags, cr0, cr4, efer};

static void add(char *out, size_t bytes, const char *before, const char *word)
{
    size_t used = strlen(out);

    snprintf(out + used, bytes - used, "%s%s", used ? before : "", word);
}

void register_flags_text(enum register_flags which, uint64_t value, char *out,
                         size_t bytes)
{
    const struct bit *table = tables[which];

    out[0] = '\0';
    for (unsigned i = 0; i < NAMES_MAX && table[i].name; i++) {
        if (value >> table[i].bit & 1) {
            add(out, bytes, " ", table[i].name);
        }
    }
}

const char *register_name(unsigned index)
{
    static const char *const names[16] = {
        "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
        "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15"};

    return names[index & 15];
}

/* Intel SDM vol. 3, 4.7. */
void register_page_error_text(uint64_t error, char *out, size_t bytes)
{
    out[0] = '\0';
    add(out, bytes, ", ",
        error & 0x10  ? "execute"
        : error & 0x2 ? "write"
                      : "read");
    add(out, bytes, ", ", error & 0x4 ? "ring 3" : "ring 0");
    add(out, bytes, ", ",
        error & 0x1 ? "the page does not allow it" : "not present");
    if (error & 0x8) {
        add(out, bytes, ", ", "reserved bit set in a table");
    }
    if (error & 0x20) {
        add(out, bytes, ", ", "protection key");
    }
}
