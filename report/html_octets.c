/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The octets of a proof: as they are, as text, and with the keystream cancelled. */
#include "html_octets.h"

#include "capture_findings.h"
#include "keystream.h"

/* The octets of a proof. */
struct octets {
    guint8 octets[SKYPEFP_PROOF_OCTETS];
    guint n;
    guint begin, end; /* which prove it */
    gint64 offset;
};

static bool read_octets(JsonObject *proof, struct octets *octets)
{
    JsonObject *object = report_object(proof, "octets");
    const char *hex = object != NULL ? report_string(object, "hex") : NULL;

    *octets = (struct octets){ .n = 0 };
    for (; hex != NULL && g_ascii_isxdigit(hex[0]) && g_ascii_isxdigit(hex[1]) && octets->n < SKYPEFP_PROOF_OCTETS;
         hex += 2) {
        octets->octets[octets->n++] = (guint8)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
    }
    if (octets->n > 0) {
        gint64 length = report_number(object, "proving", 0);
        octets->offset = report_number(object, "offset", 0);
        octets->begin = (guint)CLAMP(report_number(object, "proving_from", 0), 0, octets->n);
        octets->end = length > 0 ? (guint)MIN(octets->begin + MIN(length, G_MAXUINT16), octets->n) : octets->n;
    }
    return octets->n > 0;
}

static void put_hex(xmlTextWriterPtr page, const guint8 *octets, guint n, guint begin, guint end)
{
    markup_open(page, "code", NULL);
    for (guint i = 0; i < n; i++) {
        if (i == begin && end > begin) {
            markup_open(page, "mark", NULL);
        }
        markup_text(page, "%02x", octets[i]);
        if (i + 1 == end && end > begin) {
            markup_close(page);
        }
        markup_string(page, (i + 1) % 16 == 0 ? "\n" : " ");
    }
    markup_close(page);
}

/* The same as text, when it is one: an answer of a fake HTTP server, for example. */
static void put_readable(xmlTextWriterPtr page, const struct octets *octets)
{
    GString *text = g_string_new(NULL);
    guint n_readable = 0;

    for (guint i = 0; i < octets->n; i++) {
        bool is_readable =
            g_ascii_isprint((char)octets->octets[i]) || octets->octets[i] == '\r' || octets->octets[i] == '\n';
        n_readable += is_readable;
        g_string_append_c(text, g_ascii_isprint((char)octets->octets[i]) ? (char)octets->octets[i] : '.');
    }
    if (n_readable == octets->n) {
        markup_open(page, "p", "class", "note", NULL);
        markup_text(page, "As text: %s", text->str);
        markup_close(page);
    }
    g_string_free(text, TRUE);
}

static const skypefp_part *find_part(const skypefp_rule *rule, enum skypefp_part_kind kind)
{
    for (unsigned i = 0; i < rule->n_parts; i++) {
        if (rule->parts[i].kind == kind) {
            return &rule->parts[i];
        }
    }
    return NULL;
}

static void put_line(xmlTextWriterPtr page, const char *name, const guint8 *octets, guint marked_from)
{
    markup_open(page, "tr", NULL);
    markup_leaf(page, "th", "%s", name);
    markup_open(page, "td", NULL);
    put_hex(page, octets, SKYPEFP_CANCELLED_LEN, marked_from, SKYPEFP_CANCELLED_LEN);
    markup_close(page);
    markup_close(page);
}

/* Two parts under one keystream, and what is left when it cancels. */
static void put_cancelled(xmlTextWriterPtr page, const skypefp_rule *rule, const struct octets *octets)
{
    enum { PADDING_AT = 2 };
    const skypefp_part *one = find_part(rule, SKYPEFP_PART_ONE), *two = find_part(rule, SKYPEFP_PART_TWO);
    guint8 plaintext[SKYPEFP_CANCELLED_LEN];

    if (one == NULL || two == NULL ||
        octets->begin + MAX(one->offset, two->offset) + SKYPEFP_CANCELLED_LEN > octets->n) {
        return;
    }
    const guint8 *first = octets->octets + octets->begin + one->offset,
                 *second = octets->octets + octets->begin + two->offset;
    skypefp_keystream_cancel(first, second, plaintext);
    markup_open(page, "table", "class", "xor", NULL);
    put_line(page, "First part, as sent", first, SKYPEFP_CANCELLED_LEN);
    put_line(page, "Second part, as sent", second, SKYPEFP_CANCELLED_LEN);
    put_line(page, "Exclusive or of both and of the known beginning", plaintext, PADDING_AT);
    markup_close(page);
    markup_open(page, "p", "class", "note", NULL);
    markup_string(page, "Both parts were encrypted with one keystream, which cancels. What is left is padding: each "
                        "marked byte follows "
                        "from the one before it (times 0xCD, plus 0x71).");
    markup_close(page);
}

void report_html_octets(xmlTextWriterPtr page, const skypefp_rule *rule, JsonObject *proof)
{
    struct octets octets;

    if (read_octets(proof, &octets)) {
        markup_open(page, "p", "class", "note", NULL);
        markup_text(page,
                    "The bytes that prove it are marked; the first one shown is byte %" G_GINT64_FORMAT
                    " of what was sent:",
                    octets.offset);
        markup_close(page);
        markup_open(page, "pre", NULL);
        put_hex(page, octets.octets, octets.n, octets.begin, octets.end);
        markup_close(page);
        put_readable(page, &octets);
        if (rule != NULL) {
            put_cancelled(page, rule, &octets);
        }
    } else {
        markup_leaf(page, "p", "Its bytes are not in this report: see the packet in the capture.");
    }
}
