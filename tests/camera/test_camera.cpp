// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "test_camera.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace testcamera {

namespace {

// bmHeaderInfo of a payload header (UVC 1.1, 2.4.3.3).
constexpr unsigned payload_frame_id = 0x01;
constexpr unsigned payload_end_of_frame = 0x02;
constexpr unsigned payload_error = 0x40;
constexpr unsigned payload_end_of_header = 0x80;
constexpr std::size_t payload_header_size = 2;

constexpr std::size_t control_size = 26; // UVC 1.0
constexpr unsigned vs_probe = 1;
constexpr unsigned vs_commit = 2;
constexpr unsigned get_cur = 0x81;
constexpr unsigned get_min = 0x82;
constexpr unsigned get_max = 0x83;
constexpr unsigned get_res = 0x84;
constexpr unsigned get_len = 0x85;
constexpr unsigned get_info = 0x86;
constexpr unsigned get_def = 0x87;

constexpr auto microframe = std::chrono::microseconds (125);

// The maximum size of a frame in this mode, as reported to the host.
std::uint32_t
buffer_size (const Mode &mode)
{
  return mode.width * mode.height * 2;
}

bool
strikes_frames (Fault fault)
{
  return fault >= Fault::truncated && fault <= Fault::unplug_in_frame;
}

} // namespace

std::optional<Fault>
fault_from_name (std::string_view name)
{
  const std::pair<std::string_view, Fault> names[] = {
      {"none", Fault::none},
      {"truncated", Fault::truncated},
      {"empty", Fault::empty},
      {"no-start", Fault::no_start},
      {"corrupted", Fault::corrupted},
      {"no-end", Fault::no_end},
      {"wrong-id", Fault::wrong_id},
      {"wrong-size", Fault::wrong_size},
      {"unplug-in-frame", Fault::unplug_in_frame},
      {"unplug-at-request", Fault::unplug_at_request},
      {"silence", Fault::silence},
      {"stall", Fault::stall},
      {"no-bandwidth", Fault::no_bandwidth},
  };
  for (const auto &[known, fault] : names)
    if (name == known)
      return fault;
  return {};
}

Pictures
read_pictures (const std::string &directory)
{
  Pictures pictures;
  for (const auto &folder : std::filesystem::directory_iterator (directory)) {
    unsigned width = 0, height = 0;
    if (!folder.is_directory () || sscanf (folder.path ().filename ().c_str (),
                                       "%ux%u", &width, &height) != 2)
      continue;
    std::vector<std::filesystem::path> files;
    for (const auto &file : std::filesystem::directory_iterator (folder))
      if (file.path ().extension () == ".jpg")
        files.push_back (file.path ());
    std::sort (files.begin (), files.end ());
    for (const auto &file : files) {
      std::ifstream in (file, std::ios::binary);
      pictures[{width, height}].emplace_back (
          std::istreambuf_iterator<char> (in),
          std::istreambuf_iterator<char> ());
    }
  }
  return pictures;
}

TestCamera::TestCamera (Model model, const Pictures &pictures)
    : model_ (std::move (model)), pictures_ (pictures),
      wake_fd_ (eventfd (0, EFD_CLOEXEC)), thread_ ([this] { run (); })
{}

TestCamera::~TestCamera ()
{
  {
    std::lock_guard lock (mutex_);
    quit_ = true;
  }
  wake ();
  thread_.join ();
  close (wake_fd_);
}

bool
TestCamera::plug (unsigned port)
{
  std::lock_guard lock (mutex_);
  if (port_.attached ())
    return true;
  probe_ = commit_ = nearest ({});
  alternate_ = 0;
  if (!port_.attach (port))
    return false;
  wake ();
  return true;
}

void
TestCamera::unplug ()
{
  std::lock_guard lock (mutex_);
  pull_plug ();
  wake ();
}

void
TestCamera::set_fault (Fault fault, unsigned every, unsigned times)
{
  std::lock_guard lock (mutex_);
  fault_ = fault;
  fault_every_ = every;
  fault_count_ = 0;
  fault_times_left_ = fault == Fault::unplug_in_frame ? 1 : times;
  wake ();
}

Counters
TestCamera::counters () const
{
  std::lock_guard lock (mutex_);
  return counters_;
}

void
TestCamera::wake ()
{
  std::uint64_t one = 1;
  [[maybe_unused]] auto n = write (wake_fd_, &one, sizeof one);
}

void
TestCamera::pull_plug ()
{
  set_streaming (false);
  unplug_due_ = false;
  port_.detach ();
  pending_.clear ();
}

void
TestCamera::run ()
{
  std::unique_lock lock (mutex_);
  while (!quit_) {
    if (port_.attached () && !serve_stream ())
      pull_plug ();

    auto wait = std::chrono::ceil<std::chrono::milliseconds> (
        next_event () - Clock::now ());
    auto timeout =
        static_cast<int> (std::clamp<std::int64_t> (wait.count (), 0, 1000));
    pollfd fds[] = {{wake_fd_, POLLIN, 0}, {port_.fd (), POLLIN, 0}};
    auto port = port_.fd ();
    lock.unlock ();
    poll (fds, std::size (fds), timeout);
    lock.lock ();

    if (fds[0].revents != 0) {
      std::uint64_t count = 0;
      [[maybe_unused]] auto n = read (wake_fd_, &count, sizeof count);
    }
    // The camera may have been unplugged and plugged in again meanwhile.
    if (fds[1].revents != 0 && port_.attached () && port_.fd () == port &&
        fds[0].revents == 0 && !serve_socket ())
      pull_plug ();
  }
  pull_plug ();
}

TestCamera::Clock::time_point
TestCamera::next_event () const
{
  if (!streaming_ || pending_.empty ())
    return Clock::now () + std::chrono::seconds (1);
  return model_.isochronous ? bus_due_ : due_;
}

bool
TestCamera::serve_socket ()
{
  auto request = port_.receive ();
  if (!request)
    return false;

  if (request->unlink) {
    auto victim = std::find_if (
        pending_.begin (), pending_.end (), [&] (const Submit &submit) {
          return submit.sequence == request->unlink->victim;
        });
    bool found = victim != pending_.end ();
    if (found)
      pending_.erase (victim);
    return port_.complete_unlink (*request->unlink, found);
  }
  if (request->submit->endpoint == 0)
    return serve_control (*request->submit);
  pending_.push_back (std::move (*request->submit));
  return true;
}

bool
TestCamera::serve_control (const Submit &submit)
{
  counters_.requests++;
  if (fault_ == Fault::unplug_at_request && ++fault_count_ == fault_every_) {
    fault_ = Fault::none;
    counters_.unplugs++;
    // What a host controller reports of a device that no longer answers.
    port_.complete (submit, -EPROTO);
    return false;
  }
  // What a host controller reports if it has no bandwidth left.
  if (submit.setup[0] == 0x01 && submit.setup[1] == 11 && submit.setup[2] > 0 &&
      fault_ == Fault::no_bandwidth)
    return port_.complete (submit, -ENOSPC);

  auto data = answer (submit);
  if (!data)
    return port_.complete (submit, -EPIPE);
  auto length = submit.setup[6] | submit.setup[7] << 8;
  if (data->size () > static_cast<std::size_t> (length))
    data->resize (static_cast<std::size_t> (length));
  return port_.complete (submit, 0, *data);
}

// The data to send back, empty if the request asks for none; nullopt means a
// stall.
std::optional<Descriptor>
TestCamera::answer (const Submit &submit)
{
  const auto &setup = submit.setup;
  auto value_low = setup[2], value_high = setup[3];
  auto interface = setup[4], entity = setup[5];

  switch (setup[0] << 8 | setup[1]) {
  case 0x8006: // GET_DESCRIPTOR
    if (value_high == 1)
      return device_descriptor (model_);
    if (value_high == 2)
      return configuration_descriptor (model_);
    if (value_high == 6)
      return device_qualifier_descriptor ();
    if (value_high == 3)
      if (auto text = string_descriptor (model_, value_low); !text.empty ())
        return text;
    return {};
  case 0x8000: // GET_STATUS
  case 0x8100:
  case 0x8200:
    return Descriptor{0, 0};
  case 0x8008: // GET_CONFIGURATION
    return Descriptor{1};
  case 0x810a: // GET_INTERFACE
    return Descriptor{static_cast<std::uint8_t> (
        interface == streaming_interface ? alternate_ : 0)};
  case 0x0001: // CLEAR_FEATURE, SET_FEATURE, SET_ADDRESS, SET_CONFIGURATION
  case 0x0003:
  case 0x0005:
  case 0x0009:
    return Descriptor{};
  case 0x010b: // SET_INTERFACE starts and ends isochronous streaming
    if (interface == streaming_interface) {
      alternate_ = value_low;
      if (model_.isochronous)
        set_streaming (alternate_ != 0);
    }
    return Descriptor{};
  case 0x0201: // CLEAR_FEATURE(ENDPOINT_HALT) ends bulk streaming
    if (!model_.isochronous)
      set_streaming (false);
    return Descriptor{};
  case 0x2101: // SET_CUR
    if (interface != streaming_interface || value_high > vs_commit)
      return {};
    probe_ = nearest (read_control (submit.data));
    if (value_high == vs_commit) {
      set_streaming (false);
      commit_ = probe_;
      if (!model_.isochronous)
        set_streaming (true);
    }
    return Descriptor{};
  default:
    if (setup[0] != 0xa1)
      return {};
    if (interface == streaming_interface)
      return answer_streaming (setup[1], value_high);
    // The request error code control.
    if (interface == control_interface && entity == 0 && value_high == 2)
      return Descriptor{
          static_cast<std::uint8_t> (setup[1] == get_info ? 1 : 6)};
    return {};
  }
}

std::optional<Descriptor>
TestCamera::answer_streaming (unsigned request, unsigned selector)
{
  if (selector != vs_probe && selector != vs_commit)
    return {};
  auto control = selector == vs_probe ? probe_ : commit_;
  switch (request) {
  case get_cur:
    return write_control (control);
  case get_min:
    control.interval = 1;
    return write_control (nearest (control));
  case get_max:
    control.interval = ~0u;
    return write_control (nearest (control));
  case get_def:
    return write_control (nearest ({}));
  case get_res:
    return Descriptor (control_size);
  case get_len:
    return Descriptor{control_size, 0};
  case get_info:
    return Descriptor{3};
  default:
    return {};
  }
}

// The supported settings closest to `wish`; interval 0 means the highest rate.
TestCamera::Control
TestCamera::nearest (Control wish) const
{
  wish.format = std::clamp (wish.format, 1u, model_.formats ());
  wish.frame =
      std::clamp (wish.frame, 1u, static_cast<unsigned> (model_.modes.size ()));
  const auto &rates = model_.modes[wish.frame - 1].rates;
  auto distance = [&] (unsigned rate) {
    return std::abs (std::int64_t{interval_of (rate)} - wish.interval);
  };
  auto rate = std::min_element (rates.begin (), rates.end (),
      [&] (unsigned a, unsigned b) { return distance (a) < distance (b); });
  wish.interval = interval_of (*rate);
  return wish;
}

Descriptor
TestCamera::write_control (const Control &control) const
{
  Descriptor out (control_size);
  auto put32 = [&] (std::size_t at, std::uint32_t value) {
    for (int i = 0; i < 4; i++)
      out[at + i] = static_cast<std::uint8_t> (value >> (8 * i));
  };
  const auto &mode = model_.modes[control.frame - 1];
  out[0] = 1; // bmHint: keep the interval
  out[2] = static_cast<std::uint8_t> (control.format);
  out[3] = static_cast<std::uint8_t> (control.frame);
  put32 (4, control.interval);
  put32 (18, buffer_size (mode));
  put32 (22, model_.isochronous ? iso_payload : bulk_payload);
  return out;
}

TestCamera::Control
TestCamera::read_control (Bytes bytes) const
{
  if (bytes.size () < 8)
    return {};
  return {.format = bytes[2],
      .frame = bytes[3],
      .interval = std::uint32_t{bytes[4]} | std::uint32_t{bytes[5]} << 8 |
                  std::uint32_t{bytes[6]} << 16 |
                  std::uint32_t{bytes[7]} << 24};
}

void
TestCamera::set_streaming (bool on)
{
  if (on == streaming_)
    return;
  streaming_ = on;
  frame_.clear ();
  if (!on)
    return;
  frame_number_ = 0;
  counters_.streams++;
  due_ = bus_due_ = Clock::now ();
  if (fault_ == Fault::silence || fault_ == Fault::stall)
    fault_ = Fault::none;
}

bool
TestCamera::struck_now ()
{
  return strikes_frames (fault_) && ++fault_count_ % fault_every_ == 0;
}

// It must fit into the host's buffer.
const Picture *
TestCamera::picture_of_other_size (std::size_t limit) const
{
  const auto &mode = model_.modes[commit_.frame - 1];
  for (const auto &[size, pictures] : pictures_)
    if (size != std::pair (mode.width, mode.height))
      for (const auto &picture : pictures)
        if (picture.size () <= limit)
          return &picture;
  return nullptr;
}

bool
TestCamera::begin_frame (Clock::time_point now)
{
  if (!frame_.empty ())
    return true;
  if (!streaming_ || now < due_ || fault_ == Fault::silence)
    return false;

  const auto &mode = model_.modes[commit_.frame - 1];
  if (model_.format_is_mjpeg (commit_.format)) {
    auto found = pictures_.find ({mode.width, mode.height});
    if (found == pictures_.end () || found->second.empty ())
      return false;
    frame_ = found->second[frame_number_ % found->second.size ()];
  } else {
    // Gray, with a moving white line.
    auto line = std::size_t{mode.width} * 2;
    frame_.assign (line * mode.height, 0x80);
    auto at = frame_.begin () + static_cast<std::ptrdiff_t> (
                                    line * (frame_number_ % mode.height));
    std::fill_n (at, line, 0xff);
  }
  sent_of_frame_ = 0;
  frame_fault_ = struck_now () ? fault_ : Fault::none;
  if (frame_fault_ != Fault::none) {
    counters_.faulty++;
    if (fault_times_left_ > 0 && --fault_times_left_ == 0)
      fault_ = Fault::none;
  }
  if (frame_fault_ == Fault::truncated)
    frame_.resize (frame_.size () / 2);
  if (frame_fault_ == Fault::no_start)
    frame_[0] = 0;
  if (frame_fault_ == Fault::wrong_size)
    if (auto other = picture_of_other_size (buffer_size (mode)))
      frame_ = *other;
  if (frame_fault_ != Fault::wrong_id)
    frame_id_ = !frame_id_;

  auto interval = std::chrono::microseconds (commit_.interval / 10);
  frame_number_++;
  due_ += interval;
  while (due_ + interval < now) {
    due_ += interval;
    frame_number_++;
    counters_.late++;
  }
  return true;
}

bool
TestCamera::put_payload (
    Descriptor &out, std::size_t room, Clock::time_point now)
{
  if (room <= payload_header_size)
    return false;
  bool busy = begin_frame (now);
  unsigned info = payload_end_of_header | (frame_id_ ? payload_frame_id : 0);
  std::size_t size = 0;
  bool last = false;
  if (busy) {
    auto end = frame_.size ();
    if (frame_fault_ == Fault::empty)
      end = 0;
    if (frame_fault_ == Fault::unplug_in_frame)
      end /= 2;
    size = std::min (room - payload_header_size, end - sent_of_frame_);
    last = sent_of_frame_ + size == end;
    if (last && frame_fault_ != Fault::no_end &&
        frame_fault_ != Fault::unplug_in_frame)
      info |= payload_end_of_frame;
    if (frame_fault_ == Fault::corrupted)
      info |= payload_error;
  }
  out.push_back (payload_header_size);
  out.push_back (static_cast<std::uint8_t> (info));
  if (busy) {
    auto payload = Bytes (frame_).subspan (sent_of_frame_, size);
    out.resize (out.size () + size);
    std::ranges::copy_backward (payload, out.end ());
  }
  sent_of_frame_ += size;
  if (last) {
    frame_.clear ();
    counters_.sent++;
    unplug_due_ = frame_fault_ == Fault::unplug_in_frame;
  }
  return busy;
}

// Completes all transfers that are due; returns false if the host has gone or a
// fault unplugs the camera.
bool
TestCamera::serve_stream ()
{
  while (!pending_.empty () && streaming_) {
    auto now = Clock::now ();
    auto before = pending_.size ();
    if (fault_ == Fault::stall) {
      if (!port_.complete (pending_.front (), -EPIPE))
        return false;
      pending_.pop_front ();
    } else if (!(model_.isochronous ? serve_iso (now) : serve_bulk (now))) {
      return false;
    }
    if (unplug_due_) {
      counters_.unplugs++;
      return false;
    }
    if (pending_.size () == before)
      break;
  }
  return true;
}

bool
TestCamera::serve_bulk (Clock::time_point now)
{
  const auto &submit = pending_.front ();
  Descriptor data;
  if (!put_payload (data, std::min (submit.length, bulk_payload), now)) {
    // Not acknowledged: the transfer stays pending.
    if (due_ <= now)
      due_ = now + std::chrono::milliseconds (100);
    return true;
  }
  if (!port_.complete (submit, 0, data))
    return false;
  pending_.pop_front ();
  return true;
}

bool
TestCamera::serve_iso (Clock::time_point now)
{
  if (now < bus_due_)
    return true;
  const auto &submit = pending_.front ();
  // A transfer takes time on the bus, but a slow host need not make up for it.
  bus_due_ += microframe * submit.packets.size ();
  if (bus_due_ < now - std::chrono::milliseconds (100))
    bus_due_ = now;

  Descriptor data;
  std::vector<std::uint32_t> lengths;
  for (const auto &packet : submit.packets) {
    auto before = data.size ();
    put_payload (data, packet.length, now);
    lengths.push_back (static_cast<std::uint32_t> (data.size () - before));
  }
  if (!port_.complete_iso (submit, data, lengths))
    return false;
  pending_.pop_front ();
  return true;
}

} // namespace testcamera
