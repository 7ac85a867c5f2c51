#!/bin/sh
# Every C++ file reads as .clang-format says. Releases of clang-format differ
# in what they make of the same file, so only version 14 is asked.
set -eu
source=$1

if ! command -v clang-format-14 >/dev/null; then
  echo "SKIP: clang-format-14 is not installed"
  exit 77
fi

find "$source/gst" "$source/demo" "$source/tests" -name '*.h' -o -name '*.cpp' |
  xargs clang-format-14 --dry-run -Werror
