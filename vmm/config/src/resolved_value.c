/* SPDX-License-Identifier: Apache-2.0 */
/* Values as YAML that reads back to the same. */
#include "reader.h"

#include <string.h>

/* Code point at *text, which is valid UTF-8; moves *text behind it. */
static uint32_t next_code(const char **text)
{
    const unsigned char *at = (const unsigned char *)*text;
    unsigned more = at[0] < 0x80 ? 0 : at[0] < 0xe0 ? 1 : at[0] < 0xf0 ? 2 : 3;
    uint32_t code = at[0] & (more == 0 ? 0x7fu : 0x3fu >> more);

    for (unsigned i = 1; i <= more; i++) {
        code = code << 6 | (at[i] & 0x3fu);
    }
    *text += more + 1;
    return code;
}

/* Whether YAML has no place for the character, or would fold it. */
static bool needs_escape(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
           code == 0x2029 || code == 0xfeff || code == 0xfffe || code == 0xffff;
}

void print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text) {
        const char *start = text;
        uint32_t code = next_code(&text);

        if (needs_escape(code)) {
            fprintf(out, "\\u%04x", (unsigned)code);
        } else if (code == '"' || code == '\\') {
            fprintf(out, "\\%c", (char)code);
        } else {
            fwrite(start, 1, (size_t)(text - start), out);
        }
    }
    fputc('"', out);
}

/* Whether a bare word is the same word wherever it stands. */
static bool is_plain(const char *text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";

    return *text && strspn(text, safe) == strlen(text) &&
           strcmp(text, "---") != 0 && strcmp(text, "-") != 0 &&
           strcmp(text, "...") != 0;
}

static void print_scalar(FILE *out, const struct node *node)
{
    if (node_is_null(node)) {
        fputs("null", out);
    } else if (!node->quoted && is_plain(node->text)) {
        fputs(node->text, out);
    } else {
        print_quoted(out, node->text);
    }
}

void print_value(FILE *out, const struct node *node)
{
    if (node->kind == NODE_SCALAR) {
        print_scalar(out, node);
        return;
    }
    fputc(node->kind == NODE_LIST ? '[' : '{', out);
    for (const struct node *at = node->first; at; at = at->next) {
        if (at->key) {
            print_scalar(out, at->key);
            fputs(": ", out);
        }
        print_value(out, at);
        fputs(at->next ? ", " : "", out);
    }
    fputc(node->kind == NODE_LIST ? ']' : '}', out);
}

void config_print_change(const struct config_change *change, FILE *out)
{
    fprintf(out, "%s=", change->path.text);
    print_value(out, change->value);
}
