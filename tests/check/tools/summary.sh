#!/bin/sh
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
# tools/summary.py counts the results that Meson logged, accepts only the skips
# that are allowed, and does not mistake a truncated log for success.
set -eu
summary=$1
directory=$(mktemp -d)
trap 'rm -r "$directory"' EXIT
cd "$directory"

# expect STATUS LAST-LINE ARGUMENT...
expect () {
  status=0
  wanted_status=$1 wanted=$2
  shift 2
  python3 "$summary" "$@" > output || status=$?
  if [ "$status" != "$wanted_status" ] ||
    [ "$(tail -n 1 output)" != "$wanted" ]; then
    echo "wanted: $wanted ($wanted_status), got ($status):"
    cat output
    exit 1
  fi
}

# result NAME RESULT [STDOUT]: a line of testlog.json.
result () {
  printf '{"name": "project:suite / %s", "result": "%s", "stdout": "%s"}\n' \
    "$1" "$2" "${3-}"
}

result a OK > good
result b SKIP 'first\nSKIP: no camera\n' >> good
expect 0 '1 passed, 0 failed, 1 skipped' --expected=2 --status=0 good
grep -qx 'skipped: b: no camera' output

echo 'b # has no camera' > may-skip
expect 0 '1 passed, 0 failed, 1 skipped' --expected=2 --status=0 good may-skip
echo 'c' > may-skip
expect 1 '1 passed, 1 failed, 0 skipped' --expected=2 --status=0 good may-skip

for result in FAIL TIMEOUT ERROR INTERRUPT UNEXPECTEDPASS; do
  { cat good; result c "$result"; } > bad
  expect 1 '1 passed, 1 failed, 1 skipped' --expected=3 --status=1 bad
done

# The end of a failed test's output is printed; the counts are still the last line.
result d FAIL "$(printf 'line %d\\n' $(seq 30))" > loud
expect 1 '0 passed, 1 failed, 0 skipped' --expected=1 --status=1 loud
grep -qx 'failed: d: fail' output
grep -qx '  line 30' output
if grep -q 'line 10$' output; then
  exit 1
fi

# Aborted between two tests, in the middle of a line, and after all of them.
expect 1 '1 passed, 3 failed, 1 skipped' --expected=5 --status=1 good
grep -qx '2 of 5 tests are in the log' output
{ cat good; result c OK | head -c 30; } > cut
expect 1 '1 passed, 1 failed, 1 skipped' --expected=3 --status=137 cut
expect 1 '1 passed, 1 failed, 1 skipped' --expected=2 --status=0 cut
expect 1 '1 passed, 1 failed, 1 skipped' --expected=2 --status=137 good
grep -q 'broken off, with status 137' output

: > empty
expect 1 '0 passed, 0 failed, 0 skipped' --expected=0 --status=0 empty
expect 1 '0 passed, 4 failed, 0 skipped' --expected=4 --status=2 empty
expect 1 '0 passed, 4 failed, 0 skipped' --expected=4 --status=0 missing
