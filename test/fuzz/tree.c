/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File trees, from a host folder to a domain's `open`, `list` and `read`. An
 * input is how a folder is made, then paths that a program asks for.
 *
 * A folder is refused with a sentence, or packed; then the blob's nodes are
 * what the folder holds, and the hosted kernel finds a path exactly where the
 * folder has it, with the same bytes.
 */
#define _GNU_SOURCE
#include "fuzz.h"
#include "hosted/machine.h"

#include "kernel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NODES_MAX 40u
#define PATHS_MAX 12u
#define FILE_MAX 10000u
#define PATH_BYTES 512u

static struct bytes in;
static char home[64], root[80];
static struct config *config;

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static void home_remove(void)
{
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A folder in memory where there is such a place, and a config in it. */
static void home_make(void)
{
    static const char text[] = "ambit: 1\nmachine: {memory: 16MiB}\n"
                               "domains: {app: {program: hello, compose: "
                               "{files: {new: {host: ./root}}}}}\n";
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    char path[80];
    FILE *out;

    snprintf(home, sizeof home, "%s/ambit-tree-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    FUZZ_CHECK(mkdtemp(home) != NULL);
    atexit(home_remove);
    snprintf(path, sizeof path, "%s/config.yaml", home);
    out = fopen(path, "w");
    FUZZ_CHECK(out && fputs(text, out) >= 0 && fclose(out) == 0);
    config = config_load(path, NULL, 0, &diagnostics, &failure);
    FUZZ_CHECK(config != NULL);
    snprintf(root, sizeof root, "%s/root", home);
}

/* One name: usual ones, long ones, and whatever a file system allows. */
static void name(char out[80])
{
    static const char *const usual[] = {"a",   "b",   "data", "x.txt",
                                        "..a", "a b", "...",  "\xc3\xa9"};
    uint8_t choice = bytes_8(&in);
    size_t length = choice % 70 + 1;

    memset(out, 0, 80);
    if (choice < 160) {
        strcpy(out, usual[choice % 8]);
        return;
    }
    bytes_copy(&in, out, length);
    for (size_t i = 0; i < length; i++) {
        out[i] = out[i] == '/' || out[i] == '\0' ? '_' : out[i];
    }
}

static void make_file(int at, const char *called)
{
    static uint8_t data[FILE_MAX];
    uint16_t size = bytes_16(&in) % FILE_MAX;
    int fd = openat(at, called, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

    if (fd < 0) {
        return;
    }
    memset(data, size & 0xff, size);
    bytes_copy(&in, data, size < 8 ? size : 8);
    FUZZ_CHECK(write(fd, data, size) == size);
    close(fd);
}

/* Makes things in a folder; goes down into new ones, up again, and on. */
static void folder_make(void)
{
    int at = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), next;
    uint32_t count = bytes_8(&in) % NODES_MAX;
    char called[80];

    FUZZ_CHECK(at >= 0);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t kind = bytes_8(&in);

        name(called);
        if (kind < 130) {
            make_file(at, called);
        } else if (kind < 230 && strcmp(called, "..") != 0 &&
                   mkdirat(at, called, 0755) == 0 && kind < 200) {
            next = openat(at, called, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            FUZZ_CHECK(next >= 0);
            close(at);
            at = next;
        } else if (kind == 250) {
            (void)!symlinkat("a", at, called);
        } else if (kind == 251) {
            (void)!symlinkat("/etc", at, called);
        } else if (kind == 252) {
            (void)!mkfifoat(at, called, 0644);
        } else if (kind >= 230 && kind < 250) {
            close(at);
            at = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            FUZZ_CHECK(at >= 0);
        }
    }
    close(at);
}

static uint32_t entries(const char *path)
{
    DIR *folder = opendir(path);
    uint32_t count = 0;

    FUZZ_CHECK(folder != NULL);
    while (readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count - 2;
}

static void same_bytes(const char *path, const uint8_t *bytes, uint64_t count)
{
    static uint8_t data[FILE_MAX + 1];
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    FUZZ_CHECK(fd >= 0);
    FUZZ_CHECK(read(fd, data, sizeof data) == (ssize_t)count);
    FUZZ_CHECK(memcmp(data, bytes, count) == 0);
    close(fd);
}

/* The packed node is what the folder has at this path. */
static void judge_node(const struct image *image, uint32_t index, char *path)
{
    const struct spec_node *node = &image->spec.nodes[index];
    size_t length = strlen(path);
    struct stat status;

    FUZZ_CHECK(lstat(path, &status) == 0);
    if (node->kind == SPEC_NODE_FILE) {
        FUZZ_CHECK(S_ISREG(status.st_mode));
        FUZZ_CHECK(node->bytes == (uint64_t)status.st_size);
        same_bytes(path,
                   image->module + ((size_t)node->first << ABI_PAGE_SHIFT),
                   node->bytes);
        return;
    }
    FUZZ_CHECK(S_ISDIR(status.st_mode));
    FUZZ_CHECK(node->count == entries(path));
    for (uint32_t i = 0; i < node->count; i++) {
        const struct spec_node *child = &image->spec.nodes[node->first + i];

        snprintf(path + length, PATH_MAX - length, "/%s",
                 spec_string(&image->spec, child->name));
        judge_node(image, node->first + i, path);
        path[length] = '\0';
    }
}

/* True if the folder has this path, by names alone. */
static bool has(const char *path, size_t bytes, struct stat *status)
{
    char full[PATH_BYTES], part[PATH_BYTES], *rest = part, *component;
    bool good = bytes != 0 && memchr(path, '\0', bytes) == NULL;

    snprintf(part, sizeof part, "%.*s", (int)bytes, path);
    while (good && (component = strsep(&rest, "/"))) {
        good = *component && strcmp(component, ".") != 0 &&
               strcmp(component, "..") != 0;
    }
    snprintf(full, sizeof full, "%s/%.*s", root, (int)bytes, path);
    return good && lstat(full, status) == 0;
}

static uint64_t scratch(void)
{
    return machine_frame()->rsp - 8192;
}

static uint64_t call(uint64_t number, uint64_t rdi, uint64_t rsi, uint64_t rdx,
                     uint64_t r10)
{
    struct arch_frame *frame = machine_frame();

    frame->rax = number;
    frame->rdi = rdi;
    frame->rsi = rsi;
    frame->rdx = rdx;
    frame->r10 = r10;
    FUZZ_CHECK(machine_syscall() == MACHINE_RING3);
    return frame->rax;
}

static void read_back(uint64_t handle, const char *path, size_t bytes,
                      const struct stat *status)
{
    static uint8_t data[FILE_MAX];
    char full[PATH_BYTES];
    uint64_t have = 0;

    while (call(SYSCALL_READ, handle, have, scratch(), 4096) == STATUS_OK &&
           machine_frame()->rdx) {
        uint64_t got = machine_frame()->rdx;

        FUZZ_CHECK(have + got <= (uint64_t)status->st_size);
        FUZZ_CHECK(machine_read(scratch(), data + have, got) == got);
        have += got;
    }
    FUZZ_CHECK(have == (uint64_t)status->st_size);
    FUZZ_CHECK(call(SYSCALL_READ, handle, have + 1, scratch(), 1) ==
               STATUS_OUT_OF_RANGE);
    snprintf(full, sizeof full, "%s/%.*s", root, (int)bytes, path);
    same_bytes(full, data, have);
}

static void list_back(uint64_t handle, const char *path, size_t bytes)
{
    char full[PATH_BYTES];
    uint32_t count = 0;

    while (call(SYSCALL_LIST, handle, count, scratch(), 0) == STATUS_OK) {
        count++;
    }
    snprintf(full, sizeof full, "%s/%.*s", root, (int)bytes, path);
    FUZZ_CHECK(count == entries(full));
}

static void ask(uint64_t files)
{
    char path[SYSCALL_PATH_MAX];
    size_t bytes = 0;
    struct stat status;
    uint64_t result;
    bool there;

    for (uint32_t parts = bytes_8(&in) % 3 + 1; parts && bytes < 160; parts--) {
        char part[80];

        name(part);
        bytes += (size_t)snprintf(path + bytes, sizeof path - bytes, "%s%s",
                                  bytes ? "/" : "", part);
    }
    there = has(path, bytes, &status);
    FUZZ_CHECK(machine_write(scratch(), path, bytes) == bytes);
    result = call(SYSCALL_OPEN, files, scratch(), bytes, 0);
    FUZZ_CHECK((result == STATUS_OK) == there);
    if (there) {
        uint64_t handle = machine_frame()->rdx;

        if (S_ISDIR(status.st_mode)) {
            list_back(handle, path, bytes);
        } else {
            read_back(handle, path, bytes, &status);
        }
        FUZZ_CHECK(call(SYSCALL_DELETE, handle, 0, 0, 0) == STATUS_OK);
    }
    machine_check();
}

/* The same tree as a program sees it. */
static void judge_kernel(struct image *image)
{
    const struct machine_options options = {.native = true};
    struct scene scene;
    uint64_t files;

    scene_place(&scene, config, image);
    FUZZ_CHECK(machine_boot(&scene, &options) == MACHINE_RING3);
    FUZZ_CHECK(machine_write(scratch(), "files", 5) == 5);
    FUZZ_CHECK(call(SYSCALL_CAPABILITY, scratch(), 5, 0, 0) == STATUS_OK);
    files = machine_frame()->rdx;
    list_back(files, ".", 1);
    for (uint32_t i = 0; i < PATHS_MAX && in.left; i++) {
        ask(files);
    }
    scene.config = NULL;
    scene_close(&scene); /* and the image with it */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct diagnostics diagnostics = {0};
    struct failure failure = {0};
    char path[PATH_MAX];
    struct image *image;

    in = (struct bytes){data, size};
    if (!config) {
        home_make();
    }
    FUZZ_CHECK(mkdir(root, 0755) == 0);
    folder_make();
    image = image_make(config, 0, NULL, 0, &diagnostics, &failure);
    FUZZ_CHECK((image != NULL) ==
               (diagnostics.count == 0 && failure.exit_code == 0));
    if (image) {
        snprintf(path, sizeof path, "%s", root);
        FUZZ_CHECK(image->spec.header->trees.count == 1);
        judge_node(image, image->spec.trees[0].root, path);
        judge_kernel(image);
    }
    diagnostics_free(&diagnostics);
    nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
