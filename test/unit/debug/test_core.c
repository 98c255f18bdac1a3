/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "suites.h"
#include "world.h"

#include <debug/core.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <unistd.h>

static struct core_runs runs; /* large */
static struct core_request request;
static struct core_written written;

static void prepare(void)
{
    world_make();
    request = (struct core_request){.memory = &world.memory,
                                    .memory_fd = world.fd,
                                    .threads = 1,
                                    .thread = {world.registers}};
}

static void make_runs(void)
{
    core_runs_make(&world.memory, &world.registers, &runs);
}

static void is_run(uint32_t index, uint64_t address, uint64_t physical,
                   uint64_t bytes, uint32_t flags)
{
    ck_assert_uint_lt(index, runs.count);
    ck_assert_uint_eq(runs.run[index].address, address);
    ck_assert_uint_eq(runs.run[index].physical, physical);
    ck_assert_uint_eq(runs.run[index].bytes, bytes);
    ck_assert_uint_eq(runs.run[index].flags, flags);
}

START_TEST(neighbours_become_one_run)
{
    world_map(0x1000, 0x300000, WRITE | NX);
    world_map(0x2000, 0x301000, WRITE | NX);
    world_map(0x3000, 0x303000, WRITE | NX); /* not beside it in memory */
    world_map(0x4000, 0x304000, NX);         /* other rights */
    world_map(0x6000, 0x306000, NX);         /* a hole before it */
    world_map(0xffffffff80000000, 0x300000, 0);
    make_runs();
    ck_assert_uint_eq(runs.count, 5);
    ck_assert(!runs.cut);
    is_run(0, 0x1000, 0x300000, 0x2000, PF_R | PF_W);
    is_run(1, 0x3000, 0x303000, 0x1000, PF_R | PF_W);
    is_run(2, 0x4000, 0x304000, 0x1000, PF_R);
    is_run(3, 0x6000, 0x306000, 0x1000, PF_R);
    is_run(4, 0xffffffff80000000, 0x300000, 0x1000, PF_R | PF_X);
}
END_TEST

START_TEST(what_is_no_memory_is_left_out)
{
    world_map(0x1000, WORLD_BYTES - 0x1000, NX);
    world_map(0x2000, WORLD_BYTES, NX);
    world_map(0x3000, 0xfee00000, NX);
    /* 1 GiB from 0: cut at the end of memory. */
    world_put(0x2000 + 8, PRESENT | LARGE | WRITE | NX);
    make_runs();
    ck_assert_uint_eq(runs.count, 2);
    is_run(0, 0x1000, WORLD_BYTES - 0x1000, 0x1000, PF_R);
    is_run(1, 0x40000000, 0, WORLD_BYTES, PF_R | PF_W);
}
END_TEST

START_TEST(without_paging_it_is_all_there)
{
    world.registers.cr0 = 1;
    make_runs();
    ck_assert_uint_eq(runs.count, 1);
    is_run(0, 0, 0, WORLD_BYTES, PF_R | PF_W | PF_X);
    world.registers.cr0 = 0x80000001;
    world.registers.cr4 |= 1u << 12; /* five levels: unknown to us */
    make_runs();
    ck_assert_uint_eq(runs.count, 0);
}
END_TEST

START_TEST(tables_without_end_are_cut)
{
    for (uint64_t i = 0; i < 512; i++) {
        world_put(WORLD_ROOT + i * 8, WORLD_ROOT | PRESENT | WRITE);
    }
    make_runs();
    ck_assert(runs.cut);
    ck_assert_uint_le(runs.count, CORE_RUNS_MAX);
    for (uint64_t seed = 0; seed < 10; seed++) {
        world_noise(seed);
        make_runs();
        ck_assert_uint_le(runs.count, CORE_RUNS_MAX);
        for (uint32_t i = 0; i < runs.count; i++) {
            ck_assert_uint_lt(runs.run[i].physical, WORLD_BYTES);
            ck_assert_uint_le(runs.run[i].bytes,
                              WORLD_BYTES - runs.run[i].physical);
        }
    }
}
END_TEST

static int write_core(void)
{
    int fd = memfd_create("core", MFD_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(core_write(fd, &request, &written), 0);
    return fd;
}

static Elf *parse(int fd)
{
    Elf *elf;

    ck_assert_uint_ne(elf_version(EV_CURRENT), EV_NONE);
    elf = elf_begin(fd, ELF_C_READ, NULL);
    ck_assert_ptr_nonnull(elf);
    ck_assert_int_eq(elf_kind(elf), ELF_K_ELF);
    return elf;
}

/* The registers of thread `index`, found as a reader finds them. */
static struct user_regs_struct thread(Elf *elf, unsigned index)
{
    struct user_regs_struct out;
    GElf_Phdr segment;
    Elf_Data *data;
    size_t offset = 0, name, description;
    GElf_Nhdr note;

    ck_assert_ptr_nonnull(gelf_getphdr(elf, 0, &segment));
    ck_assert_uint_eq(segment.p_type, PT_NOTE);
    data = elf_getdata_rawchunk(elf, (int64_t)segment.p_offset,
                                segment.p_filesz, ELF_T_NHDR);
    ck_assert_ptr_nonnull(data);
    for (unsigned i = 0; i <= index; i++) {
        offset = gelf_getnote(data, offset, &note, &name, &description);
        ck_assert_uint_gt(offset, 0);
        ck_assert_uint_eq(note.n_type, NT_PRSTATUS);
        ck_assert_str_eq((char *)data->d_buf + name, "CORE");
        ck_assert_uint_eq(note.n_descsz, sizeof(struct elf_prstatus));
    }
    memcpy(&out,
           (char *)data->d_buf + description +
               offsetof(struct elf_prstatus, pr_reg),
           sizeof(out));
    return out;
}

START_TEST(file_is_what_readers_expect)
{
    struct user_regs_struct registers;
    GElf_Ehdr header;
    GElf_Phdr segment;
    char found[8];
    int fd;
    Elf *elf;

    world_map(0x40000000, 0x300000, WRITE | USER | NX);
    ck_assert(guest_write(&world.memory, (struct gpa){0x300ff8}, "the end", 8));
    for (unsigned i = 0; i < 16; i++) {
        request.thread[0].general[i] = 100 + i;
    }
    request.thread[0].rip = 0x1234;
    request.thread[0].rsp = 0x5678;
    request.thread[1].rip = 0x9abc;
    request.threads = 2;
    fd = write_core();
    elf = parse(fd);
    ck_assert_ptr_nonnull(gelf_getehdr(elf, &header));
    ck_assert_uint_eq(header.e_type, ET_CORE);
    ck_assert_uint_eq(header.e_machine, EM_X86_64);
    ck_assert_uint_eq(header.e_phnum, 2);
    ck_assert_ptr_nonnull(gelf_getphdr(elf, 1, &segment));
    ck_assert_uint_eq(segment.p_type, PT_LOAD);
    ck_assert_uint_eq(segment.p_vaddr, 0x40000000);
    ck_assert_uint_eq(segment.p_paddr, 0x300000);
    ck_assert_uint_eq(segment.p_filesz, 0x1000);
    ck_assert_uint_eq(segment.p_memsz, 0x1000);
    ck_assert_int_eq(pread(fd, found, 8, (off_t)segment.p_offset + 0xff8), 8);
    ck_assert_str_eq(found, "the end");
    registers = thread(elf, 0);
    ck_assert_uint_eq(registers.rip, 0x1234);
    ck_assert_uint_eq(registers.rsp, 0x5678);
    ck_assert_uint_eq(registers.rax, 100);
    ck_assert_uint_eq(registers.rcx, 101);
    ck_assert_uint_eq(registers.rdx, 102);
    ck_assert_uint_eq(registers.rbx, 103);
    ck_assert_uint_eq(registers.rdi, 107);
    ck_assert_uint_eq(registers.r15, 115);
    ck_assert_uint_eq(thread(elf, 1).rip, 0x9abc);
    elf_end(elf);
    close(fd);
}
END_TEST

START_TEST(zeroes_take_no_room)
{
    struct stat status;
    int fd;

    world_map(0x40000000, 0x300000, 0);
    world_put(0x200000, 1);
    world_put(0x200000, 0); /* touched, and zero again */
    fd = write_core();
    ck_assert_int_eq(fstat(fd, &status), 0);
    ck_assert_uint_eq((uint64_t)status.st_size, written.bytes);
    ck_assert_uint_le(written.bytes, WORLD_BYTES + 0x10000);
    /* The root, and three tables below it. */
    ck_assert_uint_eq(written.data, 0x4000);
    ck_assert_int_lt(status.st_blocks * 512, 0x10000);
    close(fd);
    /* Looking made no memory of the guest's holes. */
    ck_assert_int_eq(fstat(world.fd, &status), 0);
    ck_assert_int_lt(status.st_blocks * 512, 0x10000);
}
END_TEST

START_TEST(failures_are_told)
{
    int pipes[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    ck_assert_int_ge(full, 0);
    errno = 0;
    ck_assert_int_eq(core_write(full, &request, &written), -1);
    ck_assert_int_eq(errno, ENOSPC);
    close(full);
    ck_assert_int_eq(pipe(pipes), 0);
    ck_assert_int_eq(core_write(pipes[1], &request, &written), -1);
    ck_assert_int_eq(errno, ESPIPE);
    close(pipes[0]);
    close(pipes[1]);
}
END_TEST

Suite *suite_core(void)
{
    Suite *suite = suite_create("core");
    TCase *cases = tcase_create("core");

    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, prepare, world_free);
    tcase_add_test(cases, neighbours_become_one_run);
    tcase_add_test(cases, what_is_no_memory_is_left_out);
    tcase_add_test(cases, without_paging_it_is_all_there);
    tcase_add_test(cases, tables_without_end_are_cut);
    tcase_add_test(cases, file_is_what_readers_expect);
    tcase_add_test(cases, zeroes_take_no_room);
    tcase_add_test(cases, failures_are_told);
    suite_add_tcase(suite, cases);
    return suite;
}
