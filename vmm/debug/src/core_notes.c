/* SPDX-License-Identifier: Apache-2.0 */
/* NT_PRSTATUS, as Linux writes it on x86-64 (include/linux/elfcore.h). */
#include <debug/core.h>
#include <elf.h>
#include <string.h>
#include <sys/procfs.h>
#include <sys/user.h>

static const char owner[8] = "CORE"; /* padded to four bytes */

static void fill(struct user_regs_struct *out, const struct engine_registers *r)
{
    const uint64_t *g = r->general;

    *out = (struct user_regs_struct){
        .rax = g[0],
        .rcx = g[1],
        .rdx = g[2],
        .rbx = g[3],
        .rsp = r->rsp,
        .rbp = g[5],
        .rsi = g[6],
        .rdi = g[7],
        .r8 = g[8],
        .r9 = g[9],
        .r10 = g[10],
        .r11 = g[11],
        .r12 = g[12],
        .r13 = g[13],
        .r14 = g[14],
        .r15 = g[15],
        .orig_rax = ~0ull,
        .rip = r->rip,
        .eflags = r->rflags,
        .cs = r->cs,
        .ss = r->ss,
        .fs_base = r->fs_base,
        .gs_base = r->gs_base,
    };
}

size_t core_notes_make(const struct core_request *request,
                       uint8_t room[CORE_NOTES_BYTES])
{
    Elf64_Nhdr head = {sizeof("CORE"), sizeof(struct elf_prstatus),
                       NT_PRSTATUS};
    size_t used = 0;

    _Static_assert(CORE_THREADS * (sizeof(Elf64_Nhdr) + sizeof(owner) +
                                   sizeof(struct elf_prstatus)) <=
                       CORE_NOTES_BYTES,
                   "notes fit");
    _Static_assert(sizeof(struct elf_prstatus) % 4 == 0, "no padding");
    for (uint32_t i = 0; i < request->threads; i++) {
        struct elf_prstatus status = {.pr_pid = (int)i + 1};
        struct user_regs_struct registers;

        fill(&registers, &request->thread[i]);
        memcpy(&status.pr_reg, &registers, sizeof(status.pr_reg));
        memcpy(room + used, &head, sizeof(head));
        used += sizeof(head);
        memcpy(room + used, owner, sizeof(owner));
        used += sizeof(owner);
        memcpy(room + used, &status, sizeof(status));
        used += sizeof(status);
    }
    return used;
}
