// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame_stats.h"
#include "jpeg_builder.h"
#include "main_header.h"
#include "quantization_header.h"
#include "restart_header.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/rtp.h>

#include <string>
#include <vector>

using rfc2435::MainHeader;
using test::ByteVector;

constexpr std::size_t rtp_header_size = 12;

struct Packet {
  ByteVector bytes;
  GstClockTime pts, dts;
  guint flags;
  guint16 seqnum;
  guint32 timestamp, ssrc;
  guint8 pt, csrc_count;
  bool marker, has_extension;
  ByteVector payload;

  MainHeader main_header () const { return *MainHeader::parse (payload); }
};

inline Packet
read_packet (GstBuffer *buffer)
{
  Packet packet;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;

  packet.bytes.resize (gst_buffer_get_size (buffer));
  gst_buffer_extract (buffer, 0, packet.bytes.data (), packet.bytes.size ());
  packet.pts = GST_BUFFER_PTS (buffer);
  packet.dts = GST_BUFFER_DTS (buffer);
  packet.flags = GST_BUFFER_FLAGS (buffer);

  fail_unless (gst_rtp_buffer_map (buffer, GST_MAP_READ, &rtp));
  packet.seqnum = gst_rtp_buffer_get_seq (&rtp);
  packet.timestamp = gst_rtp_buffer_get_timestamp (&rtp);
  packet.ssrc = gst_rtp_buffer_get_ssrc (&rtp);
  packet.pt = gst_rtp_buffer_get_payload_type (&rtp);
  packet.csrc_count = gst_rtp_buffer_get_csrc_count (&rtp);
  packet.marker = gst_rtp_buffer_get_marker (&rtp);
  packet.has_extension = gst_rtp_buffer_get_extension (&rtp);
  auto payload =
      static_cast<const std::uint8_t *> (gst_rtp_buffer_get_payload (&rtp));
  packet.payload.assign (
      payload, payload + gst_rtp_buffer_get_payload_len (&rtp));
  gst_rtp_buffer_unmap (&rtp);
  return packet;
}

// A harness around one rfc2435pay, with its bus.
class Payloader {
public:
  explicit Payloader (const char *caps = "image/jpeg,framerate=30/1")
      : bus_ (gst_bus_new ())
  {
    auto pay = gst_element_factory_make ("rfc2435pay", nullptr);
    // The clock of the harness stands still, so that pacing would never end.
    g_object_set (pay, "pacing", 0., "timestamp-offset", 1000u, "seqnum-offset",
        7, "ssrc", 0x12345678u, nullptr);
    harness_ = gst_harness_new_with_element (pay, "sink", "src");
    gst_object_unref (pay);
    gst_element_set_bus (harness_->element, bus_);
    gst_harness_set_src_caps_str (harness_, caps);
  }
  ~Payloader ()
  {
    gst_element_set_bus (harness_->element, nullptr);
    gst_object_unref (bus_);
    gst_harness_teardown (harness_);
  }
  Payloader (const Payloader &) = delete;
  Payloader &operator= (const Payloader &) = delete;

  GstHarness *harness () { return harness_; }
  GstElement *element () { return harness_->element; }

  template <typename... Values> void set (const char *name, Values... values)
  {
    g_object_set (harness_->element, name, values..., nullptr);
  }

  GstFlowReturn push (const ByteVector &jpeg, GstClockTime pts = 0)
  {
    auto buffer = jpeg.empty ()
                      ? gst_buffer_new ()
                      : gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_PTS (buffer) = pts;
    return gst_harness_push (harness_, buffer);
  }

  std::vector<Packet> take ()
  {
    std::vector<Packet> packets;
    while (auto buffer = gst_harness_try_pull (harness_)) {
      packets.push_back (read_packet (buffer));
      gst_buffer_unref (buffer);
    }
    return packets;
  }

  std::vector<Packet> send (const ByteVector &jpeg, GstClockTime pts = 0)
  {
    fail_unless_equals_int (push (jpeg, pts), GST_FLOW_OK);
    return take ();
  }

  // A field of the current caps of the source pad.
  std::string caps_field (const char *field)
  {
    auto caps = gst_pad_get_current_caps (harness_->sinkpad);
    fail_unless (caps != nullptr);
    auto value =
        gst_structure_get_string (gst_caps_get_structure (caps, 0), field);
    std::string text = value ? value : "";
    gst_caps_unref (caps);
    return text;
  }

  guint64 stat (const char *field)
  {
    return test::frame_stat (harness_->element, field);
  }

  guint64 dropped (const char *cause)
  {
    return test::frame_stat (harness_->element, "dropped", cause);
  }

  GstMessage *pop (GstMessageType type)
  {
    return gst_bus_pop_filtered (bus_, type);
  }

private:
  GstHarness *harness_;
  GstBus *bus_;
};

// The scan of a frame's packets, put together again. EOI follows it.
inline ByteVector
joined_scan (const std::vector<Packet> &packets)
{
  ByteVector scan;
  for (auto &packet : packets) {
    auto header = packet.main_header ();
    auto size = MainHeader::size;
    if (header.type >= 64)
      size += rfc2435::RestartHeader::size;
    if (header.q >= 128 && header.fragment_offset == 0)
      size += rfc2435::QuantizationHeader::size (
          *rfc2435::QuantizationHeader::parse (
              rfc2435::Bytes (packet.payload).subspan (size)));
    fail_unless_equals_int (header.fragment_offset, scan.size ());
    scan.insert (
        scan.end (), packet.payload.begin () + size, packet.payload.end ());
  }
  fail_unless (scan.size () > 2);
  fail_unless_equals_int (scan[scan.size () - 2], 0xff);
  fail_unless_equals_int (scan.back (), rfc2435::marker::eoi);
  scan.resize (scan.size () - 2);
  return scan;
}

inline ByteVector
big_scan ()
{
  return test::flat_scan (test::mcu_count (640, 480, test::sampling_420), 4);
}

inline ByteVector
big_picture (unsigned q = 85)
{
  return test::picture (640, 480, test::sampling_420, q);
}

// 16x16 pixels of medium gray
inline ByteVector
gray_picture ()
{
  test::BitWriter bits;
  for (int block = 0; block < 4; block++)
    bits.put (0b00'1010, 6);
  return test::JpegBuilder ()
      .soi ()
      .dqt (0, rfc2435::formula_tables (50).luma)
      .sof (rfc2435::marker::sof0, 16, 16, {{1, 0x11, 0}})
      .sos ({{1, 0}})
      .raw (bits.take ())
      .eoi ()
      .bytes;
}
