/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads frames through libpcap and refuses what Wireshark may read differently. */
#include "frames.h"

#include <pcap/pcap.h>

enum {
    MAX_FRAME = 262144
}; /* octets, captured or on the wire; beyond, Wireshark looks for another variant of the format */

struct frames {
    struct stream *stream;
    pcap_t *pcap;
    int link;
};

/* Link types are numbered in files as they are in libpcap, but for raw IP. */
static int link_of(int datalink)
{
    return datalink == DLT_RAW ? SKYPEFP_LINK_RAW : datalink;
}

/* Formats and versions that both read alike: pcapng, and version 2.4 of the classic one with a link type alone in
 * its field. */
static bool is_plain_format(struct stream *stream, pcap_t *pcap)
{
    return stream->is_pcapng ||
           (pcap_major_version(pcap) == 2 && pcap_minor_version(pcap) == 4 && !stream->has_link_flags);
}

struct frames *frames_open(struct stream *stream)
{
    char error[PCAP_ERRBUF_SIZE];
    FILE *file = stream->is_compressed && stream->inflater == NULL ? NULL : stream_file(stream);
    pcap_t *pcap =
        file != NULL ? pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error) : NULL;

    if (pcap == NULL) {
        if (file != NULL) {
            fclose(file);
        }
        return NULL;
    }
    if (!is_plain_format(stream, pcap)) {
        pcap_close(pcap);
        return NULL;
    }
    struct frames *frames = g_new0(struct frames, 1);
    frames->stream = stream;
    frames->pcap = pcap;
    frames->link = link_of(pcap_datalink(pcap));
    return frames;
}

/* Seconds of classic captures are unsigned; libpcap takes them for signed. Fractions overflow as Wireshark's do. */
static struct frame_time read_time(const struct frames *frames, const struct pcap_pkthdr *header)
{
    bool is_unsigned = !frames->stream->is_pcapng;

    return (struct frame_time){
        .seconds = is_unsigned ? (gint64)(guint32)header->ts.tv_sec : header->ts.tv_sec,
        .nanoseconds = (gint32)(guint32)header->ts.tv_usec,
    };
}

enum frames_event frames_next(struct frames *frames, skypefp_frame *frame, struct frame_time *when)
{
    struct pcap_pkthdr *header;
    const u_char *octets;
    int code = pcap_next_ex(frames->pcap, &header, &octets);

    if (code != 1) {
        const struct stream *stream = frames->stream;
        bool is_whole = code == PCAP_ERROR_BREAK && !stream->is_damaged && stream->error == 0 &&
                        !(stream->is_pcapng && (stream->watch.is_odd || stream->watch.at != 0));
        return is_whole ? FRAMES_END : FRAMES_NOT_SURE;
    }
    *frame = (skypefp_frame){ .data = octets, .len = header->caplen, .wire_len = header->len, .link = frames->link };
    *when = read_time(frames, header);
    return header->len <= MAX_FRAME ? FRAMES_FRAME : FRAMES_NOT_SURE;
}

void frames_close(struct frames *frames)
{
    pcap_close(frames->pcap);
    g_free(frames);
}
