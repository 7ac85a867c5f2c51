# SPDX-License-Identifier: LGPL-2.1-or-later
"""summary.py TESTLOG [MAY_SKIP]

Reads the testlog.json of `meson test`, names what failed and what was skipped
and why, and ends with "N passed, N failed, N skipped". With MAY_SKIP, a file of
test names, a skipped test that is not among them counts as failed. Exits with 1
if a test failed or none was run.
"""

import json
import os
import sys


def why_skipped(test):
    for line in test.get('stdout', '').splitlines():
        if line.startswith('SKIP:'):
            return line.removeprefix('SKIP:').strip()
    return 'no reason given'


def main(testlog, may_skip=None):
    tests = []
    if os.path.exists(testlog):
        with open(testlog, encoding='utf-8') as lines:
            tests = [json.loads(line) for line in lines]
    allowed = None
    if may_skip:
        with open(may_skip, encoding='utf-8') as lines:
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
            print(f'failed: {name}: may not be skipped here: '
                  f'{why_skipped(test)}')
        else:
            failed += 1
            print(f'failed: {name}: {test["result"].lower()}')
    if not tests:
        print('No test was run.')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed or not tests else 0


sys.exit(main(*sys.argv[1:]))
