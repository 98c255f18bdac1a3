/* SPDX-License-Identifier: Apache-2.0 */
/* Which programs the domains run: built in, or files beneath the config. */
#define _GNU_SOURCE
#include "parts.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM_FILE_MAX (64ull << 20)
#define LIST_MAX 120u /* bytes of a message that list known names */

static bool is_path(const char *name)
{
    return strpbrk(name, "/.") != NULL;
}

/* A program's file, read. */
struct program_file {
    uint8_t *bytes;
    uint64_t size;
    struct file_identity identity;
};

static int judge_file(int fd, const char *name, struct program_file *file,
                      const struct sentence *why)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        return image__say(why, "cannot look at '%s': %s", name,
                          strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return image__say(why, "'%s' is not a file: name an ELF program", name);
    }
    if ((uint64_t)status.st_size > PROGRAM_FILE_MAX) {
        return image__say(why,
                          "'%s' is larger than 64 MiB: link without "
                          "debug information",
                          name);
    }
    file->size = (uint64_t)status.st_size;
    file->identity.device = status.st_dev;
    file->identity.inode = status.st_ino;
    return 0;
}

static int read_file(int fd, const char *name, struct program_file *file,
                     const struct sentence *why)
{
    file->bytes = malloc(file->size + 1);
    if (file->bytes == NULL) {
        return image__say(why, "'%s' does not fit the host's memory: free some",
                          name);
    }
    if (image__read_all(fd, file->bytes, file->size, name, why) != 0) {
        free(file->bytes);
        return -1;
    }
    return 0;
}

static uint32_t known_file(const struct making *making,
                           const struct file_identity *identity)
{
    for (uint32_t i = 0; i < making->image->program_count; i++) {
        if (making->program_file[i].inode == identity->inode &&
            making->program_file[i].device == identity->device) {
            return i;
        }
    }
    return SPEC_NONE;
}

/* Judges and adds; `owned` is freed on error. */
static int add_program(struct making *making, const char *name,
                       const struct builtin *from, uint8_t *owned,
                       uint32_t *index, const struct sentence *why)
{
    struct image *image = making->image;
    struct program *program = &image->programs[image->program_count];
    char text[200];

    if (image->program_count == SPEC_MAX_PROGRAMS) {
        free(owned);
        return image__say(why, "'%s' is one program too many: at most %u", name,
                          SPEC_MAX_PROGRAMS);
    }
    if (program_load(program, name, from->elf, (size_t)(from->end - from->elf),
                     text, sizeof(text)) != 0) {
        free(owned);
        return image__say(why, "program '%s' %s", name, text);
    }
    program->owned = owned;
    *index = image->program_count++;
    return 0;
}

static int find_file(struct making *making, const char *name, uint32_t *index,
                     const struct sentence *why)
{
    struct program_file file = {0};
    struct builtin bytes;
    int result;
    int fd = image__open_beneath(making->folder, name, O_RDONLY, why);

    if (fd < 0) {
        return -1;
    }
    result = judge_file(fd, name, &file, why);
    if (result == 0) {
        *index = known_file(making, &file.identity);
        if (*index != SPEC_NONE) {
            close(fd);
            return 0;
        }
        result = read_file(fd, name, &file, why);
    }
    close(fd);
    if (result != 0) {
        return -1;
    }
    bytes = (struct builtin){name, file.bytes, file.bytes + file.size};
    if (add_program(making, name, &bytes, file.bytes, index, why) != 0) {
        return -1;
    }
    making->program_file[*index] = file.identity;
    return 0;
}

/* Is it worth reading as a program? */
static bool begins_as_elf(int fd)
{
    char magic[SELFMAG];

    return pread(fd, magic, SELFMAG, 0) == SELFMAG &&
           memcmp(magic, ELFMAG, SELFMAG) == 0;
}

/* A file's name lives behind its bytes. */
static int add_file(struct making *making, struct program_file *file,
                    const char *name, uint32_t *index,
                    const struct sentence *why)
{
    size_t bytes = strlen(name) + 1;
    uint8_t *room = realloc(file->bytes, file->size + bytes);
    struct program probe;
    struct builtin elf;
    uint64_t entry;
    char text[200];

    if (room == NULL) {
        free(file->bytes);
        return image__say(why, "'%s' does not fit the host's memory: free some",
                          name);
    }
    name = memcpy(room + file->size, name, bytes);
    elf = (struct builtin){name, room, room + file->size};
    if (program_load(&probe, name, room, file->size, text, sizeof(text)) != 0) {
        free(room);
        return 0; /* data that begins as a program does */
    }
    if (program_function(&probe, "main", &entry) != 0) {
        program_unload(&probe);
        free(room);
        return 0;
    }
    program_unload(&probe);
    return add_program(making, name, &elf, room, index, why);
}

int image__file_program(struct making *making, int fd, const char *name,
                        uint32_t *index, const struct sentence *why)
{
    struct program_file file = {0};
    char text[200];
    const struct sentence ignored = {text, sizeof(text)};

    *index = SPEC_NONE;
    if (!begins_as_elf(fd) || judge_file(fd, name, &file, &ignored) != 0) {
        return 0;
    }
    *index = known_file(making, &file.identity);
    if (*index != SPEC_NONE) {
        return 0;
    }
    if (read_file(fd, name, &file, why) != 0 ||
        add_file(making, &file, name, index, why) != 0) {
        return -1;
    }
    if (*index != SPEC_NONE) {
        making->program_file[*index] = file.identity;
    }
    return 0;
}

static int say_unknown(const char *name, const struct sentence *why)
{
    char list[LIST_MAX] = "";
    struct nearest nearest;

    image__nearest_start(&nearest, name);
    for (const struct builtin *b = image_builtins; b->name != NULL; b++) {
        size_t used = strlen(list);

        image__nearest_offer(&nearest, b->name);
        snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "",
                 b->name);
    }
    if (nearest.best != NULL) {
        return image__say(why,
                          "no built-in program is called '%s' (did you "
                          "mean '%s'?)",
                          name, nearest.best);
    }
    return image__say(why,
                      "no built-in program is called '%s' (there are: "
                      "%s); a file is named with a path: './%s'",
                      name, list, name);
}

static int find_builtin(struct making *making, const char *name,
                        uint32_t *index, const struct sentence *why)
{
    const struct builtin *builtin = image_builtins;

    while (builtin->name != NULL && strcmp(builtin->name, name) != 0) {
        builtin++;
    }
    if (builtin->name == NULL) {
        return say_unknown(name, why);
    }
    for (uint32_t i = 0; i < making->image->program_count; i++) {
        if (making->image->programs[i].elf == builtin->elf) {
            *index = i;
            return 0;
        }
    }
    return add_program(making, name, builtin, NULL, index, why);
}

/* A domain before this one that names the same program, or SPEC_NONE. */
static uint32_t same_before(const struct config *config, uint32_t domain)
{
    const char *name = config->domains[domain].program.text;

    for (uint32_t i = 0; i < domain; i++) {
        const char *other = config->domains[i].program.text;

        if (other != NULL && strcmp(other, name) == 0) {
            return i;
        }
    }
    return SPEC_NONE;
}

static void find_program(struct making *making, uint32_t index)
{
    const struct config_domain *domain = &making->config->domains[index];
    const char *name = domain->program.text;
    char text[240];
    struct sentence why = {text, sizeof(text)};
    uint32_t *out = &making->program_of[index];
    uint32_t before;
    int result;

    *out = SPEC_NONE;
    if (name == NULL) {
        if (domain->parent != SPEC_NONE) {
            *out = making->program_of[domain->parent];
            return;
        }
        diagnostics_add(making->diagnostics, domain->name.mark,
                        "domain '%s' has no program: add 'program: NAME'",
                        domain->name.text);
        return;
    }
    before = same_before(making->config, index);
    if (before != SPEC_NONE) { /* found, or complained about, there */
        *out = making->program_of[before];
        return;
    }
    result = is_path(name) ? find_file(making, name, out, &why)
                           : find_builtin(making, name, out, &why);
    if (result != 0) {
        *out = SPEC_NONE;
        diagnostics_add(making->diagnostics,
                        image__mark(domain->program.mark, domain->name.mark),
                        "%s", text);
    }
}

int image__find_programs(struct making *making)
{
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        find_program(making, i);
    }
    return 0;
}

static void say_no_function(struct making *making, uint32_t index,
                            const char *function)
{
    const struct config_domain *domain = &making->config->domains[index];
    const struct program *program =
        &making->image->programs[making->program_of[index]];
    struct mark mark = image__mark(domain->entry.mark, domain->name.mark);
    struct nearest nearest;

    image__nearest_start(&nearest, function);
    if (!image__functions_offer(program, &nearest)) {
        diagnostics_add(making->diagnostics, mark,
                        "program '%s' has no symbols, so its function '%s' "
                        "cannot be found: do not strip it",
                        program->name, function);
    } else if (nearest.best != NULL) {
        diagnostics_add(making->diagnostics, mark,
                        "program '%s' has no function '%s' (did you mean "
                        "'%s'?)",
                        program->name, function, nearest.best);
    } else {
        diagnostics_add(making->diagnostics, mark,
                        "program '%s' has no function '%s': define it as "
                        "'int %s(int argc, char **argv)'",
                        program->name, function, function);
    }
}

int image__find_entries(struct making *making)
{
    for (uint32_t i = 0; i < making->config->domain_count; i++) {
        const struct config_domain *domain = &making->config->domains[i];
        const char *function = domain->entry.text ? domain->entry.text : "main";
        uint32_t program = making->program_of[i];

        if (program != SPEC_NONE &&
            program_function(&making->image->programs[program], function,
                             &making->entry_of[i]) != 0) {
            say_no_function(making, i, function);
        }
    }
    return 0;
}
