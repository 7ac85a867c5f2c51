# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Summarizes the testlog.json of `meson test`.

Prints what was skipped and why, what failed, with the end of its output, and at the
end "N passed, N failed, N skipped". Exits with 1 if a test failed, if none was run,
or if tests are missing from the log: a run that was aborted has not passed.
"""

import argparse
import json
import os
import sys

LINES_OF_OUTPUT = 20


def why_skipped(test):
    for line in test.get('stdout', '').splitlines():
        if line.startswith('SKIP:'):
            return line.removeprefix('SKIP:').strip()
    return 'no reason given'


def print_failure(test, name, why):
    print(f'failed: {name}: {why}')
    for stream in 'stdout', 'stderr':
        for line in test.get(stream, '').splitlines()[-LINES_OF_OUTPUT:]:
            print(f'  {line[:200]}')


def read_log(path):
    """The tests in the log, and whether all of it could be read."""
    tests = []
    if not os.path.exists(path):
        return tests, False
    with open(path, encoding='utf-8', errors='replace') as lines:
        for line in lines:
            try:
                tests.append(json.loads(line))
            except ValueError:
                return tests, False
    return tests, True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--expected', type=int, required=True,
                        help='how many tests there are')
    parser.add_argument('--status', type=int, required=True,
                        help='what `meson test` exited with')
    parser.add_argument('testlog')
    parser.add_argument('may_skip', nargs='?',
                        help='names the tests that may be skipped; any other '
                        'that skips has failed')
    options = parser.parse_args()

    tests, complete = read_log(options.testlog)
    allowed = None
    if options.may_skip:
        with open(options.may_skip, encoding='utf-8') as lines:
            allowed = {line.split('#')[0].strip() for line in lines}

    passed = failed = skipped = 0
    for test in tests:
        name = test['name'].split(' / ')[-1]
        if test['result'] in ('OK', 'EXPECTEDFAIL'):
            passed += 1
        elif test['result'] == 'SKIP' and (allowed is None or name in allowed):
            skipped += 1
            print(f'skipped: {name}: {why_skipped(test)}')
        elif test['result'] == 'SKIP':
            failed += 1
            print_failure(test, name,
                       f'may not be skipped here: {why_skipped(test)}')
        else:
            failed += 1
            print_failure(test, name, test['result'].lower())

    missing = options.expected - len(tests)
    if missing:
        print(f'{len(tests)} of {options.expected} tests are in the log')
        failed += max(missing, 1)
    elif not complete or (options.status != 0 and not failed):
        print(f'`meson test` was broken off, with status {options.status}')
        failed += 1
    if not tests:
        print('No test was run.')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed or not tests else 0


sys.exit(main())
