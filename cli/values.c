#include "cli/values.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/stamp.h"
#include "base/zone.h"
#include "cli/habits.h"
#include "cli/inputs.h"
#include "cli/terminal.h"
#include "decoder/decoder.h"
#include "model/address.h"

enum { SPI_DIGITS = 3, SPI_MOST = 16, YEAR_FIRST = 1990 };

static bool number_in(const char *value, uint64_t least, uint64_t most)
{
    uint64_t n;
    return text_number(text_of(value), 10, &n) && n >= least && n <= most;
}

static bool is_when(const char *v)
{
    return text_is_one_of(text_of(v), "auto always never");
}

static bool is_columns(const char *v)
{
    return number_in(v, COLUMNS_LEAST, COLUMNS_MOST);
}

static bool is_year(const char *v)
{
    return number_in(v, YEAR_FIRST, STAMP_YEAR_MOST);
}

static bool is_port(const char *v)
{
    return number_in(v, 1, UINT16_MAX);
}

static bool is_count(const char *v)
{
    return number_in(v, 1, UINT32_MAX);
}

static bool is_zone(const char *v)
{
    int64_t ns;
    const char *equals = strchr(v, '=');
    return equals != v && zone_read(text_of(equals ? equals + 1 : v), &ns);
}

static bool is_time(const char *v)
{
    int64_t ns;
    return inputs_time(v, false, &ns);
}

static bool is_address(const char *v)
{
    struct address a;
    return address_read(text_of(v), &a);
}

/* ike12, or the digits that an SPI begins with, as they are printed or with 0x. */
static bool is_sa(const char *v)
{
    struct text t = text_of(v);
    uint64_t number;
    if (text_starts_nocase(t, TEXT("ike")))
        return text_number(text_from(t, 3), 10, &number);
    if (text_starts_nocase(t, TEXT("0x")))
        t = text_from(t, 2);
    return t.len >= SPI_DIGITS && t.len <= SPI_MOST && text_digits(t, 16, &number) == t.len;
}

static bool is_kind_and_file(const char *v)
{
    enum input_kind kind;
    return inputs_kind_read(v, &kind) != NULL;
}

static bool is_name_and_value(const char *v)
{
    const char *equals = strchr(v, '=');
    return equals && equals != v && equals[1];
}

static bool is_level(const char *v)
{
    return text_is_one_of(text_of(v), "error warning note never");
}

static bool is_verdict(const char *v)
{
    return text_is_one_of(text_of(v), "fail pass");
}

static bool is_key_form(const char *v)
{
    return text_is_one_of(text_of(v), "wireshark json");
}

static bool is_stage(const char *v)
{
    return text_is_one_of(text_of(v), "devices join");
}

static bool is_name(const char *v)
{
    return *v != '\0';
}

static const struct {
    size_t member;
    const char *name;
    bool (*taken)(const char *value);
    const char *wants; /* behind "'--name VALUE' " */
} values[] = {
#define VALUE(member, name, taken, wants)                                                                                        \
    {                                                                                                                            \
        offsetof(struct invocation, member), name, taken, wants                                                                  \
    }
    VALUE(color, "color", is_when, "is not auto, always or never"),
    VALUE(width, "width", is_columns, "is no number of columns from 40 on"),
    VALUE(year, "year", is_year, "is no year"),
    VALUE(timezone, "timezone", is_zone, "is no zone; write UTC, +02:00 or NAME=+02:00"),
    VALUE(since, "since", is_time,
          "is no time of the log's clock; write YYYY-MM-DDThh:mm, MM-DDThh:mm or hh:mm, with or without :ss, a day, or from now "
          "-15m"),
    VALUE(until, "until", is_time,
          "is no time of the log's clock; write YYYY-MM-DDThh:mm, MM-DDThh:mm or hh:mm, with or without :ss, a day, or from now "
          "-15m"),
    VALUE(peer, "peer", is_address, "is no address"),
    VALUE(sa, "sa", is_sa, "is no SPI (at least its first three hex digits) and no id as ike1"),
    VALUE(ike_port, "ike-port", is_port, "is no port"),
    VALUE(as, "as", is_kind_and_file,
          "is not KIND:FILE with a kind of: ios-debug iosxe-debug asa-debug syslog event-trace show config capture keys"),
    VALUE(device, "device", is_name_and_value, "is not NAME=FILE"),
    VALUE(fail_on, "fail-on", is_level, "is not error, warning, note or never"),
    VALUE(undecided, "undecided", is_verdict, "is not fail or pass"),
    VALUE(to, "to", is_key_form, "is neither wireshark nor json"),
    VALUE(max_devices, "max-devices", is_count, "is no number from 1 on"),
    VALUE(max_sas, "max-sas", is_count, "is no number from 1 on"),
    VALUE(timeout, "timeout", is_count, "is no number of seconds from 1 on"),
    VALUE(stage, "stage", is_stage, "is neither devices nor join"),
    VALUE(kafka_option, "kafka-option", is_name_and_value, "is not KEY=VALUE"),
    VALUE(device_field, "device-field", is_name, "names no member"),
    VALUE(output, "output", is_name, "names no file"),
#undef VALUE
};

/* Who writes the key itself there is told so; it is not printed again. */
static bool psk_files(const struct invocation *i, struct error *err)
{
    struct stat st;
    for (size_t k = 0; k < i->psk.count; k++)
        if (strcmp(i->psk.at[k], "-") != 0 && stat(i->psk.at[k], &st) != 0)
            return fail(err, ERROR_USAGE,
                        "'--psk' wants a file that holds the key (one key alone, or 'identity key' lines), and what it was given "
                        "is the name of none");
    return true;
}

static const struct words *words_at(const struct invocation *i, size_t member)
{
    return (const struct words *)((const char *)i + member);
}

/* Said of Kafka alone: without it they would be passed over in silence. */
static bool goes_with_kafka(const struct invocation *i, struct error *err)
{
    static const struct {
        size_t member;
        const char *name;
    } rows[] = {
        { offsetof(struct invocation, group), "group" },
        { offsetof(struct invocation, in_topic), "topic" },
        { offsetof(struct invocation, out_topic), "out" },
        { offsetof(struct invocation, stage), "stage" },
        { offsetof(struct invocation, kafka_option), "kafka-option" },
        { offsetof(struct invocation, kafka_secrets), "kafka-secrets" },
    };
    for (size_t n = 0; n < COUNT_OF(rows) && !option_given(&i->kafka); n++)
        if (option_given(words_at(i, rows[n].member)))
            return fail(err, ERROR_USAGE, "'--%s' goes with '--kafka BROKERS'", rows[n].name);
    return true;
}

/* ------------------------------------------------------------------------------------------ outputs */

/* The file of FORMAT=FILE or FILE. A file whose own name has a '=' is not split where the command takes no formats. */
static const char *output_file(const char *command, const char *value)
{
    const char *equals = text_is_one_of(text_of(command), "report check") ? strchr(value, '=') : NULL;
    return equals ? equals + 1 : value;
}

static bool same_file(const char *a, const char *b)
{
    struct stat x, y;
    if (strcmp(a, b) == 0)
        return strcmp(a, "-") != 0;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool takes_no_input(const struct invocation *i, const char *file, struct error *err)
{
    static const struct {
        size_t member;
        char mark;
    } rows[] = {
        { offsetof(struct invocation, inputs), 0 },   { offsetof(struct invocation, keys), 0 },
        { offsetof(struct invocation, psk), 0 },      { offsetof(struct invocation, rules), 0 },
        { offsetof(struct invocation, baseline), 0 }, { offsetof(struct invocation, from), 0 },
        { offsetof(struct invocation, follow), 0 },   { offsetof(struct invocation, checkpoint), 0 },
        { offsetof(struct invocation, as), ':' },     { offsetof(struct invocation, device), '=' },
    };
    for (size_t n = 0; n < COUNT_OF(rows); n++) {
        const struct words *w = words_at(i, rows[n].member);
        for (size_t k = 0; k < w->count; k++) {
            const char *mark = rows[n].mark ? strchr(w->at[k], rows[n].mark) : NULL;
            if (same_file(file, mark ? mark + 1 : w->at[k]))
                return fail(err, ERROR_USAGE, "'--output %s' would take the place of what is read from there", file);
        }
    }
    return true;
}

static bool outputs_check(const char *command, const struct invocation *i, struct error *err)
{
    const bool many = text_is_one_of(text_of(command), "report check"), folder = text_is_one_of(text_of(command), "keys redact");
    const char *shown = NULL;
    size_t plain = 0;
    for (size_t n = 0; n < i->output.count; n++) {
        const char *file = output_file(command, i->output.at[n]);
        struct stat st;
        plain += file == i->output.at[n];
        if (!*file)
            return fail(err, ERROR_USAGE, "'--output %s' names no file", i->output.at[n]);
        if (many && file == i->output.at[n] && habits_is_format(command, file))
            return fail(err, ERROR_USAGE, "'--output %s' is a format's name and no file's; write '-f %s', or '-o %s=FILE'", file,
                        file, file);
        if (plain && strcmp(command, "check") == 0)
            return fail(err, ERROR_USAGE, "'--output %s' is not FORMAT=FILE", i->output.at[n]);
        if (plain > 1)
            return fail(err, ERROR_USAGE, "'--output %s': there is one output already%s", file,
                        many ? "; of several each is FORMAT=FILE" : "");
        for (size_t before = 0; before < n; before++)
            if (strcmp(file, "-") == 0 && strcmp(output_file(command, i->output.at[before]), "-") == 0)
                return fail(err, ERROR_USAGE, "'--output %s': something goes to standard output already", i->output.at[n]);
            else if (same_file(file, output_file(command, i->output.at[before])))
                return fail(err, ERROR_USAGE, "'--output %s': two outputs would go into one file", file);
        if (stat(file, &st) == 0 && S_ISDIR(st.st_mode) && !folder)
            return fail(err, ERROR_USAGE, "'--output %s' is a folder; name a file in it", file);
        if (!takes_no_input(i, file, err))
            return false;
        shown = strcmp(file, "-") == 0 ? i->output.at[n] : shown;
    }
    if (many && !plain && shown && option_given(&i->format)) /* a plain one takes the place of -f's */
        return fail(err, ERROR_USAGE, "'--format %s' goes to standard output, and '--output %s' as well", i->format.at[0], shown);
    return true;
}

/* One format goes to standard output; the last of several would be written without a word on the others. */
static bool one_format(const char *command, const struct invocation *i, struct error *err)
{
    for (size_t n = 1; n < i->format.count; n++)
        if (strcmp(i->format.at[n], i->format.at[0]) != 0)
            return fail(err, ERROR_USAGE, "'--format' is given as '%s' and as '%s'%s", i->format.at[0], i->format.at[n],
                        text_is_one_of(text_of(command), "report check") ? "; for several write '-o FORMAT=FILE' for each" : "");
    return true;
}

bool values_check(const char *command, const struct invocation *i, struct error *err)
{
    for (size_t n = 0; n < COUNT_OF(values); n++) {
        const struct words *w = words_at(i, values[n].member);
        for (size_t k = 0; k < w->count; k++)
            if (!values[n].taken(w->at[k]))
                return fail(err, ERROR_USAGE, "'--%s %s' %s", values[n].name, w->at[k], values[n].wants);
    }
    for (size_t k = 0; k < i->filter.count; k++)
        if (!decoder_filter_taken(i->filter.at[k], err))
            return false;
    return one_format(command, i, err) && psk_files(i, err) && goes_with_kafka(i, err) && outputs_check(command, i, err);
}
