#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Streams of other senders through rfc2435depay: without losses, every scan arrives
unchanged; with losses, every frame is shown and nothing is in the wrong place.

  senders.py DRIVER [NAME...]
"""

import os
import re
import socket
import subprocess
import sys

import corpus
import rtp
from cases import play_all
from receivers import LOOPBACK
from run import need
from sources import read

WIDTH, HEIGHT = 160, 120
MTU = 800
JPEG = 26  # payload type
MARKERS = ("-restart", "4B")
FFMPEG = ("ffmpeg", "-nostdin", "-loglevel", "error", "-y")


def films(directory, options):
    """Pictures that move, and one that stands still."""
    corpus.run(
        *FFMPEG, "-f", "lavfi", "-i", f"testsrc2=size={WIDTH}x{HEIGHT}:rate=5",
        "-frames:v", "6",
        os.path.join(directory, "picture-%02d.ppm"),
    )
    moving = [
        corpus.run("cjpeg", "-quality", "80", "-sample", "2x2", *options, stdin=ppm)
        for ppm in read(directory, "picture-")
    ]
    return {"moving": moving, "still": moving[:1] * 12}


def scan(jpeg):
    """The data after the SOS header, with EOI."""
    sos = jpeg.index(b"\xff\xda")
    return jpeg[sos + 2 + int.from_bytes(jpeg[sos + 2 : sos + 4], "big") :]


def intervals(jpeg):
    return re.split(rb"\xff[\xd0-\xd7]", scan(jpeg))


def clean(directory, prefix):
    for name in os.listdir(directory):
        if name.startswith(prefix):
            os.unlink(os.path.join(directory, name))


def write(directory, jpegs):
    for i, jpeg in enumerate(jpegs):
        with open(os.path.join(directory, f"original-{i:02}.jpg"), "wb") as f:
            f.write(jpeg)
    return os.path.join(directory, "original-%02d.jpg")


def framed(data):
    """Packets from a stream framed as defined by RFC 4571."""
    packets = []
    while data:
        size = int.from_bytes(data[:2], "big")
        packets.append(data[2 : 2 + size])
        data = data[2 + size :]
    return packets


def payloader(*element):
    def send(directory, jpegs):
        path = os.path.join(directory, "sent")
        corpus.run(
            "gst-launch-1.0", "-q", "imagesequencesrc",
            f"location={write(directory, jpegs)}", "framerate=25/1", "!", "jpegparse",
            "!", *element, "!", "rtpstreampay", "!", "filesink", f"location={path}",
        )
        with open(path, "rb") as f:
            return framed(f.read())

    return send


def ffmpeg(directory, jpegs):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        # All packets fit into the socket's buffer: none is lost here.
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        receiver.bind((LOOPBACK, 0))
        receiver.settimeout(0.2)
        port = receiver.getsockname()[1]
        process = subprocess.Popen(
            [
                *FFMPEG, "-framerate", "25", "-i", write(directory, jpegs),
                "-c", "copy", "-f", "rtp",
                f"rtp://{LOOPBACK}:{port}?pkt_size={MTU}&rtcpport={port}",
            ],
            stdout=subprocess.DEVNULL,
        )
        packets, is_done = [], False
        while True:
            try:
                packet = receiver.recv(65536)
                if packet[1] & 0x7F == JPEG:  # not RTCP
                    packets.append(packet)
            except socket.timeout:
                if is_done:
                    break
                is_done = process.poll() is not None
    if process.returncode != 0:
        raise RuntimeError(f"ffmpeg: {process.returncode}")
    return packets


# By name: the sender, and options of cjpeg.
SENDERS = {
    "rtpjpegpay": (payloader("rtpjpegpay", f"mtu={MTU}"), ()),
    "rtpjpegpay-markers": (payloader("rtpjpegpay", f"mtu={MTU}"), MARKERS),
    "ffmpeg": (ffmpeg, ()),
    "markers": (payloader("rfc2435pay", f"mtu={MTU}"), MARKERS),
    "chunks": (
        payloader("rfc2435pay", f"mtu={MTU}", "error-resilience=chunks",
                  "restart-interval=4"),
        MARKERS,
    ),
}


def frames_of(packets):
    frames = [[]]
    for packet in packets:
        frames[-1].append(packet)
        if rtp.Packet.parse(packet).marker:
            frames.append([])
    if frames.pop():
        raise RuntimeError("the last frame has no end")
    return frames


def lossy(frames):
    """Leaves out a different packet of each frame. The first two frames, which
    define the tables, and the last one are complete."""
    packets = []
    for i, frame in enumerate(frames):
        is_whole = i < 2 or i + 1 == len(frames)
        lost = None if is_whole else (i - 2) % len(frame)
        packets += [p for k, p in enumerate(frame) if k != lost]
    return packets


def receive(directory, packets):
    """The JPEGs that rfc2435depay outputs."""
    clean(directory, "received-")
    path = os.path.join(directory, "arriving")
    with open(path, "wb") as f:
        f.write(b"".join(len(p).to_bytes(2, "big") + p for p in packets))
    corpus.run(
        "gst-launch-1.0", "-q", "filesrc", f"location={path}", "!",
        "application/x-rtp-stream,media=video,clock-rate=90000,encoding-name=JPEG",
        "!", "rtpstreamdepay", "!", "rfc2435depay", "!",
        "multifilesink", "location=" + os.path.join(directory, "received-%02d.jpg"),
    )
    return read(directory, "received-")


def check_whole(sent, received):
    for i, (a, b) in enumerate(zip(sent, received)):
        if scan(a) != scan(b):
            return f"the scan of picture {i} differs"
    return None


def check_healed(sent, received):
    """Every interval must be the one sent or that of the previous picture, and
    at least half must be the ones sent."""
    for i in range(1, len(sent)):
        wanted, got, before = map(intervals, (sent[i], received[i], received[i - 1]))
        if len(got) != len(wanted):
            return f"picture {i}: {len(got)} of {len(wanted)} intervals"
        for k, interval in enumerate(got):
            if interval not in (wanted[k], before[k]):
                return f"picture {i}: interval {k} is in a wrong place"
        arrived = sum(a == b for a, b in zip(got, wanted))
        if 2 * arrived < len(wanted):
            return f"picture {i}: only {arrived} of {len(wanted)} intervals"
    return None


def decode(jpeg):
    """What djpeg reports; nothing if it is an ordinary JPEG."""
    result = subprocess.run(
        ["djpeg", "-outfile", os.devnull], input=jpeg, capture_output=True
    )
    return result.stderr.decode() or (result.returncode or "")


def play(directory, send, options):
    for name, sent in films(directory, options).items():
        clean(directory, "original-")
        frames = frames_of(send(directory, sent))
        if len(frames) != len(sent):
            return f"{len(frames)} of {len(sent)} frames sent"
        if min(map(len, frames)) < 5:
            return f"frames of {min(map(len, frames))} packets"
        for path, packets in (("whole", sum(frames, [])), ("lossy", lossy(frames))):
            received = receive(directory, packets)
            where = f"{name}, {path}"
            if len(received) != len(sent):
                return f"{where}: {len(received)} of {len(sent)} pictures"
            for jpeg in set(received):
                if text := decode(jpeg):
                    return f"{where}: {text}"
            # A still picture heals to what was sent.
            check = check_whole
            if (name, path) == ("moving", "lossy"):
                if not options:
                    continue
                check = check_healed
            if text := check(sent, received):
                return f"{where}: {text}"
    return None


def main():
    need("cjpeg", "djpeg", "ffmpeg", "gst-launch-1.0")
    return play_all(SENDERS, lambda directory, sender: play(directory, *sender))


if __name__ == "__main__":
    sys.exit(main())
