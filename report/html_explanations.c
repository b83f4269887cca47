/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is the same on every page: what can be forged, and what the words mean. */
#include "html_explanations.h"

static const struct {
    const char *term, *meaning;
} glossary[] = {
    { "Address, port, endpoint",
      "An IP address names a host on the network, a port a program on it. Both together are an endpoint." },
    { "Bit", "A measure of evidence. One bit halves the probability that something is chance: n bits are 1 in 2 to the "
             "power of n, 20 bits "
             "about one in a million. Bits of independent evidence add up." },
    { "Before any evidence",
      "One endpoint in ten thousand is assumed to be Skype's. Evidence has to overcome these 13 bits first." },
    { "Certain, likely, possible",
      "The sum is at least 20, 10 or 3 bits. Packets are marked as Skype from likely on, unless the "
      "preferences in this report say otherwise." },
    { "Conversation", "What two endpoints sent each other over UDP, or one TCP connection." },
    { "Packet (frame)", "One record of the capture. Its number is its position in the file, counted from 1: any "
                        "program that reads captures "
                        "shows the same packet under it." },
    { "Payload", "What a packet carries apart from addresses and other headers. Skype encrypts it; this report reads "
                 "no contents." },
    { "Peer-to-peer Skype",
      "Skype as it was from 2003 to about 2016, when clients and supernodes talked to each other directly." },
    { "SHA-256", "A number computed from the content of a file. A file with the same number is the same file." },
    { "UDP, TCP", "The two usual ways to send data over the Internet: single datagrams, and connections." },
    { "UTC", "Coordinated Universal Time. Times are those that the capturing machine wrote; this program cannot check "
             "its clock." },
};

static const char *const limits[] = {
    "Anyone who can write the capture file, or change packets on their way to the capturing machine, can make any "
    "packet.",
    "Anyone who can send packets with another's address as sender, past the capturing machine, can make that address "
    "look like Skype.",
    "Someone who talks to a host from their own address cannot, as long as the host speaks its own protocol: evidence "
    "belongs to the sender.",
    "A service that returns what it is sent, or parts of it, can be made to send bytes that look like Skype's.",
    "An endpoint that is likely only because it answered one that is certain is reported as such, and is never "
    "certain.",
    "A mark says that bytes with this address have a form that Skype's have and other protocols' do not. It says "
    "nothing about a person.",
    "The absence of marks does not prove the absence of Skype: it is not found inside an encrypted tunnel, or when its "
    "answers are missing in the capture.",
};

void report_html_explanations(xmlTextWriterPtr page)
{
    markup_open(page, "section", NULL);
    markup_leaf(page, "h2", "What can be forged, and what is not shown");
    markup_open(page, "ul", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(limits); i++) {
        markup_leaf(page, "li", "%s", limits[i]);
    }
    markup_close(page);
    markup_leaf(page, "p",
                "What speaks for real Skype is breadth: several independent kinds of evidence on one endpoint, and "
                "many peers that "
                "answer independently. heuristics/FORGERY.md in the program's sources says more.");
    markup_leaf(page, "h2", "Words");
    markup_open(page, "dl", NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(glossary); i++) {
        markup_leaf(page, "dt", "%s", glossary[i].term);
        markup_leaf(page, "dd", "%s", glossary[i].meaning);
    }
    markup_close(page);
    markup_close(page);
}
