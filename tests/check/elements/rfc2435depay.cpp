// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "effort.h"
#include "frame_stats.h"
#include "leaks.h"
#include "log_lines.h"
#include "rfc2435depay/rtp_packets.h"

#include <gst/check/gstcheck.h>
#include <gst/check/gstharness.h>
#include <gst/rtp/rtp.h>

#include <algorithm>
#include <functional>

using test::ByteVector;
using test::PacketizerOptions;
using test::RtpPacket;

static const char default_caps[] =
    "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
    "payload=26";

struct Picture {
  ByteVector bytes;
  GstClockTime pts;
  guint flags;

  bool is_corrupted () const { return flags & GST_BUFFER_FLAG_CORRUPTED; }
  bool is_discont () const { return flags & GST_BUFFER_FLAG_DISCONT; }
  ByteVector scan () const { return test::scan_of (bytes); }
};

// A harness around one rfc2435depay, with its bus.
class Depayloader {
public:
  explicit Depayloader (const char *caps = default_caps)
      : harness_ (gst_harness_new ("rfc2435depay")), bus_ (gst_bus_new ())
  {
    gst_element_set_bus (harness_->element, bus_);
    gst_harness_set_src_caps_str (harness_, caps);
  }
  ~Depayloader ()
  {
    gst_element_set_bus (harness_->element, nullptr);
    gst_object_unref (bus_);
    gst_harness_teardown (harness_);
  }
  Depayloader (const Depayloader &) = delete;
  Depayloader &operator= (const Depayloader &) = delete;

  GstHarness *harness () { return harness_; }

  template <typename... Values> void set (const char *name, Values... values)
  {
    g_object_set (harness_->element, name, values..., nullptr);
  }

  void push (const RtpPacket &packet, GstClockTime pts = 0, guint flags = 0)
  {
    push_bytes (packet.bytes (), pts, flags);
  }

  void push_bytes (
      const ByteVector &bytes, GstClockTime pts = 0, guint flags = 0)
  {
    auto buffer = gst_buffer_new_memdup (bytes.data (), bytes.size ());
    GST_BUFFER_PTS (buffer) = pts;
    GST_BUFFER_FLAGS (buffer) |= flags;
    fail_unless_equals_int (gst_harness_push (harness_, buffer), GST_FLOW_OK);
  }

  void push (const std::vector<RtpPacket> &packets)
  {
    for (auto &packet : packets)
      push (packet);
  }

  void push_eos ()
  {
    fail_unless (gst_harness_push_event (harness_, gst_event_new_eos ()));
  }

  void push_lost (guint seqnum, bool with_time)
  {
    auto details = gst_structure_new (
        "GstRTPPacketLost", "seqnum", G_TYPE_UINT, seqnum, nullptr);
    if (with_time)
      gst_structure_set (details, "timestamp", G_TYPE_UINT64, GST_SECOND,
          "duration", G_TYPE_UINT64, GST_MSECOND, nullptr);
    gst_harness_push_event (
        harness_, gst_event_new_custom (GST_EVENT_CUSTOM_DOWNSTREAM, details));
  }

  std::vector<Picture> take ()
  {
    std::vector<Picture> pictures;
    while (auto buffer = gst_harness_try_pull (harness_)) {
      Picture picture;
      picture.bytes.resize (gst_buffer_get_size (buffer));
      gst_buffer_extract (
          buffer, 0, picture.bytes.data (), picture.bytes.size ());
      picture.pts = GST_BUFFER_PTS (buffer);
      picture.flags = GST_BUFFER_FLAGS (buffer);
      gst_buffer_unref (buffer);
      pictures.push_back (std::move (picture));
    }
    return pictures;
  }

  guint64 stat (const char *field)
  {
    return test::frame_stat (harness_->element, field);
  }

  guint64 dropped (const char *cause)
  {
    return test::frame_stat (harness_->element, "dropped", cause);
  }

  std::string caps ()
  {
    auto caps = gst_pad_get_current_caps (harness_->sinkpad);
    fail_unless (caps != nullptr);
    auto text = gst_caps_to_string (caps);
    std::string result = text;
    g_free (text);
    gst_caps_unref (caps);
    return result;
  }

  GstMessage *pop (GstMessageType type)
  {
    return gst_bus_pop_filtered (bus_, type);
  }

private:
  GstHarness *harness_;
  GstBus *bus_;
};

static std::string
data (const std::string &name)
{
  return std::string (DEPAY_DATA) + "/" + name;
}

static std::vector<Picture>
receive (Depayloader &depay, const char *dump)
{
  auto packets = test::read_pcap (data (std::string (dump) + ".pcap"));
  fail_unless (packets.size () > 90);
  depay.push (packets);
  depay.push_eos ();
  return depay.take ();
}

static void
assert_scan (const Picture &picture, const std::string &expected_name)
{
  auto expected = test::scan_of (test::read_file (data (expected_name)));
  fail_unless (!expected.empty (), "%s", expected_name.c_str ());
  fail_unless (picture.scan () == expected, "%s", expected_name.c_str ());
}

static void
assert_all (Depayloader &depay, const char *dump, const char *expected)
{
  auto pictures = receive (depay, dump);
  fail_unless_equals_int (pictures.size (), 6);
  for (int i = 0; i < 6; i++)
    assert_scan (pictures[i],
        std::string (expected) + "." + std::to_string (i) + ".jpg");
}

static const char *const whole_dumps[][2] = {
    {"plain", "plain.full"},
    {"unaligned", "unaligned.full"},
    {"aligned", "aligned.full"},
    {"alignedrow", "alignedrow.full"},
    {"aligned-reordered", "aligned.full"},
};

GST_START_TEST (test_whole_dump)
{
  Depayloader depay;
  assert_all (depay, whole_dumps[__i__][0], whole_dumps[__i__][1]);
  fail_unless_equals_uint64 (depay.stat ("frames-out"), 6);
  fail_unless_equals_uint64 (depay.stat ("frames-intact"), 6);
  fail_unless_equals_uint64 (depay.stat ("packets-lost"), 0);
  fail_unless_equals_uint64 (depay.stat ("packets-late"), 0);
  fail_unless_equals_uint64 (depay.stat ("packets-malformed"), 0);
  auto caps = depay.caps ();
  fail_unless_equals_string (caps.c_str (),
      "image/jpeg, parsed=(boolean)true, width=(int)320, height=(int)240, "
      "framerate=(fraction)0/1");
}
GST_END_TEST;

static const char *const lossy_dumps[][2] = {
    {"aligned-loss", "aligned-loss.prev"},
    {"aligned-loss-renumbered", "aligned-loss.prev"},
    {"alignedrow-loss", "alignedrow-loss.prev"},
};

// Dumps in which frames 1 to 4 lost packets.
static const char *const other_lossy_dumps[][2] = {
    {"plain-loss", "plain.full"},
    {"unaligned-loss", "unaligned.full"},
};

GST_START_TEST (test_other_lossy_dump)
{
  Depayloader depay;
  auto pictures = receive (depay, other_lossy_dumps[__i__][0]);
  fail_unless_equals_int (pictures.size (), 6);
  for (int i : {0, 5})
    assert_scan (pictures[i], std::string (other_lossy_dumps[__i__][1]) + "." +
                                  std::to_string (i) + ".jpg");
  for (int i = 0; i < 6; i++)
    fail_unless_equals_int (pictures[i].is_corrupted (), i > 0 && i < 5);
  fail_unless_equals_uint64 (depay.stat ("frames-concealed"), 4);
  auto message = depay.pop (GST_MESSAGE_ELEMENT);
  fail_unless (message != nullptr);
  fail_unless (gst_message_has_name (message, "rfc2435depay-concealed"));
  guint64 frames, concealed, lost;
  gdouble area;
  fail_unless (gst_structure_get (gst_message_get_structure (message), "frames",
      G_TYPE_UINT64, &frames, "frames-concealed", G_TYPE_UINT64, &concealed,
      "packets-lost", G_TYPE_UINT64, &lost, "concealed-area", G_TYPE_DOUBLE,
      &area, nullptr));
  // Sent with the first of them
  fail_unless_equals_uint64 (frames, 2);
  fail_unless_equals_uint64 (concealed, 1);
  fail_unless (lost > 0 && lost < 20);
  fail_unless (area > 0 && area < 0.5);
  gst_message_unref (message);
  fail_unless (depay.pop (GST_MESSAGE_ELEMENT) == nullptr);
}
GST_END_TEST;

GST_START_TEST (test_lossy_dump)
{
  Depayloader depay;
  assert_all (depay, lossy_dumps[__i__][0], lossy_dumps[__i__][1]);
  fail_unless_equals_uint64 (depay.stat ("frames-dropped"), 0);
}
GST_END_TEST;

GST_START_TEST (test_duplicates_are_counted)
{
  Depayloader depay;
  auto packets = test::read_pcap (data ("aligned-reordered.pcap"));
  depay.push (packets);
  fail_unless_equals_uint64 (depay.stat ("packets-received"), packets.size ());
  fail_unless_equals_uint64 (depay.stat ("packets-duplicate"),
      packets.size () - test::read_pcap (data ("aligned.pcap")).size ());
}
GST_END_TEST;

static ByteVector
small_picture ()
{
  return test::picture (640, 480, test::sampling_420, 85);
}

// Pictures of the types of RFC 2435 section 4.1
static ByteVector
picture_of_type (unsigned type)
{
  auto sampling = type % 64 == 0 ? test::sampling_422 : test::sampling_420;
  auto tables = rfc2435::formula_tables (60);
  test::JpegBuilder jpeg;
  jpeg.soi ().dqt (0, tables.luma).dqt (1, tables.chroma);
  jpeg.sof0 (640, 480, sampling);
  unsigned interval = type >= 64 ? 10 : 0;
  if (interval != 0)
    jpeg.dri (interval);
  return jpeg.sos ()
      .raw (test::flat_scan (test::mcu_count (640, 480, sampling),
          test::luma_blocks (sampling), interval))
      .eoi ()
      .bytes;
}

GST_START_TEST (test_types)
{
  for (unsigned type : {0, 1, 64, 65}) {
    Depayloader depay;
    auto packets = test::packetize (picture_of_type (type), {.q = 60});
    fail_unless_equals_int (packets[0].payload[4], type);
    depay.push (packets);
    auto pictures = depay.take ();
    fail_unless_equals_int (pictures.size (), 1);
    fail_unless (pictures[0].scan () == test::scan_of (picture_of_type (type)));
    fail_unless_equals_uint64 (depay.stat ("frames-intact"), 1);
  }
}
GST_END_TEST;

// Padding, CSRCs, unknown header extensions, a dynamic payload type, and a
// type-specific field: none of them is part of the picture.
GST_START_TEST (test_rtp_headers)
{
  Depayloader depay;
  for (auto packet : test::packetize (small_picture (), {.type_specific = 2})) {
    packet.payload_type = 96;
    auto bytes = packet.bytes ();
    bytes[0] |= 0x20 | 0x10 | 2; // padding, extension, two CSRCs
    ByteVector rest = {1, 2, 3, 4, 5, 6, 7, 8, 0xbe, 0xde, 0, 1, 0x10, 9, 0, 0};
    bytes.insert (bytes.begin () + 12, rest.begin (), rest.end ());
    bytes.insert (bytes.end (), {0, 0, 3});
    depay.push_bytes (bytes);
  }
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 1);
  fail_unless (pictures[0].scan () == test::scan_of (small_picture ()));
  fail_unless_equals_uint64 (depay.stat ("packets-malformed"), 0);
}
GST_END_TEST;

// A frame is output with its last packet, whichever that is.
GST_START_TEST (test_leaves_at_once)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture ());
  fail_unless_equals_int (packets.size (), 10);
  std::swap (packets[4], packets[9]);
  for (unsigned i = 0; i < packets.size (); i++) {
    fail_unless (depay.take ().empty ());
    depay.push (packets[i], i);
  }
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 1);
  fail_unless (pictures[0].scan () == test::scan_of (small_picture ()));
  fail_unless_equals_uint64 (pictures[0].pts, 9);
  fail_unless (!pictures[0].is_corrupted ());
  fail_unless_equals_uint64 (depay.stat ("packets-lost"), 0);
}
GST_END_TEST;

// Sources stop for good if they are told that negotiation failed.
GST_START_TEST (test_negotiation_while_flushing)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture ());
  auto last = packets.back ().bytes ();
  packets.pop_back ();
  depay.push (packets);
  auto pad = gst_element_get_static_pad (depay.harness ()->element, "src");
  gst_pad_set_active (pad, FALSE);
  auto buffer = gst_buffer_new_memdup (last.data (), last.size ());
  fail_unless_equals_int (
      gst_harness_push (depay.harness (), buffer), GST_FLOW_FLUSHING);
  gst_object_unref (pad);
}
GST_END_TEST;

// Neighbouring packets of two frames that are swapped
GST_START_TEST (test_reordered_across_frames)
{
  Depayloader depay;
  std::vector<RtpPacket> packets;
  for (unsigned i = 0; i < 3; i++) {
    auto frame = test::packetize (small_picture (),
        {.seqnum = static_cast<std::uint16_t> (65530 + 10 * i),
            .timestamp = 3000 * i - 3000});
    packets.insert (packets.end (), frame.begin (), frame.end ());
  }
  std::swap (packets[9], packets[12]);
  std::swap (packets[19], packets[20]);
  depay.push (packets);
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 3);
  for (auto &picture : pictures)
    fail_unless (picture.scan () == test::scan_of (small_picture ()));
  fail_unless_equals_uint64 (depay.stat ("frames-intact"), 3);
}
GST_END_TEST;

// Senders without a clock: all frames have the same timestamp.
GST_START_TEST (test_same_timestamp)
{
  Depayloader depay;
  for (unsigned i = 0; i < 3; i++) {
    auto packets = test::packetize (small_picture (),
        {.seqnum = static_cast<std::uint16_t> (10 * i), .timestamp = 5});
    // The marker is lost once.
    if (i == 1)
      packets.pop_back ();
    depay.push (packets);
  }
  depay.push_eos ();
  fail_unless_equals_uint64 (depay.stat ("frames-intact"), 2);
  fail_unless_equals_uint64 (
      depay.stat ("frames-out") + depay.stat ("frames-dropped"), 3);
}
GST_END_TEST;

// A frame without marker bit ends with its EOI.
GST_START_TEST (test_no_marker)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture ());
  packets.back ().marker = false;
  depay.push (packets);
  fail_unless_equals_int (depay.take ().size (), 1);
  fail_unless_equals_uint64 (depay.stat ("frames-intact"), 1);
}
GST_END_TEST;

// RFC 2435 section 3.1.9: EOI may be omitted, also after a scan that ends in D9
// or FF 00.
GST_START_TEST (test_eoi_is_added)
{
  for (auto tail : {ByteVector{0x12, 0xd9}, ByteVector{0xff, 0x00},
           ByteVector{0x12, 0x34}}) {
    Depayloader depay;
    auto packets = test::packetize (small_picture ());
    auto &payload = packets.back ().payload;
    payload.resize (payload.size () - 4);
    payload.insert (payload.end (), tail.begin (), tail.end ());
    depay.push (packets);
    auto pictures = depay.take ();
    fail_unless_equals_int (pictures.size (), 1);
    ByteVector end (pictures[0].bytes.end () - 4, pictures[0].bytes.end ());
    tail.insert (tail.end (), {0xff, 0xd9});
    fail_unless (end == tail);
  }
}
GST_END_TEST;

static void
assert_picture (Depayloader &depay, const ByteVector &jpeg)
{
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 1);
  fail_unless (pictures[0].scan () == test::scan_of (jpeg));
}

// The tables of a picture that was output.
static rfc2435::QuantizationTables
tables_of (const ByteVector &jpeg)
{
  rfc2435::Bytes bytes = jpeg;
  rfc2435::ByteReader reader ({&bytes, 1});
  rfc2435::JpegHeader header;
  rfc2435::JpegTables tables;
  fail_unless (!header.parse (reader, tables));
  return {*tables.quantization[0], *tables.quantization[1]};
}

GST_START_TEST (test_q)
{
  for (unsigned q = 0; q < 256; q++) {
    Depayloader depay;
    depay.push (test::packetize (
        small_picture (), {.q = static_cast<std::uint8_t> (q)}));
    auto pictures = depay.take ();
    bool reserved = q == 0 || (q >= 100 && q < 128);
    fail_unless_equals_int (pictures.size (), reserved ? 0 : 1);
    if (!reserved)
      fail_unless (tables_of (pictures[0].bytes) ==
                   rfc2435::formula_tables (q < 100 ? q : 85));
  }
}
GST_END_TEST;

// RFC 2435 section 3.1.8: Length 0 refers to tables sent before with that Q.
GST_START_TEST (test_cached_tables)
{
  Depayloader depay;
  auto other = test::picture (640, 480, test::sampling_420, 50);
  depay.push (test::packetize (small_picture (), {.q = 128}));
  depay.push (
      test::packetize (other, {.q = 254, .seqnum = 1010, .timestamp = 93000}));
  depay.push (test::packetize (small_picture (),
      {.q = 128, .tables = false, .seqnum = 1020, .timestamp = 96000}));
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 3);
  fail_unless (tables_of (pictures[1].bytes) == rfc2435::formula_tables (50));
  fail_unless (pictures[2].bytes == pictures[0].bytes);

  // Never sent
  depay.push (test::packetize (small_picture (),
      {.q = 129, .tables = false, .seqnum = 1030, .timestamp = 99000}));
  // Not allowed with 255
  depay.push (test::packetize (small_picture (),
      {.tables = false, .seqnum = 1040, .timestamp = 102000}));
  fail_unless (depay.take ().empty ());
  fail_unless_equals_uint64 (depay.dropped ("missing-tables"), 2);
  auto message = depay.pop (GST_MESSAGE_WARNING);
  fail_unless (message != nullptr);
  gst_message_unref (message);
  // No more than one for each cause
  fail_unless (depay.pop (GST_MESSAGE_WARNING) == nullptr);
}
GST_END_TEST;

// Tables with 16 bits per value require SOF1.
GST_START_TEST (test_wide_tables)
{
  Depayloader depay;
  auto tables = rfc2435::formula_tables (10);
  tables.luma.values[63] = 1000;
  auto jpeg = test::JpegBuilder ()
                  .soi ()
                  .dqt (0, tables.luma, true)
                  .dqt (1, tables.chroma)
                  .sof (rfc2435::marker::sof1, 64, 64,
                      {{1, test::sampling_422, 0}, {2, 0x11, 1}, {3, 0x11, 1}})
                  .standard_dht ()
                  .sos ()
                  .raw (test::flat_scan (32, 2))
                  .eoi ()
                  .bytes;
  depay.push (test::packetize (jpeg));
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 1);
  fail_unless (tables_of (pictures[0].bytes) == tables);
  ByteVector sof1 = {0xff, 0xc1, 0x00, 0x11};
  fail_unless (
      std::search (pictures[0].bytes.begin (), pictures[0].bytes.end (),
          sof1.begin (), sof1.end ()) != pictures[0].bytes.end ());
}
GST_END_TEST;

GST_START_TEST (test_x_dimensions)
{
  Depayloader depay (
      "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=96,a-framerate=(string)\"29,97\",x-dimensions=(string)\"4000,"
      "16\"");
  auto jpeg = test::picture (4000, 16);
  depay.push (test::packetize (jpeg, {.no_dimensions = true}));
  assert_picture (depay, jpeg);
  auto caps = depay.caps ();
  fail_unless_equals_string (caps.c_str (),
      "image/jpeg, parsed=(boolean)true, width=(int)4000, height=(int)16, "
      "framerate=(fraction)2997/100");
}
GST_END_TEST;

GST_START_TEST (test_no_dimensions)
{
  Depayloader depay;
  depay.push (test::packetize (small_picture (), {.no_dimensions = true}));
  fail_unless (depay.take ().empty ());
  fail_unless_equals_uint64 (depay.dropped ("no-dimensions"), 1);
}
GST_END_TEST;

static ByteVector
with_extension (
    const RtpPacket &packet, std::uint16_t id, const ByteVector &body)
{
  auto bytes = packet.bytes ();
  fail_unless_equals_int (body.size () % 4, 0);
  ByteVector header = {static_cast<std::uint8_t> (id >> 8),
      static_cast<std::uint8_t> (id),
      static_cast<std::uint8_t> (body.size () / 4 >> 8),
      static_cast<std::uint8_t> (body.size () / 4)};
  bytes[0] |= 0x10;
  header.insert (header.end (), body.begin (), body.end ());
  bytes.insert (bytes.begin () + 12, header.begin (), header.end ());
  return bytes;
}

// ONVIF Streaming Specification, JPEG over RTP
static ByteVector
onvif_segments (unsigned width, unsigned height, unsigned char luma_sampling,
    const rfc2435::QuantizationTables &tables)
{
  auto segments = test::JpegBuilder ()
                      .dqt (0, tables.luma)
                      .dqt (1, tables.chroma)
                      .sof0 (width, height, luma_sampling)
                      .bytes;
  while (segments.size () % 4 != 0)
    segments.push_back (0xff);
  return segments;
}

GST_START_TEST (test_onvif_segments)
{
  constexpr GstClockTime pts = 7;
  auto jpeg = test::picture (4000, 16, test::sampling_422, 60);
  auto tables = rfc2435::formula_tables (60);
  auto segments = onvif_segments (4000, 16, test::sampling_422, tables);
  auto with_replay = segments;
  ByteVector replay (16);
  replay[12] = 0xff;
  replay[13] = 0xd8;
  replay[15] = static_cast<std::uint8_t> (segments.size () / 4);
  with_replay.insert (with_replay.begin (), replay.begin (), replay.end ());

  Depayloader depay;
  for (unsigned frame = 0; frame < 3; frame++) {
    auto packets = test::packetize (
        jpeg, {.q = 0,
                  .seqnum = static_cast<std::uint16_t> (100 * frame),
                  .timestamp = 3000 * frame,
                  .no_dimensions = true});
    depay.push_bytes (frame == 1
                          ? with_extension (packets[0], 0xabac, with_replay)
                          : with_extension (packets[0], 0xffd8, segments),
        pts);
    for (unsigned i = 1; i < packets.size (); i++)
      depay.push (packets[i], pts);
    auto pictures = depay.take ();
    fail_unless_equals_int (pictures.size (), 1);
    fail_unless (pictures[0].scan () == test::scan_of (jpeg));
    fail_unless (tables_of (pictures[0].bytes) == tables);
  }
  auto caps = depay.caps ();
  fail_unless (caps.find ("width=(int)4000") != std::string::npos);

  // An invalid JPEG header is reported as such.
  auto packets =
      test::packetize (jpeg, {.q = 0, .seqnum = 900, .no_dimensions = true});
  depay.push_bytes (with_extension (packets[0], 0xffd8, {1, 2, 3, 4}));
  for (unsigned i = 1; i < packets.size (); i++)
    depay.push (packets[i]);
  fail_unless_equals_uint64 (depay.dropped ("malformed"), 1);
}
GST_END_TEST;

// Segments can describe up to 18 blocks per MCU: such pictures are not healed.
GST_START_TEST (test_onvif_sampling)
{
  for (unsigned char luma : {0x21, 0x44}) {
    auto jpeg = test::picture (640, 480, test::sampling_422, 60);
    auto segments =
        onvif_segments (640, 480, luma, rfc2435::formula_tables (60));
    Depayloader depay;
    for (unsigned frame = 0; frame < 3; frame++) {
      auto packets = test::packetize (
          jpeg, {.q = 0,
                    .seqnum = static_cast<std::uint16_t> (100 * frame),
                    .timestamp = 3000 * frame,
                    .no_dimensions = true});
      depay.push_bytes (with_extension (packets[0], 0xffd8, segments));
      for (unsigned i = 1; i < packets.size (); i++) {
        if (frame != 1 || i != packets.size () / 2)
          depay.push (packets[i]);
      }
    }
    fail_unless_equals_int (depay.take ().size (), luma == 0x21 ? 3 : 2);
  }
}
GST_END_TEST;

// Type, restart interval and the like must be the same in all packets.
GST_START_TEST (test_contradictions)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture ());
  auto wrong = packets[3];
  wrong.seqnum = 2000;
  wrong.payload[4] = 0;
  auto overlap = packets[3];
  overlap.seqnum = 1001;
  overlap.payload[3] -= 1;
  depay.push (packets[0]);
  depay.push (wrong);
  fail_unless_equals_uint64 (depay.stat ("packets-malformed"), 1);
  auto frames = depay.stat ("frames-out");
  fail_unless_equals_uint64 (frames, 0);
}
GST_END_TEST;

// After rtpulpfecdec, or with a sender that skips packets, sequence numbers
// don't show a gap. rtpjpegdepay then outputs a broken picture.
GST_START_TEST (test_hidden_gap)
{
  Depayloader depay;
  depay.set ("conceal", 2);
  auto packets = test::packetize (small_picture ());
  packets.erase (packets.begin () + 4);
  for (unsigned i = 0; i < packets.size (); i++)
    packets[i].seqnum = static_cast<std::uint16_t> (i);
  depay.push (packets);
  fail_unless (depay.take ().empty ());
  fail_unless_equals_uint64 (depay.dropped ("packets-lost"), 1);
}
GST_END_TEST;

// Jitter buffers announce lost packets; without a time if the pipeline has
// none.
GST_START_TEST (test_packet_lost_event)
{
  Depayloader depay;
  depay.set ("conceal", 2);
  auto packets = test::packetize (small_picture ());
  for (unsigned i = 0; i < packets.size (); i++) {
    if (i == 8)
      depay.push_lost (packets[i].seqnum, __i__);
    else
      depay.push (packets[i]);
  }
  // At once: nothing can arrive any more.
  fail_unless_equals_uint64 (depay.stat ("frames-dropped"), 1);
}
GST_END_TEST;

// A jitter buffer that does not announce them flags the packet after the gap.
GST_START_TEST (test_discont_behind_gap)
{
  Depayloader depay;
  depay.set ("conceal", 2);
  auto packets = test::packetize (small_picture ());
  for (unsigned i = 0; i < packets.size (); i++) {
    if (i != 8)
      depay.push (packets[i], 0, i == 9 ? GST_BUFFER_FLAG_DISCONT : 0);
  }
  fail_unless_equals_uint64 (depay.stat ("frames-dropped"), 1);
}
GST_END_TEST;

GST_START_TEST (test_flush)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture ());
  for (unsigned i = 0; i < 5; i++)
    depay.push (packets[i]);
  gst_harness_push_event (depay.harness (), gst_event_new_flush_start ());
  gst_harness_push_event (depay.harness (), gst_event_new_flush_stop (TRUE));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (depay.harness (), gst_event_new_segment (&segment));
  fail_unless_equals_uint64 (depay.dropped ("flushed"), 1);
  depay.take ();
  depay.push (test::packetize (small_picture (), {.seqnum = 5}));
  assert_picture (depay, small_picture ());
}
GST_END_TEST;

GST_START_TEST (test_new_ssrc)
{
  Depayloader depay;
  auto packets = test::packetize (small_picture (), {.seqnum = 30000});
  depay.push (packets);
  for (unsigned i = 0; i < 2; i++) {
    auto others = test::packetize (small_picture (), {.seqnum = 1});
    for (auto &packet : others)
      packet.ssrc += i + 1;
    depay.push (others);
  }
  fail_unless_equals_int (depay.take ().size (), 3);
  fail_unless_equals_uint64 (depay.stat ("packets-lost"), 0);
}
GST_END_TEST;

// With the same SSRC, and new sequence numbers
GST_START_TEST (test_sender_restart)
{
  Depayloader depay;
  depay.push (test::packetize (small_picture (), {.seqnum = 30000}));
  depay.push (
      test::packetize (small_picture (), {.seqnum = 20000, .timestamp = 1}));
  fail_unless_equals_int (depay.take ().size (), 2);
}
GST_END_TEST;

GST_START_TEST (test_limits)
{
  Depayloader depay;
  depay.set ("max-pixels", 640 * 480 - 1);
  depay.push (test::packetize (small_picture ()));
  fail_unless_equals_uint64 (depay.dropped ("too-large"), 1);
  depay.set ("max-pixels", 640 * 480);
  depay.set ("max-frame-size", 4000);
  depay.push (
      test::packetize (small_picture (), {.seqnum = 1010, .timestamp = 93000}));
  fail_unless_equals_uint64 (depay.stat ("packets-malformed"), 2);
  fail_unless (depay.take ().empty ());
}
GST_END_TEST;

// The first two frames of a dump, the second without one of its packets.
static std::vector<RtpPacket>
second_frame_with_gap (const char *dump, std::size_t missing = 8)
{
  auto packets = test::read_pcap (data (std::string (dump) + ".pcap"));
  auto is_marker = [] (const RtpPacket &packet) {
    return packet.marker;
  };
  auto first = std::find_if (packets.begin (), packets.end (), is_marker) + 1;
  auto second = std::find_if (first, packets.end (), is_marker) + 1;
  packets.erase (second, packets.end ());
  first += static_cast<std::ptrdiff_t> (missing);
  fail_unless (first < second);
  packets.erase (first);
  return packets;
}

// The restart intervals of a scan
static std::vector<ByteVector>
intervals_of (const ByteVector &scan)
{
  std::vector<ByteVector> intervals (1);
  for (std::size_t i = 0; i + 2 < scan.size (); i++) {
    if (scan[i] == 0xff && rfc2435::marker::is_rst (scan[i + 1])) {
      intervals.emplace_back ();
      i++;
    } else {
      intervals.back ().push_back (scan[i]);
    }
  }
  return intervals;
}

// Pictures of 4:2:0: one is missing, all others are as they were sent.
static unsigned
count_gray (const ByteVector &scan, const ByteVector &sent)
{
  auto intervals = intervals_of (scan), expected = intervals_of (sent);
  auto mcus = static_cast<unsigned> (20 * 15 / expected.size ());
  auto gray = test::flat_scan (mcus, 4);
  unsigned count = 0;

  fail_unless_equals_int (intervals.size (), expected.size ());
  for (std::size_t i = 0; i < intervals.size (); i++) {
    if (intervals[i] == gray)
      count++;
    else
      fail_unless (intervals[i] == expected[i], "interval %u", unsigned (i));
  }
  return count;
}

// Nothing is taken from the picture of another sender.
GST_START_TEST (test_new_sender_takes_nothing)
{
  for (bool is_other : {false, true}) {
    Depayloader depay;
    auto packets = second_frame_with_gap ("alignedrow");
    for (auto &packet : packets)
      if (packet.timestamp != packets.front ().timestamp)
        packet.ssrc += is_other;
    depay.push (packets);
    depay.push_eos ();
    auto pictures = depay.take ();
    fail_unless_equals_int (pictures.size (), 2);
    fail_unless (pictures[1].is_corrupted ());
    if (is_other)
      fail_unless (count_gray (pictures[1].scan (),
                       test::scan_of (test::read_file (
                           data ("alignedrow.full.1.jpg")))) > 0);
    fail_unless_equals_int (
        depay.stat ("oldest-concealed") > 0, is_other ? 0 : 1);
  }
}
GST_END_TEST;

GST_START_TEST (test_conceal_gray)
{
  Depayloader depay;
  depay.set ("conceal", 1);
  depay.push (second_frame_with_gap ("alignedrow"));
  depay.push_eos ();
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 2);
  assert_scan (pictures[0], "alignedrow.full.0.jpg");
  fail_unless (pictures[1].is_corrupted ());
  auto sent = test::scan_of (test::read_file (data ("alignedrow.full.1.jpg")));
  fail_unless (count_gray (pictures[1].scan (), sent) > 0);
}
GST_END_TEST;

// Without restart markers, missing parts are gray as well.
GST_START_TEST (test_conceal_gray_in_plain_scan)
{
  ByteVector scans[2];
  for (int conceal : {0, 1}) {
    Depayloader depay;
    depay.set ("conceal", conceal);
    depay.push (second_frame_with_gap ("plain"));
    depay.push_eos ();
    auto pictures = depay.take ();
    fail_unless_equals_int (pictures.size (), 2);
    assert_scan (pictures[0], "plain.full.0.jpg");
    fail_unless (pictures[1].is_corrupted ());
    scans[conceal] = pictures[1].scan ();
  }
  fail_unless (scans[0] != scans[1]);
  // Two gray MCUs of 32 bits, at any bit
  auto has_gray = [] (const ByteVector &scan) {
    std::uint64_t gray = 0x28a28a0028a28a00, window = 0;
    for (auto byte : scan) {
      for (int bit = 7; bit >= 0; bit--) {
        window = window << 1 | (byte >> bit & 1);
        if (window == gray)
          return true;
      }
    }
    return false;
  };
  fail_unless (has_gray (scans[1]));
  fail_unless (!has_gray (scans[0]));
}
GST_END_TEST;

// The number of the 75 intervals of the second frame that are gray without this
// packet.
static unsigned
gray_without (std::size_t missing)
{
  auto sent = test::scan_of (test::read_file (data ("aligned.full.1.jpg")));
  Depayloader depay;
  depay.set ("conceal", 1);
  depay.push (second_frame_with_gap ("aligned", missing));
  depay.push_eos ();
  auto pictures = depay.take ();
  fail_unless_equals_int (pictures.size (), 2);
  fail_unless_equals_int (intervals_of (sent).size (), 75);
  return count_gray (pictures[1].scan (), sent);
}

// A picture that lacks exactly as much as allowed is output.
GST_START_TEST (test_max_concealed)
{
  // Three of 75 are four percent.
  std::size_t missing = 1;
  while (gray_without (missing) % 3 != 0)
    missing++;
  auto packets = second_frame_with_gap ("aligned", missing);
  auto least = gray_without (missing) / 3 * 4;
  fail_unless (least > 0);
  for (auto limit : {least, least - 1, 0u}) {
    Depayloader depay;
    unsigned shown = limit < least ? 0 : 1;
    depay.set ("max-concealed", limit);
    depay.push (packets);
    depay.push_eos ();
    fail_unless_equals_int (depay.take ().size (), 1 + shown);
    fail_unless_equals_uint64 (depay.stat ("frames-concealed"), shown);
    fail_unless_equals_uint64 (depay.dropped ("max-concealed"), 1 - shown);
  }
}
GST_END_TEST;

static void
note_factory (GstBin *, GstElement *element, gpointer names)
{
  if (auto factory = gst_element_get_factory (element))
    static_cast<std::vector<std::string> *> (names)->emplace_back (
        GST_OBJECT_NAME (factory));
}

GST_START_TEST (test_decodebin_takes_it)
{
  std::vector<std::string> names;
  auto pipeline = gst_parse_launch (
      "appsrc name=src format=time ! decodebin name=decodebin caps=image/jpeg "
      "! fakesink sync=false async=false",
      nullptr);
  auto source = gst_bin_get_by_name (GST_BIN (pipeline), "src");
  auto decodebin = gst_bin_get_by_name (GST_BIN (pipeline), "decodebin");
  auto caps = gst_caps_from_string (default_caps);
  g_object_set (source, "caps", caps, nullptr);
  gst_caps_unref (caps);
  g_signal_connect (
      decodebin, "element-added", G_CALLBACK (note_factory), &names);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  GstFlowReturn flow;
  for (auto &packet : test::packetize (small_picture ())) {
    auto bytes = packet.bytes ();
    auto buffer = gst_buffer_new_memdup (bytes.data (), bytes.size ());
    GST_BUFFER_PTS (buffer) = 0;
    g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
    gst_buffer_unref (buffer);
  }
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  auto bus = gst_element_get_bus (pipeline);
  auto message = gst_bus_timed_pop_filtered (bus, 30 * GST_SECOND,
      static_cast<GstMessageType> (GST_MESSAGE_EOS | GST_MESSAGE_ERROR));
  fail_unless (message != nullptr);
  fail_unless_equals_int (GST_MESSAGE_TYPE (message), GST_MESSAGE_EOS);
  gst_message_unref (message);
  gst_element_set_state (pipeline, GST_STATE_NULL);

  fail_unless_equals_int (
      std::count (names.begin (), names.end (), "rfc2435depay"), 1);
  fail_unless_equals_int (
      std::count (names.begin (), names.end (), "rtpjpegdepay"), 0);
  gst_object_unref (bus);
  gst_object_unref (decodebin);
  gst_object_unref (source);
  gst_object_unref (pipeline);
}
GST_END_TEST;

// One line per frame at LOG, one-time events at INFO, the rest at DEBUG.
GST_START_TEST (test_logs)
{
  test::LogLines lines ("rfc2435depay", GST_LEVEL_LOG);
  Depayloader depay;

  fail_unless (lines.take (GST_LEVEL_DEBUG) > 0);
  receive (depay, "plain");
  fail_unless_equals_int (lines.take (GST_LEVEL_LOG), 6);
  fail_unless (lines.last ().starts_with ("output a frame: 320x240, "));
  fail_unless_equals_int (lines.take (GST_LEVEL_INFO), 1);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 0);
  depay.set ("max-concealed", 50u);
  fail_unless_equals_int (lines.take (GST_LEVEL_DEBUG), 1);
}
GST_END_TEST;

static Suite *
rfc2435depay_suite ()
{
  auto suite = suite_create ("rfc2435depay");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_loop_test (tc, test_whole_dump, 0, G_N_ELEMENTS (whole_dumps));
  tcase_add_loop_test (tc, test_lossy_dump, 0, G_N_ELEMENTS (lossy_dumps));
  tcase_add_loop_test (
      tc, test_other_lossy_dump, 0, G_N_ELEMENTS (other_lossy_dumps));
  tcase_add_test (tc, test_duplicates_are_counted);
  tcase_add_test (tc, test_types);
  tcase_add_test (tc, test_rtp_headers);
  tcase_add_test (tc, test_leaves_at_once);
  tcase_add_test (tc, test_negotiation_while_flushing);
  tcase_add_test (tc, test_reordered_across_frames);
  tcase_add_test (tc, test_same_timestamp);
  tcase_add_test (tc, test_no_marker);
  tcase_add_test (tc, test_eoi_is_added);
  tcase_add_test (tc, test_q);
  tcase_add_test (tc, test_cached_tables);
  tcase_add_test (tc, test_wide_tables);
  tcase_add_test (tc, test_x_dimensions);
  tcase_add_test (tc, test_no_dimensions);
  tcase_add_test (tc, test_onvif_segments);
  tcase_add_test (tc, test_onvif_sampling);
  tcase_add_test (tc, test_contradictions);
  tcase_add_test (tc, test_hidden_gap);
  tcase_add_loop_test (tc, test_packet_lost_event, 0, 2);
  tcase_add_test (tc, test_discont_behind_gap);
  tcase_add_test (tc, test_flush);
  tcase_add_test (tc, test_new_ssrc);
  tcase_add_test (tc, test_sender_restart);
  tcase_add_test (tc, test_limits);
  tcase_add_test (tc, test_new_sender_takes_nothing);
  tcase_add_test (tc, test_conceal_gray);
  tcase_add_test (tc, test_conceal_gray_in_plain_scan);
  tcase_add_test (tc, test_max_concealed);
  if (test::has_thread_sanitizer)
    printf ("SKIP: decodebin takes GStreamer's state locks in two orders\n");
  else
    tcase_add_test (tc, test_decodebin_takes_it);
  tcase_add_test (tc, test_logs);

  return suite;
}

GST_CHECK_MAIN (rfc2435depay)
