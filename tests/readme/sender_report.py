# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Relates RTP timestamps to time, as RTCP does (RFC 3550 section 6.4.1)."""

import struct

CLOCK_RATE = 90000
NTP_EPOCH = 2208988800  # seconds before that of Unix time


def ticks_between(earlier, later):
    """Timestamps have 32 bits, and wrap."""
    return (later - earlier + 2**31) % 2**32 - 2**31


class SenderReport:
    def __init__(self, packet):
        seconds, fraction, self._timestamp = struct.unpack('>III', packet[8:20])
        self._time = seconds - NTP_EPOCH + fraction / 2**32

    def time_of(self, timestamp):
        """In seconds since 1970."""
        return self._time + ticks_between(self._timestamp,
                                          timestamp) / CLOCK_RATE


def is_sender_report(packet):
    return packet[1] == 200
