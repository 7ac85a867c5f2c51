#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What frames that need no processing pay for what is possible: instructions per
frame in rfc2435pay, with recode=never and with recode=auto, and with a limit of
the bit rate that all frames meet. Fails if recode=auto costs more than one in a
thousand, or the limit more than some hundred, whatever the frame's size.

  recode_idle.py BUILD
"""

import subprocess
import sys
import tempfile

from measure import Programs, Skip

PUSHES = 20
ALLOWED = 1.001
# For the share of a frame by its time, and the bytes that its headers take
ALLOWED_FOR_CEILING = 600


def instructions(programs, folder, width, height, settings):
    command = [
        programs['push-frames'], f'--frames={folder}',
        f'--caps=image/jpeg,width={width},height={height},framerate=30/1',
        '--warm-up=10', '--rounds=1', f'--pushes={PUSHES}',
        f'rfc2435pay pacing=0 {settings}']
    return programs.instructions(command) / PUSHES


def main():
    programs = Programs(sys.argv[1])
    wrong = 0
    for width, height in ((640, 480), (1920, 1080)):
        with tempfile.TemporaryDirectory(prefix='recode-idle-') as folder:
            subprocess.run([programs['make-frames'], str(width), str(height),
                            str(PUSHES), '85', folder], check=True)
            try:
                never, auto, ceiling = (
                    instructions(programs, folder, width, height, settings)
                    for settings in ('recode=never', 'recode=auto',
                                     'max-bitrate=1000000000'))
            except Skip as reason:
                print(f'SKIP: {reason}')
                return 77
        print(f'{width}x{height}: {never:.0f} instructions per frame with '
              f'recode=never, {auto:.0f} with recode=auto, {ceiling:.0f} '
              'with a ceiling that holds')
        wrong += auto > never * ALLOWED
        wrong += ceiling > auto + ALLOWED_FOR_CEILING
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
