# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""JPEG syntax (ITU-T T.81) as far as the corpus and the checks need it.

Shares no code with the plugin, whose output it judges.
"""

import dataclasses
import re
import struct

SOF0, SOF1, SOF2, SOF3, SOF9 = 0xC0, 0xC1, 0xC2, 0xC3, 0xC9
DHT, SOI, EOI, SOS, DQT, DNL, DRI = 0xC4, 0xD8, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD
APP0, APP1, APP2, APP4, APP14, COM = 0xE0, 0xE1, 0xE2, 0xE4, 0xEE, 0xFE

END = bytes([0xFF, EOI])

# What ends entropy-coded data: a marker that is neither stuffing nor RSTn.
SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_RST = re.compile(rb"\xff[\xd0-\xd7]")


def segment(marker, payload):
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


@dataclasses.dataclass(frozen=True)
class Jpeg:
    """A picture as its marker segments up to SOS, its scan, and the rest."""

    segments: tuple  # of (marker, payload)
    scan: bytes
    rest: bytes = END

    @staticmethod
    def parse(data):
        """Reads a well-formed file, as the encoders of the corpus write it."""
        assert data[:2] == bytes([0xFF, SOI]), "no SOI"
        segments, at = [], 2
        while True:
            ff, marker, length = struct.unpack_from(">BBH", data, at)
            assert ff == 0xFF
            segments.append((marker, data[at + 4 : at + 2 + length]))
            at += 2 + length
            if marker == SOS:
                end = SCAN_END.search(data, at).start()
                return Jpeg(tuple(segments), data[at:end], data[end:])

    def bytes(self, before_marker=b""):
        return (
            b"".join(
                [bytes([0xFF, SOI])]
                + [before_marker + segment(m, p) for m, p in self.segments]
            )
            + self.scan
            + before_marker
            + self.rest
        )

    # Reading

    def all(self, *markers):
        return [p for m, p in self.segments if m in markers]

    def sof(self):
        """(marker, precision, height, width, ((id, h, v, tq), ...))"""
        marker, p = next(
            (m, p)
            for m, p in self.segments
            if 0xC0 <= m <= 0xCF and m not in (DHT, 0xC8, 0xCC)
        )
        precision, height, width, n = struct.unpack_from(">BHHB", p)
        parts = tuple(
            (p[i], p[i + 1] >> 4, p[i + 1] & 15, p[i + 2])
            for i in range(6, 6 + 3 * n, 3)
        )
        return marker, precision, height, width, parts

    def dqt(self):
        """Table id -> 64 values in zig-zag order; later ones replace."""
        tables = {}
        for p in self.all(DQT):
            while p:
                wide, tq = p[0] >> 4, p[0] & 15
                size = 128 if wide else 64
                tables[tq] = struct.unpack(">64H" if wide else "64B", p[1 : 1 + size])
                p = p[1 + size :]
        return tables

    def dht(self):
        """(class, id) -> the 16 counts and the values; later ones replace."""
        tables = {}
        for p in self.all(DHT):
            while p:
                size = 17 + sum(p[1:17])
                tables[p[0] >> 4, p[0] & 15] = p[1:size]
                p = p[size:]
        return tables

    def restart_interval(self):
        return struct.unpack(">H", self.all(DRI)[-1])[0] if self.all(DRI) else 0

    def restart_markers(self):
        return len(_RST.findall(self.scan))

    # Surgery: each returns another picture.

    def with_scan(self, scan, rest=END):
        return dataclasses.replace(self, scan=scan, rest=rest)

    def with_rest(self, rest):
        return dataclasses.replace(self, rest=rest)

    def first(self, *new):
        return dataclasses.replace(self, segments=new + self.segments)

    def before(self, marker, *new):
        """Inserts segments before the first one with this marker."""
        at = [m for m, _ in self.segments].index(marker)
        s = self.segments
        return dataclasses.replace(self, segments=s[:at] + new + s[at:])

    def without(self, *markers):
        kept = tuple(s for s in self.segments if s[0] not in markers)
        return dataclasses.replace(self, segments=kept)

    def moved(self, marker, before):
        """Moves all segments of one kind before another."""
        taken = tuple((marker, p) for p in self.all(marker))
        return self.without(marker).before(before, *taken)

    def edited(self, marker, edit, as_marker=None):
        """Changes the payload (a bytearray) of every segment of one kind."""

        def changed(m, p):
            if m != marker:
                return m, p
            p = bytearray(p)
            return as_marker or m, bytes(edit(p) or p)

        return dataclasses.replace(
            self, segments=tuple(changed(m, p) for m, p in self.segments)
        )

    def with_dqt(self, *segs):
        """Replaces quantization tables: each argument is one DQT segment, a list
        of (id, values) or (id, values, True) for 16-bit values."""
        new = tuple((DQT, b"".join(dqt_entry(*t) for t in seg)) for seg in segs)
        bare = self.without(DQT)
        return bare.before(bare.sof()[0], *new)

    def with_table_ids(self, *tq):
        """The quantization table each component refers to."""

        def edit(p):
            for i, t in enumerate(tq):
                p[8 + 3 * i] = t

        return self.edited(self.sof()[0], edit)

    def with_component_ids(self, *ids):
        def sof(p):
            for i, c in enumerate(ids):
                p[6 + 3 * i] = c

        def sos(p):
            for i, c in enumerate(ids):
                p[1 + 2 * i] = c

        return self.edited(self.sof()[0], sof).edited(SOS, sos)

    def with_huffman_ids(self, *tdta):
        """The DC and AC table selectors of the scan's components."""

        def edit(p):
            for i, t in enumerate(tdta):
                p[2 + 2 * i] = t

        return self.edited(SOS, edit)

    def with_dht(self, *segs):
        """Replaces Huffman tables: each argument is one DHT segment, a list of
        (class, id, table)."""
        new = tuple(
            (DHT, b"".join(bytes([c << 4 | i]) + t for c, i, t in seg)) for seg in segs
        )
        return self.without(DHT).before(SOS, *new)

    def with_dri(self, interval, before=SOS):
        return self.without(DRI).before(before, (DRI, struct.pack(">H", interval)))


def dqt_entry(tq, values, wide=False):
    values = struct.pack(">64H" if wide else "64B", *values)
    return bytes([(16 if wide else 0) | tq]) + values


# The example quantization tables of T.81 Annex K in zig-zag order, which
# RFC 2435 section 4.2 scales by Q.
_LUMA = (
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
)
_CHROMA = (
    17, 18, 18, 24, 21, 24, 47, 26, 26, 47, 99, 66, 56, 66, 99, 99,
) + (99,) * 48


def tables_of_q(q):
    """The two tables that RFC 2435 section 4.2 derives from Q 1-99."""
    scale = 5000 // q if q < 50 else 200 - 2 * q
    return tuple(
        tuple(min(max((v * scale + 50) // 100, 1), 255) for v in table)
        for table in (_LUMA, _CHROMA)
    )


_Q_OF_TABLES = {tables_of_q(q): q for q in range(99, 0, -1)}


def q_of_tables(luma, chroma):
    """The Q that gives these tables (section 4.2), if there is one."""
    return _Q_OF_TABLES.get((luma, chroma))


def _huffman(counts, values):
    return bytes.fromhex(counts) + bytes.fromhex(values)


# T.81 tables K.3 to K.6, by (class, id) as RFC 2435 section 4.1 has them.
STANDARD_DHT = {
    (0, 0): _huffman("00010501010101010100000000000000", "000102030405060708090a0b"),
    (0, 1): _huffman("00030101010101010101010000000000", "000102030405060708090a0b"),
    (1, 0): _huffman(
        "0002010303020403050504040000017d",
        "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282"
        "090a161718191a25262728292a3435363738393a434445464748494a535455565758595a"
        "636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4"
        "a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da"
        "e1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa",
    ),
    (1, 1): _huffman(
        "00020102040403040705040400010277",
        "000102031104052131061241510761711322328108144291a1b1c109233352f0156272d1"
        "0a162434e125f11718191a262728292a35363738393a434445464748494a53545556575859"
        "5a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3"
        "a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9da"
        "e2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa",
    ),
}
