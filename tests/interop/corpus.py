# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Generates awkward JPEGs, each with what a sender has to do with it.

Base pictures come from libjpeg's and FFmpeg's encoders; the rest is surgery
on their marker segments. Every run generates the same bytes.
"""

import dataclasses
import functools
import math
import os
import random
import struct
import subprocess
import tempfile

from jpeg import (
    APP0, APP1, APP2, APP4, APP14, COM, DHT, DNL, DQT, DRI, END, EOI, SOF0,
    SOF1, SOF2, SOF3, SOI, SOS, STANDARD_DHT, Jpeg, segment,
)

# Outcomes
CARRY = "carry"  # sent as it is: the same scan, tables, size
CARRY_XDIM = "carry-x-dimensions"  # the same, with the size out of band
RECODE = "recode"  # RFC 2435 can't carry it: dropped with its cause
DROP = "drop"  # broken: dropped with its cause
# Damage that is visible only after decoding the scan: sent unchanged, or dropped
# with a cause.
EXACT_OR_DROP = "exact-or-drop"

# Receivers that can't read what RFC 2435 allows, and why.
NO_XDIM = {"ffmpeg": "knows only the size in the main header"}
MADE_UP = {
    "rtpjpegdepay": "not tested: the scan is artificial",
    "ffmpeg": "not tested: the scan is artificial",
}
CONCEALED = {"ffmpeg": "differs each time: conceals what is missing"}


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    group: str
    outcome: str
    cause: str | None  # of a drop, as in frame-stats
    make: object  # () -> Jpeg or bytes
    # () -> Jpeg: the same picture, plainly written, if surgery has made it
    # awkward. What is sent must have this one's scan, tables and size.
    plain: object
    blind: dict
    # The type of the message that data after the picture was left out, if any:
    # "warning" for another picture, otherwise "info".
    left_out: str | None = None


# Base pictures


def ppm(width, height):
    """Slanted coloured waves with some noise: every AC symbol occurs."""
    noise = random.Random(width * 65536 + height)
    wave = [int(128 + 100 * math.sin(x / 9) + 27 * math.sin(x / 2)) for x in range(256)]
    period = bytes(
        v
        for x in range(1024)
        for v in (wave[x % 256], wave[x * 3 % 256], wave[(x + x // 7) % 256])
    )
    line = period * (width // 1024 + 2)
    rows = []
    for y in range(height):
        start = 3 * ((y * 5 + y * y // 97 + (noise.randrange(8) == 0)) % 1024)
        rows.append(line[start : start + 3 * width])
    return b"P6 %d %d 255\n" % (width, height) + b"".join(rows)


def run(*command, stdin=b"", env=None):
    done = subprocess.run(
        command, input=stdin, capture_output=True, check=False, env=env
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode()}")
    return done.stdout


@functools.lru_cache(maxsize=None)
def cjpeg(width, height, *options):
    """Encoded by libjpeg: 4:2:0 at quality 75 by default."""
    return Jpeg.parse(run("cjpeg", *options, stdin=ppm(width, height)))


def jpegtran(jpeg, *options):
    return Jpeg.parse(run("jpegtran", *options, stdin=jpeg.bytes()))


def ffmpeg(width, height, *options):
    return Jpeg.parse(
        run(
            "ffmpeg", "-loglevel", "error", "-f", "image2pipe", "-c:v", "ppm",
            "-i", "-", "-c:v", "mjpeg", "-threads", "1", *options,
            "-f", "image2pipe", "-", stdin=ppm(width, height),
        )
    )


@functools.lru_cache(maxsize=None)
def gstreamer(width, height, yuv):
    """Encoded by GStreamer's jpegenc, in a registry without the plugin under
    test, which gst-launch-1.0 may be unable to load."""
    caps = f"video/x-raw,format={yuv},width={width},height={height}"
    with tempfile.TemporaryDirectory() as directory:
        registry = os.path.join(directory, "registry.bin")
        clean = {"GST_REGISTRY_1_0": registry, "GST_PLUGIN_PATH_1_0": ""}
        return Jpeg.parse(
            run(
                "gst-launch-1.0", "-q", "videotestsrc", "num-buffers=1", "!", caps,
                "!", "jpegenc", "!", "fdsink", "fd=1", env={**os.environ, **clean},
            )
        )


YUV420 = ("-sample", "2x2")
YUV422 = ("-sample", "2x1")
# Tables that no Q gives: luma and chroma of different qualities.
IN_BAND = ("-quality", "80,60")


def p420():
    return cjpeg(64, 48, *YUV420, *IN_BAND)


def p422():
    return cjpeg(64, 48, *YUV422, *IN_BAND)


def p420_restarts():
    return cjpeg(64, 48, *YUV420, *IN_BAND, "-restart", "2B")


# A different picture of the same size, tables and sampling.
def other420():
    return jpegtran(p420(), "-flip", "vertical")


# Good frames that are sent before and after every other.
def sentinel():
    return cjpeg(48, 32, *YUV420, "-quality", "85,55")


# Surgery with more than one step


def one_table():
    """All components share quantization table 0."""
    return cjpeg(64, 48, *YUV420, "-quality", "70", "-qslots", "0")


def wide_tables(*segments, sof=SOF1):
    """Tables of 16-bit values; SOF1 since the baseline has none."""
    plain = p420()
    return plain.with_dqt(*segments).edited(SOF0, lambda p: None, as_marker=sof)


def tables(jpeg):
    t = jpeg.dqt()
    return t[0], t[1]


def thumbnail():
    """An Exif-like APP1 that contains a complete small JPEG."""
    small = cjpeg(16, 16, *YUV422, "-quality", "30").bytes()
    return (APP1, b"Exif\0\0II*\0\x08\0\0\0\0\0" + small)


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


def marker_free(size):
    """Bytes without 0xFF, and therefore without markers."""
    return noise(size).replace(b"\xff", b"\xfe")


def reordered_dht(jpeg):
    d = jpeg.dht()
    return jpeg.with_dht(*[[(c, i, d[c, i])] for c, i in ((1, 1), (0, 1), (1, 0), (0, 0))])


def dht(*entries):
    return [(c, i, STANDARD_DHT[c, of]) for c, i, of in entries]


def odd_huffman(kind=(0, 0)):
    """A valid table that is not the standard one: its last symbols swapped."""
    t = STANDARD_DHT[kind]
    return t[:-2] + t[:-3:-1]


def cut(jpeg, part, rest=b""):
    """The scan is truncated to a fraction of its length."""
    at = int(len(jpeg.scan) * part)
    while jpeg.scan[at - 1] == 0xFF:
        at -= 1
    return jpeg.with_scan(jpeg.scan[:at], rest)


def sized(jpeg, width=None, height=None):
    """Only the header's size is changed."""

    def edit(p):
        if height is not None:
            p[1:3] = struct.pack(">H", height)
        if width is not None:
            p[3:5] = struct.pack(">H", width)

    return jpeg.edited(jpeg.sof()[0], edit)


def avi1(polarity):
    return (APP0, b"AVI1" + bytes([polarity]) + bytes(11))


def scan_of(size):
    """A picture whose scan is this long, but only valid at the beginning."""
    plain = cjpeg(2040, 2040)
    return plain.with_scan(plain.scan + b"\0" * (size - len(plain.scan)))


def scan_in_order(order, y_factors):
    """R, G and B of the picture as Y, U and V: the scan has them in this order,
    the frame header in their own."""
    header, samples = ppm(64, 48).split(b"\n", 1)
    planes = [samples[i::3] for i in order]
    factors = ",".join("1x1" if i else y_factors for i in order)
    slots = ",".join("1" if i else "0" for i in order)
    options = ("-rgb", "-sample", factors, *IN_BAND, "-qslots", slots)
    picture = header + b"\n" + bytes(v for pixel in zip(*planes) for v in pixel)
    # As encoded, the order is the frame's, and the ids say RGB.
    jpeg = Jpeg.parse(run("cjpeg", *options, stdin=picture)).without(APP14)
    jpeg = jpeg.with_component_ids(*(i + 1 for i in order))

    def sort(p):
        p[6:] = b"".join(sorted(bytes(p[i : i + 3]) for i in (6, 9, 12)))

    return jpeg.edited(SOF0, sort)


def put(payload_index, value):
    """An edit for Jpeg.edited: one byte of the payload."""

    def edit(p):
        p[payload_index] = value

    return edit


def without_last(n):
    def edit(p):
        del p[-n:]

    return edit


def at_marker(data, marker, offset=0):
    return data.index(bytes([0xFF, marker])) + offset


def recode(cause):
    return RECODE, cause


def drop(cause):
    return DROP, cause


def corpus():
    rows = []

    def row(name, outcome, make, plain=None, blind=None, left_out=None):
        outcome, cause = outcome if isinstance(outcome, tuple) else (outcome, None)
        rows.append(Row(name, group, outcome, cause, make, plain, blind or {}, left_out))

    group = "Sizes"
    for w, h in (
        (1, 1), (2, 3), (8, 8), (9, 15), (16, 16), (17, 17), (33, 31), (100, 7),
        (320, 240), (641, 479), (1280, 720), (1920, 1080), (2040, 24), (24, 2040),
    ):
        row(f"size-{w}x{h}-420", CARRY, lambda w=w, h=h: cjpeg(w, h, *YUV420))
        row(f"size-{w}x{h}-422", CARRY, lambda w=w, h=h: cjpeg(w, h, *YUV422))

    group = "Over 2040 pixels"
    for w, h in ((2041, 16), (16, 2041), (2048, 1536), (3840, 2160), (65500, 16)):
        row(
            f"size-{w}x{h}-420", CARRY_XDIM,
            lambda w=w, h=h: cjpeg(w, h, *YUV420), blind=NO_XDIM,
        )
    row("size-2048x24-422", CARRY_XDIM, lambda: cjpeg(2048, 24, *YUV422), blind=NO_XDIM)

    group = "Quality 1 to 99 by the formula"
    for q in (1, 2, 10, 24, 25, 49, 50, 51, 75, 90, 95, 99):
        row(f"quality-{q}", CARRY, lambda q=q: cjpeg(64, 48, "-quality", str(q), "-baseline"))
    row("quality-30-422", CARRY, lambda: cjpeg(64, 48, *YUV422, "-quality", "30"))

    group = "Other quantization tables"
    row("quality-100", CARRY, lambda: cjpeg(64, 48, "-quality", "100"))
    row("quality-80-60", CARRY, p420)
    row("quality-80-60-422", CARRY, p422)
    row("quality-100-large", CARRY, lambda: cjpeg(1920, 1080, "-quality", "100"))

    group = "Restart markers"
    for every in ("1B", "3B", "1", "2"):
        row(f"restart-{every}-420", CARRY, lambda e=every: cjpeg(100, 70, "-restart", e))
        row(
            f"restart-{every}-422", CARRY,
            lambda e=every: cjpeg(100, 70, *YUV422, "-restart", e),
        )
    row("restart-1B-large", CARRY, lambda: cjpeg(1920, 1080, *IN_BAND, "-restart", "1B"))
    row(
        "restart-1-over-2040", CARRY_XDIM,
        lambda: cjpeg(2592, 64, "-restart", "1"), blind=NO_XDIM,
    )
    row("restart-added", CARRY, lambda: jpegtran(p420(), "-restart", "1B"))
    row("dri-before-sof", CARRY, lambda: p420_restarts().moved(DRI, SOF0), p420_restarts)
    row("dri-before-dqt", CARRY, lambda: p420_restarts().moved(DRI, DQT), p420_restarts)
    row(
        "dri-redefined", CARRY,
        lambda: p420_restarts().before(DQT, (DRI, b"\0\7")), p420_restarts,
    )
    row(
        "dri-redefined-to-0", CARRY,
        lambda: p420().before(SOS, (DRI, b"\0\7"), (DRI, b"\0\0")), p420,
    )
    row("dri-0", CARRY, lambda: p420().with_dri(0), p420)
    row(
        "dri-larger-than-frame", CARRY,
        lambda: p420().with_dri(1000), lambda: p420().with_dri(1000),
    )
    row("dri-65535", CARRY, lambda: p422().with_dri(65535, DQT), lambda: p422().with_dri(65535))

    group = "DQT layouts"
    for name, plain in (("420", p420), ("422", p422)):
        row(
            f"dqt-one-segment-{name}", CARRY,
            lambda p=plain: p().with_dqt([*p().dqt().items()]), plain,
        )
    row(
        "dqt-one-segment-reversed", CARRY,
        lambda: p420().with_dqt([*p420().dqt().items()][::-1]), p420,
    )
    row(
        "dqt-reversed", CARRY,
        lambda: p420().with_dqt(*[[t] for t in p420().dqt().items()][::-1]), p420,
    )
    row("dqt-shared", CARRY, one_table)
    row(
        "dqt-shared-and-one-unused", CARRY,
        lambda: one_table().before(DQT, p420().segments[2]), one_table,
    )

    def renumbered(luma, u, v):
        y, c = tables(p420())
        return (
            p420().with_dqt([(u, c)], [(luma, y)], *([[(v, c)]] if v != u else []))
            .with_table_ids(luma, u, v)
        )

    for ids in ((1, 0, 0), (2, 3, 3), (3, 0, 0), (0, 1, 2), (1, 2, 3), (3, 1, 0)):
        row("dqt-ids-" + "-".join(map(str, ids)), CARRY, lambda i=ids: renumbered(*i), p420)
    row(
        "dqt-three-in-one-segment", CARRY,
        lambda: p420().with_dqt([(0, tables(p420())[0]), (1, tables(p420())[1]), (2, tables(p420())[1])])
        .with_table_ids(0, 1, 2), p420,
    )
    row(
        "dqt-redefined", CARRY,
        lambda: p420().with_dqt([(0, (9,) * 64)], [(1, (7,) * 64)], *[[t] for t in p420().dqt().items()]), p420,
    )
    row(
        "dqt-redefined-in-one-segment", CARRY,
        lambda: p420().with_dqt([(1, (9,) * 64), (0, (7,) * 64), *p420().dqt().items()]), p420,
    )
    row(
        "dqt-four-tables", CARRY,
        lambda: p420().with_dqt([*p420().dqt().items(), (2, (3,) * 64), (3, (5,) * 64)]), p420,
    )
    row("dqt-after-sof", CARRY, lambda: p420().moved(DQT, DHT), p420)
    row("dqt-after-dht", CARRY, lambda: p420().moved(DQT, SOS), p420)
    row(
        "dqt-around-sof", CARRY,
        lambda: p420().without(DQT).before(SOF0, p420().segments[1]).before(SOS, p420().segments[2]), p420,
    )
    row(
        "dqt-16-bit-small", CARRY,
        lambda: wide_tables(*[[(*t, True)] for t in p420().dqt().items()]), p420,
    )
    row(
        "dqt-16-bit-small-one-segment", CARRY,
        lambda: wide_tables([(*t, True) for t in p420().dqt().items()]), p420,
    )
    row(
        "dqt-16-bit-small-sof0", CARRY,
        lambda: wide_tables(*[[(*t, True)] for t in p420().dqt().items()], sof=SOF0), p420,
    )
    row(
        "dqt-16-bit-small-luma", CARRY,
        lambda: wide_tables([(0, tables(p420())[0], True), (1, tables(p420())[1])]), p420,
    )
    row(
        "dqt-16-bit-small-formula", CARRY,
        lambda: cjpeg(64, 48).with_dqt([(*t, True) for t in cjpeg(64, 48).dqt().items()]), lambda: cjpeg(64, 48),
    )
    row(
        "dqt-u-v-differ", recode("chroma-tables"),
        lambda: p420().with_dqt([*p420().dqt().items(), (2, (40,) * 64)]).with_table_ids(0, 1, 2),
    )
    row(
        "dqt-u-v-differ-in-one-value", recode("chroma-tables"),
        lambda: p420().with_dqt([*p420().dqt().items(), (2, (*tables(p420())[1][:63], 1))]).with_table_ids(0, 1, 2),
    )
    row(
        "dqt-u-v-swapped-with-y", recode("chroma-tables"),
        lambda: p420().with_table_ids(0, 1, 0),
    )

    group = "16-bit quantization tables"
    for q in (1, 5, 12):
        row(
            f"dqt-16-bit-quality-{q}", recode("table-precision"),
            lambda q=q: cjpeg(64, 48, "-quality", str(q)),
        )
    row(
        "dqt-16-bit-quality-3-422-restarts", recode("table-precision"),
        lambda: cjpeg(64, 48, *YUV422, "-quality", "3", "-restart", "1"),
    )
    row(
        "dqt-16-bit-chroma", recode("table-precision"),
        lambda: cjpeg(64, 48, "-quality", "80,5"),
    )
    row(
        "dqt-16-bit-luma", recode("table-precision"),
        lambda: cjpeg(64, 48, "-quality", "5,80"),
    )

    group = "Components"
    for name, ids in (
        ("0-1-2", (0, 1, 2)), ("1-3-2", (1, 3, 2)), ("2-1-0", (2, 1, 0)),
        ("ascii-yuv", b"YUV"), ("ascii-rgb-with-jfif", b"RGB"),
        ("255-254-253", (255, 254, 253)), ("1-34-35", (1, 34, 35)),
    ):
        row(f"ids-{name}", CARRY, lambda i=ids: p420().with_component_ids(*i), p420)
    row(
        "ids-ascii-rgb-without-jfif", recode("color-space"),
        lambda: p420().without(APP0).with_component_ids(*b"RGB"),
    )
    row(
        "jfif-before-adobe-transform-0", CARRY,
        lambda: p420().before(DQT, (APP14, b"Adobe\0\x64\0\0\0\0\0")), p420,
    )
    row("ids-0-1-2-422", CARRY, lambda: p422().with_component_ids(0, 1, 2), p422)
    row("no-jfif", CARRY, lambda: p420().without(APP0), p420)
    row(
        "adobe-transform-1", CARRY,
        lambda: p420().without(APP0).first((APP14, b"Adobe\0\x64\0\0\0\0\1")), p420,
    )
    row("sof1", CARRY, lambda: p420().edited(SOF0, lambda p: None, as_marker=SOF1), p420)
    row("sof1-422", CARRY, lambda: p422().edited(SOF0, lambda p: None, as_marker=SOF1), p422)
    row("sof-first", CARRY, lambda: p420().moved(SOF0, DQT), p420)
    row("sof-last", CARRY, lambda: p420().moved(SOF0, SOS), p420)

    group = "Huffman tables, standard"
    row("dht-missing-420", CARRY, lambda: p420().without(DHT), p420)
    row("dht-missing-422", CARRY, lambda: p422().without(DHT), p422)
    row("dht-missing-avi1", CARRY, lambda: p422().without(DHT, APP0).first(avi1(0)), p422)
    row(
        "dht-one-segment", CARRY,
        lambda: p420().with_dht(dht((0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 1, 1))), p420,
    )
    row(
        "dht-one-segment-reversed", CARRY,
        lambda: p420().with_dht(dht((1, 1, 1), (0, 1, 1), (1, 0, 0), (0, 0, 0))), p420,
    )
    row("dht-reversed", CARRY, lambda: reordered_dht(p420()), p420)
    row(
        "dht-twice", CARRY,
        lambda: p420().before(SOS, *[(DHT, p) for p in p420().all(DHT)]), p420,
    )
    row("dht-first", CARRY, lambda: p420().moved(DHT, APP0), p420)
    row(
        "dht-ids-swapped", CARRY,
        lambda: p420().with_dht(dht((0, 1, 0), (1, 1, 0), (0, 0, 1), (1, 0, 1))).with_huffman_ids(0x11, 0, 0), p420,
    )
    row(
        "dht-ids-2-3", CARRY,
        lambda: p420().edited(SOF0, lambda p: None, as_marker=SOF1)
        .with_dht(dht((0, 2, 0), (1, 2, 0), (0, 3, 1), (1, 3, 1))).with_huffman_ids(0x22, 0x33, 0x33), p420,
    )
    row(
        "dht-v-has-its-own", CARRY,
        lambda: p420().edited(SOF0, lambda p: None, as_marker=SOF1)
        .with_dht(dht((0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 1, 1), (0, 2, 1), (1, 2, 1))).with_huffman_ids(0, 0x11, 0x22), p420,
    )
    row(
        "dht-odd-then-standard", CARRY,
        lambda: p420().before(DHT, (DHT, b"\0" + odd_huffman())), p420,
    )
    row("dht-odd-unused", CARRY, lambda: p420().before(DHT, (DHT, b"\3" + odd_huffman())), p420)

    group = "Huffman tables, others"
    row("optimized-420", recode("huffman-tables"), lambda: cjpeg(320, 240, "-optimize"))
    row(
        "optimized-422", recode("huffman-tables"),
        lambda: cjpeg(320, 240, *YUV422, "-optimize"),
    )
    row(
        "optimized-by-jpegtran", recode("huffman-tables"),
        lambda: jpegtran(p420(), "-optimize"),
    )
    row(
        "ffmpeg-optimal", recode("huffman-tables"),
        lambda: ffmpeg(320, 240, "-pix_fmt", "yuvj420p"),
    )
    row(
        "dht-luma-optimized", recode("huffman-tables"),
        lambda: p420().before(SOS, (DHT, b"\0" + jpegtran(p420(), "-optimize").dht()[0, 0])),
    )
    for c, i in STANDARD_DHT:
        row(
            f"dht-standard-then-odd-{'da'[c]}c-{i}", recode("huffman-tables"),
            lambda c=c, i=i: p420().before(SOS, (DHT, bytes([c << 4 | i]) + odd_huffman((c, i)))),
        )
    row(
        "dht-ids-exchanged", recode("huffman-tables"),
        lambda: p420().with_huffman_ids(0x11, 0, 0),
    )
    row(
        "dht-luma-tables-for-all", recode("huffman-tables"),
        lambda: p420().with_huffman_ids(0, 0, 0),
    )
    row("dht-u-v-differ", recode("huffman-tables"), lambda: p420().with_huffman_ids(0, 0x11, 0))

    group = "FFmpeg's and GStreamer's encoders"
    row(
        "ffmpeg-default-420", CARRY,
        lambda: ffmpeg(320, 240, "-huffman", "default", "-pix_fmt", "yuvj420p"),
    )
    # 4:2:2, but written as 2x2,1x2,1x2.
    row(
        "ffmpeg-default-422", recode("sampling"),
        lambda: ffmpeg(320, 240, "-huffman", "default", "-pix_fmt", "yuvj422p"),
    )
    row(
        "ffmpeg-default-q-2", CARRY,
        lambda: ffmpeg(640, 360, "-huffman", "default", "-pix_fmt", "yuvj420p", "-q:v", "2"),
    )
    row("jpegenc-i420", CARRY, lambda: gstreamer(322, 242, "I420"))
    row("jpegenc-y42b", CARRY, lambda: gstreamer(322, 242, "Y42B"))

    group = "APPn and COM"
    row(
        "com-everywhere", CARRY,
        lambda: dataclasses.replace(p420(), segments=sum((((COM, b"hello"), s) for s in p420().segments), ())), p420,
    )
    row("com-empty", CARRY, lambda: p420().before(SOF0, (COM, b"")), p420)
    row(
        "com-with-markers", CARRY,
        lambda: p420().before(DQT, (COM, END + b"\xff\xda\xff\xc2\xff\xd8")), p420,
    )
    row(
        "app-0-to-15", CARRY,
        lambda: p420().before(SOF0, *[(APP0 + i, b"note %d" % i) for i in range(16)]), p420,
    )
    row("app-after-sof", CARRY, lambda: p420().before(DHT, (APP2, noise(500))), p420)
    row(
        "app-four-full", CARRY,
        lambda: p420().before(DQT, *[(APP2, noise(65533, i)) for i in range(4)]), p420,
    )
    row("app1-thumbnail", CARRY, lambda: p420().before(DQT, thumbnail()), p420)
    row("app1-thumbnail-after-sof", CARRY, lambda: p420().before(DHT, thumbnail()), p420)
    row("app1-thumbnail-422-of-420-first", CARRY, lambda: p420().first(thumbnail()), p420)
    row(
        "app4-side-stream", CARRY,
        lambda: p422().before(DQT, *[(APP4, b"\0\0\0\1" + noise(20000, i)) for i in range(3)]), p422,
    )
    row("avi1-one-field", CARRY, lambda: p422().without(APP0).first(avi1(0)), p422)

    group = "Fill bytes and garbage"
    row("fill-before-each-marker", CARRY, lambda: p420().bytes(b"\xff"), p420)
    row("fill-before-each-marker-422", CARRY, lambda: p422().bytes(b"\xff\xff\xff"), p422)
    for name, marker in (("dqt", DQT), ("sof", SOF0), ("dht", DHT), ("sos", SOS)):
        row(
            f"fill-before-{name}", CARRY,
            lambda m=marker: p420().bytes().replace(bytes([0xFF, m]), bytes([0xFF, 0xFF, m]), 1), p420,
        )
    row("fill-before-eoi", CARRY, lambda: p420().with_rest(b"\xff\xff\xff" + END).bytes(), p420)
    row("garbage-before-soi", CARRY, lambda: marker_free(7) + p420().bytes(), p420)
    row("garbage-4096-before-soi", CARRY, lambda: marker_free(4096) + p420().bytes(), p420)
    row("zeros-before-soi", CARRY, lambda: bytes(64) + p420().bytes(), p420)
    row("ff-before-soi", CARRY, lambda: b"\xff\xff\xff" + p420().bytes(), p420)
    for name, padding, left_out in (
        ("one-zero", b"\0", None), ("64k-zeros", bytes(65536), None),
        ("ff", b"\xff" * 512, None), ("random", marker_free(4096), "info"),
        ("line-end", b"\r\n", "info"),
    ):
        row(
            f"padding-{name}", CARRY, lambda p=padding: p420().bytes() + p, p420,
            left_out=left_out,
        )
    row(
        "padding-64k-zeros-restarts", CARRY,
        lambda: p420_restarts().bytes() + bytes(65536), p420_restarts,
    )
    row(
        "second-picture", CARRY, lambda: p420().bytes() + other420().bytes(), p420,
        left_out="warning",
    )
    row(
        "second-picture-without-eoi", CARRY,
        lambda: p420().with_rest(b"").bytes() + other420().bytes(), p420,
        left_out="warning",
    )
    row("header-twice", drop("cut-short"), lambda: p420().with_scan(b"", b"").bytes() + p420().bytes())
    row(
        "tail-of-another-picture", CARRY,
        lambda: p420().bytes() + other420().bytes()[-500:], p420, left_out="info",
    )
    row(
        "restart-marker-behind-the-last-interval", CARRY,
        lambda: p420_restarts().with_rest(b"\xff\xd5" + END), p420_restarts,
    )
    row(
        "mpo", CARRY,
        lambda: p420().before(DQT, (APP2, b"MPF\0" + bytes(60))).bytes() + bytes(10) + p422().bytes(), p420,
        left_out="warning",
    )
    row("eoi-missing", CARRY, lambda: p420().with_rest(b""), p420)
    row(
        "eoi-missing-422-restarts", CARRY,
        lambda: cjpeg(100, 70, *YUV422, "-restart", "1").with_rest(b""), lambda: cjpeg(100, 70, *YUV422, "-restart", "1"),
    )
    row("eoi-half", CARRY, lambda: p420().with_rest(b"\xff"), p420)

    group = "Large"
    row(
        "size-3840x2160-422", CARRY_XDIM,
        lambda: cjpeg(3840, 2160, *YUV422, "-quality", "97"), blind=NO_XDIM,
    )
    row("scan-of-2^24-3-bytes", CARRY, lambda: scan_of(2**24 - 3), blind=MADE_UP)
    row("scan-of-2^24-2-bytes", recode("scan-size"), lambda: scan_of(2**24 - 2))

    group = "Other samplings and colour spaces"
    for name, sample in (
        ("444", "1x1"), ("440", "1x2"), ("411", "4x1"), ("410", "4x2"),
        ("422-in-other-mcus", "2x2,1x2,1x2"),
        ("422-as-4x1", "4x1,2x1,2x1"), ("u-v-differ", "2x2,2x1,1x1"), ("440-as-2x2", "2x2,2x1,2x1"),
    ):
        row(
            f"sampling-{name}", recode("sampling"),
            lambda s=sample: cjpeg(64, 48, "-sample", s),
        )
    row("gray", recode("color-space"), lambda: cjpeg(64, 48, "-grayscale"))
    row(
        "gray-as-2x2", recode("color-space"),
        lambda: cjpeg(64, 48, "-grayscale").edited(SOF0, put(7, 0x22)),
    )
    row("rgb", recode("color-space"), lambda: cjpeg(64, 48, "-rgb"))
    row(
        "rgb-as-420", recode("color-space"),
        lambda: cjpeg(64, 48, "-rgb", "-sample", "2x2,1x1,1x1"),
    )
    row(
        "adobe-transform-0", recode("color-space"),
        lambda: p420().without(APP0).first((APP14, b"Adobe\0\x64\0\0\0\0\0")),
    )
    row("four-components", recode("color-space"), lambda: four_components())
    row(
        "ffmpeg-444", recode("sampling"),
        lambda: ffmpeg(64, 48, "-huffman", "default", "-pix_fmt", "yuvj444p"),
    )
    row("422-turned", recode("sampling"), lambda: jpegtran(p422(), "-rotate", "90"))

    group = "Scans out of the frame's order"
    for n, y, order in (
        ("u-y-v", "2x2", (1, 0, 2)), ("v-u-y", "2x2", (2, 1, 0)), ("y-v-u", "2x1", (0, 2, 1)),
    ):
        row(
            f"sos-component-order-{n}", recode("component-order"),
            lambda o=order, y=y: scan_in_order(o, y), lambda y=y: scan_in_order((0, 1, 2), y),
        )

    group = "Other coding processes"
    row("progressive", recode("coding-process"), lambda: cjpeg(64, 48, "-progressive"))
    row(
        "progressive-by-jpegtran", recode("coding-process"),
        lambda: jpegtran(p420(), "-progressive"),
    )
    row("arithmetic", recode("coding-process"), lambda: cjpeg(64, 48, "-arithmetic"))
    row(
        "arithmetic-progressive", recode("coding-process"),
        lambda: cjpeg(64, 48, "-arithmetic", "-progressive"),
    )
    row("several-scans", recode("several-scans"), lambda: separate_scans(p420()))
    row("several-scans-two", recode("several-scans"), lambda: separate_scans(p420(), b"0;1 2;"))
    row(
        "sof1-12-bit", recode("sample-precision"),
        lambda: p420().edited(SOF0, put(0, 12), as_marker=SOF1),
    )
    row(
        "lossless", recode("coding-process"),
        lambda: p420().edited(SOF0, lambda p: None, as_marker=SOF3),
    )
    row(
        "progressive-header-only", recode("coding-process"),
        lambda: p420().edited(SOF0, lambda p: None, as_marker=SOF2),
    )

    group = "Damage that only a decoder sees"
    row("cut-half", EXACT_OR_DROP, lambda: cut(p420(), 0.5), lambda: cut(p420(), 0.5))
    row(
        "cut-half-with-eoi", EXACT_OR_DROP,
        lambda: cut(p420(), 0.5, END), lambda: cut(p420(), 0.5), CONCEALED,
    )
    row(
        "cut-half-restarts", EXACT_OR_DROP,
        lambda: cut(p420_restarts(), 0.5), lambda: cut(p420_restarts(), 0.5),
    )
    row(
        "cut-half-restarts-with-eoi", EXACT_OR_DROP,
        lambda: cut(p420_restarts(), 0.5, END), lambda: cut(p420_restarts(), 0.5), CONCEALED,
    )
    row(
        "dnl", EXACT_OR_DROP,
        lambda: sized(p420(), height=0).with_rest(segment(DNL, b"\0\x30") + END), p420,
    )
    row("avi1-two-fields", EXACT_OR_DROP, lambda: two_fields(), p422)

    group = "Files found to be troublesome"
    row("scan-ends-in-d9", CARRY, lambda: found("scan-ends-in-d9"))
    row(
        "two-frames-glued", CARRY, lambda: found("two-frames-glued"),
        lambda: Jpeg.parse(found("two-frames-glued")).with_rest(END), left_out="warning",
    )
    row("avi1-one-picture", CARRY, lambda: found("avi1-polarity-one-picture"))
    row("arithmetic-12-bit", recode("sample-precision"), lambda: found("low12arith"))

    group = "Broken"
    row("empty", drop("empty"), lambda: b"")
    row("soi-only", drop("cut-short"), lambda: bytes([0xFF, SOI]))
    row("soi-eoi", drop("no-picture"), lambda: bytes([0xFF, SOI]) + END)
    row("one-byte", drop("not-jpeg"), lambda: b"\xff")
    row("text", drop("not-jpeg"), lambda: b"no picture at all\n")
    row("png", drop("not-jpeg"), lambda: b"\x89PNG\r\n\x1a\n" + noise(1000))
    row("noise", drop("not-jpeg"), lambda: marker_free(65536))
    row("all-zero", drop("not-jpeg"), lambda: bytes(65536))
    row("all-ff", drop("not-jpeg"), lambda: b"\xff" * 65536)
    row("soi-missing", drop("not-jpeg"), lambda: p420().bytes()[2:])
    row("cut-in-app0", drop("cut-short"), lambda: p420().bytes()[:10])
    row(
        "cut-in-dqt", drop("cut-short"),
        lambda: p420().bytes()[: at_marker(p420().bytes(), DQT, 30)],
    )
    row(
        "cut-in-sof", drop("cut-short"),
        lambda: p420().bytes()[: at_marker(p420().bytes(), SOF0, 9)],
    )
    row(
        "cut-in-dht", drop("cut-short"),
        lambda: p420().bytes()[: at_marker(p420().bytes(), DHT, 20)],
    )
    for n in (1, 2, 3, 4, 5, 10, 13):
        row(
            f"cut-in-sos-{n}", drop("cut-short"),
            lambda n=n: p420().bytes()[: at_marker(p420().bytes(), SOS, n)],
        )
    row("cut-behind-sos", drop("cut-short"), lambda: p420().with_scan(b"", b""))
    row("scan-empty", drop("cut-short"), lambda: p420().with_scan(b""))
    for n in (65535, 0, 1, 2, 5, 100):
        row(
            f"sos-length-{n}", drop("cut-short" if n == 65535 else "malformed"),
            lambda n=n: with_length(p420(), SOS, n),
        )
    for n in (65535, 0, 1, 2, 8):
        row(
            f"sof-length-{n}", drop("cut-short" if n == 65535 else "malformed"),
            lambda n=n: with_length(p420(), SOF0, n),
        )
    for n in (65535, 0, 1, 66):
        row(
            f"dqt-length-{n}", drop("cut-short" if n == 65535 else "malformed"),
            lambda n=n: with_length(p420(), DQT, n),
        )
    row("dri-length-3", drop("malformed"), lambda: p420().before(SOS, (DRI, b"\1")))
    row("dri-length-6", drop("malformed"), lambda: p420().before(SOS, (DRI, b"\0\1\0\1")))
    row("dht-length-4", drop("malformed"), lambda: p420().before(SOS, (DHT, b"\0\1")))
    row("dht-counts-beyond-segment", drop("malformed"), lambda: p420().edited(DHT, put(1, 255)))
    row("dqt-step-0", drop("malformed"), lambda: p420().edited(DQT, put(20, 0)))
    row("dqt-precision-2", drop("malformed"), lambda: p420().edited(DQT, put(0, 0x20)))
    row("dqt-id-4", drop("malformed"), lambda: p420().edited(DQT, put(0, 4)))
    row(
        "dqt-luma-missing", drop("missing-tables"),
        lambda: p420().with_dqt([(1, tables(p420())[1])]).with_table_ids(2, 1, 1),
    )
    row(
        "dqt-chroma-missing", drop("missing-tables"),
        lambda: p420().with_dqt([(0, tables(p420())[0])]).with_table_ids(0, 3, 3),
    )
    row("sof-missing", drop("malformed"), lambda: p420().without(SOF0))
    row(
        "sof-twice", drop("malformed"),
        lambda: p420().before(SOF0, (SOF0, p422().all(SOF0)[0])),
    )
    row("sof-width-0", drop("malformed"), lambda: sized(p420(), width=0))
    row("sof-height-0-no-dnl", drop("no-height"), lambda: sized(p420(), height=0))
    row(
        "sof-no-components", drop("malformed"),
        lambda: p420().edited(SOF0, lambda p: p[:5] + b"\0"),
    )
    row("sof-sampling-0", drop("malformed"), lambda: p420().edited(SOF0, put(7, 0)))
    row(
        "sof-short-of-a-component", drop("malformed"),
        lambda: p420().edited(SOF0, without_last(3)),
    )
    row("sos-unknown-component", drop("malformed"), lambda: p420().edited(SOS, put(3, 77)))
    row("sos-component-twice", drop("malformed"), lambda: p420().edited(SOS, put(3, 1)))
    row("scan-missing", drop("no-picture"), lambda: p420().without(SOS).with_scan(b""))
    row("size-65500x65500-tiny-scan", drop("cut-short"), lambda: sized(p420(), 65500, 65500))

    assert len({r.name for r in rows}) == len(rows), "a name is used twice"
    return rows


def found(name):
    """One of tests/files."""
    folder = os.path.join(os.path.dirname(__file__), "..", "files")
    with open(os.path.join(folder, name + ".jpg"), "rb") as f:
        return f.read()


def separate_scans(jpeg, script=b"0;1;2;"):
    with tempfile.NamedTemporaryFile(suffix=".scans") as scans:
        scans.write(script)
        scans.flush()
        return jpegtran(jpeg, "-scans", scans.name)


def four_components():
    p = p420()
    sof, sos = p.all(SOF0)[0], p.all(SOS)[0]
    return p.edited(SOF0, lambda _: sof[:5] + b"\4" + sof[6:] + b"\4\x11\1").edited(
        SOS, lambda _: b"\4" + sos[1:7] + b"\4\x11" + sos[7:]
    )


def two_fields():
    odd = p422().without(APP0).first(avi1(1)).bytes()
    even = jpegtran(p422(), "-flip", "vertical").without(APP0).first(avi1(2)).bytes()
    return odd + even


def with_length(jpeg, marker, length):
    """The first segment of this kind claims to be this long."""
    data = bytearray(jpeg.bytes())
    at = at_marker(data, marker)
    data[at + 2 : at + 4] = struct.pack(">H", length)
    return bytes(data)


def to_bytes(made):
    return made.bytes() if isinstance(made, Jpeg) else made


def write(directory, rows):
    """Writes the files as NAME.jpg and, if they differ, the same pictures plainly
    written as NAME.plain.jpg. Returns name -> the plain Jpeg."""
    plains = {}
    for r in rows:
        made = r.make()
        with open(os.path.join(directory, r.name + ".jpg"), "wb") as f:
            f.write(to_bytes(made))
        if r.outcome in (CARRY, CARRY_XDIM, EXACT_OR_DROP):
            plain = r.plain() if r.plain else made
            plains[r.name] = plain if isinstance(plain, Jpeg) else Jpeg.parse(plain)
    return plains
