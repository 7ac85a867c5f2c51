#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demo must report correctly what became of the frames.

  demo.py PROGRAM BUILD
"""

import os
import re
import socket
import sys
import tempfile

from sandbox import (PATIENCE, Failure, Process, enter_namespaces, environment,
                     set_up_network)

SMALL = 'videotestsrc is-live=true ! video/x-raw,format=I420 ! jpegenc'
# Wider than RFC 2435's header can say
LARGE = ('videotestsrc is-live=true pattern=black '
         '! video/x-raw,format=I420,width=2560,height=128,framerate=30/1 '
         '! jpegenc')


class Cases:
    def __init__(self, program, directory, env):
        self._program = program
        self._directory = directory
        self._env = env
        self._failed = 0

    def demo(self, *arguments):
        words = [self._program, *arguments]
        return Process(' '.join(f"'{word}'" for word in words), self._directory,
                       self._env)

    def check(self, what, good, output):
        print(f'{"ok" if good else "FAILED"}: {what}', flush=True)
        if not good:
            self._failed += 1
            print(output)

    def status(self):
        return 1 if self._failed else 0

    # Frames that are dropped on this machine

    def make_frames(self):
        """Five JPEGs, of which the fourth is cut short. They are so small that a
        socket holds all that are sent, however busy the machine is."""
        making = Process(
            'gst-launch-1.0 -q videotestsrc num-buffers=5 '
            '! video/x-raw,format=I420,width=64,height=48 ! jpegenc '
            '! multifilesink location=whole-%d.jpg', self._directory, self._env)
        if making.wait(PATIENCE) != 0:
            raise Failure(making.output())
        for number in range(5):
            with open(os.path.join(self._directory, f'whole-{number}.jpg'),
                      'rb') as file:
                jpeg = file.read()
            with open(os.path.join(self._directory, f'cut-{number}.jpg'),
                      'wb') as file:
                file.write(jpeg[:len(jpeg) // 2] if number == 3 else jpeg)

    def frames(self, name):
        return (f'multifilesrc location={name}-%d.jpg loop=true stop-index=4 '
                'caps=image/jpeg,framerate=30/1,width=64,height=48 '
                '! identity sleep-time=30000')

    def drops(self):
        self.make_frames()
        for name, wanted in ('whole', 0), ('cut', 1):
            demo = self.demo('--seconds=2', '--source=' + self.frames(name))
            status, output = demo.wait(PATIENCE), demo.output()
            demo.stop()
            self.check(f'frames that are {name}: status {status}',
                       status == wanted and
                       ('rfc2435pay dropped' in output) == (name == 'cut'),
                       output)

    # Packets that are lost on the way

    def loses(self):
        demo = self.demo('--loss=10%', '--seconds=100',
                         '--source=videotestsrc num-buffers=60 '
                         '! video/x-raw,format=I420,width=640,height=480 '
                         '! jpegenc quality=95')
        status, output = demo.wait(PATIENCE), demo.output()
        demo.stop()
        shown = {name: int(count) for name, count in re.findall(
            r'^(\w+): (\d+) of 60 frames shown', output, re.MULTILINE)}
        # The first frames may have been lost whole.
        self.check(f'packets are lost: status {status}',
                   status == 0 and shown.get('rtpjpegdepay', 60) < 30 and
                   shown.get('rfc2435depay', 0) >= 57, output)

    # Another machine

    def destination(self, what, host, wanted_status, verdict, *until,
                    source=SMALL):
        """Runs the demo to a host until it has printed all of `until`, or ends,
        then stops it as Ctrl-C does."""
        demo = self.demo(f'--source={source}', host)
        told = all(demo.wait_match(text, PATIENCE) for text in until)
        if not until:
            demo.wait(PATIENCE)
        output, status = demo.stop()
        self.check(f'{what}: status {status}',
                   told and status == wanted_status and
                   re.search(verdict, output), output)

    def destinations(self):
        seconds = r'^ +([5-9]|\d\d+) s .* [1-9]\d* frames sent'
        nobody = r'Nobody is listening at 192\.0\.2\.7:5000'
        self.destination('nobody listens', '192.0.2.7', 1,
                         r'Nobody was listening at', nobody, seconds)
        self.destination('nobody listens, IPv6', '::1', 1,
                         r'Nobody was listening at',
                         r'Nobody is listening at \[::1\]:5000', seconds)
        # Only packets can be refused.
        self.destination('nobody listens to a slow camera', '192.0.2.7', 1,
                         r'Nobody was listening at', nobody,
                         source=f'{SMALL} ! identity sleep-time=4000000')
        self.destination('no route', '198.51.100.1', 1,
                         r'Something went wrong',
                         r'[1-9]\d* packets could not be sent', r'unreachable')
        self.destination('no such host', 'no-such-host.invalid', 1,
                         r"Can't send to no-such-host\.invalid")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
            listener.bind(('192.0.2.7', 5000))
            self.destination('somebody listens', '192.0.2.7', 0,
                             r'All is well', seconds)
        self.comes_later()

    def comes_later(self):
        demo = self.demo(f'--source={SMALL}', '192.0.2.7')
        demo.wait_output('Nobody is listening', PATIENCE)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
            listener.bind(('192.0.2.7', 5000))
            told = demo.wait_output('no longer refused', PATIENCE)
            output, status = demo.stop()
        self.check(f'somebody listens after a while: status {status}',
                   told and status == 0, output)

    # What it prints, as it stands

    def receivers(self):
        for source, host in [(SMALL, '192.0.2.7'), (SMALL, '::1'),
                             (SMALL, '239.1.2.3'), (LARGE, '192.0.2.7')]:
            demo = self.demo(f'--source={source}', host)
            if not demo.wait_output('Press Ctrl-C', PATIENCE):
                raise Failure(demo.output())
            printed = demo.output()
            sdp = re.search(r'^v=0\n(.+\n)+', printed, re.MULTILINE)
            with open(os.path.join(self._directory, 'stream.sdp'), 'w',
                      encoding='utf-8') as file:
                file.write(sdp[0])
            for command in re.findall(r'^  ((?:gst-launch|ffplay|vlc).*)$',
                                      printed, re.MULTILINE):
                # FFmpeg can't be told the size; rtpjpegdepay fails without it.
                if source == LARGE and not command.startswith('gst-launch'):
                    continue
                receiver = Process(command, self._directory, self._env)
                status = receiver.wait(PATIENCE)
                output, _ = receiver.stop()
                self.check(f'{host}: {command}: status {status}', status == 0,
                           output)
            demo.stop()


def main():
    enter_namespaces('gst-launch-1.0', 'ffmpeg', 'vlc')
    set_up_network()
    program, build = map(os.path.abspath, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix='demo-') as directory:
        cases = Cases(program, directory, environment(
            directory, GST_PLUGIN_PATH=f'{build}/gst'))
        cases.drops()
        cases.loses()
        cases.destinations()
        cases.receivers()
        return cases.status()


if __name__ == '__main__':
    sys.exit(main())
