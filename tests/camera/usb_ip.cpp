// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "usb_ip.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace testcamera {

namespace {

constexpr std::size_t header_size = 48;
constexpr std::size_t iso_packet_size = 16;
constexpr std::uint32_t cmd_submit = 1;
constexpr std::uint32_t cmd_unlink = 2;
constexpr std::uint32_t ret_submit = 3;
constexpr std::uint32_t ret_unlink = 4;
// uvcvideo asks for far less; anything larger is not USB/IP.
constexpr std::uint32_t max_transfer = 4 << 20;
constexpr std::uint32_t max_iso_packets = 1024;
constexpr int usb_speed_high = 3;

std::uint32_t
get_be32 (const std::uint8_t *p)
{
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 |
         std::uint32_t{p[2]} << 8 | p[3];
}

void
put_be32 (std::vector<std::uint8_t> &out, std::uint32_t value)
{
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back (static_cast<std::uint8_t> (value >> shift));
}

// The header of an answer; words that are not given are zero.
void
put_header (std::vector<std::uint8_t> &out, std::uint32_t command,
    std::uint32_t sequence, std::initializer_list<std::uint32_t> words)
{
  out.clear ();
  for (auto word : {command, sequence, 0u, 0u, 0u})
    put_be32 (out, word);
  for (auto word : words)
    put_be32 (out, word);
  out.resize (header_size);
}

} // namespace

bool
UsbIpPort::attach (unsigned port)
{
  int pair[2];
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return false;
  int buffer = 4 << 20;
  setsockopt (pair[0], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);

  // The device id (bus << 16 | device) means nothing to vhci but must differ
  // from port to port.
  auto line = std::to_string (port) + " " + std::to_string (pair[1]) + " " +
              std::to_string (1u << 16 | (port + 2)) + " " +
              std::to_string (usb_speed_high);
  bool done = false;
  for (int tries = 0; tries < 100 && !done; tries++) {
    if (tries > 0)
      usleep (50000);
    int attach =
        open ("/sys/devices/platform/vhci_hcd.0/attach", O_WRONLY | O_CLOEXEC);
    if (attach < 0)
      break;
    done = write (attach, line.data (), line.size ()) ==
           static_cast<ssize_t> (line.size ());
    int error = errno;
    close (attach);
    errno = error;
  }
  int error = errno;
  close (pair[1]);
  if (!done) {
    close (pair[0]);
    errno = error;
    return false;
  }
  fd_ = pair[0];
  return true;
}

void
UsbIpPort::detach ()
{
  if (fd_ < 0)
    return;
  shutdown (fd_, SHUT_RDWR);
  close (fd_);
  fd_ = -1;
}

std::optional<Request>
UsbIpPort::receive ()
{
  std::uint8_t header[header_size];
  if (!read_all (header, sizeof header))
    return {};
  auto word = [&] (std::size_t index) {
    return get_be32 (header + 4 * index);
  };

  Request request;
  if (word (0) == cmd_unlink) {
    request.unlink = Unlink{.sequence = word (1), .victim = word (5)};
    return request;
  }
  if (word (0) != cmd_submit)
    return {};

  Submit submit;
  submit.sequence = word (1);
  submit.to_host = word (3) != 0;
  submit.endpoint = word (4);
  submit.length = word (6);
  // A transfer that is not isochronous has 0 or, from newer kernels, -1 here.
  auto packets = word (8) == 0xffffffff ? 0 : word (8);
  std::copy_n (header + 40, sizeof submit.setup, submit.setup);
  if (submit.length > max_transfer || packets > max_iso_packets)
    return {};
  if (!submit.to_host) {
    submit.data.resize (submit.length);
    if (!read_all (submit.data.data (), submit.data.size ()))
      return {};
  }
  for (std::uint32_t i = 0; i < packets; i++) {
    std::uint8_t packet[iso_packet_size];
    if (!read_all (packet, sizeof packet))
      return {};
    submit.packets.push_back ({get_be32 (packet), get_be32 (packet + 4)});
  }
  request.submit = std::move (submit);
  return request;
}

bool
UsbIpPort::complete (const Submit &submit, int status, Bytes data)
{
  auto actual = submit.to_host ? data.size () : submit.length;
  put_header (out_, ret_submit, submit.sequence,
      {static_cast<std::uint32_t> (status),
          static_cast<std::uint32_t> (status == 0 ? actual : 0)});
  if (status == 0)
    out_.insert (out_.end (), data.begin (), data.end ());
  return write_all (out_);
}

bool
UsbIpPort::complete_iso (
    const Submit &submit, Bytes data, std::span<const std::uint32_t> lengths)
{
  put_header (out_, ret_submit, submit.sequence,
      {0, static_cast<std::uint32_t> (data.size ()), 0,
          static_cast<std::uint32_t> (lengths.size ())});
  out_.insert (out_.end (), data.begin (), data.end ());
  for (std::size_t i = 0; i < lengths.size (); i++)
    for (auto word :
        {submit.packets[i].offset, submit.packets[i].length, lengths[i], 0u})
      put_be32 (out_, word);
  return write_all (out_);
}

bool
UsbIpPort::complete_unlink (const Unlink &unlink, bool was_pending)
{
  put_header (out_, ret_unlink, unlink.sequence,
      {static_cast<std::uint32_t> (was_pending ? -ECONNRESET : 0)});
  return write_all (out_);
}

bool
UsbIpPort::read_all (std::uint8_t *data, std::size_t size)
{
  while (size > 0) {
    auto n = read (fd_, data, size);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    data += n;
    size -= static_cast<std::size_t> (n);
  }
  return true;
}

bool
UsbIpPort::write_all (Bytes data)
{
  while (!data.empty ()) {
    auto n = send (fd_, data.data (), data.size (), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    data = data.subspan (static_cast<std::size_t> (n));
  }
  return true;
}

} // namespace testcamera
