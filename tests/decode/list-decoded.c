/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the packets that decode/ finds in captures, one a line, up to the first frame that it is not sure of; with
 * --each the others follow, and such a frame is a line of its number and a question mark. */
#include "frames.h"
#include "packet_line.h"

#include <fcntl.h>
#include <string.h>

static bool lists_each;

/* The outcome for the capture as a word: decided, or why not. */
static const char *list_frames(struct frames *frames, skypefp_decoder *decoder, uint32_t *n)
{
    enum frames_event event;
    skypefp_frame frame;
    skypefp_packet packet;
    struct frame_time when;

    for (*n = 1; (event = frames_next(frames, &frame, &when)) == FRAMES_FRAME; ++*n) {
        switch (skypefp_decode(decoder, &frame, &packet)) {
        case SKYPEFP_DECIDED:
            packet.frame = *n;
            print_packet(stdout, &packet);
            break;
        case SKYPEFP_NOT_SURE:
            if (!lists_each) {
                return "not-sure-of-frame";
            }
            printf("%u ?\n", *n);
            break;
        case SKYPEFP_NOTHING:
            break;
        }
    }
    return event == FRAMES_END ? "decided" : event == FRAMES_DAMAGED ? "damaged" : "not-sure-of-file";
}

static void list(const char *path)
{
    struct stream stream = { .fd = -1 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct frames *frames = fd >= 0 && stream_open(&stream, fd) == NULL ? frames_open(&stream, false) : NULL;
    skypefp_decoder *decoder = skypefp_decoder_new();
    uint32_t n = 0;
    const char *outcome = frames != NULL ? list_frames(frames, decoder, &n) : "not-sure-of-format";

    printf("= %s %u %s\n", outcome, n, path);
    skypefp_decoder_free(decoder);
    if (frames != NULL) {
        frames_close(frames);
    }
    stream_close(&stream);
}

int main(int argc, char **argv)
{
    lists_each = argc > 1 && strcmp(argv[1], "--each") == 0;
    for (int i = lists_each ? 2 : 1; i < argc; i++) {
        list(argv[i]);
    }
    return 0;
}
