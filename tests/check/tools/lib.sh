#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/lib.sh leaves build directories of others alone, and says what to do if it
# can't install what is missing.
#   lib.sh TOOLS_FOLDER
set -euo pipefail
tools=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
mkdir tools stubs
cp "$tools/packages" tools/
PATH=$directory/stubs:$PATH
# shellcheck source=tools/lib.sh
. "$tools/lib.sh"

# stub NAME: replaces the command by the script on stdin.
stub () {
  { echo '#!/bin/sh'; cat; } > "stubs/$1"
  chmod +x "stubs/$1"
}

# expect STATUS COMMAND...: both outputs go to the file `output`.
expect () {
  local wanted=$1 status=0
  shift
  ("$@") > output 2>&1 || status=$?
  [ "$status" = "$wanted" ] || {
    echo "wanted status $wanted of $*, got $status:"
    cat output
    exit 1
  }
}

said () {
  grep -qF -- "$1" output || {
    echo "not said: $1"
    cat output
    exit 1
  }
}

# For another architecture, compilers, libraries and plugins are that
# architecture's; programs that run here aren't.
cat > tools/packages << 'END'
[build]
pkg-config
libjpeg-dev
libgstrtspserver-1.0-dev | -
[cross]
crossbuild-essential-ARCH
gstreamer1.0-plugins-bad
libjpeg-turbo-progs
END
cross=armhf expect 0 packages_of build cross
printf '%s\n' pkg-config libjpeg-dev:armhf 'libgstrtspserver-1.0-dev:armhf | -' \
  crossbuild-essential-armhf gstreamer1.0-plugins-bad:armhf libjpeg-turbo-progs |
  diff - output
# A library that is installed only for this architecture is missing.
stub dpkg-query << 'END'
echo installed libjpeg-dev libjpeg-dev:amd64
echo installed pkg-config pkg-config:amd64
END
expect 0 missing_packages <<< $'pkg-config\nlibjpeg-dev:armhf'
[ "$(cat output)" = libjpeg-dev:armhf ]

stub meson << 'END'
[ "$1" = --version ] && { echo 1.0; exit; }
[ -e meson-fails ] && exit 1
for word; do case $word in build-*) directory=$word ;; esac; done
touch "$directory/build.ninja"
echo "$*" >> "$directory/calls"
END

# Its own directory is created, kept, and reconfigured if options change.
expect 0 configure build-a -Dx=1
expect 0 configure build-a -Dx=1
expect 0 configure build-a
[ "$(wc -l < build-a/calls)" = 1 ]
expect 0 configure build-a -Dx=2
[ "$(wc -l < build-a/calls)" = 2 ]
# With another compiler, it starts afresh.
CC=other expect 0 configure build-a -Dx=2
said 'Starting build-a afresh'
[ "$(wc -l < build-a/calls)" = 1 ]

# One whose setup failed is its own, too.
touch meson-fails
expect 1 configure build-b
rm meson-fails
expect 0 configure build-b

# What a user made is left alone, with or without Meson's files.
mkdir -p build-c/meson-private build-d
touch build-c/build.ninja build-d/precious
for mine in build-c build-d; do
  expect 1 configure $mine -Dx=1
  said "rm -r '$directory/$mine'"
done
[ -e build-c/build.ninja ] && [ ! -e build-c/calls ] && [ -e build-d/precious ]

# Nothing is installed, apt has no lists, and this is a user without sudo.
stub dpkg-query < /dev/null
stub apt-cache < /dev/null
stub apt-get << 'END'
echo "apt-get $*"
exit 100
END
stub id << 'END'
echo "${IS_USER-0}"
END
printf '[build]\none\ntwo | three\n[run]\nfour | -\n' > tools/packages
# What is in /usr/bin must not be found.
command () {
  [ "$2" != sudo ] && builtin command "$@"
}
IS_USER=1000 expect 1 install_packages build run
said 'only root or sudo can install them'
said 'apt-get update && apt-get install --no-install-recommends one two four'
# The same as root, without a network.
IS_USER=0 expect 1 install_packages build run
said 'the package lists could not be fetched'
said 'apt-get update && apt-get install --no-install-recommends one two four'
# There are package lists, but no sudo.
stub apt-cache << 'END'
printf '%s:\n  Candidate: 1.0\n' one two three
END
IS_USER=1000 expect 1 install_packages build run
said 'only root or sudo can install them'

# A system is made once, from apt's mirror of this distribution; one that was not
# finished is made again.
printf '[chroot]\n' > tools/packages
stub apt-get << 'END'
case $* in
  *'Origin: Debian') printf '%s\n' http://mirror/debian http://mirror/security ;;
esac
END
stub debootstrap << 'END'
echo "$*" >> calls
mkdir -p "$3/etc/dpkg/dpkg.cfg.d" && [ ! -e bootstrap-fails ]
END
IS_USER=1000 expect 1 make_chroot Debian trixie build-chroot
said 'only root'
touch bootstrap-fails
expect 1 make_chroot Debian trixie build-chroot
said 'could not make a system of trixie'
[ ! -e build-chroot ]
rm bootstrap-fails calls
expect 0 make_chroot Debian trixie build-chroot
expect 0 make_chroot Debian trixie build-chroot
[ -e build-chroot/etc/dpkg/dpkg.cfg.d/unsafe-io ] && [ ! -e build-chroot.new ]
[ "$(cat calls)" = \
  '--variant=minbase trixie build-chroot.new http://mirror/debian' ]
