# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames of real captures, read and written by scapy. A frame never forgets which packet it was."""
import contextlib
import dataclasses
import struct

from scapy.utils import RawPcapReader, RawPcapWriter

ETHERNET, RAW_IP = 1, 101  # link types
ETHERNET_LEN, IPV4, ICMP, TCP, UDP = 14, 0x0800, 1, 6, 17
FIN, SYN, RST, ACK = 1, 2, 4, 16
ICMP_ERRORS = (3, 4, 5, 11, 12)


@dataclasses.dataclass(frozen=True)
class Packet:
    """A frame as it was captured. What is no UDP or TCP over IPv4 over Ethernet has protocol None and no ports."""
    capture: str
    number: int  # in the capture, from 1
    time_us: int
    data: bytes
    wire_len: int
    protocol: int | None = None
    src: tuple | None = None  # address of 4 octets, port
    dst: tuple | None = None
    payload_at: int = 0
    payload_len: int = 0  # on the wire, without Ethernet's padding
    seq: int = 0
    ack: int = 0
    flags: int = 0

    @property
    def payload(self):
        return self.data[self.payload_at:self.payload_at + self.payload_len]


@dataclasses.dataclass(frozen=True)
class Frame:
    """A frame of a transformed capture."""
    packet: Packet  # what it was
    time_us: int
    data: bytes
    wire_len: int
    src: tuple | None  # what packet.src and packet.dst are called now; the address is text
    dst: tuple | None
    payload_len: int  # octets of the payload that are captured


def text(address):
    return ".".join(map(str, address))


def endpoint(pair):
    return (text(pair[0]), pair[1]) if pair else None


def frame_of(packet):
    """The untransformed frame of a packet."""
    return Frame(packet, packet.time_us, packet.data, packet.wire_len, endpoint(packet.src), endpoint(packet.dst),
                 len(packet.payload))


def parse(capture, number, time_us, data, wire_len):
    plain = Packet(capture, number, time_us, data, wire_len)
    at = ETHERNET_LEN
    if len(data) < at + 20 or data[12:14] != b"\x08\x00" or data[at + 9] not in (TCP, UDP):
        return plain
    header_len, total = data[at] % 16 * 4, struct.unpack_from("!H", data, at + 2)[0]
    layer, is_fragment = at + header_len, struct.unpack_from("!H", data, at + 6)[0] & 0x3fff
    if is_fragment or len(data) < layer + (20 if data[at + 9] == TCP else 8):
        return plain
    ports = struct.unpack_from("!HH", data, layer)
    addressed = dataclasses.replace(plain, protocol=data[at + 9], src=(data[at + 12:at + 16], ports[0]),
                                    dst=(data[at + 16:at + 20], ports[1]))
    if addressed.protocol == UDP:
        return dataclasses.replace(addressed, payload_at=layer + 8, payload_len=struct.unpack_from("!H", data, layer + 4)[0] - 8)
    offset = data[layer + 12] // 16 * 4
    seq, ack = struct.unpack_from("!II", data, layer + 4)
    return dataclasses.replace(addressed, payload_at=layer + offset, payload_len=total - header_len - offset, seq=seq, ack=ack,
                               flags=data[layer + 13])


def read(path, limit=None):
    """The packets of a capture in the pcap format."""
    packets = []
    with contextlib.closing(RawPcapReader(str(path))) as reader:
        fraction = 1000 if reader.nano else 1
        for data, about in reader:
            time_us = about.sec * 1_000_000 + about.usec // fraction
            packets.append(parse(path.name, len(packets) + 1, time_us, data, about.wirelen))
            if len(packets) == limit:
                break
    return packets


def link_type(path):
    """Of a capture in the pcap format; None for anything else."""
    try:
        with contextlib.closing(RawPcapReader(str(path))) as reader:
            return reader.linktype if type(reader) is RawPcapReader else None
    except Exception:  # scapy: whatever a damaged file brings
        return None


def write(path, frames, link=ETHERNET):
    with RawPcapWriter(str(path), linktype=link) as writer:
        writer.write_header(None)
        for frame in frames:
            writer.write_packet(frame.data, sec=frame.time_us // 1_000_000, usec=frame.time_us % 1_000_000,
                                caplen=len(frame.data), wirelen=frame.wire_len)
