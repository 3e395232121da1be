#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fail(struct error *err, enum error_kind kind, const char *format, ...)
{
    if (!err || err->kind != ERROR_NONE)
        return false;
    err->kind = kind;
    va_list args;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return false;
}

void error_prefix(struct error *err, const char *format, ...)
{
    if (!err || err->kind == ERROR_NONE)
        return;
    char prefix[sizeof err->text];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    size_t used = strnlen(prefix, sizeof prefix);
    snprintf(prefix + used, sizeof prefix - used, ": %s", err->text);
    memcpy(err->text, prefix, sizeof err->text);
}
