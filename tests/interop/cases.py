# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main function of tests that run one case after another."""

import sys
import tempfile

import rtp


def play_all(cases, play):
    """Plays the cases named after the driver on the command line, or all, each in
    its own folder. `play` returns what is wrong with one, if anything. Returns
    the exit status."""
    names = sys.argv[2:]
    failed = 0
    for name, case in cases.items():
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory(prefix="interop-") as directory:
            try:
                text = play(directory, case)
            except (RuntimeError, rtp.Violation) as error:
                text = str(error)
        failed += bool(text)
        print(f"FAIL {name}: {text}" if text else f"ok   {name}")
    return 1 if failed else 0
