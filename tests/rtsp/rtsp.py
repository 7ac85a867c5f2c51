#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""rfc2435-rtsp-camera as its users see it.

  rtsp.py PROGRAM BUILD
"""

import glob
import os
import re
import select
import subprocess
import sys
import tempfile
import time

from client import Client, RtspError
from network_camera import NetworkCamera
from sandbox import (PATIENCE, Failure, Process, enter_namespaces, environment,
                     set_up_network)

HOST = '192.0.2.7'
# This machine and another one, with a cable between them
NEAR, FAR = '198.51.100.1', '198.51.100.2'
PICTURE = ('videotestsrc is-live=true ! video/x-raw,format=I420,width=640,'
           'height=480,framerate=30/1 ! jpegenc')
# Small enough for a reader of twenty streams on a busy machine: the server skips
# frames for clients that read too slowly.
SMALL_PICTURE = ('videotestsrc is-live=true ! video/x-raw,format=I420,'
                 'width=160,height=120,framerate=10/1 ! jpegenc')


class Server:
    """The running program; checks at the end that it still runs, and that it
    stops when told."""

    def __init__(self, sandbox, *arguments):
        program, directory, env = sandbox
        words = [program, '--port=0', *arguments]
        self.process = Process(
            'exec ' + ' '.join(f"'{word}'" for word in words), directory, env)
        if not self.process.wait_output('rtsp://', PATIENCE):
            raise Failure('it did not start:\n' + self.process.output())
        self.port = int(re.search(r'rtsp://[\d.]+:(\d+)/',
                                  self.process.output())[1])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        ended = self.process.wait(0)
        output, status = self.process.stop()
        if kind is None and (ended is not None or status != 0):
            raise Failure(f'ended with {ended}, status {status}:\n{output}')
        if kind is not None:
            print(output)

    def client(self, path='/camera', **options):
        return Client(HOST, self.port, path, **options)

    def url(self, path='/camera', login='', host=HOST):
        return f'rtsp://{login}{host}:{self.port}{path}'

    def proc(self, name):
        return f'/proc/{self.process.pid}/{name}'

    def descriptors(self):
        return len(os.listdir(self.proc('fd')))

    def threads(self):
        return len(os.listdir(self.proc('task')))

    def resident_kib(self):
        with open(self.proc('status'), encoding='ascii') as status:
            return int(re.search(r'VmRSS:\s+(\d+)', status.read())[1])


def expect(good, what):
    if not good:
        raise Failure(what)


def wait_until(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        expect(time.monotonic() < end, f'in vain: {what}')
        time.sleep(0.2)


def check_player(sandbox, command):
    _, directory, env = sandbox
    player = Process(command, directory, env)
    played = player.played(PATIENCE)
    output, status = player.stop()
    expect(played, f'{command}: status {status}:\n{output}')


def rtspsrc(url, protocol, end='rtpjpegdepay ! jpegdec ! autovideosink'):
    return (f'gst-launch-1.0 rtspsrc location={url} protocols={protocol} '
            f'latency=50 ! {end}')


def ffmpeg(url, transport, end='-frames:v 10 -f null -'):
    return (f'ffmpeg -nostdin -loglevel warning -rtsp_transport {transport} '
            f'-i {url} {end}')


def another_machine():
    """Connects a network namespace; returns what runs a command there."""
    # It ends with this test's process namespace.
    holder = subprocess.Popen(['unshare', '--net', 'sleep', 'infinity'])
    inside = f'nsenter --net=/proc/{holder.pid}/ns/net '
    own = os.readlink('/proc/self/ns/net')
    wait_until(lambda: os.readlink(f'/proc/{holder.pid}/ns/net') != own,
               'a network namespace')
    for command in [
            f'ip link add near type veth peer name far netns {holder.pid}',
            f'ip address add {NEAR}/24 dev near', 'ip link set near up',
            'ip route replace 224.0.0.0/4 dev near',
            inside + f'ip address add {FAR}/24 dev far',
            inside + 'ip link set lo up', inside + 'ip link set far up',
            inside + 'ip route add 224.0.0.0/4 dev far']:
        subprocess.run(command.split(), check=True)
    return inside


def decoded(directory, pictures):
    """A digest of each picture of numbered files."""
    report = subprocess.run(
        ['ffmpeg', '-nostdin', '-loglevel', 'error', '-i', pictures,
         '-f', 'framemd5', '-'],
        check=True, cwd=directory, text=True, stdout=subprocess.PIPE).stdout
    return [line.split()[-1] for line in report.splitlines() if line[0] != '#']


def players(sandbox):
    """Three at a time, each of which joins later: over UDP, over TCP, and on
    another machine over multicast, since two programs on one machine can't use the
    same multicast port. All that they get was sent, pixel by pixel."""
    _, directory, env = sandbox
    far = another_machine()
    for name, player, end, multicast in [
            ('rtpjpegdepay', rtspsrc,
             'rtpjpegdepay ! multifilesink location={}', 'udp-mcast'),
            ('rfc2435depay', rtspsrc,
             'rfc2435depay conceal=none ! multifilesink location={}',
             'udp-mcast'),
            ('ffmpeg', ffmpeg, '-c copy {}', 'udp_multicast')]:
        def files(what):
            return f'{name}-{what}-%05d.jpg'

        def written(what):
            return sorted(glob.glob(f'{directory}/{name}-{what}-?????.jpg'))

        def count(what):
            return len(written(what))

        sent = (f'{PICTURE} ! tee name=t ! multifilesink async=false '
                f'location={directory}/{files("sent")} t. ! identity')
        with Server(sandbox, f'--source={sent}') as server:
            running = {}
            for transport, prefix, host in [
                    ('udp', '', HOST), ('tcp', '', HOST), (multicast, far, NEAR)]:
                running[transport] = Process(
                    'exec ' + prefix + player(
                        server.url(host=host), transport,
                        end.format(files(transport))),
                    directory, env)
                wait_until(lambda: count(transport) >= 5,
                           f'pictures of {name}, {transport}')
            alone = {transport: count(transport) for transport in running}
            for transport in running:
                wait_until(lambda: count(transport) >= alone[transport] + 10,
                           f'more pictures of {name}, {transport}')
            for transport, process in running.items():
                process.stop()
                # The picture that it was writing
                os.remove(written(transport)[-1])
            wait_until(lambda: 'closed, no client' in server.process.output(),
                       'the camera is closed')
            expect(server.process.output().count('opened') == 1, 'opened once')
        pictures = set(decoded(directory, files('sent')))
        for transport in running:
            got = decoded(directory, files(transport))
            expect(len(got) >= 14 and set(got) <= pictures,
                   f'{name}, {transport}: {len(got)} pictures, '
                   f'{len(set(got) - pictures)} of them not sent')


def twenty_clients(sandbox):
    with Server(sandbox, f'--source={SMALL_PICTURE}') as server:
        clients = [server.client() for _ in range(20)]
        for client in clients:
            client.play()
        for _ in range(10):
            for client in clients:
                client.read_frames(1)
        expect(server.process.output().count('opened') == 1, 'opened once')
        for client in clients[::2]:
            expect(client.teardown() == 200, 'teardown')
            client.close()
        for client in clients[1::2]:
            client.read_frames(5)
            expect(client.gaps == 0, f'{client.gaps} gaps')
            client.close()
        wait_until(lambda: 'closed, no client' in server.process.output(),
                   'the camera is closed')


def joined_later(sandbox):
    """One who plays from the start, as players do, doesn't take others back to it."""
    with Server(sandbox, f'--source={SMALL_PICTURE}') as server:
        first, second = server.client(), server.client()
        first.play()
        first.read_frames(10)
        second.play()
        second.read_frames(5)
        for _ in range(300):
            if first.timestamp == second.timestamp:
                break
            first.read_frames(1)
        else:
            raise Failure('they get different pictures')
        least, _ = first.timestamp_steps
        expect(first.gaps == 0 and least >= 0,
               f'{first.gaps} gaps, timestamps from {least} s apart')
        for client in first, second:
            client.close()


def two_hundred_connects(sandbox):
    """Polite and rude ones in turn; nothing is left of them."""
    with Server(sandbox, f'--source={PICTURE}', '--keep-open') as server:
        def come_and_go(number):
            client = server.client()
            if number % 4 == 3:  # says nothing at all
                client.close()
                return
            client.play()
            client.read_frames(1)
            if number % 4 == 0:
                expect(client.teardown() == 200, 'teardown')
            client.close()

        for number in range(20):
            come_and_go(number)
        time.sleep(3)
        descriptors, threads = server.descriptors(), server.threads()
        resident = server.resident_kib()
        for number in range(200):
            come_and_go(number)
        wait_until(lambda: server.descriptors() <= descriptors + 2,
                   f'{server.descriptors()} descriptors, {descriptors} before')
        wait_until(lambda: server.threads() <= threads + 2,
                   f'{server.threads()} threads, {threads} before')
        grown = server.resident_kib() - resident
        print(f'  200 connects: {grown} KiB more, {server.descriptors()} '
              f'descriptors, {server.threads()} threads')
        expect(grown < 16384, f'{grown} KiB more after 200 connects')


def stopped_reading(sandbox):
    """A client that stops reading affects neither the others nor memory."""
    with Server(sandbox, f'--source={PICTURE}') as server:
        reader, sleeper = server.client(), server.client(receive_buffer=4096)
        reader.play()
        sleeper.play()
        reader.read_frames(30)
        resident = server.resident_kib()
        reader.read_frames(600)
        grown = server.resident_kib() - resident
        print(f'  one stopped reading: {grown} KiB more after 600 frames')
        expect(reader.gaps == 0, f'the other lost packets, {reader.gaps} times')
        expect(grown < 32768, f'{grown} KiB more')
        late = server.client()
        late.play()
        late.read_frames(10)
        for client in reader, sleeper, late:
            client.close()


def passwords(sandbox):
    with Server(sandbox, f'--source={PICTURE}', '--user=me',
                '--password=secret') as server:
        try:
            server.client().play()
            raise Failure('played without a password')
        except RtspError as error:
            expect('401' in str(error), str(error))
        for login, wanted in ('me:secret@', True), ('me:wrong@', False):
            try:
                check_player(sandbox, ffmpeg(server.url(login=login), 'tcp'))
                good = True
            except Failure as failure:
                good = False
                print('  ' + str(failure).splitlines()[-1])
            expect(good == wanted, f'{login} is let in: {good}')
        check_player(sandbox, rtspsrc(server.url(), 'tcp').replace(
            'protocols', 'user-id=me user-pw=secret protocols'))
    # As written by an editor of another system
    with open(os.path.join(sandbox[1], 'password'), 'wb') as file:
        file.write(b'secret\r\n')
    with Server(sandbox, f'--source={PICTURE}', '--user=me',
                '--password-file=password') as server:
        check_player(sandbox, ffmpeg(server.url(login='me:secret@'), 'tcp'))


def mounts(sandbox):
    with Server(sandbox, '--test-picture', '--mount=/left', '--mount=right',
                '--width=320', '--height=240', '--framerate=15',
                '--stats') as server:
        for number, path in enumerate(['/left', '/right'], 1):
            client = server.client(path)
            sdp = client.play()
            expect(re.search(r'a=framerate:15\b', sdp), sdp)
            sessions = '1 session' if number == 1 else f'{number} sessions'
            line = (rf'^{path}: {sessions} in total, '
                    r'[\d.]*[1-9][\d.]* frames/s, [\d.]*[1-9][\d.]* Mbit/s, '
                    r'[1-9]\d* frames sent, 0 dropped, 0 recoded$')
            for _ in range(30):
                client.read_frames(15)
                if re.search(line, server.process.output(), re.MULTILINE):
                    break
            else:
                raise Failure(f'a line a second:\n{server.process.output()}')
            client.close()
        status, _ = server.client('/middle').request('DESCRIBE')
        expect(status == 404, f'/middle: {status}')


def capture_times(sandbox):
    """Sender reports say when pictures were captured, not when they were sent:
    half a second later."""
    late = SMALL_PICTURE.replace(
        '! jpegenc', '! queue max-size-bytes=0 max-size-buffers=0 '
        'max-size-time=1000000000 min-threshold-time=500000000 ! jpegenc')
    started = time.time()
    with Server(sandbox, f'--source={late}') as server:
        client = server.client()
        client.play()
        while client.picture_time is None:
            client.read_frames(1)
        age = time.time() - client.picture_time
        expect(0.5 <= age < time.time() - started,
               f'sent {age} s after the time reported')
        client.close()


def network_camera():
    """With a picture so small that clients need not be read all the time."""
    return NetworkCamera(subprocess.run(
        ['gst-launch-1.0', '-q', *'videotestsrc num-buffers=1 ! video/x-raw,'
         'format=I420,width=160,height=120 ! jpegenc ! fdsink'.split()],
        check=True, stdout=subprocess.PIPE).stdout)


def unplugged(sandbox):
    """A camera that is unplugged and plugged in again ends no session, and
    another one's clients don't notice."""
    _, directory, env = sandbox
    camera = network_camera()
    shown = os.path.join(directory, 'shown')
    os.mkdir(shown)

    def pictures():
        return len(os.listdir(shown))

    with Server(sandbox, f'--source={camera.source()}', '--mount=/left',
                '--mount=/right', '--stats') as server:
        expect(camera.users() == 0, 'open without a client')
        # Players may extend the URL; the camera is still opened only once.
        player = Process(
            'exec gst-launch-1.0 -q rtspsrc protocols=udp latency=50 '
            f'location={server.url("/left/?profile=1")} '
            f'! rtpjpegdepay ! multifilesink location={shown}/%05d.jpg',
            directory, env)
        wait_until(lambda: pictures() >= 5, 'pictures of the player')
        left, right = server.client('/left'), server.client('/right')
        left.play()
        left.read_frames(5)
        expect(camera.users() == 1, f'opened {camera.users()} times')
        right.play()
        right.read_frames(5)
        expect(camera.users() == 2, f'opened {camera.users()} times')

        camera.unplug(0)
        # Up to this message, the server may read pictures sent before.
        ended = r'^/left: \S+: The source ended its stream'
        expect(server.process.wait_match(ended, PATIENCE),
               server.process.output())
        away_since = time.monotonic()
        late = server.client('/left')
        late.play()
        words = (r'^/left: \S+: The source ended its stream. Waiting for the '
                 r'camera\.$.*^/left: \d sessions in total, no picture for '
                 r'[1-9]\d* s, \d+ frames sent')
        wait_until(lambda: re.search(words, server.process.output(),
                                     re.MULTILINE | re.DOTALL), words)
        wait_until(lambda: camera.users() == 1, 'the camera is unplugged')
        right.read_frames(5)
        before = pictures()
        away = time.monotonic() - away_since

        camera.plug_in()
        wait_until(lambda: pictures() >= before + 5,
                   'pictures of the player, after the camera was away')
        for _ in range(300):
            left.read_frames(1)
            if left.timestamp_steps[1] >= away:
                break
        else:
            raise Failure('timestamps go on as if the camera had not been away')
        for client in left, late, right:
            client.read_frames(5)
            least, most = client.timestamp_steps
            expect(client.gaps == 0 and least >= 0 and most < 600,
                   f'{client.gaps} gaps, timestamps {least} to {most} s apart')
        print(f'  {away:.2f} s without the camera are a step of '
              f'{left.timestamp_steps[1]:.2f} s in the stream')
        expect(server.process.wait_output('/left: the camera is back', PATIENCE),
               server.process.output())
        # When it is stopped, rtspsrc may fail: see Process.output_in_play().
        expect(player.wait(0) is None, player.output())
        player.stop()
        for client in left, late, right:
            client.close()
        wait_until(lambda: camera.users() == 0, 'the cameras are closed')
        expect(server.process.output().count(': opened') == 2, 'opened twice')


def absent(sandbox):
    """Clients that wait for an absent camera don't make others wait."""
    camera = network_camera()
    with Server(sandbox, f'--source={camera.source()}', '--mount=/left',
                '--mount=/right') as server:
        left = server.client('/left')
        left.play()
        left.read_frames(5)
        camera.unplug()
        # The server waits for 20 seconds, in which a very busy machine may not
        # get to the others.
        for _ in range(3):
            waiting = server.client('/right')
            waiting.send_request('DESCRIBE', Accept='application/sdp')
            wait_until(lambda: '/right: opened' in server.process.output(),
                       'the request is served')
            left.read_frames(10)
            other = server.client('/left')
            other.play()
            other.read_frames(5)
            if not select.select([waiting], [], [], 0)[0]:
                break
        else:
            raise Failure('others wait as long as who waits for a camera')
        camera.plug_in()
        waiting.play_described()
        waiting.read_frames(5)
        for client in left, other, waiting:
            expect(client.gaps == 0, f'{client.gaps} gaps')
            client.close()
    with Server(sandbox, '--camera=no such camera') as server:
        client = server.client()
        client.send_request('DESCRIBE')
        wait_until(lambda: "No camera 'no such camera' found. Waiting for one." in
                   server.process.output(), 'words about the absent camera')
        # It still stops when told.


def gone_for_good(sandbox):
    """Clients of a source that has failed are disconnected, and the next one
    opens it again."""
    for options in [], ['--keep-open']:
        camera = network_camera()
        source = camera.source('reconnect=false')
        with Server(sandbox, f'--source={source}', *options) as server:
            def play():
                client = server.client()
                client.play()
                client.read_frames(5)
                # The previous user may not be gone yet.
                wait_until(lambda: camera.users() == 1, 'opened once')
                return client

            expect(camera.users() == len(options), 'opened before a client comes')
            client = play()
            camera.unplug(0)
            try:
                client.read_frames(1000)
                raise Failure('the session goes on')
            except RtspError as error:
                expect('closed' in str(error), str(error))
            try:
                server.client().play()
                raise Failure('plays without a camera')
            except RtspError as error:
                expect('503' in str(error), str(error))
            wait_until(lambda: '/camera: closed, no picture arrived' in
                       server.process.output(), 'words about it')
            camera.plug_in()
            client = play()
            client.close()
            if options:
                wait_until(lambda: server.process.output().count('gone') == 3,
                           'the last client is gone')
                play()
            else:
                wait_until(lambda: camera.users() == 0, 'the camera is closed')
            expect(server.process.output().count(': opened') == 3,
                   server.process.output())


def refusals(sandbox):
    """What can't work is reported before anybody connects."""
    program, directory, env = sandbox
    for arguments, words in {
            '--port=99999': 'is not a port',
            '--port=0 --address=203.0.113.1': "Can't listen on 203.0.113.1",
            '--port=0 --source=nonsense': 'nonsense',
            '--port=0 --test-picture --payloader=no-such=1':
                'has no property no-such',
            '--port=0 --test-picture --payloader=frame-stats=1':
                'has no property frame-stats that can be set',
            '--port=0 --test-picture --max-bitrate=fast':
                'fast is not a value of rfc2435pay\'s property max-bitrate',
            '--port=0 --test-picture --max-bitrate=-5':
                '-5 is not a value of rfc2435pay\'s property max-bitrate',
            '--port=0 --test-picture --mount=/a?b': 'the mount /a?b contains',
            '--port=0 --test-picture --payloader=mtu=1':
                '1 is not a value of rfc2435pay\'s property mtu',
            '--port=0 --test-picture --error-resilience=much':
                'much is not a value of rfc2435pay\'s property '
                'error-resilience',
            '--camera=A --camera=B --mount=x --mount=/x':
                'two cameras have the mount /x',
            '--framerate=0': 'is not a frame rate',
            '--multicast=192.0.2.1': 'is not a multicast group',
            '--camera=A --mount=x --mount=y': 'more mounts than cameras',
            '--camera=A --test-picture': "can't be combined",
            '--user=me': 'given together',
            '--user=me --password-file=none': 'none',
            '--user=me --password-file=/dev/null':
                '/dev/null has no password'}.items():
        process = Process(f'{program} {arguments}', directory, env)
        status = process.wait(PATIENCE)
        output, _ = process.stop()
        expect(status in (1, 2) and words in output,
               f'{arguments}: status {status}:\n{output}')
    with Server(sandbox, f'--source={SMALL_PICTURE}') as server:
        process = Process(f'{program} --test-picture --port={server.port}',
                          directory, env)
        status = process.wait(PATIENCE)
        output, _ = process.stop()
        expect(status == 1 and f"Can't listen on 0.0.0.0, port {server.port}: "
               in output, f'status {status}:\n{output}')
        status, _ = server.client().request(
            'ANNOUNCE', **{'Content-Length': 1 << 30})
        expect(status == 413, f'a request of a gigabyte: {status}')


CASES = [players, twenty_clients, joined_later, two_hundred_connects,
         stopped_reading, passwords, mounts, capture_times, unplugged, absent,
         gone_for_good, refusals]


def main():
    enter_namespaces('gst-launch-1.0', 'ffmpeg')
    set_up_network()
    program, build, *names = sys.argv[1:]
    failed = 0
    with tempfile.TemporaryDirectory(prefix='rtsp-') as directory:
        sandbox = (os.path.abspath(program), directory, environment(
            directory, GST_PLUGIN_PATH=f'{os.path.abspath(build)}/gst'))
        for case in CASES:
            if names and case.__name__ not in names:
                continue
            try:
                case(sandbox)
                print(f'ok: {case.__name__}', flush=True)
            except (Failure, RtspError, OSError) as failure:
                failed += 1
                print(f'FAILED: {case.__name__}: {failure}', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
