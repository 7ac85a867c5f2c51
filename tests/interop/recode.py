#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends pictures that RFC 2435 can't carry unchanged, to be recoded, and judges
what receivers get.

  recode.py DRIVER

--only selects files by a pattern, --table prints the table of docs/interop.md,
--document compares it with one.
"""

import argparse
import dataclasses
import fnmatch
import io
import math
import os
import re
import subprocess
import sys
import tempfile

import corpus
import jpeg as syntax
import rtp
from corpus import YUV420, YUV422
from driver import Driver, Job, Picture
from jpeg import APP14, DHT, DQT, END, SOF0, SOF1, SOI, SOS, Jpeg, segment
from receivers import ffmpeg_decode, ffmpeg_receive
from run import FRAME, MTU, file_differences, judge_stats, muxer_errors, need

LOSSLESS = "exact"
CHROMA = "luma exact"  # U and V at least of the row's PSNR
ALL = "re-encoded"  # R, G and B at least of the row's PSNR
DROPPED = "dropped"
UPPER = "upper part exact"  # filled; the row's floor counts the lines

# The beginnings of messages about lossy recoding.
LOSSY = tuple(
    f"Recoding {kind}"
    for kind in (
        "4:", "JPEG with a chroma", "JPEG with fewer", "RGB", "CMYK", "truncated or damaged JPEG",
    )
)


@dataclasses.dataclass(frozen=True)
class Row:
    name: str
    group: str
    kinds: tuple | None  # how the messages' names for it begin; None: any
    loss: str
    floor: float  # dB, or lines
    cause: str | None  # of the drop if recoding is not allowed
    make: object  # () -> Jpeg or bytes
    settings: tuple = ()
    # () -> Jpeg: the same picture for programs that can't read the file
    plain: object = None


def smooth(width, height):
    """Long coloured waves, which subsampled chroma can represent."""
    rows = []
    for y in range(height):
        for x in range(width):
            rows += [
                int(128 + 60 * math.sin(x / 23 + c) + 50 * math.cos(y / 19 - c * x / 90))
                for c in range(3)
            ]
    return b"P6 %d %d 255\n" % (width, height) + bytes(rows)


def cjpeg(*options):
    return corpus.run("cjpeg", "-quality", "85", *options, stdin=smooth(163, 117))


def gray():
    return Jpeg.parse(cjpeg("-grayscale"))


def cmyk(transform):
    """Four components, each with its own scan."""
    plain = gray()
    sof, scan = plain.all(SOF0)[0], plain.scan
    parts = b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3, 4))
    head = [(APP14, b"Adobe\0\x64\0\0\0\0" + bytes([transform]))]
    head += [(DQT, p) for p in plain.all(DQT)]
    head += [(SOF0, sof[:5] + b"\4" + parts)] + [(DHT, p) for p in plain.all(DHT)]
    return (
        bytes([0xFF, SOI])
        + b"".join(segment(m, p) for m, p in head)
        + b"".join(segment(SOS, bytes([1, i, 0, 0, 63, 0])) + scan for i in (1, 2, 3, 4))
        + END
    )


def without_eoi(data):
    assert data.endswith(END)
    return data[: -len(END)]


def part(data, share, rest=b""):
    """The first bytes of a file, up to a share of its length."""
    return data[: int(len(data) * share)].rstrip(b"\xff") + rest


def ends_in_scan(data, number):
    """Truncated in the middle of this scan, counted from 1."""
    starts = [m.start() for m in re.finditer(rb"\xff\xda", data)]
    end = syntax.SCAN_END.search(data, starts[number - 1] + 2).start()
    return data[: (starts[number - 1] + 14 + end) // 2].rstrip(b"\xff")


def ends_in_tables(data, count):
    """Truncated after this many bytes of a DHT segment between two scans."""
    return data[: data.index(b"\xff\xc4", data.index(b"\xff\xda")) + count]


def table_of_its_own():
    t = Jpeg.parse(cjpeg(*YUV420)).dqt()
    return (
        Jpeg.parse(cjpeg(*YUV420))
        .with_dqt([*t.items(), (2, tuple(min(255, 2 * v) for v in t[1]))])
        .with_table_ids(0, 1, 2)
    )


def rows():
    all_rows = []

    def row(name, kinds, loss, cause, make, floor=0, settings=(), plain=None):
        kinds = (kinds,) if isinstance(kinds, str) else kinds
        all_rows.append(Row(name, group, kinds, loss, floor, cause, make, settings, plain))

    own, progressive = "JPEG with custom Huffman tables", "progressive"
    factors, scans = "JPEG with unusual sampling", "JPEG with several scans"
    arithmetic = "arithmetic-coded"

    group = "Huffman tables"
    for n, sample in (("420", YUV420), ("422", YUV422)):
        row(f"optimized-{n}", own, LOSSLESS, "huffman-tables", lambda s=sample: cjpeg(*s, "-optimize"))
        row(
            f"optimized-restarts-{n}", own, LOSSLESS, "huffman-tables",
            lambda s=sample: cjpeg(*s, "-optimize", "-restart", "3B"),
        )
    row(
        "ffmpeg-420", own, LOSSLESS, "huffman-tables",
        lambda: corpus.ffmpeg(322, 242, "-pix_fmt", "yuvj420p"),
    )
    row(
        "optimized-without-eoi", own, LOSSLESS, "huffman-tables",
        lambda: without_eoi(cjpeg("-optimize")),
    )
    row(
        "optimized-1920x1080", own, LOSSLESS, "huffman-tables",
        lambda: corpus.cjpeg(1920, 1080, "-optimize"),
    )

    group = "Progressive"
    for n, sample in (("420", YUV420), ("422", YUV422)):
        row(n + "-progressive", progressive, LOSSLESS, "coding-process", lambda s=sample: cjpeg(*s, "-progressive"))
    row(
        "progressive-without-eoi", progressive, LOSSLESS, "coding-process",
        lambda: without_eoi(cjpeg("-progressive")),
    )

    for scan in (2, 5, 9):
        for n, end in (("", b""), ("-with-eoi", END)):
            row(
                f"progressive-ends-in-scan-{scan}{n}", progressive, LOSSLESS, "coding-process",
                lambda s=scan, e=end: ends_in_scan(cjpeg("-progressive"), s) + e,
            )

    row(
        "progressive-ends-in-tables", progressive, LOSSLESS, "coding-process",
        lambda: ends_in_tables(cjpeg("-progressive"), 8),
        plain=lambda: ends_in_tables(cjpeg("-progressive"), 0),
    )

    group = "Arithmetic coding"
    row("arithmetic", arithmetic, LOSSLESS, "coding-process", lambda: cjpeg("-arithmetic"))
    row(
        "arithmetic-progressive", (arithmetic, progressive), LOSSLESS, "coding-process",
        lambda: cjpeg("-arithmetic", "-progressive"),
    )

    group = "Several scans"
    for n, script in (("three", b"0;1;2;"), ("two", b"0;1 2;")):
        row(
            f"several-scans-{n}", scans, LOSSLESS, "several-scans",
            lambda s=script: separate_scans(s),
        )

    group = "4:2:2 and 4:2:0 in other factors"
    for sample in ("2x2,1x2,1x2", "4x1,2x1,2x1"):
        row(f"factors-{sample.replace(',', '-')}", factors, LOSSLESS, "sampling", lambda s=sample: cjpeg("-sample", s))
    row(
        "ffmpeg-422", (own, factors), LOSSLESS, "sampling",
        lambda: corpus.ffmpeg(322, 242, "-pix_fmt", "yuvj422p"),
    )

    group = "Gray"
    row("gray", "gray", LOSSLESS, "color-space", gray)
    row("gray-as-2x2", "gray", LOSSLESS, "color-space", lambda: gray().edited(SOF0, corpus.put(7, 0x22)))
    row("gray-progressive", ("gray", progressive), LOSSLESS, "coding-process", lambda: cjpeg("-grayscale", "-progressive"))

    group = "U and V with different tables"
    row("u-v-tables", "JPEG with different", LOSSLESS, "chroma-tables", table_of_its_own)

    group = "Other samplings"
    for n, sample, kind, floor in (
        ("444", "1x1", "4:4:4", 44), ("440", "1x2", "4:4:0", 44),
        ("411", "4x1", "4:1:1", 42), ("410", "4x2", "4:1:0", 42),
        ("3x1", "3x1,1x1,1x1", "JPEG with a chroma sampling", 41),
    ):
        row(n, kind, CHROMA, "sampling", lambda s=sample: cjpeg("-sample", s), floor)
    row("444-progressive", ("4:4:4", progressive), CHROMA, "coding-process", lambda: cjpeg("-sample", "1x1", "-progressive"), 44)

    group = "Other colours"
    row("rgb", "RGB", ALL, "color-space", lambda: cjpeg("-rgb"), 41)
    row("cmyk", ("CMYK", scans), ALL, "color-space", lambda: cmyk(0), 45)

    group = "Cut short"

    def half():
        return part(cjpeg("-optimize"), 0.5)

    row("optimized-half", (), DROPPED, "cut-short", half)
    row("progressive-first-bytes", (), DROPPED, "cut-short", lambda: part(cjpeg("-progressive"), 0.15))
    row("plain-half", (), DROPPED, "cut-short", lambda: part(cjpeg(), 0.5))
    fill = ("fill-cut-frames=true",)
    cut = "truncated or damaged JPEG"
    row("optimized-half-filled", (own, cut), UPPER, "cut-short", half, 32, fill)
    row("plain-half-filled", cut, UPPER, "cut-short", lambda: part(cjpeg(), 0.5), 32, fill)

    # The element's messages about each kind are checked above. The floor is 15 dB
    # because chroma subsampling removes most of such noisy pictures.
    lossy = {
        **{f"sampling-{n}": CHROMA for n in ("444", "440", "411", "410", "u-v-differ", "440-as-2x2")},
        **{n: CHROMA for n in ("ffmpeg-444", "422-turned")},
        **{n: ALL for n in ("ids-ascii-rgb-without-jfif", "rgb", "rgb-as-420", "adobe-transform-0")},
        **{
            n: DROPPED
            for n in ("scan-of-2^24-2-bytes", "sof1-12-bit", "arithmetic-12-bit", "lossless", "progressive-header-only", "dht-luma-tables-for-all", "dht-luma-optimized")
        },
    }
    # Their scans don't match their headers.
    broken = {"progressive-header-only", "dht-luma-tables-for-all", "dht-luma-optimized"}
    group = "The corpus above"
    for r in corpus.corpus():
        # Its scan is shorter than its header says.
        if r.outcome != corpus.RECODE or r.name == "four-components":
            continue
        cause = "malformed" if r.name in broken else r.cause
        all_rows.append(
            Row(
                f"corpus-{r.name}", group, None, lossy.get(r.name, LOSSLESS), 15, cause, r.make,
                plain=r.plain,
            )
        )
    return all_rows


def separate_scans(script):
    with tempfile.NamedTemporaryFile(suffix=".scans") as scans:
        scans.write(script)
        scans.flush()
        return corpus.run("jpegtran", "-scans", scans.name, stdin=cjpeg())


def rebuilt(frame, width, height):
    """The file that a receiver makes of a frame (RFC 2435 appendix B)."""
    y = 0x22 if frame.type & 1 else 0x21
    sof = bytes([8]) + height.to_bytes(2, "big") + width.to_bytes(2, "big")
    sof += bytes([3, 1, y, 0, 2, 0x11, 1, 3, 0x11, 1])
    plain = Jpeg(
        (
            (SOF1 if frame.precision else SOF0, sof),
            (SOS, bytes([3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0])),
        ),
        frame.scan,
    )
    plain = plain.with_dqt(
        *[[(i, t, bool((frame.precision or 0) >> i & 1))] for i, t in enumerate(frame.tables)]
    ).with_dht([(c, i, t) for (c, i), t in syntax.STANDARD_DHT.items()])
    return plain.with_dri(frame.restart_interval) if frame.restart_interval else plain


def djpeg(data, *options):
    """(width, height, samples) by libjpeg, with plain upsampling of chroma."""
    done = subprocess.run(
        ["djpeg", "-nosmooth", "-dct", "int", *options], input=data,
        capture_output=True, check=False,
    )
    # A cut file gets a warning and status 2.
    magic, size, _, samples = done.stdout.split(b"\n", 3)
    assert magic in (b"P5", b"P6"), done.stderr
    width, height = map(int, size.split())
    return width, height, samples


def sequential(data):
    """By jpegtran, which returns status 2 with a warning for truncated files."""
    return subprocess.run(["jpegtran"], input=data, capture_output=True, check=False).stdout


def psnr(a, b):
    error = sum((x - y) ** 2 for x, y in zip(a, b)) / len(a)
    return 10 * math.log10(255**2 / error) if error else math.inf


def chroma(rgb):
    """U and V of R, G, B samples (ITU-T T.871)."""
    r, g, b = rgb[0::3], rgb[1::3], rgb[2::3]
    u = [-0.168736 * i - 0.331264 * j + 0.5 * k for i, j, k in zip(r, g, b)]
    v = [0.5 * i - 0.418688 * j - 0.081312 * k for i, j, k in zip(r, g, b)]
    return u, v


def compare(row, original, got):
    """What is wrong with the picture that arrived, one line each."""
    if row.loss == UPPER:
        # The picture before it was cut
        width, height, luma = djpeg(cjpeg(), "-grayscale")
        w, h, received = djpeg(got, "-grayscale")
        size = int(row.floor) * width
        if (w, h) != (width, height) or luma[:size] != received[:size]:
            yield "the upper part differs"
        return
    if row.name.startswith("progressive-ends"):
        # In one scan, libjpeg doesn't guess what is missing.
        original = sequential(original)
    a, b = djpeg(original), djpeg(got)
    if len(a[2]) == a[0] * a[1]:  # gray
        a = djpeg(original, "-rgb")
    if a[:2] != b[:2]:
        yield f"{b[0]}x{b[1]}, should be {a[0]}x{a[1]}"
    elif row.loss == LOSSLESS:
        if a != b:
            yield f"differs: {psnr(a[2], b[2]):.1f} dB"
    elif row.loss == CHROMA:
        if djpeg(original, "-grayscale") != djpeg(got, "-grayscale"):
            yield "luma differs"
        for name, x, y in zip("UV", chroma(a[2]), chroma(b[2])):
            if (found := psnr(x, y)) < row.floor:
                yield f"{name}: {found:.1f} dB, should be {row.floor}"
    elif (found := psnr(a[2], b[2])) < row.floor:
        yield f"{found:.1f} dB, should be {row.floor}"


class Trial:
    """Sends each file twice between good frames with recode=auto, and again with
    recode=lossless."""

    def __init__(self, program, directory, only):
        self.directory = directory
        self.driver = Driver(program, "rfc2435pay", directory)
        self.rows = [r for r in rows() if fnmatch.fnmatch(r.name, only)]
        self.files = {r.name: corpus.to_bytes(r.make()) for r in self.rows}
        self.originals = {
            r.name: corpus.to_bytes(r.plain()) if r.plain else self.files[r.name] for r in self.rows
        }
        self.wrong = {r.name: [] for r in self.rows}
        for name, data in self.files.items():
            self._write(name, data)
        self._write("sentinel", corpus.sentinel().bytes())
        jobs = [self._job(r.name, r, "auto") for r in self.rows]
        jobs += [self._job(f"{r.name}.lossless", r, "lossless") for r in self.rows]
        self.results = self.driver.run(jobs)
        self.plains = {}
        for row in self.rows:
            self.wrong[row.name] += self._judge(row)
            self.wrong[row.name] += [f"recode=lossless: {t}" for t in self._judge_lossless(row)]

    def _write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)

    def path(self, name):
        return os.path.join(self.directory, name + ".jpg")

    def _job(self, name, row, recode):
        files = ["sentinel", row.name, row.name, "sentinel"]
        return Job(
            name,
            [f"set mtu={MTU}", f"set recode={recode}"]
            + [f"set {s}" for s in row.settings]
            + [f"push {self.path(f)} {i * FRAME}" for i, f in enumerate(files)],
        )

    def _judge(self, row):
        result = self.results[row.name]
        if "crashed" in result:
            yield f"the payloader crashed: {result['crashed']}"
            return
        frames, packets = result["frames"], self.driver.packets(result)
        yield from judge_stats(result["stats"], frames, packets, row.cause if row.loss == DROPPED else None)
        for i in (0, 3):
            if found := rtp.differences(rtp.depayload(packets[i], MTU), corpus.sentinel()):
                yield f"good frame {i}: {found}"
        sent = [bool(p) for p in packets[1:3]]
        if sent != [row.loss != DROPPED] * 2:
            yield f"sent: {sent}: {frames[1]['messages']}"
            return
        messages = [m for f in frames for m in f["messages"]]
        if row.loss == DROPPED:
            # Repeated only after a while, which may pass on a slow machine.
            if {m["type"] for m in messages} != {"warning"} or len({m["text"] for m in messages}) != 1:
                yield f"messages {messages}"
            return

        lossy = 2 * (row.loss in (CHROMA, ALL, UPPER))
        for name, wanted in (("frames-recoded", 2), ("frames-recoded-lossy", lossy)):
            if result["stats"].get(name) != wanted:
                yield f"{name} is {result['stats'].get(name)}, should be {wanted}"
        found = sorted(m["text"] for m in frames[1]["messages"])
        kinds = [""] * max(len(found), 1) if row.kinds is None else row.kinds
        wanted = sorted(f"Recoding {k}" for k in kinds)
        if len(found) != len(wanted) or not all(map(str.startswith, found, wanted)):
            yield f"messages {found}, should be {wanted}"
        for m in messages:
            if m["type"] != ("warning" if m["text"].startswith(LOSSY) else "info"):
                yield f"a message of type {m['type']}: {m['text']}"
        if any(m["type"] == "warning" for m in messages) != bool(lossy):
            yield f"messages of types {[m['type'] for m in messages]}"
        if len(messages) != len(found):
            yield f"{len(messages)} messages of two equal files"

        try:
            frame = rtp.depayload(packets[1], MTU)
        except rtp.Violation as violation:
            yield str(violation)
            return
        if rtp.depayload(packets[2], MTU).scan != frame.scan:
            yield "recoded otherwise the second time"
        width, height, _ = djpeg(self.originals[row.name])
        self.plains[row.name] = rebuilt(frame, width, height)
        self._write(row.name + ".plain", self.plains[row.name].bytes())
        yield from compare(row, self.originals[row.name], self.plains[row.name].bytes())

    def _judge_lossless(self, row):
        result = self.results[row.name + ".lossless"]
        if "crashed" in result:
            yield f"the payloader crashed: {result['crashed']}"
            return
        frames, packets = result["frames"], self.driver.packets(result)
        may = row.loss in (LOSSLESS, UPPER)
        cause = None if may else row.cause
        yield from judge_stats(result["stats"], frames, packets, cause)
        if [bool(p) for p in packets] != [True, may, may, True]:
            yield f"sent: {[bool(p) for p in packets]}: {frames[1]['messages']}"
        kinds = [m["type"] for m in frames[1]["messages"]]
        if not may and kinds != ["warning"]:
            yield f"dropped with messages {kinds}"

    def judge_rtpjpegdepay(self):
        """Compares jpegdec's output for rtpjpegdepay's frames with that for
        frames made from the packets as defined by the RFC."""
        jobs = [Job(n, [f"decode {self.path(n)}"]) for n in ["sentinel", *(n + ".plain" for n in self.plains)]]
        originals = {n: self.driver.pictures(r)[0][0] for n, r in self.driver.run(jobs).items()}
        for name in self.plains:
            pushes = self.driver.pictures(self.results[name])
            got = [p for some in pushes for p in some]
            plain = originals[name + ".plain"]
            wanted = [originals["sentinel"], plain, plain, originals["sentinel"]]
            found = [d for g, w in zip(got, wanted) if (d := g.difference(w))]
            if len(got) != 4 or found:
                self.wrong[name].append(f"rtpjpegdepay: {len(got)} pictures of 4: {found}")

    def judge_files(self):
        """rtpjpegdepay's files, byte by byte, and parsers and muxers."""
        received = {}
        for name, plain in self.plains.items():
            jpegs = self.driver.jpegs(self.results[name])[1]
            if len(jpegs) != 1:
                self.wrong[name].append(f"rtpjpegdepay: {len(jpegs)} files of 1")
                continue
            self.wrong[name] += file_differences(jpegs[0], plain)
            received[name] = jpegs[0]
        for name, text in muxer_errors(self.driver, received):
            self.wrong[name].append(text)

    def judge_ffmpeg(self):
        """The same with FFmpeg, which gets the packets over UDP."""
        originals = ffmpeg_decode(
            [(n, self.path(n + ".plain")) for n in self.plains], self.directory
        )
        # It reads scans that libjpeg doesn't.
        unusual = [r.name for r in self.rows if r.cause == "component-order"]
        for name, picture in ffmpeg_decode([(n, self.path(n)) for n in unusual], self.directory).items():
            if picture != originals.get(name):
                self.wrong[name].append("FFmpeg shows something else of the file itself")
        for name, plain in self.plains.items():
            _, _, height, width, parts = plain.sof()
            form = "I420" if parts[0][2] == 2 else "Y42B"
            w8, h8 = -(-width // 8) * 8, -(-height // 8) * 8
            size = w8 * h8 * (6 if form == "I420" else 8) // 4
            packets = self.driver.packets(self.results[name])[1]
            got, log = ffmpeg_receive(packets, self.directory, name, size)
            if len(got) != size:
                self.wrong[name].append(f"ffmpeg: {len(got)} bytes, should be {size}: {log[-300:]}")
                continue
            original = Picture.read(io.BytesIO(originals[name]), form, width, height)
            if text := Picture.read(io.BytesIO(got), form, w8, h8).difference(original):
                self.wrong[name].append(f"ffmpeg: {text}")

    def table(self):
        """A line of Markdown for each group of files and its loss."""
        lines = [
            "| files | how many | outcome | as promised | `recode=lossless` |",
            "|---|---|---|---|---|",
        ]
        ways = {}
        for r in self.rows:
            ways.setdefault((r.group, r.loss), []).append(r)
        for (group, loss), some in ways.items():
            right = sum(1 for r in some if not self.wrong[r.name])
            causes = ", ".join(sorted({f"`{r.cause}`" for r in some}))
            outcome = f"{loss}: {causes}" if loss == DROPPED else loss
            lossless = f"dropped: {causes}" if loss in (CHROMA, ALL) else "the same"
            lines.append(f"| {group} | {len(some)} | {outcome} | {right} | {lossless} |")
        return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("driver", help="the interop-driver program")
    parser.add_argument("--only", default="*", metavar="PATTERN")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--document", metavar="FILE")
    arguments = parser.parse_args()
    need("cjpeg", "djpeg", "jpegtran", "ffmpeg")
    with tempfile.TemporaryDirectory(prefix="interop-") as directory:
        trial = Trial(arguments.driver, directory, arguments.only)
        trial.judge_rtpjpegdepay()
        trial.judge_files()
        trial.judge_ffmpeg()

    wrong = 0
    for name, texts in trial.wrong.items():
        wrong += bool(texts)
        for text in texts:
            print(f"{name}: {text}")
    print(f"{len(trial.rows)} files, {wrong} disagreements")
    if arguments.table:
        print(trial.table(), end="")
    if arguments.document:
        with open(arguments.document) as f:
            if trial.table() not in f.read():
                print(f"{arguments.document} has another table: see --table")
                wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
