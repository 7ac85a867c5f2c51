#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Every C++ file begins with its copyright and licence, and is formatted according
# to .clang-format. Releases of clang-format format the same file differently, so
# only version 14 is used.
set -eu
source=$1

sources () {
  find "$source/gst" "$source/demo" "$source/rtsp-camera" "$source/tests" \
    -name '*.h' -o -name '*.cpp'
}

unnamed=$(sources | xargs awk '
  FNR == 1 && !/^\/\/ SPDX-FileCopyrightText: [0-9-]+ gst-rfc2435 contributors$/ ||
  FNR == 2 && $0 != "// SPDX-License-Identifier: LGPL-2.1-or-later" {
    print FILENAME
  }')
if [ "$unnamed" ]; then
  printf 'no copyright and licence in the first two lines:\n%s\n' "$unnamed"
  exit 1
fi

if ! command -v clang-format-14 >/dev/null; then
  echo "SKIP: clang-format-14 is not installed"
  exit 77
fi

sources | xargs clang-format-14 --dry-run -Werror
