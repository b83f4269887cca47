/* SPDX-License-Identifier: GPL-2.0-or-later */
/* skypefp-testnode: behaves on one port of the loopback interface as a peer-to-peer Skype node does, seen from
 * outside. */
#define _POSIX_C_SOURCE 200809L
#include "node.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { KEEPALIVE_MS = 10000, SUPERNODE_MS = 120000, LOGIN_MS = 540000 }; /* Skype's clocks */

struct arguments {
    char *address, *public_address, *form, *http, *connect, *udp, *path, *supernode, *login;
    int port, seed, seconds, idle_ms, count, keepalive_ms, clock_ms;
    gboolean file, answers;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
    (void)signal;
    stopped = 1;
}

bool node_is_over(const struct node_settings *settings)
{
    return stopped || g_get_monotonic_time() >= settings->end_us;
}

int node_fail(const char *what)
{
    fprintf(stderr, "skypefp-testnode: %s: %s\n", what, g_strerror(errno));
    return NODE_FAILED;
}

static bool complain(const char *option, const char *value, const char *wanted)
{
    fprintf(stderr, "skypefp-testnode: %s %s: %s\n", option, value, wanted);
    return false;
}

static bool parse_form(const char *name, enum node_form *form)
{
    static const char *const names[] = { "bare", "seed-reuse", "fake-tls", "padding-run" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            *form = (enum node_form)i;
            return true;
        }
    }
    return complain("--form", name, "must be bare, seed-reuse, fake-tls or padding-run");
}

static bool parse_http(const char *status, const char **answer)
{
    if (strcmp(status, "404") == 0) {
        *answer = "HTTP/1.0 404 Not Found\r\n\r\n";
    } else if (strcmp(status, "501") == 0) {
        *answer = "HTTP/1.0 501 Not Implemented\r\n\r\n";
    } else {
        return complain("--http", status, "must be 404 or 501");
    }
    return true;
}

static bool parse_number(const char *option, int value, int low, int high)
{
    if (value >= low && value <= high) {
        return true;
    }
    fprintf(stderr, "skypefp-testnode: %s %d: must be %d to %d\n", option, value, low, high);
    return false;
}

/* ADDRESS:PORT, an IPv4 address in dotted form. */
static bool parse_peer(const char *option, const char *text, struct sockaddr_in *peer)
{
    char **parts = g_strsplit(text, ":", 2);
    guint64 port = 0;
    bool good = g_strv_length(parts) == 2 && inet_pton(AF_INET, parts[0], &peer->sin_addr) == 1 &&
                g_ascii_string_to_unsigned(parts[1], 10, 1, 65535, &port, NULL);

    peer->sin_family = AF_INET;
    peer->sin_port = htons((uint16_t)port);
    g_strfreev(parts);
    return good || complain(option, text, "must be ADDRESS:PORT");
}

static const char *text_or(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static bool parse_addresses(const struct arguments *arguments, struct node_settings *settings)
{
    const char *address = text_or(arguments->address, "127.0.0.1");

    settings->local.sin_family = AF_INET;
    settings->local.sin_port = htons((uint16_t)arguments->port);
    if (inet_pton(AF_INET, address, &settings->local.sin_addr) != 1) {
        return complain("--address", address, "must be an IPv4 address");
    }
    settings->has_public_address = arguments->public_address != NULL;
    if (settings->has_public_address && inet_pton(AF_INET, arguments->public_address, settings->public_address) != 1) {
        return complain("--public-address", arguments->public_address, "must be an IPv4 address");
    }
    return true;
}

static bool check_arguments(const struct arguments *arguments, struct node_settings *settings)
{
    if (!parse_number("--port", arguments->port, 0, 65535) || !parse_number("--seconds", arguments->seconds, 1, 3600) ||
        !parse_number("--idle", arguments->idle_ms, 1, 60000) ||
        !parse_number("--count", arguments->count, 1, 100000) ||
        !parse_number("--keep-alive", arguments->keepalive_ms, 100, 3600000) ||
        !parse_number("--clock", arguments->clock_ms, 0, 3600000) ||
        !parse_form(text_or(arguments->form, "seed-reuse"), &settings->form) ||
        !parse_http(text_or(arguments->http, "404"), &settings->http_answer) || !parse_addresses(arguments, settings)) {
        return false;
    }
    settings->idle_us = arguments->idle_ms * INT64_C(1000);
    settings->is_login = arguments->login != NULL;
    settings->sends_file = arguments->file;
    settings->answers = arguments->answers;
    settings->keepalive_us = arguments->keepalive_ms * INT64_C(1000);
    settings->clock_us = (arguments->clock_ms > 0 ? arguments->clock_ms
                          : settings->is_login    ? LOGIN_MS
                                                  : SUPERNODE_MS) *
                         INT64_C(1000);
    settings->end_us = g_get_monotonic_time() + arguments->seconds * INT64_C(1000000);
    return true;
}

/* The first words: a client tries UDP first, then TCP. */
static int run_client(const struct arguments *arguments, struct node_settings *settings, const struct sockaddr_in *udp,
                      const struct sockaddr_in *tcp)
{
    int status = NODE_OK;

    if (arguments->udp) {
        status = node_send_payloads(settings, udp, arguments->count);
    }
    if (arguments->connect && status == NODE_OK) {
        status = node_open_connection(settings, tcp);
    }
    return status;
}

static int run(const struct arguments *arguments, struct node_settings *settings)
{
    struct sockaddr_in udp = { 0 }, tcp = { 0 }, path = { 0 }, server = { 0 };
    const char *talks_to = text_or(arguments->login, arguments->supernode);

    if ((arguments->udp && !parse_peer("--udp", arguments->udp, &udp)) ||
        (arguments->connect && !parse_peer("--connect", arguments->connect, &tcp)) ||
        (arguments->path && !parse_peer("--path", arguments->path, &path)) ||
        (talks_to && !parse_peer(arguments->login ? "--login" : "--supernode", talks_to, &server))) {
        return NODE_USAGE;
    }
    if (arguments->path) {
        return node_keep_path(settings, &path);
    }
    if (talks_to) {
        return node_talk(settings, &server);
    }
    return arguments->udp || arguments->connect ? run_client(arguments, settings, &udp, &tcp) : node_serve(settings);
}

static bool read_options(int argc, char **argv, struct arguments *a)
{
    const GOptionEntry entries[] = {
        { "port", 0, 0, G_OPTION_ARG_INT, &a->port, "UDP and TCP port (default: any free one, printed as \"port N\")",
          "N" },
        { "address", 0, 0, G_OPTION_ARG_STRING, &a->address, "address to listen on or send from (default 127.0.0.1)",
          "A.B.C.D" },
        { "public-address", 0, 0, G_OPTION_ARG_STRING, &a->public_address, "tell askers this address, as behind NAT",
          "A.B.C.D" },
        { "form", 0, 0, G_OPTION_ARG_STRING, &a->form, "bare, seed-reuse (default), fake-tls or padding-run", "FORM" },
        { "http", 0, 0, G_OPTION_ARG_STRING, &a->http, "answer HTTP with 404 (default) or 501", "STATUS" },
        { "idle", 0, 0, G_OPTION_ARG_INT, &a->idle_ms, "close a binary connection after so much silence (default 500)",
          "MS" },
        { "seed", 0, 0, G_OPTION_ARG_INT, &a->seed, "what all numbers are drawn from (default 1)", "N" },
        { "seconds", 0, 0, G_OPTION_ARG_INT, &a->seconds, "end after so long (default 60)", "N" },
        { "udp", 0, 0, G_OPTION_ARG_STRING, &a->udp, "client: send payloads there, from --port", "ADDRESS:PORT" },
        { "count", 0, 0, G_OPTION_ARG_INT, &a->count, "client: how many payloads (default 4)", "N" },
        { "connect", 0, 0, G_OPTION_ARG_STRING, &a->connect, "client: open a TCP connection there (after --udp)",
          "ADDRESS:PORT" },
        { "path", 0, 0, G_OPTION_ARG_STRING, &a->path, "keep a path there alive, from --port; there, the same",
          "ADDRESS:PORT" },
        { "file", 0, 0, G_OPTION_ARG_NONE, &a->file, "path: send a file, too", NULL },
        { "keep-alive", 0, 0, G_OPTION_ARG_INT, &a->keepalive_ms,
          "path: milliseconds between keep-alives (default 10000)", "MS" },
        { "supernode", 0, 0, G_OPTION_ARG_STRING, &a->supernode, "talk to a server there as to a supernode",
          "ADDRESS:PORT" },
        { "login", 0, 0, G_OPTION_ARG_STRING, &a->login, "talk to a server there as to one of port 12350",
          "ADDRESS:PORT" },
        { "clock", 0, 0, G_OPTION_ARG_INT, &a->clock_ms,
          "talk: milliseconds between small messages (default 120000, or 540000 with --login)", "MS" },
        { "answers", 0, 0, G_OPTION_ARG_NONE, &a->answers, "server: answer every message, as servers of a login do",
          NULL },
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    GOptionContext *context = g_option_context_new("- a stand-in for a peer-to-peer Skype node");
    GError *error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    bool good = g_option_context_parse(context, &argc, &argv, &error) && argc == 1;
    if (!good) {
        fprintf(stderr, "skypefp-testnode: %s\n", error ? error->message : "takes no arguments beside its options");
    }
    g_clear_error(&error);
    g_option_context_free(context);
    return good;
}

static void clear_arguments(struct arguments *a)
{
    char *const texts[] = { a->address, a->public_address, a->form,      a->http, a->connect,
                            a->udp,     a->path,           a->supernode, a->login };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_free(texts[i]);
    }
}

int main(int argc, char **argv)
{
    struct arguments arguments = { .seed = 1, .seconds = 60, .idle_ms = 500, .count = 4, .keepalive_ms = KEEPALIVE_MS };
    struct node_settings settings = { 0 };
    struct sigaction on_stop = { .sa_handler = stop };
    int status = NODE_USAGE;

    sigaction(SIGTERM, &on_stop, NULL);
    sigaction(SIGINT, &on_stop, NULL);
    if (read_options(argc, argv, &arguments) && check_arguments(&arguments, &settings)) {
        node_numbers_init(&settings.numbers, (uint32_t)arguments.seed);
        status = run(&arguments, &settings);
        node_numbers_clear(&settings.numbers);
    }
    clear_arguments(&arguments);
    return status;
}
