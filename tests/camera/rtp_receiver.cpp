// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rtp_receiver.h"

#include "patience.h"

#include <algorithm>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace testcamera {

namespace {

std::uint32_t
get_be (const std::uint8_t *bytes, int count)
{
  std::uint32_t value = 0;
  for (int i = 0; i < count; i++)
    value = value << 8 | bytes[i];
  return value;
}

// The data between the SOS segment and EOI.
Bytes
scan_of (const Picture &picture)
{
  const std::uint8_t sos[] = {0xff, 0xda};
  auto found = std::search (
      picture.begin (), picture.end (), std::begin (sos), std::end (sos));
  auto start = static_cast<std::size_t> (found - picture.begin ()) + 2;
  if (start + 2 > picture.size ())
    return {};
  start += get_be (picture.data () + start, 2);
  return Bytes (picture).subspan (start, picture.size () - 2 - start);
}

} // namespace

int
scan_index_of (const Picture &scan, const std::vector<Picture> &fed)
{
  Bytes bytes (scan);
  if (bytes.size () > 2 && bytes[bytes.size () - 2] == 0xff &&
      bytes.back () == 0xd9)
    bytes = bytes.first (bytes.size () - 2);
  for (std::size_t i = 0; i < fed.size (); i++)
    if (std::ranges::equal (bytes, scan_of (fed[i])))
      return static_cast<int> (i);
  return -1;
}

RtpReceiver::RtpReceiver ()
{
  socket_ = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  // A whole frame may arrive at once; FORCE overrides net.core.rmem_max.
  int size = 8 << 20;
  setsockopt (socket_, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  timeval timeout = {.tv_sec = 0, .tv_usec = 100000};
  setsockopt (socket_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  auto raw = reinterpret_cast<sockaddr *> (&address);
  socklen_t length = sizeof address;
  if (bind (socket_, raw, length) == 0 &&
      getsockname (socket_, raw, &length) == 0)
    port_ = ntohs (address.sin_port);
  thread_ = std::thread ([this] { run (); });
}

RtpReceiver::~RtpReceiver ()
{
  quit_ = true;
  thread_.join ();
  close (socket_);
}

void
RtpReceiver::run ()
{
  std::vector<std::uint8_t> packet (65536);
  while (!quit_) {
    auto n = recv (socket_, packet.data (), packet.size (), 0);
    if (n > 0)
      take_packet (Bytes (packet).first (static_cast<std::size_t> (n)));
  }
}

void
RtpReceiver::take_packet (Bytes packet)
{
  // Version 2 without extension or CSRCs, then the main JPEG header.
  if (packet.size () < 20 || packet[0] != 0x80)
    return;
  std::lock_guard lock (mutex_);
  auto sequence = static_cast<int> (get_be (&packet[2], 2));
  if (last_sequence_ >= 0 && sequence != ((last_sequence_ + 1) & 0xffff))
    gaps_++;
  last_sequence_ = sequence;
  sources_.insert (get_be (&packet[8], 4));

  auto offset = get_be (&packet[13], 3);
  auto type = packet[16], q = packet[17];
  std::size_t header = 20;
  if (type >= 64)
    header += 4;
  if (offset == 0 && q >= 128 && packet.size () >= header + 4)
    header += 4 + get_be (&packet[header + 2], 2);
  if (packet.size () < header)
    return;
  auto payload = packet.subspan (header);

  if (offset == 0)
    current_ = {.timestamp = get_be (&packet[4], 4),
        .width = packet[18] * 8u,
        .height = packet[19] * 8u};
  if (offset == current_.scan.size ())
    current_.scan.insert (
        current_.scan.end (), payload.begin (), payload.end ());
  if (packet[1] & 0x80)
    pictures_.push_back (std::move (current_));
}

bool
RtpReceiver::wait_pictures (
    std::size_t count, std::chrono::steady_clock::duration limit) const
{
  auto end = std::chrono::steady_clock::now () + patience (limit);
  while (pictures ().size () < count) {
    if (std::chrono::steady_clock::now () > end)
      return false;
    std::this_thread::sleep_for (std::chrono::milliseconds (10));
  }
  return true;
}

std::vector<ReceivedPicture>
RtpReceiver::pictures () const
{
  std::lock_guard lock (mutex_);
  return pictures_;
}

int
RtpReceiver::sequence_gaps () const
{
  std::lock_guard lock (mutex_);
  return gaps_;
}

int
RtpReceiver::sources () const
{
  std::lock_guard lock (mutex_);
  return static_cast<int> (sources_.size ());
}

} // namespace testcamera
