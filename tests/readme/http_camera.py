# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A network camera: sends one JPEG repeatedly, as multipart over HTTP."""

import http.server
import threading
import time


def start(address, jpeg):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header('Content-Type',
                             'multipart/x-mixed-replace; boundary=frame')
            self.end_headers()
            part = (b'--frame\r\nContent-Type: image/jpeg\r\n'
                    b'Content-Length: %d\r\n\r\n' % len(jpeg)) + jpeg + b'\r\n'
            try:
                while True:
                    self.wfile.write(part)
                    time.sleep(1 / 30)
            except OSError:
                pass  # nobody looks any more

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(address, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
