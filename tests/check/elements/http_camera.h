// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace test {

// A network camera: sends a picture repeatedly as multipart/x-mixed-replace to
// one client at a time, always on the same port.
class HttpCamera {
public:
  explicit HttpCamera (std::vector<unsigned char> picture)
      : picture_ (std::move (picture))
  {
    start ();
  }
  ~HttpCamera () { kill (); }
  HttpCamera (const HttpCamera &) = delete;
  HttpCamera &operator= (const HttpCamera &) = delete;

  // The port of the socket; 0 if it could not be bound.
  unsigned short port () const { return port_; }
  void start ()
  {
    listener_ = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt (listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    address.sin_port = htons (port_);
    socklen_t size = sizeof address;
    if (bind (listener_, reinterpret_cast<sockaddr *> (&address), size) == 0 &&
        listen (listener_, 8) == 0 &&
        getsockname (
            listener_, reinterpret_cast<sockaddr *> (&address), &size) == 0)
      port_ = ntohs (address.sin_port);
    quit_ = false;
    thread_ = std::thread ([this] { serve (); });
  }
  // Closes the connection, and no longer listens.
  void kill ()
  {
    quit_ = true;
    if (thread_.joinable ())
      thread_.join ();
    if (listener_ >= 0)
      close (listener_);
    listener_ = -1;
  }
  // Keeps the connection, but sends nothing until the client gives up.
  void stall () { stalled_ = true; }

private:
  bool wait_readable (int fd, int milliseconds)
  {
    pollfd poll_fd = {fd, POLLIN, 0};
    return poll (&poll_fd, 1, milliseconds) > 0;
  }
  static bool send_all (int fd, const void *data, std::size_t size)
  {
    return send (fd, data, size, MSG_NOSIGNAL) == static_cast<ssize_t> (size);
  }
  static bool send_all (int fd, const std::string &text)
  {
    return send_all (fd, text.data (), text.size ());
  }

  void serve ()
  {
    while (!quit_) {
      if (!wait_readable (listener_, 20))
        continue;
      int client = accept4 (listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0)
        continue;
      stalled_ = false;
      char request[4096];
      if (wait_readable (client, 2000) &&
          recv (client, request, sizeof request, 0) > 0)
        stream (client);
      close (client);
    }
  }
  void stream (int client)
  {
    bool open = send_all (client,
        "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; "
        "boundary=frame\r\n\r\n");
    while (open && !quit_) {
      if (!stalled_)
        open = send_all (client,
                   "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: " +
                       std::to_string (picture_.size ()) + "\r\n\r\n") &&
               send_all (client, picture_.data (), picture_.size ()) &&
               send_all (client, "\r\n");
      // Closed by the client
      char byte = 0;
      if (wait_readable (client, 20) && recv (client, &byte, 1, 0) <= 0)
        open = false;
    }
  }

  const std::vector<unsigned char> picture_;
  unsigned short port_ = 0;
  int listener_ = -1;
  std::atomic<bool> quit_ = false;
  std::atomic<bool> stalled_ = false;
  std::thread thread_;
};

} // namespace test
