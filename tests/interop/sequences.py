#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Behaviour that takes more than one frame or another setting: streams through
rfc2435pay and rtpjpegdepay.

  sequences.py DRIVER [NAME...]
"""

import os
import re
import subprocess
import sys
import tempfile

import corpus
import rtp
from corpus import IN_BAND, YUV420, YUV422, cjpeg
from driver import Driver, Job
from jpeg import DHT, DQT, SOS
from run import FRAME, MTU, judge_stats, need, skip

TWCC = (
    "http://www.ietf.org/id/"
    "draft-holmer-rmcat-transport-wide-cc-extensions-01"
)


class Failed(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failed(text)


class Stream:
    """One run of the payloader over some frames. The files are the frames'
    bytes, `plains` the pictures that have to arrive: None for none."""

    def __init__(self, name, directory, program, environment=None):
        self.name = name
        self.directory = directory
        self.driver = Driver(program, "rfc2435pay", directory, environment or {})
        self.lines, self.plains = [], []

    def do(self, line):
        self.lines.append(line)

    def push(self, frame, plain, pts=None):
        """`frame` is a Jpeg or bytes."""
        path = os.path.join(self.directory, f"{self.name}-{len(self.plains)}.jpg")
        with open(path, "wb") as f:
            f.write(corpus.to_bytes(frame))
        pts = len(self.plains) * FRAME if pts is None else pts
        self.lines.append(f"push {path} {pts}")
        self.plains.append(plain)

    def run(self, mtu=MTU):
        """Sends everything, and checks what must hold for every stream."""
        self.result = self.driver.run([Job(self.name, self.lines)])[self.name]
        check("crashed" not in self.result, f"crashed: {self.result.get('crashed')}")
        self.frames = self.result["frames"]
        self.packets = self.driver.packets(self.result)
        sequence = None
        for i, (packets, plain) in enumerate(zip(self.packets, self.plains)):
            check(self.frames[i]["flow"] == "ok", f"frame {i}: {self.frames[i]}")
            if plain is None:
                check(not packets, f"frame {i} was sent, should be dropped")
                continue
            check(packets, f"frame {i} was dropped: {self.frames[i]['messages']}")
            try:
                frame = rtp.depayload(packets, mtu)
            except rtp.Violation as violation:
                raise Failed(f"frame {i}: {violation}") from None
            found = rtp.differences(frame, plain)
            check(not found, f"frame {i}: {found}")
            check(
                sequence in (None, frame.first_sequence),
                f"frame {i} begins with sequence number {frame.first_sequence}, "
                f"should be {sequence}",
            )
            sequence = (frame.first_sequence + len(packets)) & 0xFFFF
        wrong = list(judge_stats(self.result["stats"], self.frames, self.packets))
        check(not wrong, str(wrong))
        self._check_pictures()

    def _check_pictures(self):
        """Compares the output of rtpjpegdepay and jpegdec with the originals."""
        plains = [p for p in self.plains if p is not None]
        jobs = []
        for i, plain in enumerate(plains):
            path = os.path.join(self.directory, f"{self.name}-{i}.plain.jpg")
            with open(path, "wb") as f:
                f.write(plain.bytes())
            jobs.append(Job(f"{self.name}-{i}.plain", [f"decode {path}"]))
        originals = self.driver.run(jobs)
        got = [p for some in self.driver.pictures(self.result) for p in some]
        check(len(got) == len(plains), f"{len(got)} pictures of {len(plains)} arrive")
        for i, picture in enumerate(got):
            original = self.driver.pictures(originals[f"{self.name}-{i}.plain"])
            difference = picture.difference(original[0][0])
            check(difference is None, f"picture {i}: {difference}")

    def messages(self):
        return [m for f in self.frames for m in f["messages"]]

    def field(self, i, name):
        """A string field of the caps of frame i, or None."""
        found = re.search(rf'{name}=\(string\)"?((?:[^",\\]|\\.)*)', self.frames[i]["caps"])
        return found and found[1].replace("\\", "")


A = corpus.p420
B = corpus.other420


def abbreviated(s):
    """Frames without tables use those of the last frame that had some."""
    bare = B().without(DQT, DHT)
    s.push(bare, None)
    s.push(A(), A())
    s.push(bare, B())
    s.push(A().without(DQT), A())
    dim = A().with_dqt(*[[(t, tuple(min(v * 2, 255) for v in q))] for t, q in A().dqt().items()])
    s.push(dim, dim)
    s.push(bare, B().with_dqt(*[[t] for t in dim.dqt().items()]))
    s.run()
    check([m["type"] for m in s.messages()] == ["warning"], f"{s.messages()}")


def abbreviated_one_table(s):
    """Only one of the two tables is new."""
    luma, chroma = corpus.tables(A())
    s.push(A(), A())
    s.push(A().with_dqt([(0, (33,) * 64)]), A().with_dqt([(0, (33,) * 64)], [(1, chroma)]))
    s.push(A().with_dqt([(1, (44,) * 64)]), A().with_dqt([(0, (33,) * 64)], [(1, (44,) * 64)]))
    s.run()


def good_bad_good(s):
    """A flood of bad frames: every good one arrives, few messages."""
    s.do("set recode=never")
    bad = [
        ("coding-process", cjpeg(64, 48, "-progressive")),
        ("huffman-tables", cjpeg(64, 48, "-optimize")),
        ("cut-short", A().bytes()[:300]),
        ("not-jpeg", b"nothing"),
    ]
    for i in range(120):
        s.push(bad[i % 4][1], None)
        if i % 3 == 0:
            s.push(A(), A())
            s.push(cjpeg(48, 32, *YUV422), cjpeg(48, 32, *YUV422))
    s.run()
    # Each is repeated after a while, which may pass on a slow machine.
    check({m["type"] for m in s.messages()} == {"warning"}, f"messages: {s.messages()}")
    check(len({m["text"] for m in s.messages()}) == 4, f"messages: {s.messages()}")
    check(len(s.messages()) < 20, f"messages: {s.messages()}")
    dropped = s.result["stats"]["dropped"]
    check(dropped == {cause: 30 for cause, _ in bad}, f"dropped: {dropped}")


def size_change(s):
    """The caps follow the picture; x-dimensions come and go."""
    sizes = [(64, 48), (320, 240), (2048, 24), (2600, 32), (64, 48)]
    for i, (w, h) in enumerate(sizes):
        picture = cjpeg(w, h, *(YUV422 if i % 2 else YUV420))
        s.push(picture, picture)
    s.run()
    got = [s.field(i, "x-dimensions") for i in range(len(sizes))]
    check(got == [None, None, "2048,24", "2600,32", None], f"x-dimensions: {got}")


def frame_rate(s):
    """a-framerate, in the C locale, and following the caps."""
    rates = ["30/1", "30000/1001", "15/2", "0/1"]
    for rate in rates:
        s.do(f"srccaps image/jpeg,framerate={rate}")
        s.push(A(), A())
    s.run()
    got = [s.field(i, "a-framerate") for i in range(len(rates))]
    check(got[3] is None, f"a-framerate of a variable rate: {got[3]}")
    for text, rate in zip(got, (30, 30000 / 1001, 7.5)):
        check(re.fullmatch(r"\d+(\.\d+)?", text or ""), f"a-framerate: {text}")
        check(abs(float(text) - rate) < 0.005, f"a-framerate: {text} for {rate}")


def locale_de(s):
    """The same in a locale with a decimal comma."""
    path = os.path.join(s.directory, "locale")
    os.makedirs(path)
    try:
        subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8", os.path.join(path, "de_DE.UTF-8")],
            check=True, capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "no localedef, or no sources of locales"
    # Shows that the locale is in effect: the environment alone proves nothing.
    shown = subprocess.run(
        ["locale", "decimal_point"], capture_output=True, text=True, check=True,
        env={**os.environ, "LOCPATH": path, "LC_ALL": "de_DE.UTF-8"},
    )
    check(shown.stdout == ",\n", f"decimal point is {shown.stdout!r}")
    s.driver.environment = {"LOCPATH": path, "LC_ALL": "de_DE.UTF-8"}
    return frame_rate(s)


def mtus(s):
    """From the smallest possible MTU to 9000, with tables and restart header."""
    picture = cjpeg(320, 240, *IN_BAND, "-restart", "1")
    # RTP, main, restart, quantization header, two tables, a byte of scan
    smallest = 12 + 8 + 4 + 4 + 128 + 1
    for mtu in (*range(smallest, smallest + 9), 200, 576, 1200, 1400, 1472, 1500, 8972, 9000, 65000):
        t = Stream(f"{s.name}-{mtu}", s.directory, s.driver.program)
        t.do(f"set mtu={mtu}")
        t.push(picture, picture)
        t.push(A(), A())
        t.run(mtu)


def error_resilience(s):
    """Inserted restart markers, with and without chunks, at any MTU."""
    for mode in ("markers", "chunks"):
        for mtu in (576, 1400, 9000):
            t = Stream(f"{s.name}-{mode}-{mtu}", s.directory, s.driver.program)
            t.do(f"set mtu={mtu}")
            t.do(f"set error-resilience={mode}")
            t.do("set restart-interval=7")
            for sampling in (YUV420, YUV422):
                for options in ([], IN_BAND):
                    wanted = cjpeg(320, 240, *sampling, *options, "-restart", "7B")
                    t.push(cjpeg(320, 240, *sampling, *options), wanted)
                    t.push(cjpeg(320, 240, *sampling, *options, "-optimize"), wanted)
            t.run(mtu)


def mtu_too_small(s):
    """An error that names the smallest MTU, and no packet."""
    s.do("set mtu=156")
    s.push(cjpeg(320, 240, *IN_BAND, "-restart", "1"), None)
    result = s.driver.run([Job(s.name, s.lines)])[s.name]
    frame = result["frames"][0]
    check(frame["flow"] == "error", f"flow {frame['flow']}")
    check(not frame["packets"], f"{len(frame['packets'])} packets")
    texts = [m["text"] for m in frame["messages"] if m["type"] == "error"]
    check(len(texts) == 1 and "157" in texts[0], f"messages: {frame['messages']}")


def mtu_without_tables(s):
    """If Q gives the tables, the property's smallest value is enough."""
    s.do("set mtu=28")
    s.push(cjpeg(64, 48), cjpeg(64, 48))
    s.run(28)


def tables_in_band(s):
    """quantization-tables=in-band: Q is 255, although 75 would give the same."""
    picture = cjpeg(64, 48)
    s.do("set quantization-tables=in-band")
    s.push(picture, None)
    result = s.driver.run([Job(s.name, s.lines)])[s.name]
    frame = rtp.depayload(s.driver.packets(result)[0], MTU)
    check(frame.q == 255, f"Q {frame.q}")
    check(frame.tables == corpus.tables(picture), "other tables")
    check(rtp.differences(frame, picture) == ["Q is 255, should be 75"], "differs")


def transport_wide_cc(s):
    """With a header extension no packet exceeds the MTU, and all are full."""
    s.do(f"sinkcaps application/x-rtp,extmap-1=(string){TWCC}")
    for mtu in (200, 1400):
        t = Stream(f"{s.name}-{mtu}", s.directory, s.driver.program)
        t.lines = list(s.lines)
        t.do(f"set mtu={mtu}")
        for i in range(3):
            t.push(cjpeg(320, 240, *IN_BAND), cjpeg(320, 240, *IN_BAND))
        t.run(mtu)
        packets = [rtp.Packet.parse(p) for some in t.packets for p in some]
        check(all(len(p.extension) == 8 for p in packets), "not 8 bytes of extension")
        # RFC 8285 one-byte header: id 1, two bytes, a number that counts up
        numbers = [int.from_bytes(p.extension[5:7], "big") for p in packets]
        check(all(p.extension[4] == 0x11 for p in packets), "not the extension asked for")
        check(
            all((b - a) & 0xFFFF == 1 for a, b in zip(numbers, numbers[1:])),
            f"transport-wide numbers: {numbers[:9]}",
        )


def payload_type(s):
    """A dynamic payload type, in caps and packets."""
    s.do("set pt=112")
    s.push(A(), A())
    s.run()
    packet = rtp.Packet.parse(s.packets[0][0])
    check(packet.payload_type == 112, f"payload type {packet.payload_type}")
    caps = s.frames[0]["caps"]
    for field in ("payload=(int)112", "encoding-name=(string)JPEG", "clock-rate=(int)90000"):
        check(field in caps, f"no {field} in {caps}")


def timestamps(s):
    """90 kHz of the frame's PTS."""
    s.do("set timestamp-offset=4294967000")
    s.do("set seqnum-offset=65530")
    s.do("set ssrc=16909060")
    times = [0, 33_333_333, 66_666_667, 10_000_000_000]
    for t in times:
        s.push(cjpeg(320, 240), cjpeg(320, 240), t)
    s.run()
    first = [rtp.Packet.parse(p[0]) for p in s.packets]
    got = [(p.timestamp - 4294967000) & 0xFFFFFFFF for p in first]
    for stamp, t in zip(got, times):
        check(abs(stamp - t * 9 / 100_000) <= 1, f"timestamps {got} of {times}")
    check({p.ssrc for p in first} == {0x01020304}, "ssrc")
    check(first[0].sequence == 65530, f"sequence number {first[0].sequence}")


def flush(s):
    """After a flush, the stream continues."""
    s.push(A(), A())
    s.do("flush")
    s.push(B(), B())
    s.run()


STREAMS = (
    abbreviated, abbreviated_one_table, good_bad_good, size_change, frame_rate,
    locale_de, mtus, error_resilience, mtu_too_small, mtu_without_tables,
    tables_in_band,
    transport_wide_cc, payload_type, timestamps, flush,
)


def main():
    program, names = sys.argv[1], sys.argv[2:]
    need("cjpeg", "jpegtran")
    failed = skipped = 0
    with tempfile.TemporaryDirectory(prefix="interop-") as directory:
        for stream in STREAMS:
            if names and stream.__name__ not in names:
                continue
            try:
                why = stream(Stream(stream.__name__, directory, program))
            except (Failed, rtp.Violation) as failure:
                print(f"FAIL {stream.__name__}: {failure}")
                failed += 1
            else:
                skipped += bool(why)
                print(f"SKIP {stream.__name__}: {why}" if why else f"ok   {stream.__name__}")
    if failed == 0 and skipped == len(names or STREAMS):
        skip("nothing could run")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
