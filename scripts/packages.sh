# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154     # names of run, and for it
# Part of run: the Debian packages that each command needs, as "name: what for", and how they get there.

readonly build_packages=(
  'wireshark-dev: headers of Wireshark, to compile the plugin against'
  'tshark: Wireshark on the command line'
  'cmake: configures the build'
  'ninja-build: runs the build'
  'gcc: compiles it'
  'libc6-dev: headers of the C library'
  'pkg-config: finds GLib'
  'libglib2.0-dev: headers of GLib'
  'libjson-glib-dev: reads and writes reports'
  'libxml2-dev: writes the HTML page'
  'libgcrypt20-dev: hashes captures for skypefp-batch'
  'zlib1g-dev: reads compressed captures'
  'libzstd-dev: reads compressed captures'
  'liblz4-dev: reads compressed captures'
  'wireshark-common: sharkd, which reads many captures'
)
readonly test_packages=(
  'python3: runs the tests through tshark'
  'python3-pytest: runs the tests through tshark'
  'python3-scapy: writes captures'
  'python3-jsonschema: checks the reports'
  'wireshark: the window'
  'xvfb: a screen for the window'
  'xauth: a screen for the window'
  'xdotool: hands for the window'
  'imagemagick: looks at the window'
  'fonts-dejavu-core: letters for the window'
  'clang: the second compiler that must not warn'
  'libclang-rt-dev: sanitizers and libFuzzer of clang'
  'nmap: the scanner that the first fingerprint answers'
  'nginx: a real server that must stay unmarked'
  'apache2-bin: a real server that must stay unmarked'
  'dnsmasq-base: a real server that must stay unmarked'
  'vsftpd: a real server that must stay unmarked'
  'openssh-server: a real server that must stay unmarked'
  'curl: a client for the servers'
  'netcat-openbsd: a client for the servers'
  'openssl: TLS client and server'
  'tcpdump: records what they say'
  'zsh: reads the completion of skypefp-batch'
  'parallel: hands captures to several machines'
  'openssh-client: reaches them'
  'iproute2: the network they say it in'
  'cppcheck: reads the sources for errors'
  'valgrind: sees errors and leaks in memory'
  'mandoc: checks the manual pages'
  'lz4: compresses captures'
  'zstd: compresses captures'
)
readonly lint_packages=(
  'clang: the second compiler that must not warn'
  'clang-format: checks the layout of the sources'
  'clang-tidy: reads the sources for errors'
  'clang-tools: scan-build, which follows paths through the sources'
  'cppcheck: reads the sources for errors'
  'pyflakes3: reads the Python sources for errors'
)
readonly mutants_packages=(
  'python3: makes the changes'
  'cmake: configures the build'
  'ninja-build: runs the build'
  'gcc: compiles it'
  'libc6-dev: headers of the C library'
  'pkg-config: finds GLib'
  'libglib2.0-dev: headers of GLib'
)
readonly coverage_packages=('gcovr: tells which lines were reached')

readonly bench_packages=(
  'python3: runs the measurement'
  'valgrind: counts instructions'
)
readonly fuzz_packages=(
  'clang: the compiler with libFuzzer'
  'libclang-rt-dev: sanitizers and libFuzzer of clang'
  'python3-pytest: reads captures that attack'
  'python3-scapy: writes captures'
)
readonly package_packages=(
  'dpkg-dev: finds out what the package depends on'
  'lintian: checks it'
)
readonly matrix_packages=(
  'mmdebstrap: makes systems with other versions of Wireshark'
)
readonly accuracy_packages=(
  'python3: reads and compares'
  'python3-pytest: belongs to the modules that it shares with the tests'
  'libndpi-bin: ndpiReader, to compare with'
)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install PACKAGE...: runs as root, in a shell of its own. Servers among the packages are neither
# started now nor enabled for the next boot.
apt_install() {
  export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
  local policy=/usr/sbin/policy-rc.d service options
  options=(-y -qq --no-install-recommends --no-remove -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)
  if ! [ -e "$policy" ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  # Old or absent package lists name versions that are gone: fetch them, but only then.
  apt-get install --simulate "${options[@]}" "$@" >/dev/null 2>&1 || apt-get update -qq || return
  apt-get install "${options[@]}" "$@" ||
    { apt-get update -qq && apt-get install "${options[@]}" "$@"; } || return
  if command -v systemctl >/dev/null; then
    for service in nginx vsftpd ssh; do
      case " $* " in
        *" $service "* | *" open$service-server "*)
          systemctl disable "$service.service" "$service.socket" || true
          ;;
      esac
    done
  fi
}

# need WHAT "NAME: WHY"...: installs the packages that are missing.
need() {
  local what=$1 entry name missing=() reasons=() log error
  shift
  if [ -n "${SKYPEFP_NO_PACKAGES:-}" ]; then return; fi
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    die "this is not Debian or Ubuntu; install by hand what these packages hold, then set SKYPEFP_NO_PACKAGES=1:" \
      "${@%%:*}"
  fi
  for entry; do
    name=${entry%%:*}
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ]; then continue; fi
    missing+=("$name")
    reasons+=("$(printf '  %-16s %s' "$name" "${entry#*: }")")
  done
  if [ ${#missing[@]} -eq 0 ]; then return; fi

  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    die "packages are missing, and this is neither root nor is there sudo; install by hand:" \
      "apt-get install ${missing[*]}"
  fi
  say "To $what, these packages are missing and will be installed with apt-get:"
  printf '%s\n' "${reasons[@]}"
  log=$(mktemp)
  if ! as_root bash -c "$(declare -f apt_install); apt_install \"\$@\"" apt_install "${missing[@]}" \
    </dev/null >"$log" 2>&1; then
    error=$(grep -E '^(E:|sudo:)' "$log" | tail -n 1)
    rm -f "$log"
    die "apt-get failed (${error:-no reason given}); install by hand: apt-get install ${missing[*]}"
  fi
  rm -f "$log"
}
