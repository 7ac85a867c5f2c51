#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Pictures from elements that play files, through rfc2435pay and rtpjpegdepay as
linked by gst-launch-1.0: each must arrive exactly.

  sources.py DRIVER [NAME...]
"""

import os
import sys

import corpus
import rtp
from cases import play_all
from corpus import YUV422
from recode import djpeg, rebuilt
from run import MTU, need

PICTURES = 10
# The demuxer for each container.
DEMUXERS = {"mkv": "matroskademux", "avi": "avidemux", "mov": "qtdemux"}


def encode(directory, extension, form):
    """A film made with FFmpeg's default options: optimal Huffman tables, and
    4:2:2 with sampling factors that RFC 2435 doesn't know. Returns it and its
    pictures."""
    film = os.path.join(directory, f"film.{extension}")
    corpus.run(
        "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi",
        "-i", "testsrc2=size=320x240:rate=25", "-frames:v", str(PICTURES),
        "-c:v", "mjpeg", "-pix_fmt", form, film,
    )
    corpus.run(
        "ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-i", film, "-c", "copy",
        "-f", "image2", os.path.join(directory, "original-%02d.jpg"),
    )
    return film, read(directory, "original-")


def read(directory, prefix):
    pictures = []
    for name in sorted(n for n in os.listdir(directory) if n.startswith(prefix)):
        with open(os.path.join(directory, name), "rb") as f:
            pictures.append(f.read())
    return pictures


def launch(directory, *source):
    """Plays the source through payloader and depayloader. Returns the JPEGs that
    arrive."""
    corpus.run(
        "gst-launch-1.0", "-q", *source, "!", "rfc2435pay", "!", "rtpjpegdepay", "!",
        "multifilesink", "location=" + os.path.join(directory, "received-%02d.jpg"),
    )
    return read(directory, "received-")


def container(extension, form):
    def play(directory):
        film, originals = encode(directory, extension, form)
        source = ("filesrc", f"location={film}", "!", DEMUXERS[extension])
        return originals, launch(directory, *source)

    return play


def pictures():
    """Some that RFC 2435 can carry, and some that have to be recoded."""
    options = ((), YUV422, ("-optimize",), ("-progressive",), ("-restart", "1"))
    picture = corpus.ppm(320, 240)
    return [
        corpus.run("cjpeg", "-quality", str(60 + i), *options[i % 5], stdin=picture)
        for i in range(PICTURES)
    ]


def write_pictures(directory):
    """Returns the pictures and the pattern of their file names."""
    originals = pictures()
    for i, picture in enumerate(originals):
        with open(os.path.join(directory, f"original-{i:02}.jpg"), "wb") as f:
            f.write(picture)
    return originals, "location=" + os.path.join(directory, "original-%02d.jpg")


def imagesequencesrc(directory):
    originals, location = write_pictures(directory)
    return originals, launch(directory, "imagesequencesrc", location)


def multifilesrc(directory):
    """Its segment is in bytes, which rtpjpegdepay refuses from any payloader, so
    packets go through a file (RFC 4571) to the tests' own depayloader."""
    originals, location = write_pictures(directory)
    path = os.path.join(directory, "packets")
    corpus.run(
        "gst-launch-1.0", "-q", "multifilesrc", location,
        "caps=image/jpeg,framerate=25/1", "!", "rfc2435pay", "!", "rtpstreampay", "!",
        "filesink", f"location={path}",
    )
    with open(path, "rb") as f:
        data = f.read()
    received, packets = [], []
    while data:
        size = int.from_bytes(data[:2], "big")
        packets.append(data[2 : 2 + size])
        data = data[2 + size :]
        if rtp.Packet.parse(packets[-1]).marker:
            received.append(rebuilt(rtp.depayload(packets, MTU), 320, 240).bytes())
            packets = []
    return originals, received


def appsrc(directory):
    """From an application, with appsrc's timestamps, in buffers of many memories."""
    originals, _ = write_pictures(directory)
    program = os.path.join(os.path.dirname(sys.argv[1]), "application")
    files = [os.path.join(directory, f"original-{i:02}.jpg") for i in range(PICTURES)]
    corpus.run(program, os.path.join(directory, "received-%02d.jpg"), *files)
    return originals, read(directory, "received-")


def parsed(directory):
    """A plain byte stream, read in blocks of any size."""
    originals = pictures()
    path = os.path.join(directory, "stream.mjpeg")
    with open(path, "wb") as f:
        f.write(b"".join(originals))
    source = ("filesrc", f"location={path}", "blocksize=1000", "!", "jpegparse")
    return originals, launch(directory, *source)


SOURCES = {
    **{
        f"{extension}-{form}": container(extension, form)
        for extension in DEMUXERS
        for form in ("yuvj420p", "yuvj422p")
    },
    "imagesequencesrc": imagesequencesrc,
    "multifilesrc": multifilesrc,
    "appsrc": appsrc,
    "jpegparse": parsed,
}


def difference(originals, received):
    if len(received) != len(originals) or len(originals) != PICTURES:
        return f"{len(received)} of {len(originals)} pictures arrive"
    for i, (a, b) in enumerate(zip(originals, received)):
        if djpeg(a) != djpeg(b):
            return f"picture {i} differs"
    return None


def main():
    need("cjpeg", "djpeg", "ffmpeg", "gst-launch-1.0")
    return play_all(
        SOURCES, lambda directory, source: difference(*source(directory))
    )


if __name__ == "__main__":
    sys.exit(main())
