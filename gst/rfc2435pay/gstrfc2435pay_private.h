// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gstrfc2435pay.h"

#include "arrival_stamps.h"
#include "drop_report.h"
#include "frame.h"
#include "frame_recoder.h"
#include "frame_sender.h"
#include "frame_stats.h"
#include "frame_transcoder.h"
#include "left_out_report.h"
#include "packetizer.h"
#include "rate_limiter.h"
#include "sdp_fields.h"

#include <optional>
#include <string>
#include <vector>

GST_DEBUG_CATEGORY_EXTERN (rfc2435pay_debug);

// The settings that apply to a frame.
struct GstRfc2435PaySettings {
  rfc2435::TableMode tables = rfc2435::TableMode::automatic;
  rfc2435::FrameSender::Settings pacing;
  rfc2435::FrameRecoder::Settings recoding;
  rfc2435::FrameTranscoder::Settings scan;
  rfc2435::RateLimiter::Settings rate;
};

struct GstRfc2435PayPrivate {
  explicit GstRfc2435PayPrivate (GstRTPBasePayload *payload)
      : packetizer (payload), sender (payload)
  {}
  GstRfc2435PayPrivate (const GstRfc2435PayPrivate &) = delete;
  GstRfc2435PayPrivate &operator= (const GstRfc2435PayPrivate &) = delete;

  // Under the object lock
  GstRfc2435PaySettings settings;
  rfc2435::FrameStats stats;

  // Used by the streaming thread
  rfc2435::FrameParser parser;
  rfc2435::FrameParser recoded_parser;
  rfc2435::FrameRecoder recoder;
  rfc2435::FrameTranscoder transcoder;
  rfc2435::RateLimiter rate_limiter;
  rfc2435::DropReport drop_report;
  rfc2435::LeftOutReport left_out_report;
  rfc2435::Packetizer packetizer;
  rfc2435::FrameSender sender;
  rfc2435::ArrivalStamps arrival_stamps;
  GstClockTime last_pts =
      GST_CLOCK_TIME_NONE;          // of a frame that had a timestamp
  std::vector<GstBuffer *> packets; // of the current frame
  GstClockTime frame_interval = GST_CLOCK_TIME_NONE;
  rfc2435::SdpFields sdp_fields;
  std::optional<rfc2435::SdpFields> negotiated;
  guint negotiated_pt = 0;
  bool discont = false;
  // Whether a message was posted since READY.
  bool told_of_arrival_stamps = false;
  bool told_of_payload_type = false;
  bool told_of_orientation = false;

  void forget_stream ()
  {
    parser.reset ();
    recoder.reset ();
    rate_limiter.reset_time ();
    sender.reset ();
    arrival_stamps.reset ();
    last_pts = GST_CLOCK_TIME_NONE;
    discont = false;
  }
};

struct _GstRfc2435Pay {
  GstRTPBasePayload parent;
  GstRfc2435PayPrivate *priv;
};

void gst_rfc2435_pay_install_properties (GObjectClass *klass);

gboolean gst_rfc2435_pay_negotiate (GstRfc2435Pay *self);

// Counts a dropped frame and explains it.
void gst_rfc2435_pay_drop (
    GstRfc2435Pay *self, rfc2435::DropCause cause, const std::string &found);

// Makes the packets of a frame, or none if the frame is dropped.
GstFlowReturn gst_rfc2435_pay_make_packets (GstRfc2435Pay *self,
    GstBuffer *buffer, GstClockTime time, const GstRfc2435PaySettings &settings,
    rfc2435::Frame &frame);
