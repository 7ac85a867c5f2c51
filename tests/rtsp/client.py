# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An RTSP client over one TCP connection that can be as rude as a test wants."""

import re
import socket
import struct

from sender_report import (CLOCK_RATE, SenderReport, is_sender_report,
                           ticks_between)


class RtspError(Exception):
    pass


class Client:
    def __init__(self, host, port, path, receive_buffer=None):
        self._url = f'rtsp://{host}:{port}{path}'
        self._socket = socket.socket()
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                    receive_buffer)
        self._socket.settimeout(60)
        self._socket.connect((host, port))
        self._buffer = b''
        self._sequence = 0
        self._session = None
        self.frames = 0
        # After the first frame: gst-rtsp-server keeps the first packets for PLAY,
        # and drops those that follow until then.
        self.gaps = 0
        self._last = None
        # The minimum and maximum from packet to packet, in seconds
        self.timestamp_steps = (0, 0)
        self.timestamp = None
        self._report = None
        # By the last report, the time of the last packet's picture
        self.picture_time = None

    def close(self):
        self._socket.close()

    def fileno(self):
        return self._socket.fileno()

    def _read(self, count):
        while len(self._buffer) < count:
            data = self._socket.recv(65536)
            if not data:
                raise RtspError('the server has closed the connection')
            self._buffer += data
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _interleaved(self):
        """What follows a $: RTP on channel 0, RTCP on channel 1."""
        channel, length = struct.unpack('>BH', self._read(3))
        packet = self._read(length)
        if channel != 0:
            if is_sender_report(packet):
                self._report = SenderReport(packet)
            return
        number = struct.unpack('>H', packet[2:4])[0]
        if self.frames > 1 and number != (self._last + 1) & 0xffff:
            self.gaps += 1
        self._last = number
        timestamp = struct.unpack('>I', packet[4:8])[0]
        if self.timestamp is not None:
            step = ticks_between(self.timestamp, timestamp) / CLOCK_RATE
            least, most = self.timestamp_steps
            self.timestamp_steps = (min(least, step), max(most, step))
        self.timestamp = timestamp
        if self._report:
            self.picture_time = self._report.time_of(timestamp)
        if packet[1] & 0x80:
            self.frames += 1

    def request(self, method, url=None, **headers):
        """The status and the body of the answer."""
        self.send_request(method, url, **headers)
        return self.read_answer()

    def send_request(self, method, url=None, **headers):
        self._sequence += 1
        lines = [f'{method} {url or self._url} RTSP/1.0',
                 f'CSeq: {self._sequence}']
        if self._session:
            lines.append(f'Session: {self._session}')
        lines += [f'{name}: {value}' for name, value in headers.items()]
        self._socket.sendall(('\r\n'.join(lines) + '\r\n\r\n').encode())

    def read_answer(self):
        while (first := self._read(1)) == b'$':
            self._interleaved()
        answer = first
        while not answer.endswith(b'\r\n\r\n'):
            answer += self._read(1)
        answer = answer.decode()
        length = re.search(r'(?i)content-length: *(\d+)', answer)
        body = self._read(int(length[1])).decode() if length else ''
        session = re.search(r'(?i)session: *([^;\r]+)', answer)
        if session:
            self._session = session[1]
        return int(answer.split()[1]), body

    def play(self):
        """DESCRIBE, SETUP and PLAY."""
        self.send_request('DESCRIBE', Accept='application/sdp')
        return self.play_described()

    def play_described(self):
        """What comes after sending DESCRIBE."""
        status, sdp = self.read_answer()
        if status != 200:
            raise RtspError(f'DESCRIBE: {status}')
        control = re.findall(r'a=control:(\S+)', sdp)[-1]
        url = control if '://' in control else f'{self._url}/{control}'
        status, _ = self.request('SETUP', url,
                                 Transport='RTP/AVP/TCP;unicast;interleaved=0-1')
        if status != 200:
            raise RtspError(f'SETUP: {status}')
        status, _ = self.request('PLAY', Range='npt=0.000-')
        if status != 200:
            raise RtspError(f'PLAY: {status}')
        return sdp

    def read_frames(self, count):
        wanted = self.frames + count
        while self.frames < wanted:
            if self._read(1) != b'$':
                raise RtspError('not an interleaved packet')
            self._interleaved()

    def teardown(self):
        status, _ = self.request('TEARDOWN')
        return status
