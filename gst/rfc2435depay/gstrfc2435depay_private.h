// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "gstrfc2435depay.h"

#include "drop_report.h"
#include "frame_assembler.h"
#include "picture_maker.h"
#include "receive_stats.h"
#include "stream_caps.h"

#include <optional>

GST_DEBUG_CATEGORY_EXTERN (rfc2435depay_debug);

// The settings that apply to a frame.
struct GstRfc2435DepaySettings {
  rfc2435::PictureMaker::Conceal conceal =
      rfc2435::PictureMaker::Conceal::previous;
  guint max_concealed = 100;
  guint max_frame_size = rfc2435::FrameAssembler::Limits ().max_size;
  guint max_pixels = 1u << 24;
};

struct GstRfc2435DepayPrivate {
  // Under the object lock
  GstRfc2435DepaySettings settings;
  rfc2435::ReceiveStats stats;
  rfc2435::FrameAssembler::Limits limits;

  // Used by the streaming thread
  GstPadChainFunction base_chain = nullptr;
  rfc2435::FrameAssembler assembler;
  rfc2435::PictureMaker maker;
  rfc2435::StreamCaps caps;
  std::optional<rfc2435::Dimensions> negotiated;
  // The sequence number that the base class expects next.
  bool has_next_seqnum = false;
  guint16 next_seqnum = 0;
  guint32 ssrc = 0;
  // Whether upstream said that packets are missing before this one.
  bool gap_is_final = false;
  GstFlowReturn flow = GST_FLOW_OK;
  // Packets lost before the last flush
  guint64 lost_before = 0;
  rfc2435::DropReport drop_report;
  gint64 next_conceal_report = 0; // monotonic time, µs
  rfc2435::ReceiveStats reported;
};

struct _GstRfc2435Depay {
  GstRTPBaseDepayload parent;
  GstRfc2435DepayPrivate *priv;
};

void gst_rfc2435_depay_install_properties (GObjectClass *klass);
