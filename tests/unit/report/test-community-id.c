/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the Community ID against published values: of its specification and of Zeek's own tests. */
#include "community_id.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *source, *destination, *id;
    enum skypefp_transport transport;
    uint16_t source_port, destination_port;
} vectors[] = {
    { "128.232.110.120", "66.35.250.204", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", SKYPEFP_TCP, 34855, 80 },
    { "192.168.1.52", "8.8.8.8", "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", SKYPEFP_UDP, 54585, 53 },
    { "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", SKYPEFP_TCP,
      25, 63943 },
    { "1.2.3.4", "5.6.7.8", "1:wCb3OG7yAFWelaUydu0D+125CLM=", SKYPEFP_TCP, 1122, 3344 },
    { "1.2.3.4", "5.6.7.8", "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg=", SKYPEFP_UDP, 1122, 3344 },
};

static skypefp_address parse(const char *text, uint16_t port, uint8_t octets[SKYPEFP_IPV6_LEN])
{
    bool is_ipv6 = strchr(text, ':') != NULL;

    assert(inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text, octets) == 1);
    return (skypefp_address){ .bytes = octets, .len = is_ipv6 ? SKYPEFP_IPV6_LEN : SKYPEFP_IPV4_LEN, .port = port };
}

int main(void)
{
    for (unsigned i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint8_t source_octets[SKYPEFP_IPV6_LEN], destination_octets[SKYPEFP_IPV6_LEN];
        char there[REPORT_COMMUNITY_ID_SIZE], back[REPORT_COMMUNITY_ID_SIZE];
        skypefp_address source = parse(vectors[i].source, vectors[i].source_port, source_octets);
        skypefp_address destination = parse(vectors[i].destination, vectors[i].destination_port, destination_octets);
        report_community_id(vectors[i].transport, &source, &destination, there);
        report_community_id(vectors[i].transport, &destination, &source, back);
        if (strcmp(there, vectors[i].id) != 0 || strcmp(back, there) != 0) {
            fprintf(stderr, "vector %u: %s and back %s, expected %s\n", i, there, back, vectors[i].id);
            return 1;
        }
    }
    /* One host on both sides: the ports decide. */
    uint8_t octets[SKYPEFP_IPV6_LEN];
    char there[REPORT_COMMUNITY_ID_SIZE], back[REPORT_COMMUNITY_ID_SIZE];
    skypefp_address a = parse("10.1.1.1", 9, octets), b = parse("10.1.1.1", 4000, octets);
    assert(strcmp(report_community_id(SKYPEFP_UDP, &a, &b, there), report_community_id(SKYPEFP_UDP, &b, &a, back)) ==
           0);
    return 0;
}
