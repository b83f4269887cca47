# SPDX-License-Identifier: GPL-2.0-or-later
"""What must still be found in a transformed capture, reasoned from the octets that are left of the listed Skype.

It is a lower bound that needs no NAT, answer or counter; it is written from what heuristics/signatures/ say of the octets and shares nothing
with the plugin:

- UDP: a port that sends two IVs in a row which are the generator's, or repeats a CRC under another IV, is proven when that makes
  23 bits (a verdict of likely). A message of a proven port whose IV follows one of its last six, or precedes one of its next six, is
  checked, and opens its pair of ports from 10 minutes before to 10 minutes after; then all datagrams of the pair are marked, sent and
  received, apart from those whose IV neither follows nor precedes.
- TCP: a direction whose octets of a listed marker are all left, from a start that can be told, is proven, and so is its
  conversation.
"""
import collections
import dataclasses
import functools
import math

import robustness_frames as wire
import robustness_truth as truth_of

MULTIPLIER, INCREMENT, CYCLE = 0x10dcd, 0x4271, 2 ** 32
STEPS, STEPS_A_SECOND = 64, 128
LIKELY_BITS, CERTAIN_BITS = 23, 33  # the prior is -13
REPEAT_BITS, GENERATOR_BITS, RECENT = 22, 40, 16
PAYLOAD_MIN = 17
NEIGHBOURS, HOUR_US, OPEN_US = 6, 3600 * 10 ** 6, 600 * 10 ** 6
OPAQUE_LEN, RUN_LEN, SEED_REUSE_LEN = 48, 6, 23
CLIENT_HELLO, CLIENT_HELLO_LEN, CLIENT_CONSTANT_LEN = bytes.fromhex("8046010301002d"), 72, 56
SERVER_HELLO, SERVER_HELLO_LEN = bytes.fromhex("160301004a0200"), 79
CLIENT_EMPTY, SERVER_EMPTY, LOGIN_LEN = bytes.fromhex("1603010000"), bytes.fromhex("1703010000"), 25


@dataclasses.dataclass
class Required:
    frames: set  # indexes of the datagrams that must be marked
    conversations: set  # names
    endpoints: dict  # (capture, address, port) as captured -> "likely" or "certain", at least


# ---- UDP ----

@functools.lru_cache(None)
def position(number):
    """Steps of the generator from 0 to a number, bit by bit: a map "advance by 2^j" leaves the lower j bits alone."""
    steps, value, multiplier, increment = 0, 0, MULTIPLIER, INCREMENT
    for bit in range(32):
        if (value ^ number) >> bit & 1:
            value = (value * multiplier + increment) % CYCLE
            steps |= 1 << bit
        increment = increment * (multiplier + 1) % CYCLE
        multiplier = multiplier * multiplier % CYCLE
    return steps


@dataclasses.dataclass
class Port:
    """What one port has sent so far."""
    last: tuple | None = None  # position, time of the IV before
    payloads: collections.deque = dataclasses.field(default_factory=lambda: collections.deque(maxlen=RECENT))
    generator_bits: int = 0
    repeat_bits: int = 0

    @property
    def bits(self):
        return self.generator_bits + self.repeat_bits

    def take_iv(self, iv, time_us):
        here, before, self.last = position(iv), self.last, (position(iv), time_us)
        if before:
            window = STEPS + STEPS_A_SECOND * max(time_us - before[1], 0) / 1e6
            if 1 <= (here - before[0]) % CYCLE <= window:
                self.generator_bits = min(self.generator_bits + int(32 - math.log2(window)), GENERATOR_BITS)

    def take_payload(self, iv, crc, length):
        if any(crc == other_crc and length == other_length and all(a != b for a, b in zip(iv, other_iv))
               for other_iv, other_crc, other_length in self.payloads):
            self.repeat_bits = REPEAT_BITS
        self.payloads.append((iv, crc, length))


def take_datagram(ports, frame):
    data = frame.packet.payload[:frame.payload_len]
    port = ports[(frame.packet.capture, *frame.packet.src)]
    if len(data) >= 7 and data[2] == 2 and frame.packet.payload_len >= PAYLOAD_MIN:
        port.take_iv(int.from_bytes(data[3:7], "big"), frame.time_us)
        if len(data) >= 11:
            port.take_payload(data[3:7], data[7:11], frame.packet.payload_len)
    elif len(data) >= 11 and data[2] & 0x8f == 0x0f and data[6] == 2:
        port.take_iv(int.from_bytes(data[7:11], "big"), frame.time_us)


def require_datagrams(frames, truth):
    """Indexes of the frames, and the endpoints that make it so."""
    ports = collections.defaultdict(Port)
    theirs = [(index, frame) for index, frame in enumerate(frames)
              if truth_of.key(frame.packet) in truth.datagrams and frame.payload_len > 2]
    for _, frame in theirs:
        take_datagram(ports, frame)
    proven = {name: "certain" if port.bits >= CERTAIN_BITS else "likely"
              for name, port in ports.items() if port.bits >= LIKELY_BITS}
    checked, misfits = check_ivs(theirs, proven)
    opened = collections.defaultdict(list)
    for index in checked:
        opened[pair_of(frames[index])].append(frames[index].time_us)
    marked = {index for index, frame in theirs if index not in misfits and
              any(abs(frame.time_us - time_us) <= OPEN_US for time_us in opened[pair_of(frame)])}
    return marked, proven


def pair_of(frame):
    return frame.packet.capture, frozenset((frame.packet.src, frame.packet.dst))


def iv_of(frame):
    data = frame.packet.payload[:frame.payload_len]
    if len(data) >= 7 and data[2] == 2 and frame.packet.payload_len >= PAYLOAD_MIN:
        return int.from_bytes(data[3:7], "big")
    if len(data) >= 11 and data[2] & 0x8f == 0x0f and data[6] == 2:
        return int.from_bytes(data[7:11], "big")
    return None


def check_ivs(theirs, proven):
    """Indexes of the messages of proven ports whose IV has a neighbour, and of those that have an IV and none."""
    sent = collections.defaultdict(list)
    for index, frame in theirs:
        iv = iv_of(frame)
        if iv is not None and (frame.packet.capture, *frame.packet.src) in proven:
            sent[(frame.packet.capture, *frame.packet.src)].append((index, position(iv), frame.time_us))
    checked, seen = set(), set()
    for messages in sent.values():
        for at, (index, here, time_us) in enumerate(messages):
            seen.add(index)
            for other, before, other_us in messages[max(at - NEIGHBOURS, 0):at]:
                window = STEPS + STEPS_A_SECOND * max(time_us - other_us, 0) / 1e6
                if time_us - other_us <= HOUR_US and 1 <= (here - before) % CYCLE <= window:
                    checked |= {index, other}
    return checked, seen - checked


# ---- TCP ----

@dataclasses.dataclass
class Left:
    """What is left of one direction."""
    covered: set  # offsets of captured octets
    first: tuple | None  # offset, length on the wire and captured octets of the first segment that came
    has_start: bool

    def has(self, start, end):
        return self.has_start and self.covered >= set(range(start, end))

    def is_alone(self, record):
        return self.has_start and self.first == (0, len(record), record)


def what_is_left(direction, frames):
    covered, first, has_syn = set(), None, False
    for frame in (frame for frame in frames if frame.packet.src == direction.sender):
        packet = frame.packet
        has_syn = has_syn or bool(packet.flags & wire.SYN)
        offset = truth_of.offset_of(packet, direction.base)
        if packet.payload_len:
            first = first or (offset, packet.payload_len, packet.payload[:frame.payload_len])
            if offset < truth_of.FIRST_OCTETS:
                covered.update(range(offset, offset + frame.payload_len))
    return Left(covered, first, has_syn or (first is not None and first[0] == 0))


def holds(marker, own, own_left, other, other_left, is_closed):
    """The verdict that what is left of a marker of a direction gives, or None."""
    if marker == "login":
        return holds_login(own, own_left, other_left, is_closed)
    is_left = {"padding_run": lambda: own_left.has(0, OPAQUE_LEN + RUN_LEN),
               "fake_tls_client": lambda: own_left.has(0, CLIENT_HELLO_LEN),
               "fake_tls_server": lambda: own_left.has(0, SERVER_HELLO_LEN),
               "seed_reuse": lambda: holds_seed_reuse(own, own_left, other, other_left)}[marker]()
    return "certain" if is_left else None


def holds_seed_reuse(own, own_left, other, other_left):
    if own.begins(CLIENT_HELLO):
        return own_left.has(0, CLIENT_CONSTANT_LEN) and own_left.has(CLIENT_HELLO_LEN, CLIENT_HELLO_LEN + SEED_REUSE_LEN)
    if own.begins(SERVER_HELLO) or other.begins(CLIENT_HELLO):
        is_told = own_left.has(0, SERVER_HELLO_LEN) or other_left.has(0, CLIENT_CONSTANT_LEN)
        return is_told and own_left.has(SERVER_HELLO_LEN, SERVER_HELLO_LEN + SEED_REUSE_LEN)
    return own_left.has(0, SEED_REUSE_LEN)


def holds_login(own, own_left, other_left, is_closed):
    """Of the client: its empty record alone, and the constants, the server's empty record, or the end without a word, from a start
    that is left: what was lost might be words."""
    if not own.begins(CLIENT_EMPTY) or not own_left.is_alone(CLIENT_EMPTY):
        return None
    is_silent = other_left.has_start and other_left.first is None
    is_cut_off = is_closed and is_silent and own_left.covered == set(range(len(CLIENT_EMPTY)))
    if own_left.has(0, LOGIN_LEN) or other_left.is_alone(SERVER_EMPTY):
        return "certain"
    return "likely" if is_cut_off else None


def require_conversation(conversation, frames):
    """Sender -> the strongest verdict that its markers still give."""
    left = {sender: what_is_left(side, frames) for sender, side in conversation.sides.items()}
    is_closed = any(frame.packet.flags & (wire.FIN | wire.RST) for frame in frames)
    verdicts = {}
    for marker, sender in conversation.markers:
        receiver = next(side for side in conversation.sides if side != sender)
        verdict = holds(marker, conversation.sides[sender], left[sender], conversation.sides[receiver], left[receiver], is_closed)
        if verdict:
            verdicts[sender] = "certain" if "certain" in (verdict, verdicts.get(sender)) else verdict
    return verdicts


def require(frames, truth):
    marked, endpoints = require_datagrams(frames, truth)
    own = collections.defaultdict(list)  # in the order in which they come now
    for frame in frames:
        if truth_of.key(frame.packet) in truth.conversation_of:
            own[truth.conversation_of[truth_of.key(frame.packet)].name].append(frame)
    conversations = set()
    for conversation in truth.conversations:
        verdicts = require_conversation(conversation, own[conversation.name])
        if verdicts:
            conversations.add(conversation.name)
            endpoints |= {(conversation.name[0], *sender): verdict for sender, verdict in verdicts.items()
                          if endpoints.get((conversation.name[0], *sender)) != "certain"}
    return Required(marked, conversations, endpoints)
