# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Counts RFC 2435 frames that arrive at UDP ports."""

import select
import socket
import time


class Listener:
    """Tells frames apart by their timestamps. The marker bit won't do: while the
    machine is too busy to read a frame of 96 packets as it comes, its last ones
    find the socket's buffer full, frame after frame."""

    def __init__(self, destinations):
        self._timestamps = {}
        for address in destinations:
            heard = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            heard.bind(address)
            self._timestamps[heard] = set()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for heard in self._timestamps:
            heard.close()

    def __str__(self):
        return 'frames that arrived: ' + ', '.join(
            str(len(seen)) for seen in self._timestamps.values())

    def wait_frames(self, count, seconds):
        """Whether this many frames arrive at each port in this time."""
        end = time.monotonic() + seconds
        while any(len(seen) < count for seen in self._timestamps.values()):
            left = end - time.monotonic()
            if left <= 0:
                return False
            for heard in select.select(list(self._timestamps), [], [], left)[0]:
                packet = heard.recv(65536)
                if packet[0] >> 6 == 2:
                    self._timestamps[heard].add(packet[4:8])
        return True
