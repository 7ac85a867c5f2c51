# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Natural pictures as planes of Y, U and V: photographs and a painting from a
Debian package, scaled down so that nothing is left of their own JPEG coding."""

import glob
import os
import shutil
import subprocess

PACKAGE = 'mate-backgrounds'
FULL_HD = (1920, 1080)
HD = (1280, 720)
# Photographs that are large enough
SIZES = {
    'Aqua': FULL_HD, 'Garden': FULL_HD, 'LadyBird': FULL_HD,
    'TwoWings': FULL_HD, 'Wood': FULL_HD, 'YellowFlower': FULL_HD,
    'Elephants_3840x2160': FULL_HD,
    'Blinds': HD, 'Dune': HD, 'RainDrops': HD, 'Storm': HD,
}


def run(*command, **options):
    return subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, **options).returncode == 0


def fetch(folder):
    """The package's pictures by name, none without network or apt."""
    unpacked = os.path.join(folder, 'unpacked')
    if not os.path.isdir(unpacked) and shutil.which('apt-get'):
        run('apt-get', 'download', PACKAGE, cwd=folder)
        for package in glob.glob(os.path.join(folder, f'{PACKAGE}_*.deb')):
            run('dpkg-deb', '-x', package, unpacked)
    found = glob.glob(os.path.join(unpacked, 'usr/share/backgrounds/**/*.jpg'),
                      recursive=True)
    return {os.path.basename(path)[:-len('.jpg')]: path for path in found}


def planes(folder, source, name, size, sampling):
    """The file with the planes of a picture, created once."""
    width, height = size
    path = os.path.join(folder, f'{name}-{sampling}.planes')
    if not os.path.exists(path):
        scale = (f'scale={width}:{height}:'
                 'force_original_aspect_ratio=increase:flags=area,'
                 f'crop={width}:{height},format=yuvj{sampling}p')
        subprocess.run(
            ['ffmpeg', '-nostdin', '-v', 'error', '-y', '-i', source,
             '-frames:v', '1', '-vf', scale, '-f', 'rawvideo', path + '.part'],
            check=True)
        os.rename(path + '.part', path)
    return path


def natural_pictures(folder, make_frames):
    """Returns (name, size, {sampling: file}) of each, and whether they had to be
    replaced by a computed picture."""
    os.makedirs(folder, exist_ok=True)
    sources = fetch(folder)
    pictures = {name: (sources[name], size) for name, size in SIZES.items()
                if name in sources}
    computed = not pictures
    if computed:
        subprocess.run([make_frames, '1920', '1080', '1', '100', folder],
                       check=True)
        pictures = {'computed': (os.path.join(folder, '0000.jpg'), FULL_HD)}
    return [(name, size, {sampling: planes(folder, source, name, size, sampling)
                          for sampling in ('420', '422')})
            for name, (source, size) in pictures.items()], computed
