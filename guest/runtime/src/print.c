/* SPDX-License-Identifier: Apache-2.0 */
/* ambit_printf: the sink is the domain's own line. */
#include "format.h"
#include "internal.h"
#include <ambit/ambit.h>

struct line_sink {
    struct format_sink sink; /* first */
    struct ambit__domain *domain;
};

static void hand_over(struct ambit__domain *domain)
{
    if (domain->line_bytes > 0) {
        /* A console that refuses a good line leaves nobody to tell. */
        enum status status = ambit_console(domain->line, domain->line_bytes);
        (void)status;
        domain->line_bytes = 0;
    }
}

static void put_line(struct format_sink *sink, const char *text, size_t bytes)
{
    struct ambit__domain *domain = ((struct line_sink *)sink)->domain;

    for (size_t i = 0; i < bytes; i++) {
        domain->line[domain->line_bytes++] = text[i];
        if (text[i] == '\n' || domain->line_bytes == sizeof domain->line) {
            hand_over(domain);
        }
    }
}

int ambit_vprintf(const char *format, va_list arguments)
{
    struct line_sink line = {{put_line, 0}, ambit__domain()};

    ambit__format(&line.sink, format, arguments);
    return (int)line.sink.total;
}

int ambit_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int total = ambit_vprintf(format, arguments);
    va_end(arguments);
    return total;
}

void ambit_flush(void)
{
    hand_over(ambit__domain());
}
