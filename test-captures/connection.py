# SPDX-License-Identifier: GPL-2.0-or-later
"""One TCP connection on a tape: the segments are told, the numbers follow."""

from scapy.layers.inet import TCP
from scapy.packet import Raw

import wire
from tape import STEP_US, ethernet

CLIENT, SERVER = 0, 1
MODULUS = 1 << 32


class Connection:
    """Two ends with their sequence numbers; offsets count stream bytes from 0."""

    def __init__(self, tape, client, server, first_numbers=None):
        self.tape, self.ends = tape, (client, server)
        label = f"{client} {server} {len(tape.records)}"
        self.first = first_numbers or [wire.number(f"isn {label} {side}") for side in (CLIENT, SERVER)]
        self.sent = [0, 0]              # stream bytes of each end so far
        self.flags_sent = [0, 0]        # sequence numbers taken by SYN and FIN

    def segment(self, side, flags, data=b"", offset=None, gap_us=STEP_US, options=()):
        """Records a segment; with `offset` it stands at that place of the stream, not behind what was sent."""
        place = self.sent[side] if offset is None else offset
        number = self.first[side] + place + self.flags_sent[side]
        other = 1 - side
        ack = self.first[other] + self.sent[other] + self.flags_sent[other] if "A" in flags else 0
        header = TCP(sport=self.ends[side][1], dport=self.ends[other][1], seq=number % MODULUS, ack=ack % MODULUS,
                     flags=flags, window=64240, options=list(options))
        packet = self.tape.ip(self.ends[side][0], self.ends[other][0]) / header
        self.tape.frame(ethernet(packet / Raw(data) if data else packet), gap_us)
        self.sent[side] = max(self.sent[side], place + len(data))
        self.flags_sent[side] += ("S" in flags) + ("F" in flags)

    def open(self):
        """The three-way handshake."""
        self.segment(CLIENT, "S", options=[("MSS", 1460)])
        self.segment(SERVER, "SA", options=[("MSS", 1460)])
        self.segment(CLIENT, "A")
        return self

    def assume_open(self):
        """A handshake that the capture did not see."""
        self.flags_sent = [1, 1]
        return self

    def client(self, data, offset=None, gap_us=STEP_US):
        """Data of the client."""
        self.segment(CLIENT, "PA", data, offset, gap_us)
        return self

    def server(self, data, offset=None, gap_us=STEP_US):
        """Data of the server."""
        self.segment(SERVER, "PA", data, offset, gap_us)
        return self

    def close(self, first=SERVER):
        """FIN of one end, FIN of the other, the last ACK."""
        self.segment(first, "FA")
        self.segment(1 - first, "FA")
        self.segment(first, "A")
        return self


def talk(tape, client, server, question, answer, close=True):
    """A whole connection: question, answer, and the server's close. Either may be a list of segments."""
    one = Connection(tape, client, server).open()
    for data in question if isinstance(question, (list, tuple)) else [question]:
        one.client(data)
    for data in answer if isinstance(answer, (list, tuple)) else [answer]:
        one.server(data)
    return one.close() if close else one


def stream(client, server, number=1):
    """The name of a stream in a declaration."""
    ends = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in (client, server)]
    return ">".join(ends) + (f"#{number}" if number > 1 else "")
