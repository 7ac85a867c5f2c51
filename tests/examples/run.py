#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the examples, which must do what they claim.

  run.py BUILD RECEIVER TWO_CAMERAS ADAPTIVE_SENDER
"""

import os
import re
import signal
import subprocess
import sys
import tempfile

from sandbox import (PATIENCE, Failure, Process, enter_namespaces, environment,
                     set_up_network)
from traffic import Listener

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST = 120  # lines
SOURCE = 'videotestsrc is-live=true ! video/x-raw,format=I420 ! jpegenc'


def expect(good, what):
    if not good:
        raise Failure(what)


def short():
    for name in os.listdir(HERE):
        if name.endswith(('.cpp', '.py')) and name != 'run.py':
            with open(os.path.join(HERE, name), encoding='utf-8') as source:
                lines = len(source.readlines())
            expect(lines <= LONGEST, f'{name} has {lines} lines')


def two_cameras(program, directory, env):
    moved = ('192.0.2.8', 6000)
    with Listener([('192.0.2.7', 5000), ('192.0.2.7', 5002)]) as before, \
            Listener([moved]) as after:
        fifo = os.path.join(directory, 'orders')
        os.mkfifo(fifo)
        process = Process(f"{program} '{SOURCE}' '{SOURCE}' < {fifo}", directory,
                          env)
        with open(fifo, 'w', encoding='ascii') as orders:
            expect(before.wait_frames(10, PATIENCE), str(before))
            print(0, *moved, file=orders, flush=True)
            expect(after.wait_frames(10, PATIENCE), str(after))
            # The first second may have passed before the first frame.
            told = all(process.wait_match(
                rf'^{number}: [1-9]\d* frames sent in [1-9]\d* packets, '
                r'0 dropped$', PATIENCE) for number in range(2))
            output, status = process.stop()
    expect(told and status == 0, f'status {status}:\n{output}')


def receiver(program, directory, env):
    sending = Process(f'gst-launch-1.0 {SOURCE} ! rfc2435pay ! udpsink '
                      'host=192.0.2.7 port=5000 sync=false', directory, env)
    process = Process(f'{program} 5000 fakesink', directory, env)
    told = process.wait_match(r'^frames: [1-9]\d* whole', PATIENCE)
    output, status = process.stop()
    sending.stop()
    expect(told and status == 0, f'status {status}:\n{output}')


def adaptive_sender(program, directory, env):
    """A stock receiver's reports raise the bit rate as long as all arrives."""
    receiving = Process(
        'gst-launch-1.0 rtpsession name=session rtcp-min-interval=200000000 '
        'udpsrc port=5000 caps=application/x-rtp,media=video,clock-rate=90000,'
        'encoding-name=JPEG,payload=26 ! session.recv_rtp_sink '
        'session.recv_rtp_src ! rtpjpegdepay ! fakesink '
        'udpsrc port=5001 ! session.recv_rtcp_sink session.send_rtcp_src ! '
        'udpsink host=192.0.2.7 port=5005 sync=false async=false',
        directory, env)
    # More than it begins with
    source = SOURCE.replace('videotestsrc', 'videotestsrc pattern=snow')
    process = Process(f"{program} 192.0.2.7 '{source}'", directory, env)

    def has_changed():
        return len(set(re.findall(r'at most [\d.]+', process.output()))) > 1
    changed = any(has_changed() or process.wait(0.2)
                  for _ in range(5 * PATIENCE))
    output, status = process.stop()
    expect(changed and status == -signal.SIGINT,
           f'status {status}:\n{output}\n{receiving.stop()[0]}')
    receiving.stop()


def send_py(directory, env):
    # Not whatever Python runs this: Debian's has the bindings.
    python = '/usr/bin/python3'
    if subprocess.run([python, '-c', 'import gi; gi.require_version("Gst", "1.0"); '
                       'from gi.repository import Gst'],
                      stderr=subprocess.DEVNULL, check=False).returncode != 0:
        print('send.py: not run: python3-gi and gir1.2-gstreamer-1.0 are not '
              'installed')
        return
    with Listener([('192.0.2.7', 5000)]) as listener:
        process = Process(f"{python} {HERE}/send.py 192.0.2.7 '{SOURCE}'",
                          directory, env)
        arrived = listener.wait_frames(10, PATIENCE)
        told = process.wait_output('frames-out', PATIENCE)
        output, status = process.stop()
    expect(arrived and told and status == 0, f'status {status}:\n{output}')


def main():
    enter_namespaces('gst-launch-1.0')
    set_up_network()
    build, *programs = map(os.path.abspath, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix='examples-') as directory:
        env = environment(directory, GST_PLUGIN_PATH=f'{build}/gst')
        try:
            short()
            receiver(programs[0], directory, env)
            two_cameras(programs[1], directory, env)
            adaptive_sender(programs[2], directory, env)
            send_py(directory, env)
        except Failure as failure:
            print(failure)
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
