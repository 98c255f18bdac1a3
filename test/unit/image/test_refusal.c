/* SPDX-License-Identifier: Apache-2.0 */
/* Configs that cannot become an image: where, and why. */
#define _GNU_SOURCE
#include "scene.h"
#include "suites.h"

#include <capabilities/cap.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scene scene;

static void set_up(void)
{
    scene_make(&scene);
    scene_domain(&scene, "app", SPEC_NONE, ROW_PROCESS);
}

static void tear_down(void)
{
    scene_free(&scene);
}

static void program(const char *name)
{
    scene.domains[0].program = scene_marked(name, 12);
}

START_TEST(unknown_builtin)
{
    program("simpel");
    scene_refused(&scene, "12: no built-in program is called 'simpel' (did you "
                          "mean 'simple'?)");
    program("server");
    scene_refused(&scene,
                  "12: no built-in program is called 'server' (there are: "
                  "sample, simple, bare, fixed); a file is named with a path: "
                  "'./server'");
    scene.domains[0].program.text = NULL;
    scene_refused(&scene, "10: domain 'app' has no program: add 'program: "
                          "NAME'");
}
END_TEST

START_TEST(bad_file)
{
    program("./nothing.elf");
    scene_refused(&scene, "12: cannot open './nothing.elf': No such file or "
                          "directory");
    folder_directory(&scene.folder, "x.elf");
    program("x.elf");
    scene_refused(&scene, "12: 'x.elf' is not a file: name an ELF program");
    program("/bin/true");
    scene_refused(&scene, "12: '/bin/true' is an absolute path: name something "
                          "beneath the config's folder");
    program("../x.elf");
    scene_refused(&scene, "12: '../x.elf' goes up with '..': name something "
                          "beneath the config's folder");
    folder_link(&scene.folder, "link.elf", "/bin/true");
    program("link.elf");
    scene_refused(&scene, "12: 'link.elf' is a symbolic link, which could lead "
                          "outside the config's folder: put the file or folder "
                          "itself there");
    folder_file(&scene.folder, "empty.elf", "", 0);
    program("empty.elf");
    scene_refused(&scene, "12: program 'empty.elf' is not an ELF file: give a "
                          "program built for x86-64 with -static-pie");
    ck_assert_int_eq(mkfifoat(scene.folder.fd, "fifo.elf", 0600), 0);
    program("fifo.elf");
    scene_refused(&scene, "12: 'fifo.elf' is not a file: name an ELF program");
    program("fixed");
    scene_refused(&scene, "12: program 'fixed' is not a static-PIE (type "
                          "EXEC): link with -static-pie");
}
END_TEST

START_TEST(huge_file)
{
    char path[100];

    snprintf(path, sizeof(path), "%s/huge.elf", scene.folder.path);
    folder_file(&scene.folder, "huge.elf", "", 0);
    ck_assert_int_eq(truncate(path, (64 << 20) + 1), 0);
    program("huge.elf");
    scene_refused(&scene, "12: 'huge.elf' is larger than 64 MiB: link without "
                          "debug information");
}
END_TEST

START_TEST(bad_entry)
{
    scene.domains[0].entry = scene_marked("sample_mein", 13);
    scene_refused(&scene, "13: program 'sample' has no function 'sample_mein' "
                          "(did you mean 'sample_main'?)");
    scene.domains[0].entry = scene_marked("run", 13);
    scene_refused(&scene, "13: program 'sample' has no function 'run': define "
                          "it as 'int run(int argc, char **argv)'");
    memset(&scene.domains[0].entry, 0, sizeof(struct marked));
    scene_refused(&scene, "10: program 'sample' has no function 'main': define "
                          "it as 'int main(int argc, char **argv)'");
    program("bare");
    scene.domains[0].entry = scene_marked("sample_main", 13);
    scene_refused(&scene, "13: program 'bare' has no symbols, so its function "
                          "'sample_main' cannot be found: do not strip it");
}
END_TEST

/* One complaint about a program, however many domains run it. */
START_TEST(all_at_once)
{
    program("nothing");
    scene_domain(&scene, "again", 0, ROW_THREAD)->program =
        scene_marked("nothing", 22);
    scene_domain(&scene, "heir", 0, ROW_THREAD)->program.text = NULL;
    scene_domain(&scene, "files", 0, ROW_TIF);
    scene_files(&scene, "nowhere");
    scene_domain(&scene, "entry", 0, ROW_THREAD)->entry =
        scene_marked("rum", 53);
    scene_try(&scene);
    ck_assert_ptr_null(scene.image);
    ck_assert_uint_eq(scene.diagnostics.count, 3);
    ck_assert_uint_eq(scene.diagnostics.list[0].mark.line, 12);
    ck_assert_uint_eq(scene.diagnostics.list[1].mark.line, 45);
    ck_assert_str_eq(scene.diagnostics.list[1].text,
                     "cannot open 'nowhere': No such file or directory");
    ck_assert_uint_eq(scene.diagnostics.list[2].mark.line, 53);
}
END_TEST

START_TEST(no_folder)
{
    char missing[] = "/nonexistent/folder";

    scene.config.folder = missing;
    scene_try(&scene);
    ck_assert_ptr_null(scene.image);
    ck_assert_int_eq(scene.failure.exit_code, EXIT_HOST);
    ck_assert_str_eq(scene.failure.text, "cannot open the folder "
                                         "'/nonexistent/folder': No such file "
                                         "or directory");
}
END_TEST

START_TEST(senseless_degrees)
{
    scene.domains[0].classes[PD_SPACE].degree = PD_SAME;
    scene.domains[0].classes[PD_SPACE].mark.line = 16;
    scene_refused(&scene, "16: domain 'app': space: same without a parent: the "
                          "root domain has no space to share");
    scene.domains[0].classes[PD_SPACE].degree = PD_NEW;
    scene.domains[0].classes[PD_QUOTA].bytes = 65 << 20;
    scene.domains[0].classes[PD_QUOTA].mark.line = 17;
    scene_refused(&scene, "17: domain 'app': quota: new asks for more than the "
                          "machine's memory");
}
END_TEST

START_TEST(senseless_hold)
{
    static struct config_hold hold;

    hold = (struct config_hold){.name = scene_marked("app", 19),
                                .object = scene_marked("app", 19),
                                .type = CAP_DOMAIN,
                                .index = 0,
                                .rights = CAP_READ};
    scene_domain(&scene, "child", 0, ROW_PROCESS);
    scene.domains[1].holds = &hold;
    scene.domains[1].hold_count = 1;
    scene_refused(&scene, "19: domain 'child': a domain can hold only its "
                          "descendants and their handlers");
}
END_TEST

START_TEST(malformed)
{
    scene.domains[0].name.text = "a.name.with.dots";
    scene_try(&scene);
    ck_assert_ptr_null(scene.image);
    ck_assert_uint_eq(scene.diagnostics.count, 0);
    ck_assert_int_eq(scene.failure.exit_code, EXIT_HOST);
    ck_assert_ptr_nonnull(strstr(scene.failure.text, "a bug in ambit"));
}
END_TEST

START_TEST(machine_too_small)
{
    scene.ranges[0].name = scene_marked("big", 3);
    scene.ranges[0].bytes = 15 << 20;
    scene.config.range_count = 1;
    scene.config.memory_bytes = 16 << 20;
    scene_refused(&scene, "2: machine.memory of 16MiB is too small: at least "
                          "28MiB are needed (programs and files 4, composition "
                          "20, the rest for the kernel)");
    scene.config.memory_bytes = 28 << 20; /* what it said is true */
    scene_pack(&scene);
}
END_TEST

START_TEST(files_too_large)
{
    char path[100];

    folder_file(&scene.folder, "data/big", "", 0);
    snprintf(path, sizeof(path), "%s/data/big", scene.folder.path);
    ck_assert_int_eq(truncate(path, (64 << 20) + 1), 0);
    scene_files(&scene, "data");
    scene_refused(&scene, "15: with 'data/big' the files are larger than the "
                          "machine's memory: remove some or raise "
                          "machine.memory");
    ck_assert_int_eq(truncate(path, 60 << 20), 0);
    scene_refused(&scene,
                  "2: machine.memory of 64MiB is too small: at least "
                  "74MiB are needed (programs and files 64, composition "
                  "5, the rest for the kernel)");
}
END_TEST

START_TEST(quota_too_small)
{
    scene.domains[0].classes[PD_QUOTA].bytes = 64 << 10;
    scene.domains[0].classes[PD_QUOTA].mark.line = 17;
    scene.domains[0].stack_bytes = 100 << 10;
    scene_try(&scene);
    ck_assert_ptr_null(scene.image);
    ck_assert_uint_eq(scene.diagnostics.count, 1);
    ck_assert_uint_eq(scene.diagnostics.list[0].mark.line, 17);
    ck_assert_ptr_nonnull(strstr(scene.diagnostics.list[0].text,
                                 "domain 'app': its quota of 64KiB is too "
                                 "small: composing what it pays for takes "));
}
END_TEST

/* What starts later is not held against the config. */
START_TEST(manual_start)
{
    scene.domains[0].classes[PD_QUOTA].bytes = 512 << 10;
    for (unsigned i = 0; i < 5; i++) {
        scene_domain(&scene, i ? "later" : "first", 0, ROW_THREAD)
            ->stack_bytes = 256 << 10;
        scene.domains[i + 1].start = SPEC_START_MANUAL;
    }
    scene_pack(&scene);
}
END_TEST

START_TEST(too_many_domains)
{
    for (unsigned i = 0; i < SPEC_MAX_DOMAINS; i++) {
        scene_domain(&scene, "more", 0, ROW_THREAD);
    }
    scene_refused(&scene, "0: 65 domains are too many: at most 64");
}
END_TEST

START_TEST(long_arguments)
{
    static struct marked words[1];
    static char word[2100];

    memset(word, 'w', sizeof(word) - 1);
    words[0] = scene_marked(word, 18);
    scene.domains[0].args = words;
    scene.domains[0].arg_count = 1;
    scene_refused(&scene, "18: the arguments of 'app' are longer than 2048 "
                          "bytes: shorten them");
}
END_TEST

START_TEST(unreadable_file)
{
    bool all_mighty = geteuid() == 0;

    folder_file(&scene.folder, "data/secret", "s", 1);
    ck_assert_int_eq(fchmodat(scene.folder.fd, "data/secret", 0, 0), 0);
    ck_assert_int_eq(chmod(scene.folder.path, 0755), 0);
    scene_files(&scene, "data");
    if (all_mighty) {
        ck_assert_int_eq(seteuid(65534), 0);
    }
    scene_refused(&scene, "15: cannot open 'data/secret': Permission denied");
    if (all_mighty) {
        ck_assert_int_eq(seteuid(0), 0);
    }
}
END_TEST

static void add_more(TCase *tcase)
{
    tcase_add_test(tcase, malformed);
    tcase_add_test(tcase, machine_too_small);
    tcase_add_test(tcase, files_too_large);
    tcase_add_test(tcase, quota_too_small);
    tcase_add_test(tcase, manual_start);
    tcase_add_test(tcase, too_many_domains);
    tcase_add_test(tcase, long_arguments);
    tcase_add_test(tcase, unreadable_file);
}

TCase *refusal_case(void)
{
    TCase *tcase = tcase_create("refusals");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, unknown_builtin);
    tcase_add_test(tcase, bad_file);
    tcase_add_test(tcase, huge_file);
    tcase_add_test(tcase, bad_entry);
    tcase_add_test(tcase, all_at_once);
    tcase_add_test(tcase, no_folder);
    tcase_add_test(tcase, senseless_degrees);
    tcase_add_test(tcase, senseless_hold);
    add_more(tcase);
    return tcase;
}
