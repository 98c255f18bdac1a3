/* SPDX-License-Identifier: Apache-2.0 */
/* A TIF's ways out of its tree. It shares all memory with the app, so it knows
 * whatever the app knows, handles included. */
#include "attack.h"

/* The app's handles, in memory that both share. */
static struct ambit_handle app_directory, app_file;

static void try_path(struct ambit_handle directory, const char *path,
                     size_t bytes)
{
    struct ambit_registers io = {
        .rdi = directory.bits, .rsi = (uint64_t)path, .rdx = bytes};

    attack_expect(path, ambit_syscall(SYSCALL_OPEN, &io), STATUS_NOT_FOUND);
}

#define TRY_PATH(directory, path) try_path(directory, path, sizeof(path) - 1)

static void try_paths(struct ambit_handle directory)
{
    TRY_PATH(directory, "secret.txt");
    TRY_PATH(directory, "../secret.txt");
    TRY_PATH(directory, "../data/secret.txt");
    TRY_PATH(directory, "/secret.txt");
    TRY_PATH(directory, "/data/secret.txt");
    TRY_PATH(directory, "./../data/secret.txt");
    TRY_PATH(directory, "public.txt/../secret.txt");
    TRY_PATH(directory, "public.txt/");
    TRY_PATH(directory, "//public.txt");
    TRY_PATH(directory, "data/../..");
    TRY_PATH(directory, "public.txt\0/../secret.txt");
    TRY_PATH(directory, "\0secret.txt");
    TRY_PATH(directory, "..");
    TRY_PATH(directory, ".");
    TRY_PATH(directory, "");
}

static void try_long_path(struct ambit_handle directory)
{
    char path[SYSCALL_PATH_MAX + 2];
    struct ambit_handle none;

    for (uint32_t i = 0; i <= SYSCALL_PATH_MAX; i++) {
        path[i] = "../"[i % 3];
    }
    path[SYSCALL_PATH_MAX + 1] = '\0';
    attack_expect("a long path", ambit_open(directory, path, &none),
                  STATUS_TOO_BIG);
}

AMBIT_ENTRY(escape_main)
{
    struct ambit_handle files = attack_capability("files"), own = {0};
    struct ambit_info info;
    char byte;
    size_t got = 0;

    try_paths(files);
    try_long_path(files);
    attack_expect("the control", ambit_open(files, "public.txt", &own),
                  STATUS_OK);
    attack_expect("read", ambit_read(own, 0, &byte, 1, &got), STATUS_OK);
    attack_expect("delete", ambit_delete(own), STATUS_OK);
    attack_wait(); /* until the app has its file open */
    /* The numbers of the app's handles mean what they mean here. */
    TRY_PATH(app_directory, "secret.txt");
    attack_expect("the app's file", ambit_inspect(app_file, &info),
                  STATUS_INVALID_HANDLE);
    attack_expect("the app's file", ambit_read(app_file, 0, &byte, 1, &got),
                  STATUS_INVALID_HANDLE);
    return 0;
}

AMBIT_ENTRY(escape_app_main)
{
    struct ambit_message message;
    char byte;
    size_t got = 0;

    app_directory = attack_capability("files");
    for (uint32_t i = 0; i < 5; i++) { /* a slot the TIF has not used */
        attack_expect("open",
                      ambit_open(app_directory, "secret.txt", &app_file),
                      STATUS_OK);
    }
    attack_expect("read", ambit_read(app_file, 0, &byte, 1, &got), STATUS_OK);
    ambit_assert(got == 1);
    attack_let_one_in(&message);
    attack_let_it_go(&message);
    return 0;
}
