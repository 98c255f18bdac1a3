/* SPDX-License-Identifier: Apache-2.0 */
/* Folders: order, escapes, and what may not lie in them. */
#define _GNU_SOURCE
#include "parts.h"
#include "suites.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define LIMIT (1ull << 20)

static struct folder folder;
static struct trees trees;
static char text[256];
static const struct sentence why = {text, sizeof(text)};

static void set_up(void)
{
    folder_make(&folder);
    folder_directory(&folder, "data");
    ck_assert_int_eq(image__trees_init(&trees, LIMIT), 0);
}

static void tear_down(void)
{
    image__trees_free(&trees);
    folder_remove(&folder);
}

static uint32_t accepted(const char *name)
{
    uint32_t index = 99;

    ck_assert_msg(image__trees_add(&trees, folder.fd, name, &index, &why) == 0,
                  "%s", text);
    return index;
}

static void refused(const char *name, const char *sentence)
{
    uint32_t index = 99;

    ck_assert_int_eq(image__trees_add(&trees, folder.fd, name, &index, &why),
                     -1);
    ck_assert_str_eq(text, sentence);
}

/* "directory(count) name" and "name=bytes", in node order. */
static void list_nodes(char *out, size_t bytes)
{
    size_t used = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < trees.node_count; i++) {
        const struct tree_node *node = &trees.nodes[i];

        used += (size_t)snprintf(
            out + used, bytes - used, node->directory ? "%s(%u,%u) " : "%s=%u ",
            node->name, node->directory ? node->first : (unsigned)node->bytes,
            node->count);
    }
}

START_TEST(breadth_first)
{
    char nodes[300];

    folder_file(&folder, "data/b/z", "12345", 5);
    folder_file(&folder, "data/b/a", "", 0);
    folder_file(&folder, "data/a/k/deep", "1", 1);
    folder_file(&folder, "data/c", "123", 3);
    folder_file(&folder, "data/B", "12", 2);
    ck_assert_uint_eq(accepted("data"), 0);
    list_nodes(nodes, sizeof(nodes));
    ck_assert_str_eq(nodes, "(1,4) B=2 a(5,1) b(6,2) c=3 k(8,1) a=0 z=5 "
                            "deep=1 ");
    ck_assert_uint_eq(trees.bytes, 4 * 4096);
}
END_TEST

START_TEST(empty_folder)
{
    ck_assert_uint_eq(accepted("data"), 0);
    ck_assert_uint_eq(trees.node_count, 1);
    ck_assert_uint_eq(trees.nodes[0].count, 0);
}
END_TEST

START_TEST(packed_once)
{
    folder_file(&folder, "data/a", "1", 1);
    folder_directory(&folder, "other");
    ck_assert_uint_eq(accepted("data"), 0);
    ck_assert_uint_eq(accepted("./data"), 0);
    ck_assert_uint_eq(accepted("./data/"), 0);
    ck_assert_uint_eq(accepted("other"), 1);
    ck_assert_uint_eq(accepted("data/."), 0);
    ck_assert_uint_eq(accepted("."), 2);
    ck_assert_uint_eq(trees.node_count, 2 + 1 + 4);
}
END_TEST

START_TEST(reads)
{
    uint8_t bytes[8] = {0};

    folder_file(&folder, "data/a/b/c", "content", 7);
    accepted("data");
    ck_assert_int_eq(image__trees_read(&trees, 3, bytes, &why), 0);
    ck_assert_str_eq((char *)bytes, "content");
    folder_file(&folder, "data/a/b/c", "longer content", 14);
    ck_assert_int_eq(image__trees_read(&trees, 3, bytes, &why), -1);
    ck_assert_str_eq(text, "'data/a/b/c' changed while it was read: try "
                           "again");
    ck_assert_int_eq(unlinkat(folder.fd, "data/a/b/c", 0), 0);
    folder_link(&folder, "data/a/b/c", "/etc/passwd");
    ck_assert_int_eq(image__trees_read(&trees, 3, bytes, &why), -1);
    ck_assert_str_eq(text, "'data/a/b/c' is a symbolic link, which could lead "
                           "outside the config's folder: put the file or "
                           "folder itself there");
}
END_TEST

/* A folder on the way that became a link is not followed either. */
START_TEST(swapped)
{
    uint8_t bytes[8];

    folder_file(&folder, "data/a/c", "content", 7);
    folder_file(&folder, "away/c", "secrets", 7);
    accepted("data");
    ck_assert_int_eq(renameat(folder.fd, "data/a", folder.fd, "data/was"), 0);
    folder_link(&folder, "data/a", "../away");
    ck_assert_int_eq(image__trees_read(&trees, 2, bytes, &why), -1);
    ck_assert_str_eq(text, "'data/a/c' is a symbolic link, which could lead "
                           "outside the config's folder: put the file or "
                           "folder itself there");
}
END_TEST

START_TEST(escapes)
{
    refused("/tmp", "'/tmp' is an absolute path: name something beneath the "
                    "config's folder");
    refused("..", "'..' goes up with '..': name something beneath the "
                  "config's folder");
    refused("data/../data", "'data/../data' goes up with '..': name something "
                            "beneath the config's folder");
    folder_link(&folder, "out", "/etc");
    folder_link(&folder, "in", "data");
    folder_directory(&folder, "data/x");
    refused("out", "'out' is a symbolic link, which could lead outside the "
                   "config's folder: put the file or folder itself there");
    refused("in/x", "'in/x' is a symbolic link, which could lead outside the "
                    "config's folder: put the file or folder itself there");
    folder_link(&folder, "data/x/passwd", "/etc/passwd");
    refused("data", "'data/x/passwd' is a symbolic link, which is never "
                    "followed: keep only files and folders there");
}
END_TEST

START_TEST(missing)
{
    refused("nowhere", "cannot open 'nowhere': No such file or directory");
    folder_file(&folder, "file", "", 0);
    refused("file", "cannot open 'file': Not a directory");
    refused("file/x", "cannot open 'file/x': Not a directory");
}
END_TEST

START_TEST(fifo)
{
    ck_assert_int_eq(mkfifoat(folder.fd, "data/pipe", 0600), 0);
    refused("data", "'data/pipe' is a fifo: keep only files and folders "
                    "there");
}
END_TEST

START_TEST(socket_file)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/data/s",
             folder.path);
    ck_assert_int_eq(
        bind(fd, (struct sockaddr *)(void *)&address, sizeof(address)), 0);
    close(fd);
    refused("data", "'data/s' is a socket: keep only files and folders "
                    "there");
}
END_TEST

/* Only a privileged user can make a device: else there is nothing to see. */
START_TEST(device)
{
    if (mknodat(folder.fd, "data/null", S_IFCHR | 0600, makedev(1, 3)) == 0) {
        refused("data", "'data/null' is a device: keep only files and folders "
                        "there");
    }
}
END_TEST

START_TEST(odd_names)
{
    char name[80] = "data/", sentence[160];

    memset(name + 5, 'n', 63);
    folder_file(&folder, name, "", 0);
    accepted("data");
    folder_directory(&folder, "more");
    memcpy(name, "more/", 5);
    name[5 + 63] = 'n';
    name[5 + 64] = '\0';
    folder_file(&folder, name, "", 0);
    snprintf(sentence, sizeof(sentence),
             "'%s' has a name of more than 63 bytes: rename it", name);
    refused("more", sentence);
    folder_file(&folder, "line/a\nb", "", 0);
    refused("line", "'line/a?b' has a byte 0x0a in its name: rename it");
    folder_file(&folder, "byte/\xff", "", 0);
    refused("byte", "'byte/?' has a byte 0xff in its name: rename it");
    folder_file(&folder,
                "letters/gr\xc3\xbc\xc3\x9f"
                "e",
                "", 0);
    accepted("letters");
}
END_TEST

/* `depth` folders within each other below data. */
static void make_deep(unsigned depth)
{
    char path[400] = "data";

    for (unsigned i = 0; i < depth; i++) {
        strcat(path, "/d");
        folder_directory(&folder, path);
    }
}

START_TEST(deep)
{
    make_deep(TREE_DEPTH_MAX);
    accepted("data");
    ck_assert_uint_eq(trees.node_count, TREE_DEPTH_MAX + 1);
    ck_assert_uint_eq(trees.nodes[TREE_DEPTH_MAX].depth, TREE_DEPTH_MAX);
}
END_TEST

START_TEST(too_deep)
{
    uint32_t index;

    make_deep(TREE_DEPTH_MAX + 1);
    ck_assert_int_eq(image__trees_add(&trees, folder.fd, "data", &index, &why),
                     -1);
    ck_assert_ptr_nonnull(strstr(text, "/d/d/d"));
    ck_assert_ptr_nonnull(strstr(text, "is more than 64 folders deep: move it "
                                       "up"));
}
END_TEST

START_TEST(too_many)
{
    char path[32];

    for (unsigned i = 0; i < SPEC_MAX_NODES - 1; i++) {
        snprintf(path, sizeof(path), "data/%u", i);
        folder_file(&folder, path, "", 0);
    }
    accepted("data");
    ck_assert_uint_eq(trees.node_count, SPEC_MAX_NODES);
    refused(".", "'.' is one folder or file too many: at most 64 folders with "
                 "4096 files together");
    image__trees_free(&trees);
    ck_assert_int_eq(image__trees_init(&trees, LIMIT), 0);
    folder_file(&folder, "data/one more", "", 0);
    refused("data", "with 'data' there are more than 4096 files and folders: "
                    "remove some");
    /* What was refused takes no room from the next one. */
    folder_directory(&folder, "small");
    accepted("small");
}
END_TEST

START_TEST(too_large)
{
    folder_file(&folder, "data/a", "1", 1);
    folder_file(&folder, "data/b", "", 0);
    accepted("data");
    folder_file(&folder, "big/a", "1", 1);
    folder_file(&folder, "big/b", "1", 1);
    trees.bytes_limit = 3 * 4096 - 1;
    refused("big", "with 'big/b' the files are larger than the machine's "
                   "memory: remove some or raise machine.memory");
    image__trees_free(&trees);
    ck_assert_int_eq(image__trees_init(&trees, 3 * 4096), 0);
    accepted("data");
    accepted("big");
}
END_TEST

/* A user who may read everything is made another one for a while. */
START_TEST(unreadable)
{
    bool all_mighty = geteuid() == 0;

    ck_assert_int_eq(chmod(folder.path, 0755), 0);
    folder_directory(&folder, "data/closed");
    ck_assert_int_eq(fchmodat(folder.fd, "data/closed", 0, 0), 0);
    if (all_mighty) {
        ck_assert_int_eq(seteuid(65534), 0);
    }
    refused("data", "cannot open 'data/closed': Permission denied");
    if (all_mighty) {
        ck_assert_int_eq(seteuid(0), 0);
    }
    ck_assert_int_eq(fchmodat(folder.fd, "data/closed", 0700, 0), 0);
}
END_TEST

TCase *tree_case(void)
{
    TCase *tcase = tcase_create("trees");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, breadth_first);
    tcase_add_test(tcase, empty_folder);
    tcase_add_test(tcase, packed_once);
    tcase_add_test(tcase, reads);
    tcase_add_test(tcase, swapped);
    tcase_add_test(tcase, escapes);
    tcase_add_test(tcase, missing);
    tcase_add_test(tcase, fifo);
    tcase_add_test(tcase, socket_file);
    tcase_add_test(tcase, device);
    tcase_add_test(tcase, odd_names);
    tcase_add_test(tcase, deep);
    tcase_add_test(tcase, too_deep);
    tcase_add_test(tcase, too_many);
    tcase_add_test(tcase, too_large);
    tcase_add_test(tcase, unreadable);
    return tcase;
}
