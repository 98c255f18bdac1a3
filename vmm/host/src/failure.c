/* SPDX-License-Identifier: Apache-2.0 */
#include <host/failure.h>
#include <stdarg.h>
#include <stdio.h>

int failure_set(struct failure *failure, int exit_code, const char *format, ...)
{
    va_list args;

    failure->exit_code = exit_code;
    failure->remedy[0] = '\0';
    va_start(args, format);
    (void)vsnprintf(failure->text, sizeof(failure->text), format, args);
    va_end(args);
    return -1;
}

void failure_remedy(struct failure *failure, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(failure->remedy, sizeof(failure->remedy), format, args);
    va_end(args);
}
