# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154     # names of run, and for it
# Part of run: puts plugin, profile, programs and manual pages where this user's Wireshark looks, and takes them away again.

# tshark without the line it prints for root.
quiet_tshark() {
  { tshark "$@" 2>&1 >&3 | sed '/^Running as user "root"/d' >&2; } 3>&1
}

# The folder of versions that Wireshark scans for this user, which is all it scans for root:
# .../wireshark/plugins/X.Y
plugin_folder() {
  local label='Personal Plugins'
  if [ "$(id -u)" -eq 0 ]; then label='Global Plugins'; fi
  quiet_tshark -G folders | sed -n "s/^$label:[[:space:]]*//p"
}

# The skypefp.so that tshark loads for this user; nothing if it loads none.
loaded_plugin() {
  quiet_tshark -G plugins | awk -F '\t' '$1 ~ /^skypefp\.so/ { print $NF }'
}

# The Debian package that a file belongs to; nothing if to none.
package_of() { dpkg-query -S "$1" 2>/dev/null | sed -n '1s/:.*//p' || true; }

install_plugin() {
  local folder series built target loaded owner remover
  folder=$(plugin_folder)
  if [ -z "$folder" ]; then die "tshark -G folders names no plugin folder: is Wireshark built with plugins?"; fi
  series=$(tshark --version 2>/dev/null | sed -n '1s/^[^0-9]*\([0-9]*\.[0-9]*\).*/\1/p')
  built=$build/plugins/$series/epan/skypefp.so
  if ! [ -e "$built" ]; then
    die "tshark is version $series, but the plugin was built for another: $(cd "$build/plugins" && echo ./*/epan)"
  fi
  target=$folder/epan/skypefp.so
  owner=$(package_of "$target")
  if [ -n "$owner" ]; then die "$target belongs to the package $owner: remove that first (apt remove $owner)"; fi
  # A copy for all users goes before a personal one, and with both Wireshark complains at every start.
  if [ "$(id -u)" -ne 0 ]; then
    loaded=$(loaded_plugin 2>/dev/null)
    if [ -n "$loaded" ] && [ "$loaded" != "$target" ]; then
      if ! cmp -s "$built" "$loaded"; then
        owner=$(package_of "$loaded")
        remover=${owner:+apt remove $owner}
        die "Wireshark loads another build, $loaded; remove that first (as root: ${remover:-./run uninstall})"
      fi
      rm -f "$target"
      say "Wireshark $series loads $loaded, installed for all users"
      return
    fi
  fi
  if ! cmp -s "$built" "$target" || [ "$built" -nt "$target" ]; then
    install -D -p -m 644 "$built" "$target" || die "cannot write $target"
    say "Installed $target"
  fi
  loaded=$(loaded_plugin)
  if [ "$loaded" != "$target" ]; then
    die "Wireshark does not load $target (tshark -G plugins shows ${loaded:-no skypefp})"
  fi
  say "Wireshark $series loads $target"
}

# Our file in the folder of every Wireshark series, and personal folders that are empty without it.
uninstall_plugin() {
  local folder plugins above file found=
  folder=$(plugin_folder)
  plugins=${folder%/*}
  above=${plugins%/*/*}
  for file in "$plugins"/*/epan/skypefp.so; do
    if ! [ -e "$file" ]; then continue; fi
    found=yes
    if [ -n "$(package_of "$file")" ]; then say "Kept $file, of the package $(package_of "$file")"; continue; fi
    rm -f "$file" || die "cannot remove $file"
    say "Removed $file"
    if [ "$(id -u)" -ne 0 ]; then
      file=${file%/*}
      (cd "$above" && rmdir -p --ignore-fail-on-non-empty "${file#"$above/"}")
    fi
  done
  if [ -z "$found" ]; then say "Nothing to remove in $plugins"; fi
}

# As the build makes it: Wireshark's own colour rules follow ours, because a profile's rules replace them.
readonly profile="$build/plugin/profile/Skype fingerprint"

# The folder of profiles that this user's Wireshark reads; for root, that of all users.
profile_folder() {
  local label='Personal configuration' folder
  if [ "$(id -u)" -eq 0 ]; then label='Global configuration'; fi
  folder=$(quiet_tshark -G folders | sed -n "s/^$label:[[:space:]]*//p")
  if [ -n "$folder" ]; then printf '%s/profiles\n' "$folder"; fi
}

# A personal profile that is there stays as it is: Wireshark writes what the user changes into it.
install_profile() {
  local folder target
  folder=$(profile_folder)
  if [ -z "$folder" ]; then die "tshark -G folders names no configuration folder"; fi
  target=$folder/${profile##*/}
  if [ "$(id -u)" -ne 0 ] && [ -e "$target" ]; then return; fi
  if ! [ -e "$profile/colorfilters" ]; then die "the build made no profile: $profile"; fi
  if ! { install -d -m 755 "$target" && install -p -m 644 "$profile"/* "$target"; }; then die "cannot write $target"; fi
  say "Installed the profile $target"
}

# The profile, unless somebody changed its columns, colours or filters: what is the build's or the source tree's is ours.
uninstall_profile() {
  local target file
  target=$(profile_folder)/${profile##*/}
  if ! [ -d "$target" ]; then return; fi
  if [ -n "$(package_of "$target")" ]; then say "Kept the profile $target, of the package $(package_of "$target")"; return; fi
  for file in "$root/plugin/profile/${profile##*/}"/*; do
    if [ "${file##*/}" = recent ]; then continue; fi    # Wireshark rewrites it every time
    if ! cmp -s "$profile/${file##*/}" "$target/${file##*/}" && ! cmp -s "$file" "$target/${file##*/}"; then
      say "Kept the profile $target: its ${file##*/} is not the one of this build"
      return
    fi
  done
  rm -r "$target" || die "cannot remove $target"
  say "Removed the profile $target"
}

# Where skypefp-batch and the manual pages go: for all users as root, otherwise below the home folder.
prefix() {
  if [ "$(id -u)" -eq 0 ]; then echo /usr/local; else echo "$HOME/.local"; fi
}

# installed_files: "SOURCE TARGET" of each, separated by a tab.
installed_files() {
  printf '%s\t%s\n' \
    "$build/batch/skypefp-batch" "$(prefix)/bin/skypefp-batch" \
    "$root/batch/skypefp-batch.1" "$(prefix)/share/man/man1/skypefp-batch.1" \
    "$root/batch/completion/skypefp-batch" "$(prefix)/share/bash-completion/completions/skypefp-batch" \
    "$root/batch/completion/_skypefp-batch" "$(prefix)/share/zsh/site-functions/_skypefp-batch" \
    "$root/plugin/skypefp.4" "$(prefix)/share/man/man4/skypefp.4" \
    "$root/report/report-schema.json" "$(prefix)/share/skypefp/report-schema.json"
}

install_programs() {
  local source target
  while IFS=$'\t' read -r source target; do
    if cmp -s "$source" "$target"; then continue; fi
    if [ -x "$source" ]; then install -D -p -m 755 "$source" "$target"; else install -D -p -m 644 "$source" "$target"; fi ||
      die "cannot write $target"
    say "Installed $target"
  done < <(installed_files)
}

uninstall_programs() {
  local source target
  while IFS=$'\t' read -r source target; do
    if ! [ -e "$target" ]; then continue; fi
    rm -f "$target" || die "cannot remove $target"
    say "Removed $target"
    target=${target%/*}
    if [ "${target##*/}" = skypefp ]; then rmdir --ignore-fail-on-non-empty "$target"; fi
  done < <(installed_files)
}
