/* SPDX-License-Identifier: Apache-2.0 */
/* Words, sizes, marks, hashes: what needs no config. */
#include "suites.h"

#include "reader.h"

#include <host/sha256.h>
#include <stdlib.h>
#include <string.h>

START_TEST(sizes_as_people_write_them)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {{0, "0KiB"},
                {4096, "4KiB"},
                {1u << 20, "1MiB"},
                {(1u << 20) + 4096, "1028KiB"},
                {3ull << 30, "3GiB"},
                {(1ull << 30) + (1ull << 20), "1025MiB"},
                {UINT64_MAX >> 10 << 10, "18014398509481983KiB"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ck_assert_str_eq(size_text(rows[i].bytes).text, rows[i].text);
    }
}
END_TEST

static const char *nearest(const char *word, const char *const *candidates)
{
    struct guess guess = guess_start(word);

    while (*candidates) {
        guess_offer(&guess, *candidates++);
    }
    return guess.best;
}

START_TEST(guesses)
{
    static const char *const keys[] = {"memory", "cpus", "r", "heap", NULL};

    ck_assert_str_eq(nearest("memroy", keys), "memory");  /* swapped */
    ck_assert_str_eq(nearest("memor", keys), "memory");   /* left out */
    ck_assert_str_eq(nearest("memmory", keys), "memory"); /* too many */
    ck_assert_str_eq(nearest("hoap", keys), "heap");      /* another */
    ck_assert_ptr_null(nearest("colour", keys));
    ck_assert_ptr_null(nearest("x", keys)); /* nothing of "r" is left */
    ck_assert_ptr_null(nearest("", keys));
}
END_TEST

START_TEST(hints)
{
    struct guess guess = guess_start("zzz");

    ck_assert_str_eq(guess_hint(&guess).text, " (there are none)");
    guess_offer(&guess, "one");
    guess_offer(&guess, "two");
    ck_assert_str_eq(guess_hint(&guess).text, " (known: one, two)");
    guess_offer(&guess, "zzy");
    ck_assert_str_eq(guess_hint(&guess).text, " (did you mean 'zzy'?)");
}
END_TEST

START_TEST(lists_are_cut_between_words)
{
    struct word_list list = {"", 0};

    for (int i = 0; i < 100; i++) {
        word_list_add(&list, "twelve_bytes");
        ck_assert_uint_lt(strlen(list.text), sizeof list.text);
    }
    ck_assert_ptr_nonnull(strstr(list.text, "twelve_bytes, ..."));
    ck_assert_str_eq(strrchr(list.text, ','), ", ...");
}
END_TEST

START_TEST(quoting_is_safe)
{
    char longest[300];

    ck_assert_str_eq(words_quote("size").text, "'size'");
    ck_assert_str_eq(words_quote("").text, "''");
    ck_assert_str_eq(words_quote("a\x1b[1mb").text, "'a\\x1b[1mb'");
    ck_assert_str_eq(words_quote("caf\xc3\xa9").text, "'caf\xc3\xa9'");
    for (size_t length = 0; length < sizeof longest; length++) {
        static const char *const fillers[] = {"a", "\x01", "\x80", "\xc2"};

        for (size_t i = 0; i < 4; i++) {
            struct quoted_text quoted;

            memset(longest, fillers[i][0], length);
            longest[length] = '\0';
            quoted = words_quote(longest);
            ck_assert_uint_lt(strlen(quoted.text), sizeof quoted.text);
            ck_assert_int_eq(quoted.text[strlen(quoted.text) - 1], '\'');
        }
    }
}
END_TEST

START_TEST(diagnostics_are_in_file_order)
{
    struct diagnostics list = {0};

    for (unsigned i = 0; i < 40; i++) {
        struct mark mark = {"x", 1 + i * 7 % 10, 1 + i % 3};

        diagnostics_add(&list, mark, "%u", i);
    }
    diagnostics_add(&list, (struct mark){"a=b", 0, 3}, "override");
    diagnostics_add(&list, (struct mark){"x", 0, 0}, "default");
    ck_assert_uint_eq(list.count, 42);
    ck_assert_str_eq(list.list[0].text, "default");
    ck_assert_str_eq(list.list[41].text, "override");
    for (unsigned i = 2; i < 41; i++) {
        const struct diagnostic *a = &list.list[i - 1], *b = &list.list[i];

        ck_assert_uint_le(a->mark.line * 10 + a->mark.column,
                          b->mark.line * 10 + b->mark.column);
        if (a->mark.line == b->mark.line && a->mark.column == b->mark.column) {
            /* equals keep the order they came in */
            ck_assert_int_lt(atoi(a->text), atoi(b->text));
        }
    }
    diagnostics_free(&list);
    ck_assert_uint_eq(list.count, 0);
}
END_TEST

static void check_hash(const char *text, size_t count, const char *expected)
{
    uint8_t digest[32], again[32];
    struct sha256 pieces;
    char hex[65];

    sha256(text, count, digest);
    sha256_start(&pieces);
    for (size_t i = 0; i < count; i += 1 + i % 70) {
        size_t piece = i + 1 + i % 70 > count ? count - i : 1 + i % 70;

        sha256_take(&pieces, text + i, piece);
    }
    sha256_end(pieces, again);
    ck_assert_mem_eq(again, digest, sizeof again);
    sha256_text(digest, hex);
    ck_assert_str_eq(hex, expected);
}

/* Vectors of FIPS 180-2, appendix B. */
START_TEST(hashes)
{
    static char million[1000000];

    check_hash("abc", 3,
               "ba7816bf8f01cfea414140de5dae2223"
               "b00361a396177a9cb410ff61f20015ad");
    check_hash("", 0,
               "e3b0c44298fc1c149afbf4c8996fb924"
               "27ae41e4649b934ca495991b7852b855");
    check_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
               "248d6a61d20638b8e5c026930c3e6039"
               "a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', sizeof million);
    check_hash(million, sizeof million,
               "cdc76e5c9914fb9281a1c7e284d73e67"
               "f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

static const char *initial(const struct type *map, const char *name)
{
    const struct key *key = table_key(map, name);

    ck_assert_ptr_nonnull(key);
    ck_assert_ptr_nonnull(key->initial);
    return key->initial;
}

/* The table says the defaults in words: they are those of config.h. */
START_TEST(defaults_are_said_as_they_are)
{
    const struct type *machine = table_key(&table_config, "machine")->type;
    const struct type *domain = table_key(&table_config, "domains")->type->item;
    const struct type *slots = table_key(domain, "slots")->type->forms[1];
    char number[24];

    ck_assert_str_eq(initial(machine, "memory"),
                     size_text(CONFIG_MEMORY_DEFAULT).text);
    ck_assert_str_eq(initial(domain, "stack"),
                     size_text(CONFIG_STACK_DEFAULT).text);
    ck_assert_str_eq(initial(domain, "heap"),
                     size_text(CONFIG_HEAP_DEFAULT).text);
    snprintf(number, sizeof number, "%u", CONFIG_SLOTS_DEFAULT);
    ck_assert_str_eq(initial(domain, "slots"), number);
    ck_assert_str_eq(initial(slots, "caps"), number);
    snprintf(number, sizeof number, "%u", CONFIG_FILES_SLOTS_DEFAULT);
    ck_assert_str_eq(initial(slots, "files"), number);
    snprintf(number, sizeof number, "%u", CONFIG_SEED_DEFAULT);
    ck_assert_str_eq(initial(&table_config, "seed"), number);
    ck_assert_ptr_nonnull(
        strstr(table_key(table_key(domain, "compose")->type, "quota")->help,
               size_text(CONFIG_QUOTA_DEFAULT).text));
    ck_assert_ptr_nonnull(
        strstr(table_key(table_key(domain, "compose")->type, "pool")->help,
               size_text(CONFIG_POOL_DEFAULT).text));
}
END_TEST

TCase *parts_case(void)
{
    TCase *parts = tcase_create("parts");

    tcase_add_test(parts, sizes_as_people_write_them);
    tcase_add_test(parts, guesses);
    tcase_add_test(parts, hints);
    tcase_add_test(parts, lists_are_cut_between_words);
    tcase_add_test(parts, quoting_is_safe);
    tcase_add_test(parts, diagnostics_are_in_file_order);
    tcase_add_test(parts, hashes);
    tcase_add_test(parts, defaults_are_said_as_they_are);
    return parts;
}
