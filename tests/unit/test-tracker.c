/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tracker over mixed traffic: what was observed is found again, and the hash seed changes nothing. */
#include "feed.h"

enum { N_PACKETS = 20000, N_HOSTS = 6, N_PORTS = 3, N_SEEDS = 3 };

/* Traffic like Skype's and noise between a few hosts, drawn from one seed. */
struct traffic {
    GRand *random;
    uint32_t generator[N_HOSTS];    /* the state of each host's */
    uint16_t id[N_HOSTS];           /* the last one it asked with */
    uint32_t seq[N_HOSTS][N_HOSTS]; /* of the conversation between two */
};

static uint32_t host_address(unsigned host)
{
    return host % 2 == 0 ? 0xc0a80100 + host : 0x56800000 + host;
}

static uint16_t host_port(unsigned host)
{
    return (uint16_t)(35990 + host % N_PORTS);
}

static void fill(struct traffic *traffic, struct feed *feed, unsigned src, unsigned dst)
{
    uint32_t number = g_rand_int(traffic->random);

    for (uint32_t i = 0; i < feed->packet.len; i++) {
        feed->data[i] = (uint8_t)g_rand_int(traffic->random);
    }
    switch (number % (src == 0 ? 5 : 6)) { /* the first host sends no noise */
    case 0:
    case 1: /* the message before once more */
        traffic->generator[src] = traffic->generator[src] * 0x10dcd + 0x4271;
        traffic->id[src] = (uint16_t)(traffic->id[src] + (number % 2 ? 0 : 2));
        feed_payload(feed, traffic->id[src], traffic->generator[src], traffic->id[src] * 0x9e3779b9u);
        break;
    case 2:
        feed->packet.len = feed->packet.wire_len = 11;
        feed_ack(feed, traffic->id[dst], number % 2 ? host_address(dst) : 0x56800101);
        feed->data[2] = (uint8_t)(number >> 8 & 0x70) | (number & 0x80 ? 5 : 7);
        break;
    case 3:
        feed->data[0] = feed->data[1] = (uint8_t)traffic->id[dst];
        feed->data[2] = 0x3f;
        feed->data[3] = (uint8_t)(traffic->id[dst] >> 8);
        feed->data[4] = (uint8_t)traffic->id[dst];
        feed->data[5] = number >> 8 & 3;
        feed->data[6] = 2;
        break;
    case 4:
        feed->data[2] = 0x63;
        feed->data[3] = 1;
        break;
    default:
        break;
    }
}

static void send_segment(struct traffic *traffic, struct feed *feed, unsigned src, unsigned dst)
{
    static const char *const texts[] = { "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404 Not Found\r\n\r\n",
                                         "\x16\x03\x01\0\0" };
    uint32_t number = g_rand_int(traffic->random);
    uint32_t *seq = &traffic->seq[src][dst];

    feed->packet.tcp_flags = number % 7 == 0 ? SKYPEFP_SYN : number % 7 == 1 ? SKYPEFP_FIN | SKYPEFP_ACK : SKYPEFP_ACK;
    feed->packet.tcp_flags |= number % 14 == 7 ? SKYPEFP_ACK : 0;
    if (number % 3 != 0) {
        const char *text = texts[number % G_N_ELEMENTS(texts)];
        feed->packet.len = feed->packet.wire_len = text[0] == 0x16 ? 5 : (uint32_t)strlen(text);
        memcpy(feed->data, text, feed->packet.len);
    }
    if (feed->packet.tcp_flags & SKYPEFP_SYN) {
        *seq = number;
        feed->packet.len = feed->packet.wire_len = 0;
    }
    feed->packet.tcp_seq = *seq;
    *seq += feed->packet.wire_len + (feed->packet.tcp_flags & SKYPEFP_SYN ? 1 : 0);
}

static void next_packet(struct traffic *traffic, struct feed *feed, uint32_t frame)
{
    unsigned src = g_rand_int(traffic->random) % N_HOSTS, dst = g_rand_int(traffic->random) % N_HOSTS;
    bool is_tcp = g_rand_int(traffic->random) % 4 == 0;

    feed_begin(feed, is_tcp ? SKYPEFP_TCP : SKYPEFP_UDP, frame, host_address(src), host_port(src), host_address(dst),
               host_port(dst), 18 + g_rand_int(traffic->random) % (FEED_OCTETS - 18));
    if (is_tcp) {
        send_segment(traffic, feed, src, dst);
    } else {
        fill(traffic, feed, src, dst);
        feed->packet.len -= g_rand_int(traffic->random) % 8 == 0 ? feed->packet.len / 2 : 0; /* truncated */
    }
}

static struct traffic *begin_traffic(uint32_t seed)
{
    struct traffic *traffic = g_new0(struct traffic, 1);

    traffic->random = g_rand_new_with_seed(seed);
    return traffic;
}

static void end_traffic(struct traffic *traffic)
{
    g_rand_free(traffic->random);
    g_free(traffic);
}

static skypefp_tracker *new_tracker(uint64_t hash_seed)
{
    skypefp_config config = skypefp_default_config();

    config.hash_seed = hash_seed;
    return skypefp_tracker_new(&config);
}

/* A later look-up gives the finding of the first pass, and changes nothing. */
static void test_find_after_observe(void)
{
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        struct traffic *traffic = begin_traffic(seed);
        skypefp_tracker *tracker = new_tracker(seed);
        unsigned n_found = 0;
        for (uint32_t frame = 1; frame <= N_PACKETS; frame++) {
            struct feed feed;
            skypefp_sighting observed, found;
            next_packet(traffic, &feed, frame);
            bool is_observed = skypefp_observe(tracker, &feed.packet, &observed);
            g_assert_true(skypefp_find(tracker, &feed.packet, &found) == is_observed);
            if (is_observed) {
                g_assert_true(found.finding == observed.finding && found.from_dst == observed.from_dst);
                g_assert_cmpuint(found.frame, ==, frame);
                n_found++;
            }
        }
        g_assert_cmpuint(n_found, >, N_PACKETS / 4);
        skypefp_tracker_free(tracker);
        end_traffic(traffic);
    }
}

static void describe(GString *text, const skypefp_tracker *tracker, const skypefp_packet *packet)
{
    skypefp_sighting sighting;
    skypefp_judgement judgement;

    if (!skypefp_find(tracker, packet, &sighting)) {
        return;
    }
    const skypefp_finding *finding = sighting.finding;
    bool is_marked = skypefp_judge(tracker, &sighting, &judgement);
    g_string_append_printf(text, "%u %u %u %u %u %u %" G_GINT64_FORMAT " %d %d %d %d %u %d", packet->frame,
                           finding->frame, finding->request_in, finding->reply_in, finding->nak_in, finding->resend_in,
                           finding->response_time_us, is_marked, judgement.verdict, judgement.bits, judgement.inherited,
                           judgement.proof, judgement.associated);
    for (const skypefp_evidence *evidence = finding->evidence; evidence != NULL; evidence = evidence->next) {
        g_string_append_printf(text, " %s/%u/%u@%u+%u+%u", skypefp_rule_at(evidence->rule)->key, evidence->bits,
                               evidence->frame, evidence->related_frame, evidence->detail, evidence->offset);
    }
    g_string_append_c(text, '\n');
}

/* Everything that is found in one seed's traffic, as text; the packets are looked up in the given order at the end. */
static char *describe_run(uint32_t traffic_seed, uint64_t hash_seed, bool backwards)
{
    struct traffic *traffic = begin_traffic(traffic_seed);
    skypefp_tracker *tracker = new_tracker(hash_seed);
    struct feed *feeds = g_new(struct feed, N_PACKETS);
    char **lines = g_new0(char *, N_PACKETS + 1);
    skypefp_sighting sighting;

    for (uint32_t i = 0; i < N_PACKETS; i++) {
        next_packet(traffic, &feeds[i], i + 1);
        skypefp_observe(tracker, &feeds[i].packet, &sighting);
    }
    for (uint32_t i = 0; i < N_PACKETS; i++) {
        uint32_t at = backwards ? N_PACKETS - 1 - i : i;
        GString *text = g_string_new(NULL);
        describe(text, tracker, &feeds[at].packet);
        lines[at] = g_string_free(text, FALSE);
    }
    char *all = g_strjoinv("", lines);
    g_strfreev(lines);
    g_free(feeds);
    skypefp_tracker_free(tracker);
    end_traffic(traffic);
    return all;
}

static void test_hash_seed_changes_nothing(void)
{
    static const char *const rules[] = { "udp.echo", "udp.reflect", "udp.iv", "udp.repeat", "udp.fragment" };

    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        char *one = describe_run(seed, 1, false), *other = describe_run(seed, 0xfedcba9876543210u, true);
        g_assert_cmpstr(one, ==, other);
        for (unsigned i = 0; i < G_N_ELEMENTS(rules); i++) {
            g_test_message("the traffic is worth comparing when it shows %s", rules[i]);
            g_assert_nonnull(strstr(one, rules[i]));
        }
        g_free(one);
        g_free(other);
    }
}

/* Messages in one frame, as in a tunnel, keep their own findings; two of them differ in their last octets alone. */
static void test_several_in_one_frame(void)
{
    skypefp_tracker *tracker = new_tracker(1);
    struct feed first, second, third;
    skypefp_sighting one, other, last, again;

    feed_begin(&first, SKYPEFP_UDP, 7, 0xc0a80102, 35990, 0xc6336407, 12345, 18);
    feed_payload(&first, 0x1111, 0x3c1d70a5, 1);
    feed_begin(&second, SKYPEFP_UDP, 7, 0xc0a80102, 35990, 0xc6336407, 12345, 18);
    feed_payload(&second, 0x2222, 0x3c1d70a5u * 0x10dcd + 0x4271, 2);
    feed_begin(&third, SKYPEFP_UDP, 7, 0xc0a80102, 35990, 0xc6336407, 12345, 18);
    feed_payload(&third, 0x2222, 0x3c1d70a5u * 0x10dcd + 0x4271, 2);
    third.data[15] ^= 1;
    g_assert_true(skypefp_observe(tracker, &first.packet, &one));
    g_assert_true(skypefp_observe(tracker, &second.packet, &other));
    g_assert_true(skypefp_observe(tracker, &third.packet, &last));
    g_assert_true(one.finding != other.finding && other.finding != last.finding);
    g_assert_true(skypefp_find(tracker, &third.packet, &again) && again.finding == last.finding);
    g_assert_true(skypefp_find(tracker, &first.packet, &again) && again.finding == one.finding);
    g_assert_true(skypefp_find(tracker, &second.packet, &again) && again.finding == other.finding);
    g_assert_null(one.finding->evidence);
    g_assert_nonnull(other.finding->evidence);
    skypefp_tracker_free(tracker);
}

/* Two that differ in their addresses alone, and an answer to the later one of two messages of one frame. */
static void test_addresses_in_one_frame(void)
{
    skypefp_tracker *tracker = new_tracker(1);
    struct feed first, second, other, ack;
    skypefp_sighting one, two, elsewhere, answer, again;

    feed_begin(&first, SKYPEFP_UDP, 7, 0xc0a80102, 35990, 0xc6336407, 12345, 18);
    feed_payload(&first, 0x1111, 0x3c1d70a5, 1);
    feed_begin(&other, SKYPEFP_UDP, 7, 0xc0a80103, 35990, 0xc6336407, 12345, 18);
    feed_payload(&other, 0x1111, 0x3c1d70a5, 1);
    feed_begin(&second, SKYPEFP_UDP, 7, 0xc0a80102, 35990, 0xc6336407, 12345, 18);
    feed_payload(&second, 0x2222, 0x51a07c3f, 2);
    g_assert_true(skypefp_observe(tracker, &first.packet, &one));
    g_assert_true(skypefp_observe(tracker, &other.packet, &elsewhere));
    g_assert_true(skypefp_observe(tracker, &second.packet, &two));
    g_assert_true(skypefp_find(tracker, &other.packet, &again) && again.finding == elsewhere.finding);
    g_assert_true(skypefp_find(tracker, &first.packet, &again) && again.finding == one.finding);
    feed_begin(&ack, SKYPEFP_UDP, 8, 0xc6336407, 12345, 0xc0a80102, 35990, 11);
    feed_ack(&ack, 0x2222, 0xc0a80102);
    g_assert_true(skypefp_observe(tracker, &ack.packet, &answer));
    g_assert_cmpuint(one.finding->reply_in, ==, 0);
    g_assert_cmpuint(two.finding->reply_in, ==, 8);
    skypefp_tracker_free(tracker);
}

/* Addresses that are neither IPv4 nor IPv6 are not observed, whatever the octets. */
static void test_other_addresses(void)
{
    static const uint8_t lengths[] = { 0, 1, 3, 5, 6, 8, 15, 17, 20, 255 };
    skypefp_tracker *tracker = new_tracker(1);
    skypefp_sighting sighting;

    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        struct feed feed;
        feed_begin(&feed, SKYPEFP_UDP, i + 1, 1, 1, 2, 2, 18);
        feed_payload(&feed, 1, 2, 3);
        feed.packet.src.len = lengths[i];
        g_assert_false(skypefp_observe(tracker, &feed.packet, &sighting));
        g_assert_false(skypefp_find(tracker, &feed.packet, &sighting));
        g_assert_null(skypefp_endpoint_find(tracker, &feed.packet.src));
    }
    skypefp_tracker_free(tracker);
    skypefp_tracker_free(NULL);
}

/* Nor is a packet from an IPv4 to an IPv6 address, over UDP or TCP. */
static void test_two_kinds_of_address(void)
{
    static const uint8_t ipv6[SKYPEFP_IPV6_LEN] = { 0x20, 0x01 };
    skypefp_tracker *tracker = new_tracker(1);
    skypefp_sighting sighting;

    for (unsigned i = 0; i < 4; i++) {
        struct feed feed;
        feed_begin(&feed, i % 2 ? SKYPEFP_UDP : SKYPEFP_TCP, i + 1, 1, 1, 2, 2, 18);
        feed_payload(&feed, 1, 2, 3);
        *(i < 2 ? &feed.packet.src : &feed.packet.dst) = (skypefp_address){ ipv6, sizeof ipv6, 1, 0 };
        g_assert_false(skypefp_observe(tracker, &feed.packet, &sighting));
        g_assert_false(skypefp_find(tracker, &feed.packet, &sighting));
    }
    skypefp_tracker_free(tracker);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tracker/find-after-observe", test_find_after_observe);
    g_test_add_func("/tracker/hash-seed-changes-nothing", test_hash_seed_changes_nothing);
    g_test_add_func("/tracker/several-in-one-frame", test_several_in_one_frame);
    g_test_add_func("/tracker/addresses-in-one-frame", test_addresses_in_one_frame);
    g_test_add_func("/tracker/other-addresses", test_other_addresses);
    g_test_add_func("/tracker/two-kinds-of-address", test_two_kinds_of_address);
    return g_test_run();
}
