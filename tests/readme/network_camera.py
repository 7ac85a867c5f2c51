# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network camera that can be unplugged. It sends one JPEG repeatedly, as multipart
over HTTP, to everyone who opens it."""

import socket
import threading
import time


class NetworkCamera:
    def __init__(self, jpeg, address=('127.0.0.1', 0), framerate=10):
        self._part = (b'--frame\r\nContent-Type: image/jpeg\r\n'
                      b'Content-Length: %d\r\n\r\n' % len(jpeg)) + jpeg + b'\r\n'
        self._pause = 1 / framerate
        self._listener = socket.create_server(address)
        self._lock = threading.Lock()
        self._users = []
        self._plugged = True
        threading.Thread(target=self._serve, daemon=True).start()

    def source(self, options='restart-on-eos=true'):
        """An element that opens this camera."""
        port = self._listener.getsockname()[1]
        return (f'v4l2mjpegsrc {options} frame-timeout=60000000000 '
                'source="souphttpsrc retries=0 is-live=true do-timestamp=true '
                f'location=http://127.0.0.1:{port} '
                '! multipartdemux single-stream=true"')

    def users(self):
        """How many have it open."""
        with self._lock:
            return len(self._users)

    def unplug(self, *users):
        """Disconnects these users, numbered in the order in which they came.
        Nobody can open it from now on."""
        with self._lock:
            self._plugged = False
            for user in users:
                self._users[user].shutdown(socket.SHUT_RDWR)

    def plug_in(self):
        with self._lock:
            self._plugged = True

    def _serve(self):
        while True:
            user, _ = self._listener.accept()
            threading.Thread(target=self._stream, args=[user],
                             daemon=True).start()

    def _stream(self, user):
        with self._lock:
            plugged = self._plugged
            if plugged:
                self._users.append(user)
        try:
            if plugged:
                user.sendall(b'HTTP/1.0 200 OK\r\nContent-Type: '
                             b'multipart/x-mixed-replace; boundary=frame\r\n\r\n')
            while plugged:
                user.sendall(self._part)
                time.sleep(self._pause)
        except OSError:
            pass  # nobody is watching any more
        with self._lock:
            if plugged:
                self._users.remove(user)
        user.close()
