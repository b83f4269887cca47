# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests say to a server: Nmap, curl, nc, a slow typist and raw datagrams."""
import contextlib
import socket
import subprocess
import time

from loopback import LOOPBACK, program

GARBAGE = b"random data\r\n\r\n"  # as Nmap's script says it


def nmap(ports):
    """What Nmap and its own Skype script say about the ports."""
    command = [program("nmap"), "-n", "-Pn", "-sV", "--script", "skypev2-version", "-p", ",".join(map(str, ports)),
               LOOPBACK]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=85).stdout


def curl(port, scheme="http"):
    """The status that curl sees; it may find no answer at all."""
    command = [program("curl"), "-sk", "-m", "3", "-o", "/dev/null", "-w", "%{http_code}", f"{scheme}://{LOOPBACK}:{port}/"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=10).stdout


def netcat(port, said=GARBAGE):
    """What comes back to a message that nc sends."""
    command = [program("nc"), "-w", "1", LOOPBACK, str(port)]
    return subprocess.run(command, input=said, capture_output=True, check=False, timeout=10).stdout


def receive(connection):
    """All that comes until the peer closes or says nothing for a while."""
    received = b""
    with contextlib.suppress(OSError):
        while more := connection.recv(4096):
            received += more
    return received


def type_slowly(port, said):
    """What comes back to a text typed byte by byte, as in character-mode telnet."""
    with socket.create_connection((LOOPBACK, port), timeout=1.5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError):  # a server may close before the end
            for byte in said:
                connection.sendall(bytes([byte]))
                time.sleep(0.002)
        return receive(connection)


def ask(port, *datagrams, timeout=1):
    """The answers to datagrams sent one after the other from one socket; None where none came."""
    answers = []
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.settimeout(timeout)
        udp.connect((LOOPBACK, port))
        for datagram in datagrams:
            try:
                udp.send(datagram)
                answers.append(udp.recv(4096))
            except OSError:
                answers.append(None)
    return answers
