#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""rfc2435pay among the elements that people put around it.

  run.py SOURCES BUILD LOSSY_LINK SEEK SEEK_OVER_NETWORK WEBRTC [RECORD_SERVER]
"""

import glob
import os
import re
import shlex
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from blocks import blocks
from sandbox import (PATIENCE, Failure, Process, enter_namespaces, environment,
                     set_up_network, sh)
from sender_report import SenderReport, is_sender_report
from traffic import Listener

SOURCE = ('videotestsrc is-live=true ! '
          'video/x-raw,format=I420,width=640,height=480,framerate=30/1 ! jpegenc')
HOST = '192.0.2.7'
RTP = ('application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,'
       'payload=26')
KEY = '0123456789' * 6
DEPAYLOADERS = 'rtpjpegdepay', 'rfc2435depay'
LINK_CAMERA = (
    'videotestsrc is-live=true horizontal-speed=4 ! '
    'video/x-raw,format=I420,width=640,height=480,framerate=60/1 ! jpegenc')


class Sandbox:
    def __init__(self, directory, env):
        self.directory = directory
        self.env = env

    def start(self, command):
        return Process(command, self.directory, self.env)

    def run(self, command):
        """Runs a command, which must end by itself with status 0."""
        process = self.start(command)
        status = process.wait(PATIENCE)
        output, _ = process.stop()
        expect(status == 0, f'{command}: status {status}:\n{output}')
        return output

    def files(self, pattern):
        """In the order of their names."""
        return sorted(glob.glob(os.path.join(self.directory, pattern)))


def expect(good, what):
    if not good:
        raise Failure(what)


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def is_bound(port):
    """Whether somebody listens at this port."""
    with open('/proc/net/udp') as sockets:
        return any(line.split()[1].endswith(f':{port:04X}')
                   for line in sockets.readlines()[1:])


def contents(paths):
    return [Path(path).read_bytes() for path in paths]


def recorded_and_sent(sandbox):
    """tee to splitmuxsink and to the network, and to one Matroska file: each frame
    is recorded as it was taken."""
    for name, sink in [
            ('parts', 'splitmuxsink muxer=matroskamux max-size-time=1000000000 '
             'location=parts-%05d.mkv'),
            ('one', 'matroskamux ! filesink location=one.mkv')]:
        with Listener([(HOST, 5000)]) as listener:
            process = sandbox.start(
                f'exec gst-launch-1.0 -e {SOURCE} ! jpegparse ! tee name=t '
                f't. ! queue ! rfc2435pay ! udpsink host={HOST} port=5000 '
                f'sync=false t. ! queue ! {sink} t. ! queue ! multifilesink '
                f'sync=false location={name}-taken-%05d.jpg')
            arrived = listener.wait_frames(75, PATIENCE)
            output, status = process.stop()
        expect(arrived and status == 0 and 'ERROR' not in output,
               f'{listener}, status {status}:\n{output}')
        files = sandbox.files(f'{name}*.mkv')
        expect(len(files) >= 2 or name == 'one', files)
        for file in files:
            sandbox.run(f'gst-launch-1.0 -q filesrc location={file} '
                        '! matroskademux ! multifilesink sync=false '
                        f'location={file}-%05d.jpg')
        taken = contents(sandbox.files(f'{name}-taken-*'))
        recorded = contents(sandbox.files(f'{name}*.mkv-*'))
        expect(len(taken) >= 75 and recorded == taken,
               f'{name}: {len(taken)} frames taken, {len(recorded)} recorded')


def played_and_sought(sandbox, seek):
    sandbox.run('gst-launch-1.0 -q videotestsrc num-buffers=300 '
                '! video/x-raw,format=I420,framerate=30/1 ! jpegenc '
                '! matroskamux ! filesink location=ten-seconds.mkv')
    sandbox.run(f'{seek} ten-seconds.mkv')


def scan_of(path):
    """The data after the header, which differs between receivers."""
    with open(path, 'rb') as file:
        jpeg = file.read()
    sos = jpeg.index(b'\xff\xda') + 2
    return jpeg[sos + int.from_bytes(jpeg[sos:sos + 2], 'big'):]


def sought_over_network(sandbox, seek_over_network):
    """Partial frames, as left by seeks, never become pictures."""
    sandbox.run(
        'gst-launch-1.0 -q videotestsrc num-buffers=90 pattern=snow '
        '! video/x-raw,format=I420,width=640,height=480,framerate=30/1 '
        '! jpegenc ! tee name=t t. ! queue ! avimux ! filesink '
        'location=snow.avi t. ! queue ! multifilesink location=sent-%05d.jpg')
    sent = {scan_of(path) for path in sandbox.files('sent-*.jpg')}
    expect(len(sent) == 90, f'{len(sent)} pictures')
    receiver = sandbox.start(
        f"exec gst-launch-1.0 -q udpsrc port=5000 caps='{RTP}' "
        '! rtpjpegdepay ! multifilesink location=received-%05d.jpg')
    try:
        expect(wait_until(lambda: is_bound(5000)), receiver.output())
        print('  ' + sandbox.run(f'{seek_over_network} snow.avi {HOST} 5000'),
              end='')
        # On a busy machine, some are lost.
        expect(wait_until(lambda: len(sandbox.files('received-*.jpg')) >= 10),
               'hardly any picture came')
    finally:
        receiver.stop()
    paths = sandbox.files('received-*.jpg')
    wrong = sum(scan_of(path) not in sent for path in paths)
    print(f'  {len(paths)} pictures received, {wrong} of them wrong')
    expect(wrong == 0, f'{wrong} pictures were not sent so')


def over_link(sandbox, lossy_link, sender, receiver, lost):
    return sandbox.run(shlex.join(
        [lossy_link, sender, receiver, '40', *lost.split()]))


def encrypted(sandbox, lossy_link):
    srtp = RTP.replace('x-rtp', 'x-srtp') + (
        f',ssrc=(uint)305419896,srtp-key=(buffer){KEY},'
        'srtp-cipher=(string)aes-128-icm,srtp-auth=(string)hmac-sha1-80,'
        'srtcp-cipher=(string)aes-128-icm,srtcp-auth=(string)hmac-sha1-80')
    for depayloader in DEPAYLOADERS:
        print(f'  {depayloader}: ' + over_link(
            sandbox, lossy_link,
            f'{LINK_CAMERA} ! rfc2435pay name=pay ssrc=305419896 '
            f'! srtpenc key={KEY} ! appsink name=to-5000 sync=false',
            f'appsrc name=from-5000 caps={srtp} ! srtpdec '
            f'! {depayloader} name=depay ! fakesink sync=false',
            '1 0 0'), end='')


def piped(command, depayloader):
    """A pipeline for lossy_link. It must not depend on timing, since the machine
    may be busy."""
    pipeline = ' '.join(shlex.split(command)[1:])
    for pattern, replacement in [
            (r'\bv4l2mjpegsrc\b', LINK_CAMERA),
            (r'\brfc2435pay\b', 'rfc2435pay name=pay'),
            (r'\budpsink host=\S+ port=(\d+)', r'appsink name=to-\1'),
            (r'\budpsrc port=(\d+)( buffer-size=\d+)?',
             r'appsrc name=from-\1'),
            (r'\brfc2435depay !.* ! autovideosink\b',
             f'{depayloader} name=depay ! fakesink sync=false'),
            (r'\brtpjitterbuffer latency=\d+',
             'rtpjitterbuffer faststart-min-packets=1 latency=100000'),
            (r'\bsize-time=\d+', 'size-time=100000000000')]:
        pipeline = re.sub(pattern, replacement, pipeline)
    return pipeline


def repaired(sandbox, lossy_link, sources):
    """The pipelines of docs/lossy-networks.md: what is lost is restored, packet
    by packet and byte by byte."""
    with open(f'{sources}/docs/lossy-networks.md', encoding='utf-8') as text:
        commands = [command
                    for block in blocks('lossy-networks.md', text.read())
                    for command in block.commands()
                    if command.startswith('gst-launch-1.0 ')]
    # One packet in ten is lost, also of retransmitted ones, and ten consecutive
    # packets of each matrix.
    for element, lost in ('rtprtx', '10 7 1'), ('rtpst2022-1-fec', '100 30 10'):
        sender, receiver = [command for command in commands
                            if element in command]
        for depayloader in DEPAYLOADERS:
            print(f'  {element}, {depayloader}: ' + over_link(
                sandbox, lossy_link, piped(sender, ''),
                piped(receiver, depayloader), lost), end='')


def session_with_rtcp(sandbox):
    """rtpbin: a receiver plays, and sender reports say when frames were taken."""
    bin_ = 'rtpbin name=b'
    sender = sandbox.start(
        f'gst-launch-1.0 {bin_} {SOURCE} ! rfc2435pay ! b.send_rtp_sink_0 '
        f'b.send_rtp_src_0 ! udpsink host={HOST} port=5000 sync=false '
        f'b.send_rtcp_src_0 ! udpsink host={HOST} port=5001 sync=false '
        'async=false')
    try:
        errors = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtcp:
            rtp.bind((HOST, 5000))
            rtcp.bind((HOST, 5001))
            rtcp.settimeout(PATIENCE)
            rtp.settimeout(PATIENCE)
            report = rtcp.recv(2048)
            expect(is_sender_report(report),
                   f'RTCP type {report[1]}, no sender report')
            report = SenderReport(report)
            # The next frames, by the clock that the report gives
            last = None
            while len(errors) < 30:
                packet = rtp.recv(65536)
                now = time.time()
                number = struct.unpack('>I', packet[4:8])[0]
                if number != last:
                    errors.append(now - report.time_of(number))
                last = number
        # A frame arrives after it was taken, and soon.
        median = statistics.median(errors)
        print(f'  frames come {1000 * median:.1f} ms after their sender report '
              'says that they were taken')
        expect(-0.001 < median < 1, f'{median} s')
        sandbox.run(
            f"gst-launch-1.0 {bin_} udpsrc port=5000 caps='{RTP}' "
            '! b.recv_rtp_sink_0 udpsrc port=5001 ! b.recv_rtcp_sink_0 '
            'b. ! rtpjpegdepay ! jpegdec ! autovideosink')
    finally:
        sender.stop()


def to_a_web_peer(sandbox, webrtc):
    # ICE ignores the loopback interface.
    sh('ip', 'link', 'add', 'ice', 'type', 'veth', 'peer', 'name', 'ice-peer')
    sh('ip', 'address', 'add', '192.0.2.65/32', 'dev', 'ice')
    for interface in 'ice', 'ice-peer':
        sh('ip', 'link', 'set', interface, 'up')
    print('  ' + sandbox.run(webrtc), end='')


def has_elements(*names):
    return all(subprocess.run(['gst-inspect-1.0', name], check=False,
                              stdout=subprocess.DEVNULL).returncode == 0
               for name in names)


def published(sandbox, record_server):
    """rtspclientsink chooses the payloader itself."""
    for protocol in 'tcp', 'udp':
        server = sandbox.start(
            f'exec {record_server} {protocol}-received-%05d.jpg')
        expect(server.wait_output('port ', PATIENCE), server.output())
        port = re.search(r'port (\d+)', server.output())[1]
        client = sandbox.start(
            f'exec gst-launch-1.0 -v {SOURCE} ! tee name=t t. '
            f'! multifilesink location={protocol}-sent-%05d.jpg sync=false '
            't. ! queue ! rtspclientsink '
            f'location=rtsp://{HOST}:{port}/record protocols={protocol}')
        status = server.wait(PATIENCE)
        server_output, _ = server.stop()
        output, _ = client.stop()
        expect(status == 0 and 'rfc2435pay' in output,
               f'{protocol}:\n{server_output}\n{output}')
        # Each was ended in the midst of the next picture.
        sent = sandbox.files(f'{protocol}-sent-*')[:-1]
        received = sandbox.files(f'{protocol}-received-*')[:10]
        # On a busy machine, some are lost.
        foreign = {scan_of(path) for path in received} - {
            scan_of(path) for path in sent}
        expect(len(received) == 10 and not foreign,
               f'{protocol}: {len(received)} pictures received, '
               f'{len(foreign)} of them not sent')


def main():
    enter_namespaces('gst-launch-1.0')
    set_up_network()
    (sources, build, lossy_link, seek, seek_over_network, webrtc,
     *record_server) = map(os.path.abspath, sys.argv[1:])
    failed = 0
    with tempfile.TemporaryDirectory(prefix='together-') as directory:
        sandbox = Sandbox(directory, environment(
            directory, GST_PLUGIN_PATH=f'{build}/gst'))
        cases = [(recorded_and_sent, []), (played_and_sought, [seek]),
                 (sought_over_network, [seek_over_network]),
                 (encrypted, [lossy_link]), (repaired, [lossy_link, sources]),
                 (session_with_rtcp, [])]
        for case, arguments, elements in [
                (to_a_web_peer, [webrtc], ['webrtcbin', 'nicesrc', 'dtlsenc']),
                (published, record_server, ['rtspclientsink'])]:
            if arguments and has_elements(*elements):
                cases.append((case, arguments))
            else:
                print(f'not run: {case.__name__}: needs {", ".join(elements)}')
        for case, arguments in cases:
            try:
                case(sandbox, *arguments)
                print(f'ok: {case.__name__}', flush=True)
            except (Failure, OSError) as failure:
                failed += 1
                print(f'FAILED: {case.__name__}: {failure}', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
