#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Compares rfc2435pay, rfc2435depay and udpgsosink with stock GStreamer and
FFmpeg.

Results are written to results.json, results.md and SVG files in the build
directory. For what can't be measured here, prints SKIP and why.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import report
import pictures
from machine import describe_machine
from measure import (Process, Programs, Skip, VethPair, no_receiver,
                     unread_sockets)

SIZES = [(640, 480), (1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)]
MTUS = [576, 1400, 4000, 9000]
FULL_HD = (1920, 1080)
DEFAULT_MTU = 1400
FPS = 30
FILES = 60
QUALITY = 85

SOURCE_ALONE = 'source alone'


class Bench:
    def __init__(self, build, quick):
        self.programs = Programs(build)
        self.frames_folder = os.path.join(self.programs.folder, 'frames')
        self.quick = quick

    def count(self, full, quick):
        return quick if self.quick else full

    # What is compared

    def ours(self, pacing):
        if not self.programs.has_element('rfc2435pay'):
            raise Skip('there is no rfc2435pay')
        if pacing or not self.programs.has_property('rfc2435pay', 'pacing'):
            return 'rfc2435pay'
        return 'rfc2435pay pacing=0'

    def senders(self, *pacings):
        """Stock first, then ours with and without pacing."""
        sinks = ['udpsink']
        if self.programs.has_element('udpgsosink'):
            sinks.append('udpgsosink')
        else:
            say('SKIP udpgsosink: there is none')
        senders = ['rtpjpegpay ! udpsink',
                   *(f'{self.ours(pacing)} ! {sink}'
                     for pacing in pacings for sink in sinks)]
        return list(dict.fromkeys(senders))

    # Input

    def frames(self, size=FULL_HD):
        """A folder of JPEG files of this size, created once."""
        width, height = size
        folder = os.path.join(self.frames_folder, f'{width}x{height}')
        if not os.path.isdir(folder):
            unfinished = folder + '.part'
            shutil.rmtree(unfinished, ignore_errors=True)
            os.makedirs(unfinished)
            subprocess.run(
                [self.programs['make-frames'], str(width), str(height),
                 str(FILES), str(QUALITY), unfinished], check=True)
            os.rename(unfinished, folder)
        return folder

    def sequence(self, count):
        """The files in a loop: a pattern for this many names."""
        folder = os.path.join(self.frames_folder, 'sequence')
        os.makedirs(folder, exist_ok=True)
        for i in range(count):
            name = os.path.join(folder, f'{i:05}.jpg')
            if not os.path.lexists(name):
                os.symlink(os.path.join(self.frames(), f'{i % FILES:04}.jpg'),
                           name)
        return os.path.join(folder, '%05d.jpg')

    def push_options(self, size):
        return [f'--frames={self.frames(size)}', f'--caps={caps(size)}']

    # Parts

    def payloader(self):
        """The cost of a frame in the payloader alone, by size and by MTU."""
        cases = [(size, DEFAULT_MTU) for size in SIZES]
        cases += [(FULL_HD, mtu) for mtu in MTUS if mtu != DEFAULT_MTU]
        if self.quick:
            cases = [(FULL_HD, DEFAULT_MTU)]
        return [row for case in cases for row in self.payloader_case(*case)]

    def payloader_case(self, size, mtu):
        options = self.push_options(size)
        contenders = ['none', *(f'{payloader} mtu={mtu}' for payloader in (
            'rtpjpegpay', self.ours(pacing=False)))]
        timed = self.programs.run_json(
            [self.programs['push-frames'], *options,
             f'--rounds={self.count(15, 5)}', f'--pushes={self.count(200, 60)}',
             *contenders])
        counted = self.programs.run_json(
            [self.programs['count-allocations'], *options,
             '--rounds=10', '--pushes=60', *contenders],
            G_SLICE='always-malloc')
        cpu = [statistics.median(result['cpu_us']) for result in timed]
        instructions = self.instructions_a_frame(options, contenders)
        rows = []
        for i in range(1, len(contenders)):
            packets = timed[i]['packets']
            row = {
                'size': '{}x{}'.format(*size), 'mtu': mtu,
                'element': contenders[i].split()[0], 'packets': packets,
                'cpu_us': cpu[i] - cpu[0],
                'cpu_us_packet': (cpu[i] - cpu[0]) / packets,
                'allocations':
                    counted[i]['allocations'] - counted[0]['allocations'],
                'growth_bytes': counted[i]['growth_bytes'],
            }
            if instructions:
                row['instructions'] = instructions[i] - instructions[0]
                row['instructions_packet'] = row['instructions'] / packets
            rows.append(row)
        return rows

    def instructions_a_frame(self, options, contenders, pushes=20):
        try:
            return [self.programs.instructions(
                [self.programs['push-frames'], *options, '--warm-up=10',
                 '--rounds=1', f'--pushes={pushes}', contender]) / pushes
                for contender in contenders]
        except Skip as reason:
            say(f'SKIP instructions: {reason}')
            return None

    def depayloader(self):
        """The cost of a frame in the depayloader without losses, the cost of
        healing one that lost a packet, and the memory held in both cases."""
        if not self.programs.has_element('rfc2435depay'):
            raise Skip('there is no rfc2435depay')
        rows = []
        for resilience, mtu in (('none', DEFAULT_MTU),
                                ('markers', DEFAULT_MTU), ('chunks', 1080)):
            payloader = f'rfc2435pay error-resilience={resilience} mtu={mtu}'
            rows += self.depayloader_case(resilience, [
                *self.push_options(FULL_HD), f'--packets={payloader}'])
        return rows

    def depayloader_case(self, resilience, options):
        contenders = ['none', 'rtpjpegdepay', 'rfc2435depay']
        timed = self.programs.run_json(
            [self.programs['push-frames'], *options,
             f'--rounds={self.count(31, 7)}', f'--pushes={self.count(100, 60)}',
             *contenders])
        cpu = [statistics.median(result['cpu_us']) for result in timed]
        healing, = self.programs.run_json(
            [self.programs['push-frames'], *options, '--lose',
             f'--rounds={self.count(10, 3)}', '--pushes=100', contenders[-1]])
        instructions = self.instructions_a_frame(options, contenders)
        rows = []
        for i in range(1, len(contenders)):
            row = {
                'resilience': resilience, 'element': contenders[i],
                'packets': timed[0]['packets'],
                'frame_bytes': os.path.getsize(
                    os.path.join(self.frames(), '0000.jpg')),
                'cpu_us': cpu[i] - cpu[0],
                'healing_us': healing['frame_cpu_us'],
            }
            for lose in [], ['--lose']:
                counted, = self.programs.run_json(
                    [self.programs['count-allocations'], *options, *lose,
                     '--rounds=2', '--pushes=60', contenders[i]],
                    G_SLICE='always-malloc')
                name = 'peak_lossy' if lose else 'peak'
                row[f'{name}_bytes'] = counted['peak_bytes']
            if instructions:
                row['instructions'] = instructions[i] - instructions[0]
            rows.append(row)
        return rows

    def latency(self):
        """From a buffer going in to its last packet coming out, in real
        time."""
        contenders = ['rtpjpegpay', self.ours(pacing=False)]
        results = self.programs.run_json(
            [self.programs['push-frames'], *self.push_options(FULL_HD),
             f'--fps={FPS}', '--rounds=1', f'--pushes={self.count(900, 90)}',
             *contenders])
        rows = []
        for result in results:
            times = sorted(result['latency_us'])
            rows.append({
                'element': result['element'].split()[0],
                'median_us': statistics.median(times),
                'p99_us': times[len(times) * 99 // 100],
                'max_us': times[-1],
                'cpu_us': statistics.median(result['cpu_us']),
            })
        return rows

    def sender(self):
        """The cost of a frame in payloader and sink, flat out."""
        with unread_sockets(1) as ports:
            rows = self.sender_case('bound receiver', '127.0.0.1', ports[0])
        with no_receiver() as port:
            rows += self.sender_case('no receiver', '127.0.0.1', port)
        try:
            with VethPair() as pair:
                rows += self.sender_case('veth pair', pair.receiver, pair.port,
                                         pair.prefix)
        except Skip as reason:
            say(f'SKIP veth pair: {reason}')
        return rows

    def sender_case(self, receiver, host, port, prefix=()):
        senders = self.senders(False)
        target = f'host={host} port={port} sync=false async=false'
        results = self.programs.run_json(
            [self.programs['push-frames'], *self.push_options(FULL_HD),
             f'--rounds={self.count(15, 5)}', f'--pushes={self.count(120, 60)}',
             'none', *(f'{sender} {target}' for sender in senders)],
            prefix)
        cpu = [statistics.median(result['cpu_us']) for result in results]
        return [{'receiver': receiver, 'sender': name, 'cpu_us': us - cpu[0]}
                for name, us in zip(senders, cpu[1:])]

    def process(self):
        """Whole programs in real time, all at once, to bound sockets."""
        seconds = self.count(30, 5)
        return self.process_rows(seconds)

    def process_rows(self, seconds):
        count = seconds * FPS
        source = (f'imagesequencesrc location={self.sequence(count)} '
                  f'start-index=0 framerate={FPS}/1 num-buffers={count}')
        commands = {SOURCE_ALONE: gst_launch(f'{source} ! fakesink sync=true')}
        with unread_sockets(8) as ports:
            free = iter(ports)
            for sender in self.senders(True, False):
                commands[sender] = gst_launch(
                    f'{source} ! {sender} host=127.0.0.1 port={next(free)}')
            if shutil.which('ffmpeg'):
                commands['FFmpeg'] = self.ffmpeg(count, next(free), '-re')
            else:
                say('SKIP FFmpeg: ffmpeg is not installed')
            running = {name: Process(command, self.programs.environment)
                       for name, command in commands.items()}
            for process in running.values():
                process.finish()
        return [{
            'program': name, 'seconds': seconds,
            'cpu_s': process.cpu,
            'cpu_percent': 100 * process.cpu / seconds,
            'peak_rss_mb': process.peak_rss_mb,
        } for name, process in running.items()]

    def memory(self):
        """The same for ten minutes."""
        return self.process_rows(self.count(600, 5))

    def ffmpeg(self, count, port, *options):
        return ['ffmpeg', '-nostdin', '-loglevel', 'error', *options,
                '-framerate', str(FPS), '-start_number', '0',
                '-i', self.sequence(count), '-frames:v', str(count),
                '-c', 'copy', '-f', 'rtp',
                f'rtp://127.0.0.1:{port}?pkt_size={DEFAULT_MTU}']

    def flat_out(self):
        """Whole programs as fast as they can, to bound sockets, minus the cost
        of reading files."""
        count = self.count(1500, 300)
        sequence = self.sequence(count)
        source = (f'multifilesrc location={sequence} start-index=0 '
                  f'num-buffers={count} caps={caps(FULL_HD)}')
        commands, sources = {}, {}
        with unread_sockets(4) as ports:
            for port, sender in zip(ports, self.senders(True)):
                commands[sender] = gst_launch(
                    f'{source} ! {sender} host=127.0.0.1 port={port}')
                sources[sender] = gst_launch(f'{source} ! fakesink')
            if shutil.which('ffmpeg'):
                commands['FFmpeg'] = self.ffmpeg(count, ports[-1])
                sources['FFmpeg'] = [
                    *commands['FFmpeg'][:-2], 'null', '-']
            else:
                say('SKIP FFmpeg: ffmpeg is not installed')
            times = {name: [] for name in commands}
            for _ in range(self.count(5, 1)):
                for name in commands:
                    cpu = [Process(command, self.programs.environment).finish()
                           for command in (commands[name], sources[name])]
                    times[name].append(1e6 * (cpu[0] - cpu[1]) / count)
        return [{'program': name, 'cpu_us': statistics.median(rounds)}
                for name, rounds in times.items()]

    def delivery(self):
        """Frames that arrive at receivers with the default socket buffer."""
        count = self.count(300, 90)
        rows = []
        for source in 'live', 'file':
            for streams in self.count([1, 2, 4], [1]):
                # One stream is enough to show the effect of no pacing.
                pacings = [True, False] if streams == 1 else [True]
                for sender in self.senders(*pacings):
                    rows.append({
                        'source': source, 'streams': streams, 'sender': sender,
                        'sent': count * streams,
                        'delivered':
                            self.deliver(source, sender, streams, count),
                    })
        if shutil.which('ffmpeg'):
            arrived = self.run_to_receivers(
                1, lambda ports: self.ffmpeg(count, ports[0], '-re'))
            rows.append({'source': 'file', 'streams': 1, 'sender': 'FFmpeg',
                         'sent': count, 'delivered': arrived})
        return rows

    def deliver(self, source, sender, streams, count):
        def command(ports):
            tails = [f'{sender} host=127.0.0.1 port={port}' for port in ports]
            if source == 'live':
                return self.stream_frames(count, tails)
            file_source = (
                f'imagesequencesrc location={self.sequence(count)} '
                f'start-index=0 framerate={FPS}/1 num-buffers={count}')
            return gst_launch(*(f'{file_source} ! {tail}' for tail in tails))

        return self.run_to_receivers(streams, command)

    def stream_frames(self, count, tails):
        return [self.programs['stream-frames'], *self.push_options(FULL_HD),
                f'--fps={FPS}', f'--count={count}', *tails]

    def run_to_receivers(self, streams, command_to):
        receivers = []
        try:
            for _ in range(streams):
                receivers.append(subprocess.Popen(
                    [self.programs['receive-frames'], self.frames()],
                    env=self.programs.environment, stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE, text=True))
            ports = [int(receiver.stdout.readline().split()[1])
                     for receiver in receivers]
            Process(command_to(ports), self.programs.environment).finish()
        finally:
            arrived = [receiver.communicate()[0] for receiver in receivers]
        return sum(int(text) for text in arrived)

    def recode(self):
        """Processing of a scan, compared with jpegtran's calls of libjpeg."""
        transcode = self.programs['transcode']
        if not os.path.exists(transcode):
            raise Skip('the tests were not built')
        rows = []
        for size in self.count([(640, 480), FULL_HD, (3840, 2160)], [FULL_HD]):
            some = self.programs.run_json([transcode, *map(str, size)])
            # In valgrind, larger pictures take minutes and show the same.
            counted = ('tables', 'restart', 'check') if size <= FULL_HD else ()
            try:
                for row in some:
                    if row['case'] in counted:
                        self.count_transcoding(transcode, size, row)
            except Skip as reason:
                say(f'SKIP instructions: {reason}')
            rows += some
        return rows

    def count_transcoding(self, transcode, size, row):
        with tempfile.NamedTemporaryFile(suffix='.jpg') as file:
            subprocess.run(
                [transcode, *map(str, size), row['case'], str(row['quality'])],
                stdout=file, check=True)
            for program in 'ours', 'jpegtran':
                row[f'{program}_instructions'] = self.programs.instructions(
                    [transcode, row['case'], file.name, program],
                    'measured_frame')

    def bitrate(self):
        """A limit of the bit rate, compared with decoding and encoding."""
        if not shutil.which('ffmpeg'):
            raise Skip('ffmpeg is not installed')
        natural, computed = pictures.natural_pictures(
            os.path.join(self.programs.folder, 'pictures'),
            self.programs['make-frames'])
        if computed:
            say('SKIP photographs: their package could not be fetched; a '
                'computed picture stands for them')
        if self.quick:
            natural = natural[:2]
        bitrate = self.programs['bitrate']
        rows = []
        for name, size, files in natural:
            size = [str(length) for length in size]
            for sampling, file in files.items():
                arguments = [*size, sampling, file]
                for row in self.programs.run_json(
                        [bitrate, 'quality', *arguments]):
                    rows.append({**row, 'kind': 'quality',
                                 'sampling': sampling})
                for row in self.programs.run_json(
                        [bitrate, 'time', *arguments]):
                    rows.append({**row, 'kind': 'time', 'sampling': sampling})
                    if row['quality'] == 90 and sampling == '420':
                        rows.append({
                            **self.bitrate_elements(size, file, row),
                            'kind': 'elements', 'picture': name})
            try:
                counts = {way: self.programs.instructions(
                    [bitrate, way, *size, '420', files['420']],
                    'measured_frame')
                    for way in ('jpegtran', 'requantize', 'reencode')}
                rows.append({**counts, 'kind': 'instructions',
                             'picture': name})
            except Skip as reason:
                say(f'SKIP instructions: {reason}')
        large = [files['420'] for _, size, files in natural
                 if size == pictures.FULL_HD]
        for percent in '70', '50', '30':
            row = self.programs.run_json(
                [self.programs['bitrate_sequence'], '1920', '1080', percent,
                 *large])
            rows.append({**row, 'kind': 'sequence'})
        return rows

    def bitrate_elements(self, size, planes, made):
        """Elements that make the frames of a stream half as large."""
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, '0000.jpg'), 'wb') as file:
                subprocess.run(
                    [self.programs['bitrate'], 'source', *size, '420', planes],
                    stdout=file, check=True)
            results = self.programs.run_json(
                [self.programs['push-frames'], f'--frames={folder}',
                 f'--caps={caps(size)}', '--warm-up=20',
                 f'--rounds={self.count(9, 3)}', '--pushes=20',
                 'none', 'rfc2435pay pacing=0 '
                 f'max-bitrate={made["bytes"] // 2 * 8 * FPS}',
                 f'jpegdec ! jpegenc quality={made["reencoded_quality"]}'])
        none, ours, theirs = (statistics.median(result['cpu_us'])
                              for result in results)
        return {'rfc2435pay_ms': (ours - none) / 1e3,
                'jpegenc_ms': (theirs - none) / 1e3}

    def streams(self):
        """Live streams in one process, to bound sockets."""
        seconds = self.count(7, 3)
        rows = []
        for streams in self.count([1, 2, 4, 8], [1, 4]):
            with unread_sockets(streams) as ports:
                for sender in [SOURCE_ALONE, *self.senders(True, False)]:
                    tails = ['fakesink sync=false' if sender == SOURCE_ALONE
                             else f'{sender} host=127.0.0.1 port={port}'
                             for port in ports]
                    process = Process(
                        self.stream_frames(seconds * FPS, tails),
                        self.programs.environment)
                    process.finish()
                    rows.append({
                        'streams': streams, 'sender': sender,
                        'cpu_s': process.cpu,
                        'cpu_us': 1e6 * process.cpu / (seconds * FPS * streams),
                        'peak_rss_mb': process.peak_rss_mb,
                    })
        for row in rows:
            source = next(other for other in rows
                          if other['streams'] == row['streams'] and
                          other['sender'] == SOURCE_ALONE)
            row['cpu_us'] -= 1e6 * source['cpu_s'] / (
                seconds * FPS * row['streams'])
        return [row for row in rows if row['sender'] != SOURCE_ALONE]


PARTS = ['payloader', 'depayloader', 'latency', 'sender', 'flat-out', 'process', 'streams',
         'delivery', 'recode', 'bitrate', 'memory']


def caps(size):
    return ('image/jpeg,parsed=true,width={},height={},framerate={}/1'
            .format(*size, FPS))


def gst_launch(*chains):
    return ['gst-launch-1.0', '-q', *' '.join(chains).split()]


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', default='build-bench', type=os.path.abspath,
                        help='the build directory (build-bench)')
    parser.add_argument('--quick', action='store_true',
                        help='less of everything, for a look')
    parser.add_argument('--docs', metavar='DIRECTORY',
                        help='update performance.md and its pictures here')
    parser.add_argument('parts', nargs='*', metavar='PART',
                        help=f'one or some of {", ".join(PARTS)}; all but the '
                             'last, ten minutes long, if none is given')
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f'there is no part {part}')

    bench = Bench(arguments.build, arguments.quick)
    results = {'machine': describe_machine(), 'quick': arguments.quick,
               'parts': {}}
    skipped = []
    for part in arguments.parts or PARTS[:-1]:
        say(part)
        try:
            rows = getattr(bench, part.replace('-', '_'))()
        except Skip as reason:
            print(f'SKIP: {part}: {reason}')
            skipped.append(part)
            continue
        results['parts'][part] = rows

    report.write(results, arguments.build, arguments.docs)
    return 0 if results['parts'] else 77


if __name__ == '__main__':
    sys.exit(main())
