# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# What the scripts here share: installing packages, building, systems in a
# directory. To be sourced with the current directory at the top of the sources.

say () {
  printf '%s\n' "$*"
}

# die MESSAGE [LINE...]: the message, then what to do about it.
die () {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  shift
  [ $# = 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# packages_of SECTION...: the lines of these sections of tools/packages. With the
# name of an architecture in `cross`, libraries and plugins are for that one.
packages_of () {
  local line section=
  while read -r line; do
    line=${line%%#*}
    case $line in
      '') ;;
      '['*) section=${line#[} section=${section%%]*} ;;
      *) case " $* " in *" $section "*) say "$line" ;; esac ;;
    esac
  done < tools/packages |
    sed -E "${cross:+s/ARCH/$cross/
      s/^(lib[^ ]*-dev|gstreamer1\.0-[^ ]*)/\1:$cross/}"
}

# first_in WORDS LINE: the first alternative of LINE that is among WORDS.
first_in () {
  local name
  for name in ${2//|/ }; do
    case " $1 " in *" $name "*) say "$name"; return ;; esac
  done
  return 1
}

# Those lines from stdin of which no alternative is installed.
missing_packages () {
  local lines installed line
  mapfile -t lines
  # shellcheck disable=SC2046 # one word for each package
  installed=$(dpkg-query -W -f \
    '${db:Status-Status} ${Package} ${Package}:${Architecture}\n' \
    $(printf '%s\n' "${lines[@]}" | tr '|' '\n' | grep -v '^ *-') 2> /dev/null |
    sed -n 's/^installed //p' | tr '\n' ' ') || true
  for line in "${lines[@]}"; do
    first_in "$installed" "$line" > /dev/null || say "$line"
  done
}

# Sets `chosen` to the packages that apt has for the lines on stdin, `unknown` to
# the lines for which it has none.
choose_packages () {
  local lines available line name
  mapfile -t lines
  # shellcheck disable=SC2046
  available=$(LC_ALL=C apt-cache policy \
    $(printf '%s\n' "${lines[@]}" | tr '|' '\n' | grep -v '^ *-') |
    awk '/^[^ ]/ { sub(":$", ""); name = $1 }
      /^  Candidate:/ && $2 != "(none)" { printf "%s ", name }')
  chosen=() unknown=()
  for line in "${lines[@]}"; do
    if name=$(first_in "$available -" "$line"); then
      [ "$name" = - ] || chosen+=("$name")
    else
      unknown+=("$line")
    fi
  done
}

# What to run as root if this script can't: `missing` holds the lines.
install_by_hand () {
  local line names=()
  while read -r line; do
    line=${line%%|*}
    names+=("${line// /}")
  done <<< "$missing"
  say 'apt-get update' \
    "&& apt-get install --no-install-recommends ${names[*]}"
}

apt_get () {
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo > /dev/null || die \
      'packages are missing, and only root or sudo can install them' \
      'Run this as root, then start again:' "$(install_by_hand)"
    as_root=(sudo)
  fi
  # A machine that was just started may still be updating itself: wait for it.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -o DPkg::Lock::Timeout=300 "$@" < /dev/null
}

# install_packages SECTION...: installs those that are missing.
install_packages () {
  local missing chosen=() unknown=() updated=
  if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null
  then
    say "This is not Debian or Ubuntu, so nothing is installed. The contents of" \
      "these Debian packages are needed:"
    packages_of "$@" | sed 's/^/  /'
    return
  fi

  missing=$(packages_of "$@" | missing_packages)
  [ "$missing" ] || return 0
  choose_packages <<< "$missing"
  if [ ${#unknown[@]} != 0 ] || ! ls /var/lib/apt/lists/*_Packages* \
    > /dev/null 2>&1; then
    apt_get update || die 'the package lists could not be fetched; see above' \
      'Once the network is there, start again, or run this as root:' \
      "$(install_by_hand)"
    updated=yes
    choose_packages <<< "$missing"
  fi
  [ ${#unknown[@]} = 0 ] || die 'this release lacks packages:' "${unknown[@]}"
  [ ${#chosen[@]} != 0 ] || return 0

  say "Installing ${chosen[*]}"
  apt_get install -y --no-install-recommends "${chosen[@]}" && return
  # The versions apt knew of may be gone from the archive.
  [ ! "$updated" ] && apt_get update &&
    apt_get install -y --no-install-recommends "${chosen[@]}" && return
  die 'the packages could not be installed; see above'
}

# at_least WANTED FOUND: compares versions.
at_least () {
  [ "$(printf '%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

check_build_tools () {
  local tool meson_version
  for tool in meson ninja pkg-config; do
    command -v "$tool" > /dev/null || die "$tool is not installed"
  done
  meson_version=$(meson --version)
  at_least 1.0 "$meson_version" || die \
    "Meson $meson_version is too old: 1.0 or newer is needed" \
    'Debian 12, Ubuntu 23.04 and all later releases have it. On an older one:' \
    'https://mesonbuild.com/Getting-meson.html'
  "${PKG_CONFIG:-pkg-config}" --exists \
    'gstreamer-1.0 >= 1.20' 'gstreamer-rtp-1.0 >= 1.20' ||
    die 'the development files of GStreamer 1.20 or newer are not installed'
}

# configure DIRECTORY [OPTION...]: a build directory with these options of
# `meson setup`; without any, those of an existing directory are kept. Respects CC
# and CXX. A directory that was made by anybody else is left alone.
configure () {
  local directory=$1 stamp origin wanted
  shift
  stamp=$directory/meson-private/configured-by-tools
  origin=$PWD,$(meson --version),${CC:-},${CXX:-}
  wanted=$origin,$*

  if [ -d "$directory" ] && [ ! -f "$stamp" ]; then
    die "$directory is in the way: it was not made by these scripts" \
      "Move it away or remove it: rm -r '$PWD/$directory'"
  fi
  if [ -d "$directory" ] && [ ! -w "$directory" ]; then
    die "$directory may not be written to by $(id -un)" \
      "Another user built there. Remove it: sudo rm -r '$PWD/$directory'"
  fi
  if [ -f "$directory/build.ninja" ]; then
    case $(cat "$stamp") in
      "$wanted") return ;;
      "$origin",*)
        [ $# != 0 ] || return 0
        if meson setup --reconfigure "$directory" "$@" < /dev/null; then
          printf '%s\n' "$wanted" > "$stamp"
          return
        fi
        ;;
    esac
  fi
  # A directory that was made elsewhere or with another compiler can't be used.
  if [ -d "$directory" ]; then
    say "Starting $directory afresh"
    rm -rf "$directory"
  fi
  # So that it is recognized even if setup fails.
  mkdir -p "${stamp%/*}"
  : > "$stamp"
  meson setup "$directory" "$@" < /dev/null || exit
  printf '%s\n' "$wanted" > "$stamp"
}

# compile DIRECTORY [TARGET...]
compile () {
  meson compile -C "$@" < /dev/null
}

# make_chroot DISTRIBUTION RELEASE ROOT: a small system in the directory ROOT,
# from this machine's mirror of DISTRIBUTION. An existing one is kept.
make_chroot () {
  local mirror
  [ "$(id -u)" = 0 ] || die 'only root can make and enter a system in a directory'
  [ ! -d "$3" ] || return 0
  install_packages chroot
  # shellcheck disable=SC2016 # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
    "Origin: $1" | head -n 1)
  # One that was not finished can't be used.
  rm -rf "$3.new"
  debootstrap --variant=minbase "$2" "$3.new" \
    "${mirror:-http://deb.debian.org/debian}" < /dev/null ||
    die "debootstrap could not make a system of $2; see above"
  # Nothing in it is worth waiting for the disk.
  echo force-unsafe-io > "$3.new/etc/dpkg/dpkg.cfg.d/unsafe-io"
  mv "$3.new" "$3"
}

# in_chroot ROOT COMMAND...: what is mounted for it disappears when it ends, however
# it ends.
in_chroot () {
  # Only a mount point can be the root of further mount namespaces, which tests
  # create.
  # shellcheck disable=SC2016 # of the shell within
  unshare --mount sh -ec '
    mount --bind "$0" "$0"
    mount -t proc proc "$0/proc"
    mount --rbind /sys "$0/sys"
    mount --rbind /dev "$0/dev"
    exec chroot "$0" env -i HOME=/root LC_ALL=C.UTF-8 \
      PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"' \
    "$1" ${http_proxy:+http_proxy="$http_proxy"} ${CI:+CI="$CI"} "${@:2}"
}
