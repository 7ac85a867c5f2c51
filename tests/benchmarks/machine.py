# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Describes the machine and the software that results were measured with."""

import datetime
import os
import platform
import re
import shutil
import subprocess


def first_line(*command):
    if not shutil.which(command[0]):
        return None
    output = subprocess.run(command, stdin=subprocess.DEVNULL,
                            capture_output=True, text=True).stdout
    return output.split('\n', 1)[0]


def version(*command):
    found = re.search(r'\d+\.\d+(\.\d+)*', first_line(*command) or '')
    return found[0] if found else None


def cpu_model():
    with open('/proc/cpuinfo') as info:
        found = re.search(r'^(?:model name|Model)\s*: (.*)', info.read(),
                          re.MULTILINE)
    return found[1] if found else platform.machine()


def socket_buffer():
    with open('/proc/sys/net/core/rmem_default') as default:
        return int(default.read())


def describe_machine():
    return {
        'date': datetime.date.today().isoformat(),
        'system': platform.freedesktop_os_release()['PRETTY_NAME'],
        'kernel': platform.release(),
        'cpu': cpu_model(),
        'cores': len(os.sched_getaffinity(0)),
        'virtual': (first_line('systemd-detect-virt') or 'none') != 'none',
        'load': os.getloadavg()[0],
        'nice': os.nice(0),
        'rmem_default': socket_buffer(),
        'gstreamer': version('gst-inspect-1.0', '--gst-version'),
        'ffmpeg': version('ffmpeg', '-version'),
        'compiler': first_line('g++', '--version'),
        'revision': first_line('git', 'describe', '--always'),
    }
