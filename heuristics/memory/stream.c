/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a TCP connection begins and ends. */
#include "stream.h"

#include "times.h"

/* Whether the ports show that an endpoint responds to another, though no SYN was captured: a system port against
 * another one (RFC 6335, section 6), or one that is not dynamic against a dynamic one. */
static bool looks_like_responder(const skypefp_address *endpoint, const skypefp_address *other)
{
    enum { FIRST_USER_PORT = 1024, FIRST_DYNAMIC_PORT = 49152 };
    bool is_system = endpoint->port < FIRST_USER_PORT && other->port >= FIRST_USER_PORT;

    return is_system || (endpoint->port >= FIRST_USER_PORT && endpoint->port < FIRST_DYNAMIC_PORT &&
                         other->port >= FIRST_DYNAMIC_PORT);
}

void skypefp_stream_begin(struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    bool has_syn = packet->tcp_flags & SKYPEFP_SYN;
    bool responds = has_syn ? packet->tcp_flags & SKYPEFP_ACK : looks_like_responder(&packet->src, &packet->dst);
    enum stream_side sender = responds ? RESPONDER : INITIATOR;

    stream->knows_sides = has_syn || responds || looks_like_responder(&packet->dst, &packet->src);
    skypefp_fill_key(&stream->key[sender], &packet->src);
    skypefp_fill_key(&stream->key[!sender], &packet->dst);
    stream->initiator_is_low = from_low == (sender == INITIATOR);
    stream->finding.transport = SKYPEFP_TCP;
    stream->finding.frame = packet->frame;
    stream->finding.time_us = stream->finding.last_us = packet->time_us;
}

static bool is_syn(const skypefp_packet *packet)
{
    return (packet->tcp_flags & (SKYPEFP_SYN | SKYPEFP_ACK)) == SKYPEFP_SYN;
}

/* Whether a SYN that comes after data of its sender precedes that data. */
static bool is_delayed(const struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    const struct direction *own = &stream->side[stream_side_of(stream, from_low)];

    return own->has_base && own->base - (packet->tcp_seq + 1) < FIRST_OCTETS;
}

/* Whether both sides have said that the connection is over. */
static bool has_ended(const struct stream *stream)
{
    const struct direction *initiator = &stream->side[INITIATOR], *responder = &stream->side[RESPONDER];

    return (initiator->is_closed && responder->is_closed) || initiator->is_reset || responder->is_reset;
}

/* Whether a SYN with another number than the last one begins another connection. Before there is data it may be forged,
 * or another try within a minute: the directions keep both numbers. */
static bool begins_again(const struct stream *stream, const skypefp_packet *packet, bool had_data)
{
    return had_data || has_ended(stream) || elapsed_us(stream->finding.time_us, packet->time_us) > MINUTE_US;
}

/* Whether data without a SYN, far from the numbers of its side, is another connection's, whose beginning was missed:
 * the stream has ended or was silent for long. */
static bool is_elsewhere(const struct stream *stream, const skypefp_packet *packet, enum stream_side side)
{
    const int64_t silence_us = 10 * MINUTE_US;

    return stream_is_far(stream, packet, side) &&
           (has_ended(stream) || elapsed_us(stream->finding.last_us, packet->time_us) > silence_us);
}

bool skypefp_stream_is_over(const struct stream *stream, const skypefp_packet *packet, bool from_low)
{
    if (!is_syn(packet)) {
        return is_elsewhere(stream, packet, stream_side_of(stream, from_low));
    }
    bool had_data = stream->side[INITIATOR].first_frame != 0 || stream->side[RESPONDER].first_frame != 0;

    if (!stream->has_syn) {
        return had_data && !is_delayed(stream, packet, from_low);
    }
    return stream->initiator_isn == packet->tcp_seq ? had_data && has_ended(stream)
                                                    : begins_again(stream, packet, had_data);
}

void skypefp_stream_take_syn(struct stream *stream, const skypefp_packet *packet, enum stream_side side)
{
    if (is_syn(packet)) {
        stream->initiator_isn = packet->tcp_seq;
        stream->has_syn = true;
    } else if (!stream->side[INITIATOR].has_base) {
        stream->side[INITIATOR].base = packet->tcp_ack; /* the SYN was missed; this is its number */
        stream->side[INITIATOR].has_base = true;
    }
    /* It may come after data: then it shows what was guessed. */
    stream->knows_sides = stream->knows_sides || is_syn(packet) == (side == INITIATOR);
}
