// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtp/rtp.h>

#include <atomic>
#include <cstddef>
#include <vector>

namespace rfc2435 {

// Knows the RTP header extensions (RFC 8285) that the base class writes into
// every packet after the payloader has split the frame, so that room can be
// left for them. GStreamer lists them only since 1.24 (property `extensions`);
// before that, they are known from the signals and, if caps requested them,
// from the `extmap-` fields.
class HeaderExtensions {
public:
  explicit HeaderExtensions (GstRTPBasePayload *payload);
  ~HeaderExtensions ();
  HeaderExtensions (const HeaderExtensions &) = delete;
  HeaderExtensions &operator= (const HeaderExtensions &) = delete;

  // The maximum number of bytes that they take in a packet made from `buffer`.
  // Called only by the streaming thread.
  std::size_t max_size (GstBuffer *buffer);

private:
  static void on_add (
      GstRTPBasePayload *payload, GstRTPHeaderExtension *extension, gpointer);
  static void on_clear (GstRTPBasePayload *payload, gpointer);
  static void on_caps (GstPad *pad, GParamSpec *, gpointer);

  void collect ();
  bool collect_from_property ();
  void collect_from_signals_and_caps ();
  void forget_active ();

  GstRTPBasePayload *const payload_;
  GstPad *const pad_; // the source pad
  std::atomic<bool> changed_{false};
  // Under the object lock of `payload_`.
  std::vector<GstRTPHeaderExtension *> added_;
  // The current caps name extensions that have been cleared since.
  bool caps_outdated_ = false;
  // The extensions in use with `caps_`.
  std::vector<GstRTPHeaderExtension *> active_;
  std::size_t unknown_count_ = 0;
  GstCaps *caps_ = nullptr;
};

} // namespace rfc2435
