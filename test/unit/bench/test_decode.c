/* SPDX-License-Identifier: Apache-2.0 */
/* Encodings as an assembler writes them, and neighbours that are not meant. */
#include "suites.h"

#include "decode.h"

#include <stdlib.h>

static const struct {
    const char *text;
    uint8_t bytes[12];
    size_t size;
    enum privileged what;
} known[] = {
    {"mov %rax,%cr3", {0x0f, 0x22, 0xd8}, 3, PRIVILEGED_CR3},
    {"mov %r8,%cr3", {0x41, 0x0f, 0x22, 0xd8}, 4, PRIVILEGED_CR3},
    {"mov %cr3,%rax", {0x0f, 0x20, 0xd8}, 3, PRIVILEGED_NONE},
    {"mov %rax,%cr4", {0x0f, 0x22, 0xe0}, 3, PRIVILEGED_CR},
    {"mov %rax,%cr0", {0x0f, 0x22, 0xc0}, 3, PRIVILEGED_CR},
    {"wrmsr", {0x0f, 0x30}, 2, PRIVILEGED_WRMSR},
    {"rdmsr", {0x0f, 0x32}, 2, PRIVILEGED_RDMSR},
    {"rdtsc", {0x0f, 0x31}, 2, PRIVILEGED_NONE},
    {"fxsave64 (%rdi)", {0x48, 0x0f, 0xae, 0x07}, 4, PRIVILEGED_STATE},
    {"fxrstor64 (%rdi)", {0x48, 0x0f, 0xae, 0x0f}, 4, PRIVILEGED_STATE},
    {"ldmxcsr (%rdi)", {0x0f, 0xae, 0x17}, 3, PRIVILEGED_NONE},
    {"xsave (%rdi)", {0x0f, 0xae, 0x27}, 3, PRIVILEGED_STATE},
    {"xrstor64 (%rdi)", {0x48, 0x0f, 0xae, 0x2f}, 4, PRIVILEGED_STATE},
    {"xsaveopt (%rdi)", {0x0f, 0xae, 0x37}, 3, PRIVILEGED_STATE},
    {"clwb (%rdi)", {0x66, 0x0f, 0xae, 0x37}, 4, PRIVILEGED_NONE},
    {"lfence", {0x0f, 0xae, 0xe8}, 3, PRIVILEGED_NONE},
    {"xsaves64 (%rdi)", {0x48, 0x0f, 0xc7, 0x2f}, 4, PRIVILEGED_STATE},
    {"cmpxchg16b (%rdi)", {0x48, 0x0f, 0xc7, 0x0f}, 4, PRIVILEGED_NONE},
    {"rdrand %rax", {0x48, 0x0f, 0xc7, 0xf0}, 4, PRIVILEGED_NONE},
    {"invlpg (%rax)", {0x0f, 0x01, 0x38}, 3, PRIVILEGED_FLUSH},
    {"lidt (%rax)", {0x0f, 0x01, 0x18}, 3, PRIVILEGED_NONE},
    {"invpcid (%rax),%rcx",
     {0x66, 0x0f, 0x38, 0x82, 0x08},
     5,
     PRIVILEGED_FLUSH},
    {"swapgs", {0x0f, 0x01, 0xf8}, 3, PRIVILEGED_SWAPGS},
    {"rdtscp", {0x0f, 0x01, 0xf9}, 3, PRIVILEGED_NONE},
    {"wrgsbase %rax", {0xf3, 0x48, 0x0f, 0xae, 0xd8}, 5, PRIVILEGED_BASE},
    {"wrfsbase %rax", {0xf3, 0x48, 0x0f, 0xae, 0xd0}, 5, PRIVILEGED_BASE},
    {"rdgsbase %rax", {0xf3, 0x48, 0x0f, 0xae, 0xc8}, 5, PRIVILEGED_NONE},
    {"syscall", {0x0f, 0x05}, 2, PRIVILEGED_SYSCALL},
    {"sysretq", {0x48, 0x0f, 0x07}, 3, PRIVILEGED_SYSRET},
    {"iretq", {0x48, 0xcf}, 2, PRIVILEGED_IRET},
    {"out %al,$0xe9", {0xe6, 0xe9}, 2, PRIVILEGED_IO},
    {"in (%dx),%eax", {0xed}, 1, PRIVILEGED_IO},
    {"rep outsb", {0xf3, 0x6e}, 2, PRIVILEGED_IO},
    {"rep stosb", {0xf3, 0xaa}, 2, REPEATED},
    {"rep movsq", {0xf3, 0x48, 0xa5}, 3, REPEATED},
    {"repne scasb", {0xf2, 0xae}, 2, REPEATED},
    {"stosb", {0xaa}, 1, PRIVILEGED_NONE},
    {"pause", {0xf3, 0x90}, 2, PRIVILEGED_NONE},
    {"test $1,%al", {0xa8, 0x01}, 2, PRIVILEGED_NONE},
    {"call", {0xe8, 0, 0, 0, 0}, 5, PRIVILEGED_NONE},
    {"loop", {0xe2, 0xfe}, 2, PRIVILEGED_NONE},
    {"push $1", {0x6a, 0x01}, 2, PRIVILEGED_NONE},
    {"nop", {0x90}, 1, PRIVILEGED_NONE},
    {"nopl (%rax)", {0x0f, 0x1f, 0x00}, 3, PRIVILEGED_NONE},
    {"begin", {0x0f, 0x1f, 0x80, 0x31, 0x4d, 0x42, 0x41}, 7, MARK_BEGIN},
    {"end", {0x0f, 0x1f, 0x80, 0x32, 0x4d, 0x42, 0x41}, 7, MARK_END},
    {"nopl 0x41424d33(%rax)",
     {0x0f, 0x1f, 0x80, 0x33, 0x4d, 0x42, 0x41},
     7,
     PRIVILEGED_NONE},
    {"nopl 0x41424d31(%rcx)",
     {0x0f, 0x1f, 0x81, 0x31, 0x4d, 0x42, 0x41},
     7,
     PRIVILEGED_NONE},
};

START_TEST(each_is_what_it_is)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        ck_assert_msg(decode(known[i].bytes, known[i].size) == known[i].what,
                      "%s is taken for %d", known[i].text,
                      (int)decode(known[i].bytes, known[i].size));
    }
}
END_TEST

/* Whatever is cut off is not read: the sanitizers watch. */
START_TEST(what_is_cut_is_not_read)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        for (size_t size = 0; size < known[i].size; size++) {
            uint8_t *bytes = calloc(1, size ? size : 1);

            for (size_t at = 0; at < size; at++) {
                bytes[at] = known[i].bytes[at];
            }
            (void)decode(bytes, size);
            free(bytes);
        }
    }
}
END_TEST

Suite *suite_decode(void)
{
    Suite *suite = suite_create("decode");
    TCase *tests = tcase_create("decode");

    tcase_add_test(tests, each_is_what_it_is);
    tcase_add_test(tests, what_is_cut_is_not_read);
    suite_add_tcase(suite, tests);
    return suite;
}
