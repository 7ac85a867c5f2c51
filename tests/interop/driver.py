# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs jobs in interop-driver, which dies with the payloader if that crashes."""

import dataclasses
import json
import os
import subprocess
import sys


@dataclasses.dataclass
class Job:
    name: str
    lines: list

    def __str__(self):
        return "\n".join([f"job {self.name}", *self.lines, "end"]) + "\n"


@dataclasses.dataclass
class Driver:
    program: str
    payloader: str
    directory: str
    environment: dict = dataclasses.field(default_factory=dict)

    def run(self, jobs, seconds=120):
        """name -> the driver's report on the job; {"crashed": why} if it
        crashed or hung."""
        results, left = {}, list(jobs)
        while left:
            why = self._run_some(left, results, seconds)
            left = [j for j in left if j.name not in results]
            if not left and why:
                sys.exit(f"{self.program}: {why}")
            if left:
                results[left[0].name] = {"crashed": why}
                left = left[1:]
        return results

    def _run_some(self, jobs, results, seconds):
        # GLib abandons its quark table when it grows, which looks like a leak.
        # The element tests look for real ones.
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        process = subprocess.Popen(
            [self.program, self.payloader, self.directory],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "ASAN_OPTIONS": sanitizer, **self.environment},
        )
        try:
            out, err = process.communicate("".join(map(str, jobs)).encode(), seconds)
            if process.returncode == 2:
                sys.exit(err.decode())
            status = process.returncode
            why = status and f"exit status {status}: {err.decode()[-4000:]}"
        except subprocess.TimeoutExpired:
            process.kill()
            out, _ = process.communicate()
            why = f"no answer in {seconds} s"
        for line in out.decode(errors="replace").splitlines():
            if line.endswith("}"):
                result = json.loads(line)
                results[result["name"]] = result
        return why

    def packets(self, result):
        """The RTP packets of each push of the job."""
        with open(os.path.join(self.directory, result["name"] + ".rtp"), "rb") as f:
            return [[f.read(size) for size, *_ in p["packets"]] for p in result["frames"]]

    def jpegs(self, result):
        """The JPEGs that rtpjpegdepay output for each push."""
        with open(os.path.join(self.directory, result["name"] + ".jpegs"), "rb") as f:
            return [[f.read(size) for size in p["jpegs"]] for p in result["frames"]]

    def pictures(self, result):
        """The decoded pictures of each push, or of the one decoding."""
        pushes = result.get("frames", [result])
        with open(os.path.join(self.directory, result["name"] + ".yuv"), "rb") as f:
            return [
                [Picture.read(f, p["format"], p["width"], p["height"]) for p in push["pictures"]]
                for push in pushes
            ]


@dataclasses.dataclass
class Picture:
    """Y, U and V as (width, height, bytes)."""

    planes: list

    @staticmethod
    def read(file, form, width, height):
        sizes = {"I420": (2, 2), "Y42B": (2, 1), "Y444": (1, 1), "GRAY8": None}[form]
        planes = [(width, height)]
        if sizes:
            planes += [(-(-width // sizes[0]), -(-height // sizes[1]))] * 2
        return Picture([(w, h, file.read(w * h)) for w, h in planes])

    def difference(self, original):
        """Where this picture, which may be larger to the right and below,
        differs from the original; None if nowhere."""
        if len(self.planes) != len(original.planes):
            return f"{len(self.planes)} planes, not {len(original.planes)}"
        for name, (w, h, data), (ow, oh, odata) in zip(
            "YUV", self.planes, original.planes
        ):
            # The main header says sizes in blocks of 8.
            if not (ow <= w < ow + 8 and oh <= h < oh + 8):
                return f"{name} is {w}x{h}, should be {ow}x{oh}"
            for y in range(oh):
                got, wanted = data[y * w : y * w + ow], odata[y * ow : (y + 1) * ow]
                if got != wanted:
                    x = next(i for i in range(ow) if got[i] != wanted[i])
                    return f"{name} at {x},{y} is {got[x]}, should be {wanted[x]}"
        return None
