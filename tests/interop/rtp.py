# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A strict depayloader, written from RFC 2435 alone.

Shares no code with the plugin, whose output it judges.
"""

import dataclasses
import struct

from jpeg import END, SCAN_END, STANDARD_DHT, SOF0, q_of_tables, tables_of_q


@dataclasses.dataclass
class Packet:
    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    extension: bytes
    payload: bytes

    @staticmethod
    def parse(data):
        """RFC 3550 section 5.1."""
        first, second, sequence, timestamp, ssrc = struct.unpack_from(">BBHII", data)
        assert first >> 6 == 2, "RTP version is not 2"
        assert not first & 0x20, "padding"
        at = 12 + 4 * (first & 15)
        extension = b""
        if first & 0x10:
            words = struct.unpack_from(">H", data, at + 2)[0]
            extension = data[at : at + 4 + 4 * words]
            at += len(extension)
        return Packet(
            bool(second & 0x80), second & 0x7F, sequence, timestamp, ssrc,
            extension, data[at:],
        )


@dataclasses.dataclass
class Frame:
    type: int
    q: int
    width: int  # both as in the main header, times 8
    height: int
    restart_interval: int
    precision: int | None  # of the quantization header; None without one
    tables: tuple | None
    scan: bytes
    timestamp: int
    payload_type: int
    first_sequence: int
    ssrc: int


class Violation(Exception):
    """What is wrong with the packets of a frame."""


def require(condition, text):
    if not condition:
        raise Violation(text)


def depayload(datagrams, mtu):
    """The frame that these packets, all of one frame, make up."""
    packets = [Packet.parse(d) for d in datagrams]
    frame, scan, chunk = None, bytearray(), None

    for i, (data, packet) in enumerate(zip(datagrams, packets)):
        last = i == len(packets) - 1
        where = f"packet {i} of {len(packets)}"
        require(len(data) <= mtu, f"{where}: {len(data)} bytes, the MTU is {mtu}")
        require(packet.marker == last, f"{where}: marker bit is {packet.marker}")
        for field in ("timestamp", "ssrc", "payload_type"):
            require(
                getattr(packet, field) == getattr(packets[0], field),
                f"{where}: {field} differs from the frame's first packet",
            )
        expected = (packets[0].sequence + i) & 0xFFFF
        require(packet.sequence == expected, f"{where}: sequence number {packet.sequence}")

        # Section 3.1
        p = packet.payload
        require(len(p) > 8, f"{where}: {len(p)} bytes of payload")
        word, kind, q, w8, h8 = struct.unpack_from(">IBBBB", p)
        specific, offset = word >> 24, word & 0xFFFFFF
        require(specific == 0, f"{where}: type-specific {specific}")
        require(offset == len(scan), f"{where}: offset {offset}, expected {len(scan)}")
        p = p[8:]
        if frame is None:
            require(kind in (0, 1, 64, 65), f"type {kind}")
            require(1 <= q <= 99 or q >= 128, f"Q {q} is reserved")
            frame = Frame(
                kind, q, w8 * 8, h8 * 8, 0, None, None, b"", packet.timestamp,
                packet.payload_type, packet.sequence, packet.ssrc,
            )
        else:
            same = (frame.type, frame.q, frame.width, frame.height)
            require((kind, q, w8 * 8, h8 * 8) == same, f"{where}: main header changes")

        # Section 3.1.7
        if kind >= 64:
            interval, count = struct.unpack_from(">HH", p)
            p = p[4:]
            require(interval != 0, f"{where}: restart interval 0")
            require(frame.restart_interval in (0, interval), f"{where}: interval changes")
            frame.restart_interval = interval
            first, final, count = count >> 15, count >> 14 & 1, count & 0x3FFF
            if count == 0x3FFF:
                require(first and final, f"{where}: F {first} L {final} with 0x3FFF")
                require(chunk is None, f"{where}: mixes chunks and whole frame")
            else:
                require(first == (chunk in (None, "ended")), f"{where}: F {first}")
                require(i == 0 or chunk is not None, f"{where}: mixes chunks and whole frame")
                chunk = "ended" if final else "open"

        # Section 3.1.8
        if q >= 128 and offset == 0:
            mbz, precision, length = struct.unpack_from(">BBH", p)
            require(mbz == 0, f"MBZ {mbz}")
            require(precision < 4, f"precision {precision} names a third table")
            sizes = [128 if precision >> t & 1 else 64 for t in (0, 1)]
            require(length == sum(sizes), f"length {length} for precision {precision}")
            require(len(p) >= 4 + length, "tables go beyond the first packet")
            frame.precision = precision
            frame.tables = (
                read_table(p[4 : 4 + sizes[0]]),
                read_table(p[4 + sizes[0] : 4 + length]),
            )
            p = p[4 + length :]
        require(len(p) > 0, f"{where}: no scan data")
        # Chunks end where restart intervals do.
        require(
            last or len(data) == mtu or chunk == "ended",
            f"{where}: {len(data)} bytes do not fill the MTU of {mtu}",
        )
        scan += p

    require(frame is not None, "no packets")
    require(chunk != "open", "the last chunk has no end")
    # EOI at the end, and no markers before it except restart markers
    end = SCAN_END.search(scan)
    require(end, "no EOI")
    require(
        scan[end.start() :] == END,
        f"a marker {end.group().hex()} at byte {end.start()} of {len(scan)}",
    )
    frame.scan = bytes(scan[: end.start()])
    if frame.q < 128:
        frame.tables = tables_of_q(frame.q)
    return frame


def read_table(data):
    return struct.unpack(">64H" if len(data) == 128 else "64B", data)


def carriable(jpeg):
    """Whether RFC 2435 can carry this plainly written picture; a check of the
    corpus itself."""
    sof, precision, _, _, parts = jpeg.sof()
    sampling = [(h, v) for _, h, v, _ in parts]
    huffman = jpeg.dht()
    return (
        sof in (SOF0, SOF0 + 1)
        and precision == 8
        and sampling in ([(2, 1), (1, 1), (1, 1)], [(2, 2), (1, 1), (1, 1)])
        and jpeg.dqt()[parts[1][3]] == jpeg.dqt()[parts[2][3]]
        and huffman == {k: t for k, t in STANDARD_DHT.items()}
    )


def differences(frame, jpeg):
    """How the frame differs from the plainly written picture, one line each.
    If it doesn't, every correct receiver gets the same pixels."""
    _, _, height, width, parts = jpeg.sof()
    luma, chroma = (jpeg.dqt()[parts[i][3]] for i in (0, 1))
    base = 0 if parts[0][2] == 1 else 1
    interval = jpeg.restart_interval()
    found = []

    def compare(what, got, wanted):
        if got != wanted:
            found.append(f"{what} is {got}, should be {wanted}")

    # An interval that covers the whole frame means no restart markers, and
    # may be omitted.
    if jpeg.restart_markers() or frame.type >= 64:
        compare("type", frame.type, base + (64 if interval else 0))
        compare("restart interval", frame.restart_interval, interval)
    else:
        compare("type", frame.type, base)

    if max(width, height) > 2040:
        compare("main header's size", (frame.width, frame.height), (0, 0))
    else:
        rounded = (-(-width // 8) * 8, -(-height // 8) * 8)
        compare("main header's size", (frame.width, frame.height), rounded)

    q = q_of_tables(luma, chroma)
    if q:
        compare("Q", frame.q, q)
    elif frame.q < 128:
        found.append(f"Q is {frame.q}, but no Q says these tables")
    else:
        # 16-bit tables only if they are needed: few receivers read them.
        wide = (max(luma) > 255) | (max(chroma) > 255) << 1
        compare("precision", frame.precision, wide)
    for name, got, wanted in zip(("luma", "chroma"), frame.tables, (luma, chroma)):
        if got != wanted:
            at = next(i for i in range(64) if got[i] != wanted[i])
            found.append(f"{name} table: value {at} is {got[at]}, should be {wanted[at]}")

    if frame.scan != jpeg.scan:
        at = next(
            (i for i, (a, b) in enumerate(zip(frame.scan, jpeg.scan)) if a != b),
            min(len(frame.scan), len(jpeg.scan)),
        )
        found.append(
            f"scan of {len(frame.scan)} bytes, should be {len(jpeg.scan)}; "
            f"differs from byte {at} on"
        )
    return found
