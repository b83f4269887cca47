# SPDX-License-Identifier: GPL-2.0-or-later
"""Captures of the generator: IVs that are a few steps apart, in one direction, without an answer from anyone."""

import wire
from declare import capture
from tape import STEP_US

SOURCE = "measured in SkypeIRC and the 2015 capture; synthetic bytes"
CLIENT = ("192.168.1.2", 35990)
PEER = ("198.51.100.7", 12345)
CAP = "2 pairs reach the cap: 40 - 13 = +27"


def every(frames, rule="udp.iv"):
    """The evidence "frame=rule" for each frame."""
    return " ".join(f"{frame}={rule}" for frame in frames)


def send(tape, ivs, label, steps=1, source=CLIENT, destination=PEER, message_id=None, gap_us=STEP_US):
    """Records a payload whose IV is `steps` on; the id is unrelated unless given."""
    message_id = wire.number(f"id {label}", 16) if message_id is None else message_id
    return tape.udp(source, destination, wire.payload(message_id, ivs.next(steps), wire.message(label)), gap_us)


@capture("udp-one-way-client", source=SOURCE,
         shows="a client asks twelve peers, nobody answers: its IVs are one generator, its ids count",
         marked="1-12", evidence=every(range(2, 13)) + " 9=udp.counter", endpoints="192.168.1.2:35990=certain",
         absent="udp.echo udp.repeat", arithmetic="2 pairs reach the cap, 8 steps the counter: 40 + 9 - 13 = +36")
def one_way_client(tape):
    ivs = wire.Generator("one way")
    for turn in range(12):
        send(tape, ivs, f"one way {turn}", destination=(f"198.51.100.{turn + 10}", 20000 + 331 * turn),
             message_id=0x1622 + 2 * turn)


@capture("udp-client-restart", source="as SkypeIRC frame 1867; synthetic bytes",
         shows="the client restarts: generator and ids jump once, both runs count",
         marked="1-10", evidence=every([2, 3, 4, 5, 7, 8, 9, 10]), endpoints="192.168.1.2:35990=certain",
         absent="udp.echo udp.repeat", arithmetic=CAP)
def client_restart(tape):
    for run, first_id in (("before", 0x1622), ("after", 0xC3A0)):
        ivs = wire.Generator(f"restart {run}")
        for turn in range(5):
            send(tape, ivs, f"restart {run} {turn}", message_id=first_id + 2 * turn,
                 gap_us=STEP_US if turn else 15000000)


# 32 - log2(64) = 26 at the same time stamp, 25 after 10 ms: +13 or +12.
@capture("udp-iv-single-pair", source=SOURCE, shows="two payloads one step apart: the smallest proof there is",
         marked="1-2", evidence="2=udp.iv", endpoints="192.168.1.2:35990=likely", absent="udp.repeat",
         arithmetic="32 - log2(65) = 25; 25 - 13 = +12")
def iv_single_pair(tape):
    ivs = wire.Generator("single pair")
    for turn in range(2):
        send(tape, ivs, f"single pair {turn}")


@capture("udp-iv-two-pairs", source=SOURCE, shows="three payloads: the pairs add, the port is certain",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def iv_two_pairs(tape):
    ivs = wire.Generator("two pairs")
    for turn in range(3):
        send(tape, ivs, f"two pairs {turn}")


@capture("udp-iv-window-edge", source=SOURCE, shows="64 steps at the same time stamp: just inside the window",
         marked="1-2", evidence="2=udp.iv", endpoints="192.168.1.2:35990=likely", absent="udp.repeat",
         arithmetic="32 - log2(64) = 26; 26 - 13 = +13")
def iv_window_edge(tape):
    ivs = wire.Generator("edge")
    send(tape, ivs, "edge 0")
    send(tape, ivs, "edge 1", steps=64, gap_us=0)


@capture("udp-iv-window-past", source=SOURCE, shows="near miss: 65 steps at the same time stamp",
         absent="udp.iv udp.repeat", arithmetic="nothing fires")
def iv_window_past(tape):
    ivs = wire.Generator("past")
    send(tape, ivs, "past 0")
    send(tape, ivs, "past 1", steps=65, gap_us=0)


@capture("udp-iv-slow-pair", source=SOURCE,
         shows="near miss: one pair 10 s and 1000 steps apart; the wide window leaves too few bits",
         evidence="2=udp.iv", endpoints="192.168.1.2:35990=possible", absent="udp.repeat",
         arithmetic="32 - log2(64 + 1280) = 21; 21 - 13 = +8")
def iv_slow_pair(tape):
    ivs = wire.Generator("slow")
    send(tape, ivs, "slow 0")
    send(tape, ivs, "slow 1", steps=1000, gap_us=10000000)


@capture("udp-iv-slow-client", source=SOURCE, shows="three payloads, 10 s and up to 1000 steps apart",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", endpoints="192.168.1.2:35990=certain", absent="udp.repeat",
         arithmetic="2 pairs of at least 20 bits: 40 - 13 = +27")
def iv_slow_client(tape):
    ivs = wire.Generator("slow client")
    for turn, steps in enumerate((1, 1000, 700)):
        send(tape, ivs, f"slow client {turn}", steps=steps, gap_us=10000000)


@capture("udp-iv-clock-back", source=SOURCE, shows="the capture's clock jumps back 5 s between the two payloads",
         marked="1-2", evidence="2=udp.iv", endpoints="192.168.1.2:35990=likely", absent="udp.repeat",
         arithmetic="32 - log2(64) = 26; 26 - 13 = +13")
def iv_clock_back(tape):
    ivs = wire.Generator("clock")
    send(tape, ivs, "clock 0")
    send(tape, ivs, "clock 1", gap_us=-5000000)


@capture("udp-reordered", source=SOURCE, shows="four payloads arrive as 1, 3, 2, 4",
         marked="1-4", evidence="2=udp.iv 4=udp.iv", endpoints="192.168.1.2:35990=certain",
         absent="udp.repeat", arithmetic=CAP)
def reordered(tape):
    ivs = wire.Generator("reordered")
    sent = [wire.payload(wire.number(f"id reordered {turn}", 16), ivs.next(), wire.message(f"reordered {turn}"))
            for turn in range(4)]
    for turn in (0, 2, 1, 3):
        tape.udp(CLIENT, PEER, sent[turn])


@capture("udp-nat-two-clients", source=SOURCE, shows="two clients behind one address, interleaved, each with its port",
         marked="1-8", evidence=every(range(3, 9)),
         endpoints="203.0.113.50:35990=certain 203.0.113.50:41200=certain", absent="udp.repeat", arithmetic=CAP)
def nat_two_clients(tape):
    clients = [(wire.Generator(f"natted {port}"), port) for port in (35990, 41200)]
    for turn in range(4):
        for ivs, port in clients:
            send(tape, ivs, f"natted {port} {turn}", source=("203.0.113.50", port))


# Two positions are tried: 32 - log2(2 * 66) = 24 at least; the second pair reaches the cap.
@capture("udp-nat-two-clients-one-port", source=SOURCE,
         shows="two generators interleaved on one address and port: several positions are remembered",
         marked="1-8", evidence=every(range(3, 9)), endpoints="203.0.113.50:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def nat_two_clients_one_port(tape):
    clients = [wire.Generator(f"one port {client}") for client in range(2)]
    for turn in range(4):
        for client, ivs in enumerate(clients):
            send(tape, ivs, f"one port {client} {turn}", source=("203.0.113.50", 35990))


@capture("udp-ipv6-generator", source=SOURCE, shows="the generator over IPv6",
         marked="1-3", evidence="2=udp.iv 3=udp.iv", endpoints="[2001:db8::2]:35990=certain", absent="udp.repeat",
         arithmetic=CAP)
def ipv6_generator(tape):
    ivs = wire.Generator("ipv6")
    for turn in range(3):
        send(tape, ivs, f"ipv6 {turn}", source=("2001:db8::2", 35990), destination=("2001:db8::7", 12345))


@capture("udp-shape-only", source="synthetic bytes",
         shows="near miss: twelve datagrams with the shape of a payload, but no generator",
         absent="udp.iv udp.repeat udp.echo", arithmetic="nothing fires: shape is no evidence")
def shape_only(tape):
    ivs = wire.NoGenerator("shape only")
    for turn in range(12):
        send(tape, ivs, f"shape only {turn}", destination=(f"198.51.100.{turn + 10}", 20000 + 331 * turn))
