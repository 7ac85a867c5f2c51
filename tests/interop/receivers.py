# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Receivers that are other programs: packets go to them over loopback."""

import os
import select
import socket
import struct
import subprocess
import time

LOOPBACK = "127.0.0.1"

# Ports handed out before, which their receivers may not have bound yet.
_handed_out = set()


def free_ports():
    """An even UDP port that is free, with the odd one above it for RTCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtp:
            rtp.bind((LOOPBACK, 0))
            port = rtp.getsockname()[1]
            if port % 2 or port in _handed_out:
                continue
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as rtcp:
                try:
                    rtcp.bind((LOOPBACK, port + 1))
                except OSError:
                    continue
                _handed_out.add(port)
                return port


def write_sdp(path, port, payload_type=26):
    lines = [
        "v=0", f"o=- 0 0 IN IP4 {LOOPBACK}", "s=interop", f"c=IN IP4 {LOOPBACK}",
        "t=0 0", f"m=video {port} RTP/AVP {payload_type}",
    ]
    if payload_type != 26:
        lines.append(f"a=rtpmap:{payload_type} JPEG/90000")
    with open(path, "w") as f:
        f.write("\r\n".join(lines) + "\r\n")


class Sender:
    """Sends the packets of a frame repeatedly, each time as a new frame, since
    it is not known when the receiver starts to listen."""

    def __init__(self, port, packets):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._to = (LOOPBACK, port)
        self._packets = packets
        self._sequence, self._timestamp = 0, 0

    def send(self):
        for i, packet in enumerate(self._packets):
            renumbered = struct.pack(">HI", self._sequence, self._timestamp)
            self._socket.sendto(packet[:2] + renumbered + packet[8:], self._to)
            self._sequence = (self._sequence + 1) & 0xFFFF
            if i % 32 == 31:  # within what a default socket buffer holds
                time.sleep(0.002)
        self._timestamp += 3600

    def close(self):
        self._socket.close()


def with_free_ports(receive):
    """The result of receive(port), which ends with the receiver's log. Retries
    if others have taken the ports before the receiver binds them."""
    for _ in range(10):
        result = receive(free_ports())
        if "bind failed" not in result[-1]:
            break
    return result


def ffmpeg_receive(packets, directory, name, size):
    """The first picture that FFmpeg decodes from these packets, as `size` raw
    bytes, and its log."""
    return with_free_ports(
        lambda port: _ffmpeg_receive(port, packets, directory, name, size)
    )


def _ffmpeg_receive(port, packets, directory, name, size, seconds=60):
    sdp = os.path.join(directory, name + ".sdp")
    log = os.path.join(directory, name + ".ffmpeg.log")
    write_sdp(sdp, port)
    with open(log, "w") as errors:
        process = subprocess.Popen(
            [
                "ffmpeg", "-nostdin", "-loglevel", "warning",
                "-protocol_whitelist", "file,udp,rtp", "-analyzeduration", "0",
                "-probesize", "32", "-fflags", "nobuffer",
                "-reorder_queue_size", "0", "-threads", "1", "-i", sdp,
                "-frames:v", "1", "-fps_mode", "passthrough",
                "-f", "rawvideo", "-",
            ],
            stdout=subprocess.PIPE, stderr=errors,
        )
    sender = Sender(port, packets)
    got, end = b"", time.monotonic() + seconds
    try:
        while time.monotonic() < end and len(got) <= size:
            if select.select([process.stdout], [], [], 0.02)[0]:
                some = os.read(process.stdout.fileno(), 1 << 20)
                if not some:
                    break
                got += some
            else:
                # Until it ends: from release 7 on, FFmpeg waits for another
                # packet after the last frame that it has to read.
                sender.send()
    finally:
        sender.close()
        process.kill()
        process.stdout.close()
        process.wait()
    with open(log, errors="replace") as f:
        return got, f.read()


def ffmpeg_decode(jobs, directory):
    """Decodes [(name, file)] with FFmpeg: name -> raw bytes."""
    pictures = {}
    for some in (jobs[i : i + 25] for i in range(0, len(jobs), 25)):
        command = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-threads", "1"]
        for _, path in some:
            command += ["-f", "image2", "-pattern_type", "none", "-i", path]
        for i, (name, _) in enumerate(some):
            out = os.path.join(directory, name + ".original.yuv")
            command += ["-map", f"{i}:v", "-f", "rawvideo", out]
        subprocess.run(command, check=True)
        for name, _ in some:
            out = os.path.join(directory, name + ".original.yuv")
            with open(out, "rb") as f:
                pictures[name] = f.read()
            os.unlink(out)
    return pictures
