#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every C++ file names its licence in its first line and reads as .clang-format
# says. Releases of clang-format differ in what they make of the same file, so
# only version 14 is asked.
set -eu
source=$1

sources () {
  find "$source/gst" "$source/demo" "$source/rtsp-camera" "$source/tests" \
    -name '*.h' -o -name '*.cpp'
}

unnamed=$(sources | xargs awk '
  FNR == 1 && $0 != "// SPDX-License-Identifier: LGPL-2.1-or-later" {
    print FILENAME
  }')
if [ "$unnamed" ]; then
  printf 'no licence in the first line:\n%s\n' "$unnamed"
  exit 1
fi

if ! command -v clang-format-14 >/dev/null; then
  echo "SKIP: clang-format-14 is not installed"
  exit 77
fi

sources | xargs clang-format-14 --dry-run -Werror
