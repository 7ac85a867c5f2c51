# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How the code blocks of the documents are run, and which are not run."""

import os
import re

from sandbox import Failure

# The sender in README, for its receivers.
TEST_SENDER = (
    'gst-launch-1.0 videotestsrc is-live=true horizontal-speed=4 '
    '! video/x-raw,format=I420,width=1280,height=720,framerate=30/1 ! jpegenc '
    '! rfc2435pay ! udpsink host=192.0.2.7 port=5000 sync=false')

TEST_SERVER = 'rfc2435-rtsp-camera --test-picture'

# These make files that commands read.
FILES = [
    'gst-launch-1.0 -q videotestsrc num-buffers=1 ! jpegenc '
    '! filesink location=in.jpg',
]

# Warnings that are intended, or that are due to the missing camera.
MEANT = [
    (r'recode=never', r'WARNING: .*Dropped a frame'),
    (r'source::', r'WARNING: .*[Cc]amera'),
]

# The beginnings of commands that are not run, and why.
NOT_RUN = {
    r'vlc rtsp:': 'Debian builds VLC without live555',
    r'ros2 ': 'ROS is not in Debian',
    r'sudo systemctl |journalctl ': 'needs systemd',
    r'meson test -C build --suite camera': 'a suite of its own',
    r'meson test -C build --benchmark': 'measures for minutes',
    r'(\w+=\S+ )*meson test -C build ': 'not built with the tests',
    r'GST_CHECKS=.*tests/camera/suite.sh': 'the suite camera runs it',
    r'tests/camera/run-guest.sh': 'the suite camera runs it',
    r'modprobe ': 'needs kernel modules; the suite camera does it in a guest',
    r'build/tests/camera/testcamera': 'the suite camera runs it',
    r'build/tests/benchmarks/': 'not built with the plugin alone',
    r'ffmpeg -i (0000|source)\.jpg': 'needs what the line before makes',
    r'meson setup build && meson compile': 'the test install does as much',
    r'meson devenv -C build \.\./tests/interop/': 'the suite interop runs it',
    r'g_object_': 'C, of which tests/examples has whole programs',
    r'build/demo/rfc2435-demo --loss': 'the test demo does as much',
    r'meson devenv -C build \.\./tests/benchmarks/': 'measures for minutes',
    r'tools/(test|bench|fuzz|soak)\b': 'takes minutes to hours; CI runs it',
}


def why_not_run(command):
    for start, why in NOT_RUN.items():
        if re.match(start, command):
            return why
    return None


def is_meant(command, line):
    return any(re.search(part, command) and re.match(warning, line)
               for part, warning in MEANT)


def is_output(block):
    """Whether it is the output of commands, or a drawing."""
    return block.language == 'text' or \
        re.match(r'\d+ seconds, \d+ size changes', block.text)


def is_installation(block):
    return block.document == 'README.md' and re.search(
        r'tools/demo|meson (setup|install|devenv)', block.text)


def file_name(block):
    """The file that the document says to save the block as."""
    for start, name in ('v=0\n', 'stream.sdp'), ('OPTIONS=', 'options'):
        if block.text.startswith(start):
            return name
    return None


def kind(command):
    # Feedback goes the other way.
    if 'recv_rtp_src' in command:
        return 'receive'
    if re.search(r'\budp(gso)?sink\b', command):
        return 'send'
    if command.startswith('rfc2435-rtsp-camera'):
        return 'while'
    if re.search(r'\budpsrc\b|stream\.sdp|rtsp://', command):
        return 'receive'
    if command.startswith('gst-launch-1.0 '):
        return 'while'
    return None


def sender(command):
    """The command that sends to a receiver."""
    return TEST_SERVER if 'rtsp://' in command else TEST_SENDER


def runnable(command):
    """The command, completed where the document leaves parts open."""
    command = command.replace('! …', '! fakesink')
    if command.startswith('rfc2435-rtsp-camera'):
        command = re.sub(r' --camera=\S+', '', command) + ' --test-picture'
    if command.startswith('ffmpeg ') and '-listen' in command:
        # A browser that has seen enough of it
        command = (f'{command} < /dev/null & until ffmpeg -loglevel error '
                   '-f mpjpeg -i http://127.0.0.1:8080/ -frames:v 10 -f null -; '
                   'do sleep 1; done; kill $! || true')
    elif command.startswith('ffmpeg '):
        command = command.replace(' -c copy ', ' -t 1 -c copy ')
    # Ten recorded frames are the end.
    if 'udpsrc' in command:
        command = command.replace(
            '! matroskamux', '! identity eos-after=10 ! matroskamux')
    return command


def check_installation(output):
    """Ends with what gst-inspect-1.0 prints, which names every element."""
    for element in ['rfc2435pay', 'rfc2435depay', 'v4l2mjpegsrc', 'udpgsosink',
                    'jpegflip']:
        if not re.search(rf'^  {element}:', output, re.MULTILINE):
            raise Failure(f'gst-inspect-1.0 does not name {element}:\n{output}')
    # Optimizing more than the tests do, compilers see more.
    if 'CI' in os.environ and ': warning: ' in output:
        raise Failure(f'there are warnings:\n{output}')


def check_demo(process):
    """A busy machine may lose some frames; everything else must be right."""
    status = process.wait(1800)
    process.stop()
    output = process.output()
    if status == 0:
        return
    counts = re.search(r'^(\d+) frames arrived with the same pixels, 0 with '
                       r'different ones, (\d+) were lost$', output, re.MULTILINE)
    if not counts or int(counts[2]) > int(counts[1]):
        raise Failure(f'status {status}:\n{output}')
    print(f'{counts[2]} frames were lost')
