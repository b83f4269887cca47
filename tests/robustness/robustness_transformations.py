# SPDX-License-Identifier: GPL-2.0-or-later
"""What can happen to a capture on its way to the analyst, and what must hold then. Each gets a seeded random.Random."""
import dataclasses
import random

import robustness_addresses as addresses
import robustness_frames as wire
import robustness_tunnels as tunnels
from robustness_truth import CLIENT_HOSTS, CLIENT_PORTS

# What must be equal to the untransformed capture, each with all before it; without any, what is left decides.
LEFT, MARKS, RULES, BITS = range(4)
SNAPLENS = (64, 96, 128)


@dataclasses.dataclass(frozen=True)
class Made:
    """One transformed capture."""
    frames: list
    link: int = wire.ETHERNET
    cut_at: int = 0  # octets taken from the end of the file


@dataclasses.dataclass(frozen=True)
class Transformation:
    name: str
    change: object  # function(captures, rng) -> list of Made
    equal: int
    must: str  # why, for people
    seeds: tuple = (0,)


def each(change):
    """A transformation of one capture's frames as one of all captures."""
    def change_all(captures, rng):
        return [Made(change(frames, rng)) for frames in captures.values()]
    return change_all


# ---- parts of a capture ----

def snap(length):
    def change(frames, _rng):
        return [dataclasses.replace(frame, data=frame.data[:length],
                                    payload_len=min(frame.payload_len, max(0, length - frame.packet.payload_at)))
                for frame in frames]
    return each(change)


def lose_start(frames, rng):
    return frames[rng.randrange(len(frames)):]


def lose_end(frames, rng):
    return frames[:rng.randrange(1, len(frames))]


def cut_file(captures, rng):
    """The file ends in the middle of a frame."""
    kept = [lose_end(frames, rng) for frames in captures.values()]
    return [Made(frames, cut_at=rng.randrange(1, len(frames[-1].data))) for frames in kept]


def every_second(parity):
    return each(lambda frames, _rng: frames[parity::2])


def random_half(frames, rng):
    return [frame for frame in frames if rng.random() < 0.5]


def one_direction(is_out):
    def change(frames, _rng):
        return [frame for frame in frames if (frame.data[26:30] == CLIENT_HOSTS[frame.packet.capture]) == is_out]
    return each(change)


# ---- order ----

def later(frame, microseconds):
    return dataclasses.replace(frame, time_us=frame.time_us + microseconds)


def in_time(frames):
    return sorted(frames, key=lambda frame: frame.time_us)


def reorder(limit_us, keeps_time=False):
    """Each frame is delayed by up to the limit; keeps_time: only its place shows it, and the clock runs backwards now and then."""
    def change(frames, rng):
        delayed = in_time([later(frame, rng.randrange(limit_us)) for frame in frames])
        originals = {id(frame.packet): frame for frame in frames}
        return [originals[id(frame.packet)] for frame in delayed] if keeps_time else delayed
    return each(change)


def twice(frames, _rng):
    return [copy for frame in frames for copy in (frame, frame)]


def twice_apart(frames, rng):
    """The copy comes from behind a router: a hop less, a VLAN tag, up to 2 ms later."""
    return in_time([*frames, *(later(tunnels.vlan(addresses.hop(frame)), rng.randrange(2000)) for frame in frames)])


# ---- several captures in one ----

def shifted(frames, start_us):
    shift = start_us - frames[0].time_us
    return [later(frame, shift) for frame in frames]


def merged(captures):
    """All captures of clients but the last, which is a part of the first, begin at the same time."""
    parts = list(captures.values())[:2]
    return in_time([frame for part in parts for frame in shifted(part, parts[0][0].time_us)])


def behind_one_address(is_one_port):
    def change(captures, _rng):
        host, port = bytes([192, 168, 1, 2]), CLIENT_PORTS["skype-irc.cap"]
        ports = {13021: port} if is_one_port else {}
        moved = {name: [addresses.rewrite(frame, lambda address, name=name: host if address == CLIENT_HOSTS[name] else address,
                                          lambda number: ports.get(number, number)) for frame in frames]
                 for name, frames in captures.items()}
        return [Made(merged(moved))]
    return change


def among_others(of_client):
    """Foreign frames spread over the time of the clients; of_client: their busiest host has the client's address."""
    def change(captures, rng):
        clients = merged(captures)
        start, length = clients[0].time_us, clients[-1].time_us - clients[0].time_us
        others = []
        for frames in captures.foreign():
            host = addresses.busiest(frames)
            rename = {host: CLIENT_HOSTS["skype-irc.cap"]} if of_client and host else {}
            begin, span = start + rng.randrange(length), max(1, *(frame.time_us - frames[0].time_us for frame in frames))
            squeeze = min(1.0, (start + length - begin) / span)
            for frame in frames:
                at = begin + int(max(frame.time_us - frames[0].time_us, 0) * squeeze)
                others.append(addresses.rewrite(dataclasses.replace(frame, time_us=at), lambda a, names=rename: names.get(a, a)))
        return [Made(in_time([*clients, *others]))]
    return change


# ---- the table ----

SAME = "the same frames, rules, endpoints and bits: "
PROVEN = "all that the octets left prove"
ALL = (
    Transformation("unchanged", each(lambda frames, _rng: frames), BITS, "the lists, exactly"),
    Transformation("other addresses, payloads too", each(addresses.consistently), BITS,
                   SAME + "an address is only compared with the reflected one", (1, 2)),
    Transformation("other ports", each(addresses.other_ports), BITS, SAME + "no rule knows a port number", (1, 2)),
    *(Transformation(f"client's port is {port}", each(addresses.swapped_port(port)), BITS,
                     SAME + "whichever dissector owns the port") for port in (53, 443, 5060)),
    Transformation("NAT, inside renumbered", each(addresses.inside), BITS,
                   SAME + "the reflected address is the public one as before"),
    Transformation("NAT, seen from outside", each(addresses.outside), RULES,
                   "the same frames and rules: the reflected address is now the asker's own, 32 bits for 28"),
    Transformation("addresses rewritten in headers only", each(addresses.headers_only), LEFT,
                   f"{PROVEN}: address and resend no longer fit the header, the generator does; a pair that only an answer "
                   "with the asker's address opens is lost"),
    *(Transformation(name, each(lambda frames, _rng, wrap=wrap: [wrap(frame) for frame in frames]), BITS,
                     SAME + "the innermost IP header counts") for name, wrap in tunnels.IPV4),
    *(Transformation(name, each(lambda frames, _rng, wrap=wrap: [wrap(frame) for frame in frames]), LEFT,
                     f"{PROVEN}: IPv6 has no address to reflect, the generator works; a pair that only an answer with the "
                     "asker's address opens is lost") for name, wrap in tunnels.IPV6),
    Transformation("raw IP", tunnels.raw_ip(Made), BITS, SAME + "the link layer says nothing"),
    *(Transformation(f"snaplen {length}", snap(length), LEFT,
                     f"{PROVEN}: {length - 42} octets of a datagram, {length - 54} of a segment, {max(0, length - 66)} "
                     "with a timestamp") for length in SNAPLENS),
    Transformation("start lost", each(lose_start), LEFT, PROVEN, (1, 2, 3, 4)),
    Transformation("end lost", each(lose_end), LEFT, PROVEN, (1, 2, 3, 4)),
    Transformation("file cut in a frame", cut_file, LEFT, PROVEN + ", in whole frames", (1, 2)),
    *(Transformation(f"every second frame lost, {name}", every_second(parity), LEFT, PROVEN)
      for name, parity in (("odd left", 0), ("even left", 1))),
    Transformation("half the frames lost at random", each(random_half), LEFT, PROVEN, (1, 2, 3)),
    Transformation("sent by the client only", one_direction(True), LEFT, PROVEN + ": all that it sends"),
    Transformation("received by the client only", one_direction(False), LEFT, PROVEN + ": peers that send two IVs in a row"),
    Transformation("reordered within 50 ms", reorder(50_000), LEFT,
                   "everything: sequence numbers put it right, and a port has several positions", (1, 2)),
    Transformation("reordered within 50 ms, times kept", reorder(50_000, keeps_time=True), LEFT,
                   "everything: a clock that runs back counts as standing", (1, 2)),
    Transformation("reordered within 500 ms", reorder(500_000), LEFT,
                   f"{PROVEN}: a SYN after its data as well", (1, 2)),
    Transformation("every frame twice", each(twice), BITS, SAME + "both copies, and a copy is no second evidence"),
    Transformation("twice, copy with VLAN and a hop less", each(twice_apart), LEFT, "everything, both copies", (1, 2)),
    Transformation("two clients behind one address", behind_one_address(False), LEFT, "everything of both"),
    Transformation("two clients on one port", behind_one_address(True), LEFT, "everything of both: several positions a port"),
    Transformation("among foreign traffic", among_others(False), RULES, "the same frames and rules, and no foreign one"),
    Transformation("among foreign traffic of its host", among_others(True), MARKS, "the same frames, and no foreign one"),
)


def random_of(transformation, seed):
    return random.Random(f"{transformation.name} {seed}")
