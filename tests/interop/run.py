#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends the corpus through the payloader, without recoding, and judges what
receivers get.

  run.py DRIVER corpus     packets, bus, statistics, and rtpjpegdepay's pixels
  run.py DRIVER ffmpeg     these and FFmpeg's pixels, over UDP

--payloader tests another element, --only selects files by a pattern,
--pieces sends each file in a buffer of many memories, --resilience inserts restart
markers, --mtu sets the MTU, --table prints the table of docs/interop.md, --document compares it with one.
"""

import argparse
import concurrent.futures
import dataclasses
import fnmatch
import functools
import io
import os
import shutil
import struct
import subprocess
import sys
import tempfile

import corpus
import rtp
from corpus import CARRY, CARRY_XDIM, DROP, EXACT_OR_DROP, RECODE
from driver import Driver, Job, Picture
from jpeg import END, Jpeg
from receivers import ffmpeg_decode, ffmpeg_receive

MTU = 1400  # the default
FRAME = 40_000_000  # ns
STATS = (
    "frames-in", "frames-out", "frames-dropped", "packets-sent", "bytes-sent",
    "header-bytes-saved",
)


def skip(why):
    print(f"SKIP: {why}")
    sys.exit(77)


def need(*programs):
    for p in programs:
        if not shutil.which(p):
            skip(f"{p} is not installed")


@dataclasses.dataclass
class Verdict:
    """What is wrong with a row, by who found it."""

    wrong: dict = dataclasses.field(default_factory=dict)
    sent: bool = False
    cause: str | None = None  # of a drop, as the payloader counts it

    def add(self, who, text):
        self.wrong.setdefault(who, []).append(text)

    def outcome(self, row):
        if self.sent:
            return "carried"
        return f"dropped: `{self.cause}`" if self.cause else "dropped"


class Trial:
    """The corpus in a directory, sent once through the payloader."""

    def __init__(self, arguments, directory):
        self.directory = directory
        self.pieces = ["pieces"] if arguments.pieces else []
        self.own = arguments.payloader == "rfc2435pay"
        self.marked = 0  # pictures into which restart markers were inserted
        self.mtu, self.resilience = arguments.mtu, arguments.resilience
        self.settings = [f"set mtu={self.mtu}"]
        if self.own:
            # recode.py tests recoding.
            self.settings += ["set recode=never", f"set error-resilience={self.resilience}"]
        self.driver = Driver(arguments.driver, arguments.payloader, directory)
        self.rows = [
            r for r in corpus.corpus() if fnmatch.fnmatch(r.name, arguments.only)
        ]
        self.plains = corpus.write(directory, self.rows)
        for r in self.rows:
            if r.outcome in (CARRY, CARRY_XDIM):
                assert rtp.carriable(self.plains[r.name]), f"{r.name} can't be carried"
        for name, jpeg in self.plains.items():
            self._write(name + ".plain", jpeg)
        self.sentinel = corpus.sentinel()
        self._write("sentinel", self.sentinel)
        self.results = self.driver.run([self._job(r) for r in self.rows])

    def _write(self, name, jpeg):
        with open(self.path(name), "wb") as f:
            f.write(jpeg.bytes())

    def path(self, name):
        return os.path.join(self.directory, name + ".jpg")

    def _job(self, row):
        """This frame between two good ones."""
        return Job(
            row.name,
            self.settings
            + self.pieces
            + self._caps(self.sentinel)
            + [f"push {self.path('sentinel')} 0"]
            + self._caps(self.plains.get(row.name, self.sentinel))
            + [f"push {self.path(row.name)} {FRAME}"]
            + self._caps(self.sentinel)
            + [f"push {self.path('sentinel')} {2 * FRAME}"],
        )

    def _caps(self, jpeg):
        """rtpjpegpay does not work without width and height in its caps."""
        if self.own:
            return []
        _, _, height, width, _ = jpeg.sof()
        return [f"srccaps image/jpeg,width={width},height={height}"]

    def judge(self):
        """name -> Verdict on packets, bus and statistics."""
        return {r.name: self._judge(r) for r in self.rows}

    def _judge(self, row):
        verdict, result = Verdict(), self.results[row.name]
        if "crashed" in result:
            verdict.add("packets", f"the payloader crashed: {result['crashed']}")
            return verdict
        frames, packets = result["frames"], self.driver.packets(result)
        verdict.sent = bool(packets[1])
        wanted = [self.sentinel, self.plains.get(row.name), self.sentinel]
        for i, name in enumerate(("good frame before", "frame", "good frame behind")):
            for text in self._judge_frame(frames[i], packets[i], wanted[i], i, row):
                verdict.add("packets", f"{name}: {text}")
        if self.own:
            verdict.cause = next(iter(result["stats"]["dropped"]), None)
            for text in judge_stats(result["stats"], frames, packets, row.cause):
                verdict.add("packets", text)
        return verdict

    def _judge_frame(self, frame, packets, jpeg, index, row):
        if frame["flow"] != "ok":
            yield f"flow {frame['flow']}"
        outcome = row.outcome if index == 1 else CARRY
        may_drop = outcome in (RECODE, DROP, EXACT_OR_DROP)
        may_send = outcome not in (RECODE, DROP)

        if not packets and not may_drop:
            yield f"dropped: {[m['text'] for m in frame['messages']]}"
        if not packets:
            kinds = [m["type"] for m in frame["messages"]]
            if kinds != ["warning"]:
                yield f"dropped with messages {kinds}, not with one warning"
            return
        if not may_send:
            yield f"sent in {len(packets)} packets, should be dropped ({outcome})"
            return

        kinds = [m["type"] for m in frame["messages"]]
        due = [row.left_out] if row.left_out and index == 1 and self.own else []
        if kinds != due:
            yield f"messages {frame['messages']}, should be {due}"
        yield from self._judge_caps(frame["caps"], jpeg)
        try:
            received = rtp.depayload(packets, self.mtu)
            yield from rtp.differences(received, self.sent(jpeg, received.restart_interval, received.scan))
        except rtp.Violation as violation:
            yield str(violation)
        marked = [m for _, _, m in frame["packets"]]
        if marked != [False] * (len(marked) - 1) + [True]:
            yield "buffer flag MARKER is not on the last packet alone"
        if {p for _, p, _ in frame["packets"]} != {index * FRAME}:
            yield "a packet's PTS is not the frame's"

    def _judge_caps(self, caps, jpeg):
        _, _, height, width, _ = jpeg.sof()
        fields = caps.split(", ")
        wanted = [
            "media=(string)video", "payload=(int)26", "clock-rate=(int)90000",
            "encoding-name=(string)JPEG",
        ]
        dimensions = f"x-dimensions=(string){width}\\,{height}"
        dimensions = [dimensions, f'x-dimensions=(string)"{width}\\,{height}"']
        for field in wanted:
            if field not in fields:
                yield f"caps have no {field}: {caps}"
        if (max(width, height) > 2040) != any(d in caps for d in dimensions):
            yield f"x-dimensions, for {width}x{height}, in caps {caps}"

    def sent(self, jpeg, restart_interval, scan):
        """The picture that must be received: the original, with restart markers
        if they were inserted. `scan` is the one received."""
        if self.resilience == "none":
            return jpeg
        if restart_interval == jpeg.restart_interval():
            return jpeg
        self.marked += 1
        marked = with_restart_markers(jpeg.bytes(), restart_interval)
        received = marked.with_scan(scan)
        # FFmpeg's encoder has other codes for the same values than libjpeg's.
        # They are copied.
        again = with_restart_markers(received.bytes(), restart_interval)
        return received if again.scan == marked.scan else marked

    def judge_rtpjpegdepay(self, verdicts):
        """Compares jpegdec's output for rtpjpegdepay's frames with that for the
        originals."""
        originals = self._decode_originals()
        for row in self.rows:
            result = self.results[row.name]
            if "crashed" in result or "rtpjpegdepay" in row.blind:
                continue
            pictures = self.driver.pictures(result)
            wanted = [originals["sentinel"]]
            if verdicts[row.name].sent and row.name in self.plains:
                wanted.append(originals[row.name])
            wanted.append(originals["sentinel"])
            # Not by push: a decoder may delay pictures.
            got = [p for some in pictures for p in some]
            if len(got) != len(wanted):
                verdicts[row.name].add(
                    "rtpjpegdepay", f"{len(got)} pictures of {len(wanted)}"
                )
            for i, (g, w) in enumerate(zip(got, wanted)):
                if text := g.difference(w):
                    verdicts[row.name].add("rtpjpegdepay", f"picture {i}: {text}")

    def judge_files(self, verdicts):
        """Compares rtpjpegdepay's files with the originals, and has parsers and
        muxers read them."""
        received = {}
        for row in self.rows:
            result = self.results[row.name]
            if "crashed" in result or not verdicts[row.name].sent:
                continue
            if row.name not in self.plains or "rtpjpegdepay" in row.blind:
                continue
            jpegs = self.driver.jpegs(result)[1]
            if len(jpegs) != 1:
                verdicts[row.name].add("rtpjpegdepay", f"{len(jpegs)} files of 1")
                continue
            got = Jpeg.parse(jpegs[0])
            plain = self.sent(self.plains[row.name], got.restart_interval(), got.scan)
            for text in file_differences(jpegs[0], plain):
                verdicts[row.name].add("rtpjpegdepay", text)
            received[row.name] = jpegs[0]
        for name, text in muxer_errors(self.driver, received):
            verdicts[name].add("muxers", text)

    def _decode_originals(self):
        jobs = [
            Job(name, [f"decode {self.path(name)}"])
            for name in ["sentinel", *(n + ".plain" for n in self.plains)]
        ]
        results = self.driver.run(jobs)
        return {
            n.removesuffix(".plain"): self.driver.pictures(r)[0][0]
            for n, r in results.items()
        }

    def judge_ffmpeg(self, verdicts):
        """The same with FFmpeg, which gets the packets over UDP."""
        rows = [
            r
            for r in self.rows
            if r.name in self.plains
            and verdicts[r.name].sent
            and "ffmpeg" not in r.blind
        ]
        originals = ffmpeg_decode(
            [(r.name, self.path(r.name + ".plain")) for r in rows], self.directory
        )

        def one(row):
            packets = self.driver.packets(self.results[row.name])[1]
            jpeg = self.plains[row.name]
            _, _, height, width, parts = jpeg.sof()
            form = "I420" if parts[0][2] == 2 else "Y42B"
            original = Picture.read(
                io.BytesIO(originals[row.name]), form, width, height
            )
            w8, h8 = -(-width // 8) * 8, -(-height // 8) * 8
            size = w8 * h8 * (6 if form == "I420" else 8) // 4
            got, log = ffmpeg_receive(packets, self.directory, row.name, size)
            if len(got) != size:
                return f"{len(got)} bytes, should be {size}: {log.strip()[-300:]}"
            return Picture.read(io.BytesIO(got), form, w8, h8).difference(original)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for row, text in zip(rows, pool.map(one, rows)):
                if text:
                    verdicts[row.name].add("ffmpeg", text)


@functools.lru_cache(maxsize=None)
def with_restart_markers(data, interval):
    """Inserted by jpegtran, which may warn about what it leaves out."""
    command = ["jpegtran", "-restart", f"{interval}B"]
    done = subprocess.run(command, input=data, capture_output=True)
    return Jpeg.parse(done.stdout)


def file_differences(data, plain):
    """How a received file differs from the plainly written picture: its scan,
    tables, and what follows."""
    got = Jpeg.parse(data)
    if got.rest != END:
        yield f"its file ends in {data[-4:].hex()}"
    if got.scan != plain.scan:
        yield f"its scan has {len(got.scan)} bytes, should have {len(plain.scan)}"

    def tables(jpeg):
        return [(h, v, jpeg.dqt()[table]) for _, h, v, table in jpeg.sof()[4]]

    try:
        same = tables(got) == tables(plain)
    except (KeyError, struct.error):  # of broken segments
        same = False
    if not same:
        yield "its sampling or tables differ"


def muxer_errors(driver, files):
    """(name, error of a parser or muxer) for files by name."""
    jobs = []
    for name, data in files.items():
        path = os.path.join(driver.directory, name + ".received.jpg")
        with open(path, "wb") as f:
            f.write(data)
        jobs.append(Job(name, [f"mux {path}"]))
    for name, result in driver.run(jobs).items():
        _, _, height, width, _ = Jpeg.parse(files[name]).sof()
        for muxer, text in result.get("muxed", {"driver": str(result)}).items():
            # Sizes that their caps don't allow are not expected to work.
            if muxer in ("avimux", "qtmux") and min(width, height) < 16:
                continue
            if muxer == "avimux" and max(width, height) > 4096:
                continue
            if text:
                yield name, f"{muxer}: {text}"


def judge_stats(stats, frames, packets, cause=None):
    """Compares the payloader's statistics with its output."""
    if stats is None:
        yield "no property frame-stats"
        return
    for name in STATS:
        if not isinstance(stats.get(name), int):
            yield f"frame-stats: {name} is {stats.get(name)}"
    sent = sum(1 for p in packets if p)
    wanted = {
        "frames-in": len(frames),
        "frames-out": sent,
        "frames-dropped": len(frames) - sent,
        "packets-sent": sum(map(len, packets)),
    }
    for name, value in wanted.items():
        if stats.get(name) != value:
            yield f"frame-stats: {name} is {stats.get(name)}, should be {value}"
    dropped = stats.get("dropped", {})
    if not isinstance(dropped, dict) or sum(dropped.values()) != len(frames) - sent:
        yield f"frame-stats: dropped by cause is {dropped}"
    elif cause and list(dropped) != [cause]:
        yield f"frame-stats: dropped for {list(dropped)}, should be {cause}"


def report(trial, verdicts):
    wrong = 0
    for row in trial.rows:
        for who, texts in verdicts[row.name].wrong.items():
            wrong += 1
            for text in texts:
                print(f"{row.name}: {who}: {text}")
    if trial.resilience != "none":
        print(f"restart markers were put in {trial.marked} times")
        wrong += trial.marked == 0
    print(f"{len(trial.rows)} files, {wrong} disagreements")
    return 1 if wrong else 0


def table(trial, verdicts):
    """A line of Markdown for each group of files and each outcome."""
    lines = [
        "| files | how many | outcome | packets | `rtpjpegdepay` | parser, muxers | FFmpeg |",
        "|---|---|---|---|---|---|---|",
    ]
    ways = {}
    for row in trial.rows:
        way = row.group, verdicts[row.name].outcome(row), tuple(row.blind.items())
        ways.setdefault(way, []).append(row)
    for (group, outcome, _), rows in ways.items():
        cells = [group, str(len(rows)), outcome]
        for who in ("packets", "rtpjpegdepay", "muxers", "ffmpeg"):
            right = sum(1 for r in rows if who not in verdicts[r.name].wrong)
            if outcome.startswith("dropped"):
                cells.append(f"none: {right}" if who == "packets" else "")
            elif why := rows[0].blind.get("rtpjpegdepay" if who == "muxers" else who):
                cells.append(why)
            else:
                cells.append(f"read: {right}" if who == "muxers" else f"exact: {right}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("driver", help="the interop-driver program")
    parser.add_argument("what", choices=("corpus", "ffmpeg"))
    parser.add_argument("--payloader", default="rfc2435pay")
    parser.add_argument("--only", default="*", metavar="PATTERN")
    parser.add_argument("--pieces", action="store_true")
    parser.add_argument("--resilience", default="none", metavar="MODE")
    parser.add_argument("--mtu", type=int, default=MTU)
    parser.add_argument("--keep", metavar="DIRECTORY", help="leave all files there")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--document", metavar="FILE")
    arguments = parser.parse_args()
    need("cjpeg", "jpegtran", "ffmpeg", "gst-launch-1.0")

    with tempfile.TemporaryDirectory(prefix="interop-") as directory:
        if arguments.keep:
            directory = arguments.keep
            os.makedirs(directory, exist_ok=True)
        trial = Trial(arguments, directory)
        verdicts = trial.judge()
        trial.judge_rtpjpegdepay(verdicts)
        trial.judge_files(verdicts)
        if arguments.what == "ffmpeg":
            trial.judge_ffmpeg(verdicts)

    status = report(trial, verdicts)
    if arguments.table:
        print(table(trial, verdicts), end="")
    if arguments.document:
        with open(arguments.document) as f:
            if table(trial, verdicts) not in f.read():
                print(f"{arguments.document} has another table: see --table")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
