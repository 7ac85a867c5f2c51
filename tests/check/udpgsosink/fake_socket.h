// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "datagram_sender.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <netinet/in.h>
#include <netinet/udp.h>

// Accepts messages like the kernel, and keeps the datagrams that it would send.
class FakeSocket final : public rfc2435::DatagramSocket {
public:
  struct Message {
    std::size_t segment_size; // 0: without UDP_SEGMENT
    std::size_t size;
    std::size_t segments;
    std::size_t iovecs;
    std::size_t port; // as the address has it
  };

  // The error for a message, or 0.
  std::function<int (const Message &)> error = [] (auto &) {
    return 0;
  };
  std::function<Room ()> room = [] {
    return Room::none;
  };
  // The maximum number of messages accepted in one call.
  unsigned at_once = 1024;

  std::vector<std::string> datagrams;
  std::vector<std::size_t> ports; // of each
  std::vector<Message> messages;  // that were taken
  unsigned calls = 0;
  bool broken = false; // got a message that no kernel would accept

  int send (mmsghdr *headers, unsigned count) override
  {
    calls++;
    if (count == 0)
      broken = true;
    unsigned sent = 0;
    for (; sent < count && sent < at_once; sent++) {
      if (auto code = take (headers[sent].msg_hdr)) {
        if (sent > 0)
          break;
        errno = code;
        return -1;
      }
    }
    return static_cast<int> (sent);
  }

  Room wait_for_room () override { return room (); }

private:
  int take (const msghdr &header)
  {
    std::string bytes;
    for (std::size_t i = 0; i < header.msg_iovlen; i++) {
      if (header.msg_iov[i].iov_len > 0)
        bytes.append (static_cast<const char *> (header.msg_iov[i].iov_base),
            header.msg_iov[i].iov_len);
    }

    std::uint16_t segment_size = 0;
    auto copy = header;
    if (auto cmsg = header.msg_controllen ? CMSG_FIRSTHDR (&copy) : nullptr) {
      if (cmsg->cmsg_level != SOL_UDP || cmsg->cmsg_type != UDP_SEGMENT ||
          cmsg->cmsg_len != CMSG_LEN (sizeof segment_size))
        broken = true;
      std::memcpy (&segment_size, CMSG_DATA (cmsg), sizeof segment_size);
      if (segment_size == 0)
        broken = true;
    }

    std::size_t step = segment_size ? segment_size : bytes.size ();
    std::size_t segments = step ? (bytes.size () + step - 1) / step : 1;
    if (segment_size && (segments > 64 || bytes.size () > 65535 - 48))
      broken = true;
    if (header.msg_iovlen > 1024)
      broken = true;

    auto address = static_cast<const sockaddr_in *> (header.msg_name);
    Message message{segment_size, bytes.size (), segments, header.msg_iovlen,
        address->sin_port};
    if (auto code = error (message))
      return code;
    messages.push_back (message);
    if (bytes.empty ())
      datagrams.emplace_back ();
    for (std::size_t at = 0; at < bytes.size (); at += step)
      datagrams.push_back (bytes.substr (at, step));
    ports.resize (datagrams.size (), message.port);
    return 0;
  }
};
