// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <gst/gst.h>

// An rfc2435depay behind a link that loses, repeats and reorders packets. At
// the end, the element's counters must match what the link did.
class LossyReceiver {
public:
  struct Totals {
    guint64 sessions = 0;
    guint64 lost = 0, repeated = 0, overtaken = 0;  // packets
    guint64 intact = 0, concealed = 0, dropped = 0; // frames

    void add (const Totals &other);
  };

  explicit LossyReceiver (unsigned seed);
  ~LossyReceiver ();
  LossyReceiver (const LossyReceiver &) = delete;
  LossyReceiver &operator= (const LossyReceiver &) = delete;

  void receive (std::span<const std::uint8_t> packet);
  // Lets packets in transit arrive, and ends the stream.
  Totals finish ();

private:
  using Packet = std::vector<std::uint8_t>;
  struct Delayed {
    Packet packet;
    unsigned wait; // packets until it arrives
  };

  static GstFlowReturn count_picture (
      GstPad *pad, GstObject *parent, GstBuffer *buffer);
  bool is_lost ();
  void deliver (std::span<const std::uint8_t> packet);
  void deliver_delayed ();
  void note_frame (std::uint32_t timestamp);
  guint64 stat (const GstStructure *stats, const char *field);
  unsigned random (unsigned below) { return random_ () % below; }

  std::minstd_rand random_;
  GstElement *depay_;
  GstPad *source_, *sink_;
  std::vector<Delayed> delayed_;
  bool in_burst_ = false;
  Totals totals_;

  guint64 delivered_ = 0, pictures_ = 0, frames_ = 0;
  // Sequence numbers, extended beyond 16 bits
  std::optional<std::int64_t> first_, last_;
  // A frame's packets lie close together.
  std::array<std::optional<std::uint32_t>, 8> timestamps_;
};
