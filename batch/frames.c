/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the format of a capture and reads it, classic or pcapng. */
#include "frames.h"

#include "classic.h"
#include "pcapng_reader.h"

#include <string.h>

struct frames {
    struct stream *stream;
    struct classic classic;
    struct pcapng_reader *pcapng; /* NULL: it is classic */
    char *damage;
};

static bool is_pcapng(struct stream *stream)
{
    static const guint8 magic[] = { 0x0a, 0x0d, 0x0d, 0x0a };
    const guint8 *octets = stream_peek(stream, sizeof magic);

    return octets != NULL && memcmp(octets, magic, sizeof magic) == 0;
}

struct frames *frames_open(struct stream *stream, bool is_live)
{
    struct frames *frames = g_new0(struct frames, 1);

    frames->stream = stream;
    if (stream_is_readable(stream) && is_pcapng(stream)) {
        frames->pcapng = pcapng_reader_new(stream);
    } else if (!stream_is_readable(stream) || !classic_open(&frames->classic, stream, is_live)) {
        g_clear_pointer(&frames, g_free);
    }
    return frames;
}

enum frames_event frames_next(struct frames *frames, skypefp_frame *frame, struct frame_time *when)
{
    enum frames_event event = frames->pcapng != NULL
                                  ? pcapng_reader_next(frames->pcapng, frame, when, &frames->damage)
                                  : classic_next(&frames->classic, frames->stream, frame, when, &frames->damage);

    return event == FRAMES_FRAME || stream_is_whole(frames->stream) ? event : FRAMES_NOT_SURE;
}

const char *frames_damage(const struct frames *frames)
{
    return frames->damage;
}

void frames_close(struct frames *frames)
{
    if (frames->pcapng != NULL) {
        pcapng_reader_free(frames->pcapng);
    }
    g_free(frames->damage);
    g_free(frames);
}
