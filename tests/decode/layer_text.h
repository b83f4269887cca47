/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Layers as text, see frame_text.h: they are written one after the other, from the outermost one in. */
#ifndef LAYER_TEXT_H
#define LAYER_TEXT_H

#define MACS "020000000001 020000000002 "
#define ETHER4 MACS "0800 "
#define ETHER6 MACS "86dd "
#define IP4(total, fragment, protocol) "4500" total "1234" fragment "40" protocol "0000 c0000201 c6336402 "
#define OUTER4(total, protocol) "4500" total "00010000 40" protocol "0000 0a000001 0a000002 "
#define IP6(len, next) "60000000" len next "40 20010db8000000000000000000000001 20010db8000000000000000000000002 "
#define UDP4 IP4("0020", "0000", "11") UDP
#define UDP "03e8 07d0 000c 0000 aabbccdd"                           /* port 1000 to 2000, 4 octets */
#define TCP "03e8 07d0 00000011 00000022 5018 2000 0000 0000 aabbcc" /* 3 octets */
#define PLAIN ETHER4 UDP4

#endif
