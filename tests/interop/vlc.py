#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sends with rfc2435pay ! udpsink to VLC, which must show exactly the same pictures.

  vlc.py DRIVER [PROPERTY=VALUE…]

Debian builds VLC without live555, its own RTP receiver for JPEG; there, VLC
receives through libavformat, and decodes and shows by itself.
"""

import io
import os
import pwd
import subprocess
import sys
import tempfile
import time

from corpus import IN_BAND, YUV420, cjpeg
from driver import Picture
from receivers import LOOPBACK, ffmpeg_decode, with_free_ports, write_sdp
from run import need

WIDTH, HEIGHT = 322, 242
PICTURES = 3


def not_root():
    """VLC refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def read_y4m(path):
    """The complete pictures in the file so far."""
    try:
        with open(path, "rb") as f:
            data = f.read()
    except FileNotFoundError:
        return []
    header, _, data = data.partition(b"\n")
    sizes = [int(w[1:]) for w in header.split() if w[:1] in (b"W", b"H")]
    if len(sizes) != 2:
        return []
    w, h = sizes
    size = w * h + 2 * (-(-w // 2)) * (-(-h // 2))
    pictures = []
    while data.startswith(b"FRAME") and b"\n" in data:
        data = data.partition(b"\n")[2]
        if len(data) < size:
            break
        pictures.append(Picture.read(io.BytesIO(data[:size]), "I420", w, h))
        data = data[size:]
    return pictures


def stop(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def receive(port, directory, picture, settings):
    """The pictures that VLC shows within a minute, and its log."""
    home = os.path.join(directory, "home")
    os.makedirs(home, exist_ok=True)
    os.chmod(directory, 0o755)
    os.chmod(home, 0o777)
    sdp = os.path.join(directory, "stream.sdp")
    write_sdp(sdp, port)
    os.chmod(sdp, 0o644)
    shown, log = os.path.join(home, "shown.y4m"), os.path.join(directory, "log")

    with open(log, "wb") as errors:
        sender = subprocess.Popen(
            [
                "gst-launch-1.0", "-q", "imagesequencesrc", f"location={picture}",
                "framerate=25/1", "stop-index=100000", "!", "rfc2435pay", *settings,
                "!", "udpsink", f"host={LOOPBACK}", f"port={port}",
            ],
            stdout=errors, stderr=errors,
        )
        receiver = subprocess.Popen(
            [
                "vlc", "-I", "dummy", "-v", "--no-audio", "--no-video-title-show",
                "--no-osd", "--demux", "avformat",
                "--vout", "yuv", "--yuv-file", shown, "--yuv-yuv4mpeg2", sdp,
            ],
            stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd=home,
            env={**os.environ, "HOME": home, "XDG_RUNTIME_DIR": home}, **not_root(),
        )
        try:
            end = time.monotonic() + 60
            while time.monotonic() < end and len(read_y4m(shown)) < PICTURES:
                if sender.poll() is not None or receiver.poll() is not None:
                    break
                time.sleep(0.2)
        finally:
            stop(receiver)
            stop(sender)
    with open(log, errors="replace") as f:
        return read_y4m(shown), f.read()


def main():
    need("cjpeg", "ffmpeg", "vlc", "gst-launch-1.0")
    with tempfile.TemporaryDirectory(prefix="interop-") as directory:
        path = os.path.join(directory, "picture.jpg")
        with open(path, "wb") as f:
            f.write(cjpeg(WIDTH, HEIGHT, *YUV420, *IN_BAND).bytes())
        # VLC's decoder is FFmpeg's.
        raw = ffmpeg_decode([("picture", path)], directory)["picture"]
        original = Picture.read(io.BytesIO(raw), "I420", WIDTH, HEIGHT)
        pictures, log = with_free_ports(
            lambda port: receive(port, directory, path, sys.argv[2:])
        )
    if len(pictures) < PICTURES:
        print(f"VLC shows {len(pictures)} pictures\n{log}")
        return 1
    wrong = [d for d in (p.difference(original) for p in pictures) if d]
    for difference in wrong:
        print(f"VLC: {difference}")
    print(f"VLC shows {len(pictures)} pictures, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
