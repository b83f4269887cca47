# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154     # names of run, and for it
# Part of run: prints the marked frames of test-captures/ as a table, the first of each capture.

readonly SHOWN=4 # frames of a capture in the table

# One line per marked frame of a capture, tab-separated: capture, frame, source, destination, verdict,
# bits, rules. In a tunnel a field occurs several times: the innermost addresses and ports are the
# last ones, and frame.protocols tells which of IPv4 and IPv6 that is.
marked_frames() {
  quiet_tshark -2 -n -r "$1" -Y skypefp -T fields -E separator=/t -E occurrence=a -E aggregator=, \
    -e frame.number -e frame.protocols -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst \
    -e udp.srcport -e udp.dstport -e tcp.srcport -e tcp.dstport \
    -e skypefp.verdict -e skypefp.bits -e skypefp.rule -e skypefp.inherited |
    awk -F '\t' -v OFS='\t' -v capture="${1##*/}" '
      function last(list, part) { return part[split(list, part, ",")] }
      # Each value of a comma-separated list once.
      function each(list, part, seen, i, n, text) {
        n = split(list, part, ",")
        for (i = 1; i <= n; i++)
          if (!(part[i] in seen)) { seen[part[i]]; text = text (text == "" ? "" : ", ") part[i] }
        return text
      }
      function endpoint(v4, v6, udp, tcp) {
        return (six ? "[" last(v6) "]" : last(v4)) ":" last(over_tcp ? tcp : udp)
      }
      {
        six = over_tcp = 0
        n = split($2, layer, ":")
        for (i = 1; i <= n; i++) {
          if (layer[i] == "ip" || layer[i] == "ipv6") six = layer[i] == "ipv6"
          if (layer[i] == "udp" || layer[i] == "tcp") over_tcp = layer[i] == "tcp"
        }
        verdict = each($11)
        gsub("0", "none", verdict); gsub("1", "possible", verdict)
        gsub("2", "likely", verdict); gsub("3", "certain", verdict)
        rules = each($13)
        if ($14 ~ /1|True/) rules = rules (rules == "" ? "" : ", ") "inherited"
        print capture, $1, endpoint($3, $5, $7, $9), endpoint($4, $6, $8, $10), verdict, each($12), rules
      }'
}

# Tab-separated lines as a table with aligned columns; the first column is printed where it changes.
table() {
  awk -F '\t' '
    { for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    END {
      for (row = 1; row <= NR; row++) {
        if (row > 1 && cell[row, 1] != cell[row - 1, 1]) print ""
        first = row > 1 && cell[row, 1] == cell[row - 1, 1] ? "" : cell[row, 1]
        printf "%-*s  %*s  %*s %s %-*s  %-*s  %*s  %s\n", width[1], first, width[2], cell[row, 2],
          width[3], cell[row, 3], row == 1 || cell[row, 4] == "" ? "  " : "→ ", width[4], cell[row, 4],
          width[5], cell[row, 5], width[6], cell[row, 6], cell[row, 7]
      }
    }'
}

# The first lines of a capture's marked frames, and how many there are besides.
shorten() {
  awk -F '\t' -v OFS='\t' -v most="$SHOWN" '
    NR <= most { print }
    END { if (NR > most) print $1, "...", "", "", "", "", NR - most " more" }' "$1"
}

# Whether test-captures/expected.tsv lists marked frames or streams for a capture.
marks_expected() {
  awk -F '\t' -v capture="$1" '
    $1 == capture { found = $2 != "-" || $5 != "-" }
    END { exit !found }' "$root/test-captures/expected.tsv"
}

demo() {
  local work capture name status=0 n_marked=0 n_unmarked=0
  work=$(mktemp -d)
  # As many tsharks at a time as there are processors.
  for capture in "$root"/test-captures/*.pcap*; do
    name=${capture##*/}
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
    { marked_frames "$capture" >"$work/$name" 2>"$work/$name.err" || echo failed >>"$work/$name.err"; } &
  done
  wait

  printf 'capture\tframe\tsource\tdestination\tverdict\tbits\trules\n' >"$work/table"
  for capture in "$root"/test-captures/*.pcap*; do
    name=${capture##*/}
    if [ -s "$work/$name.err" ]; then
      printf 'run: %s: %s\n' "$name" "$(tr '\n' ' ' <"$work/$name.err")" >&2
      status=1
    elif [ -s "$work/$name" ]; then
      shorten "$work/$name" >>"$work/table"
      n_marked=$((n_marked + 1))
      if ! marks_expected "$name"; then
        printf 'run: %s is marked and should not be\n' "$name" >&2
        status=1
      fi
    elif marks_expected "$name"; then
      printf 'run: %s is not marked and should be\n' "$name" >&2
      status=1
    else
      n_unmarked=$((n_unmarked + 1))
    fi
  done

  say
  table <"$work/table"
  say
  rm -rf "$work"
  say "All marked frames of a capture: tshark -2 -r test-captures/NAME -Y skypefp"
  if [ "$n_marked" -eq 0 ]; then die "no frame is marked in test-captures/: the plugin does not do its work"; fi
  say "$n_marked captures hold marked frames; in $n_unmarked others nothing is marked, as it should be."
  return "$status"
}
