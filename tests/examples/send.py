#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""send.py HOST [ELEMENTS]: sends a camera, or elements that produce image/jpeg, to
port 5000 of a host. Needs python3-gi and gir1.2-gstreamer-1.0."""

import sys

import gi
gi.require_version('Gst', '1.0')
from gi.repository import GLib, Gst  # noqa: E402

Gst.init(None)
source = sys.argv[2] if len(sys.argv) > 2 else 'v4l2mjpegsrc'
pipeline = Gst.parse_launch(
    f'{source} ! rfc2435pay name=pay '
    f'! udpsink host={sys.argv[1]} port=5000 sync=false')


def every_second():
    print(pipeline.get_by_name('pay').props.frame_stats.to_string(), flush=True)
    return True


pipeline.bus.add_signal_watch()
pipeline.bus.connect('message::warning', lambda _, m: print(m.parse_warning()[0]))
pipeline.bus.connect('message::error', lambda _, m: sys.exit(m.parse_error()[0]))
pipeline.set_state(Gst.State.PLAYING)
GLib.timeout_add_seconds(1, every_second)
try:
    GLib.MainLoop().run()
except KeyboardInterrupt:
    pipeline.set_state(Gst.State.NULL)
