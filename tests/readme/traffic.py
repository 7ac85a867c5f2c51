# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts RFC 2435 frames that arrive at UDP ports."""

import select
import socket
import time


class Listener:
    def __init__(self, destinations):
        self._frames = {}
        for address in destinations:
            heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            heard.bind(address)
            self._frames[heard] = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for heard in self._frames:
            heard.close()

    def __str__(self):
        return 'frames that arrived: ' + ', '.join(
            map(str, self._frames.values()))

    def wait_frames(self, count, seconds):
        """Whether this many frames arrive at each port in this time."""
        end = time.monotonic() + seconds
        while any(frames < count for frames in self._frames.values()):
            left = end - time.monotonic()
            if left <= 0:
                return False
            for heard in select.select(list(self._frames), [], [], left)[0]:
                packet = heard.recv(65536)
                if packet[0] >> 6 != 2:
                    continue
                if packet[1] & 0x80:
                    self._frames[heard] += 1
        return True
