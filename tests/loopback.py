# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the test node and real servers on loopback ports, and records what passes there. Everything ends with its `with` block."""
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

import tshark

LOOPBACK = "127.0.0.1"
NODE = tshark.BUILD / "tests" / "skypefp-testnode"
PORTS = range(20000, 32000)  # below the range that clients' ports are taken from
NAMED_PORTS = pathlib.Path("/usr/share/nmap/nmap-services")
PATIENCE = 10  # seconds to wait for a server
BOUNDED = ["timeout", "--kill-after=5", "180"]  # a server ends even when the tests are killed
BARE_404 = b"HTTP/1.0 404 Not Found\r\n\r\n"


class Unavailable(Exception):
    """A program or a permission that this machine does not give."""


def program(name):
    """The path of a program, also of one that only root has in PATH."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        raise Unavailable(f"{name} is not installed")
    return found


def named_ports():
    """Ports to which Nmap knows a name; its script leaves them alone when nothing else is known about them."""
    if not NAMED_PORTS.exists():
        return set()
    lines = NAMED_PORTS.read_text(errors="replace").splitlines()
    return {int(match[2]) for line in lines if (match := re.match(r"(?!unknown)(\S+)\s+(\d+)/tcp", line))}


def free_port():
    """A port that is free on TCP and UDP, and to which Nmap knows no name."""
    named = named_ports()
    for port in random.sample(PORTS, 200):
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp, contextlib.suppress(OSError):
            tcp.bind((LOOPBACK, port))
            udp.bind((LOOPBACK, port))
            if port not in named:
                return port
    raise Unavailable("no free port")


@contextlib.contextmanager
def running(command, ready, **options):
    """Runs a command until the block ends; waits for ready() to be true."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                   start_new_session=True, **options)
        try:
            wait_until(ready, process, log)
            yield process
        finally:
            stop(process)


def wait_until(ready, process, log):
    """Waits for a server; what it said on stderr is in the message when it does not come."""
    end = time.monotonic() + PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            log.seek(0)
            raise RuntimeError(f"{process.args} is not ready: {log.read().decode(errors='replace')[-1000:]}")
        time.sleep(0.02)


def stop(process):
    """Ends a process, and then what is left of its children."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def listens(port):
    """True when something listens on the TCP port. Read from the system's table: a connection would stand in the recording."""
    wanted = f":{port:04X} 00000000:0000 0A"
    return wanted in pathlib.Path("/proc/net/tcp").read_text()


@contextlib.contextmanager
def node(*options):
    """A running test node; gives its port."""
    if not NODE.exists():
        raise RuntimeError(f"{NODE} is missing: build first")
    port = free_port()
    with running([NODE, "--port", port, "--seconds", 120, *options], lambda: listens(port)) as process:
        yield port
    assert process.returncode == 0, "the node did not end well"


def node_client(*options):
    """What the test node prints as a client."""
    command = [NODE, "--seconds", "20", *map(str, options)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout


@contextlib.contextmanager
def folder():
    """A folder that the unprivileged servers own."""
    with tempfile.TemporaryDirectory(prefix="skypefp-server-") as path:
        if tshark.am_root():
            os.chown(path, tshark.NOBODY, tshark.NOBODY)
        yield pathlib.Path(path)


@contextlib.contextmanager
def configured(text, command):
    """Runs command(configuration file, folder, port) with a configuration in which {port} and {folder} are filled in."""
    port = free_port()
    prefix = [*BOUNDED, *(tshark.AS_NOBODY if tshark.am_root() else [])]
    with folder() as place:
        file = place / "configuration"
        file.write_text(text.format(port=port, folder=place))
        if tshark.am_root():
            os.chown(file, tshark.NOBODY, tshark.NOBODY)
        with running([*prefix, *command(file, place, port)], lambda: listens(port), cwd=place):
            yield port


NGINX = """daemon off; master_process off; pid {folder}/pid; events {{}}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; server {{ listen 127.0.0.1:{port}; root {folder}/nothing; }} }}
"""

APACHE = """ServerName localhost
Listen 127.0.0.1:{port}
DefaultRuntimeDir {folder}
PidFile {folder}/pid
ErrorLog {folder}/log
DocumentRoot {folder}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
"""

VSFTPD = """listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
run_as_launching_user=YES
anonymous_enable=YES
anon_root={folder}
secure_chroot_dir={folder}
seccomp_sandbox=NO
"""

SSHD = """ListenAddress 127.0.0.1:{port}
HostKey {folder}/key
PidFile none
UsePAM no
"""

DNSMASQ = """port={port}
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
pid-file
address=/example.test/192.0.2.1
"""


def nginx():
    path = program("nginx")
    return configured(NGINX, lambda file, place, _: [path, "-e", "stderr", "-p", place, "-c", file])


def apache():
    path = program("apache2")
    return configured(APACHE, lambda file, place, _: [path, "-d", place, "-f", file, "-DFOREGROUND"])


def python_http():
    return configured("", lambda _, place, port: [sys.executable, "-m", "http.server", port, "-b", LOOPBACK, "-d", place])


def vsftpd():
    path = program("vsftpd")
    return configured(VSFTPD, lambda file, *_: [path, file])


def sshd():
    path, keygen = program("sshd"), program("ssh-keygen")
    script = 'umask 077; "$0" -q -t ed25519 -N "" -f key && exec "$1" -D -e -f "$2"'
    return configured(SSHD, lambda file, *_: ["sh", "-c", script, keygen, path, file])


def dnsmasq():
    path = program("dnsmasq")
    return configured(DNSMASQ, lambda file, *_: [path, "--keep-in-foreground", "-C", file])


def certificate(place):
    """A TLS context with a fresh certificate of its own."""
    command = [program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
               "-keyout", place / "key", "-out", place / "certificate"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place / "certificate", place / "key")
    return context


def answer_bare(connection):
    """A request line, then the bare 404 and the close."""
    received = b""
    while b"\n" not in received and (more := connection.recv(1)):
        received += more
    connection.sendall(BARE_404)


def multiplex(connection, context):
    """HTTP gets a bare 404, all else goes to TLS: a real ServerHello, or an alert to garbage."""
    with connection, contextlib.suppress(OSError):
        connection.settimeout(3)
        if connection.recv(4, socket.MSG_PEEK) in (b"GET ", b"HEAD", b"POST", b"OPTI"):
            answer_bare(connection)
        else:
            with context.wrap_socket(connection, server_side=True) as inner:
                answer_bare(inner)


@contextlib.contextmanager
def multiplexer():
    """A port that answers HTTP with a bare 404 and TLS with a real ServerHello: both halves of tcp.garbage_answer's proof, and no Skype."""
    def serve():
        with contextlib.suppress(OSError):  # closed at the end
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=multiplex, args=(connection, context), daemon=True).start()

    with folder() as place, socket.create_server((LOOPBACK, free_port()), backlog=64) as listener:
        context = certificate(place)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


@contextlib.contextmanager
def recording(path, ports):
    """Records the ports on the loopback interface into a file until the block ends."""
    capture_filter = " or ".join(f"port {port}" for port in ports)
    user = ["-Z", "root"] if tshark.am_root() else []  # otherwise it gives up root and cannot write there
    # In immediate mode each packet takes the room of the longest: the 2 MB of the default hold 8.
    command = [*BOUNDED, program("tcpdump"), "-i", "lo", "-s", "0", "-B", "65536", "-U", "--immediate-mode", *user, "-w", path, capture_filter]
    try:
        with running(command, lambda: path.exists() and path.stat().st_size > 0):  # the header: it listens
            yield
            time.sleep(0.5)
    except RuntimeError as error:
        if "permi" in str(error):  # "You don't have permission", "Operation not permitted"
            raise Unavailable("recording on the loopback interface is not permitted") from error
        raise
