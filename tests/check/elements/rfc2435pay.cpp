// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "gstrfc2435pay.h"
#include "leaks.h"
#include "payloader.h"
#include "restart_header.h"

#include <gst/video/video.h>

#include <algorithm>

GST_START_TEST (test_packets)
{
  Payloader pay;
  auto scan = big_scan ();
  fail_unless_equals_int (scan.size (), 4800);

  auto packets = pay.send (big_picture (), GST_SECOND);
  // 1380 bytes of the scan and 20 of headers
  fail_unless_equals_int (packets.size (), 4);
  for (guint i = 0; i < packets.size (); i++) {
    auto &p = packets[i];
    bool last = i == 3;
    fail_unless_equals_int (p.bytes.size (), last ? 682 : 1400);
    fail_unless_equals_int (p.seqnum, 7 + i);
    fail_unless_equals_int (p.timestamp, 1000 + 90000);
    fail_unless_equals_int (p.ssrc, 0x12345678);
    fail_unless_equals_int (p.pt, 26);
    fail_unless_equals_int (p.marker, last);
    fail_unless_equals_int (!!(p.flags & GST_BUFFER_FLAG_MARKER), last);
    fail_unless_equals_uint64 (p.pts, GST_SECOND);
    fail_unless_equals_uint64 (p.dts, GST_CLOCK_TIME_NONE);
    MainHeader wanted = {.fragment_offset = i * 1380,
        .type = 1,
        .q = 85,
        .width_blocks = 80,
        .height_blocks = 60};
    fail_unless (p.main_header () == wanted);
  }
  fail_unless (joined_scan (packets) == scan);

  packets = pay.send (big_picture (), 2 * GST_SECOND);
  fail_unless_equals_int (packets[0].seqnum, 11);
  fail_unless_equals_int (packets[0].timestamp, 1000 + 180000);
}
GST_END_TEST;

GST_START_TEST (test_one_list_a_frame)
{
  Payloader pay;
  guint lists = 0;
  auto count = [] (GstPad *, GstPadProbeInfo *info, gpointer data) {
    auto list = GST_PAD_PROBE_INFO_BUFFER_LIST (info);
    fail_unless_equals_int (gst_buffer_list_length (list), 4);
    ++*static_cast<guint *> (data);
    return GST_PAD_PROBE_OK;
  };
  auto pad = gst_element_get_static_pad (pay.element (), "src");
  gst_pad_add_probe (
      pad, GST_PAD_PROBE_TYPE_BUFFER_LIST, count, &lists, nullptr);
  gst_object_unref (pad);

  pay.send (big_picture ());
  pay.send (big_picture ());
  fail_unless_equals_int (lists, 2);
}
GST_END_TEST;

GST_START_TEST (test_tables_in_band)
{
  Payloader pay;
  pay.set ("quantization-tables", 1);

  auto packets = pay.send (big_picture (85));
  fail_unless_equals_int (packets[0].main_header ().q, 255);
  auto tables = rfc2435::QuantizationHeader::parse (
      rfc2435::Bytes (packets[0].payload).subspan (MainHeader::size));
  fail_unless (*tables == rfc2435::formula_tables (85));
  fail_unless (joined_scan (packets) == big_scan ());
  fail_unless_equals_uint64 (pay.stat ("header-bytes-saved"), 0);

  // Changed while playing
  pay.set ("quantization-tables", 0);
  fail_unless_equals_int (pay.send (big_picture (85))[0].main_header ().q, 85);
  fail_unless_equals_uint64 (pay.stat ("header-bytes-saved"), 132);
}
GST_END_TEST;

GST_START_TEST (test_restart_interval)
{
  Payloader pay;
  auto tables = rfc2435::formula_tables (50);
  auto scan = test::flat_scan (1200, 4, 40);
  auto jpeg = test::JpegBuilder ()
                  .soi ()
                  .dri (40)
                  .dqt (0, tables.luma)
                  .dqt (1, tables.chroma)
                  .sof0 (640, 480, test::sampling_420)
                  .sos ()
                  .raw (scan)
                  .eoi ()
                  .bytes;

  auto packets = pay.send (jpeg);
  for (auto &p : packets) {
    fail_unless_equals_int (p.main_header ().type, 65);
    auto restart = rfc2435::RestartHeader::parse (
        rfc2435::Bytes (p.payload).subspan (MainHeader::size));
    fail_unless (*restart == rfc2435::RestartHeader{.restart_interval = 40});
  }
  fail_unless (joined_scan (packets) == scan);
}
GST_END_TEST;

// The packets are the same, however a buffer is divided into memories.
GST_START_TEST (test_memories)
{
  Payloader pay;
  auto jpeg = test::picture (64, 64);
  auto whole = pay.send (jpeg);
  fail_unless_equals_int (whole.size (), 1);

  for (gsize step = 1; step < jpeg.size (); step += 13) {
    auto buffer = gst_buffer_new ();
    GST_BUFFER_PTS (buffer) = 0;
    // Ten memories, and the rest
    gsize at = 0;
    for (guint i = 0; i < 10 && at + step < jpeg.size (); i++, at += step)
      gst_buffer_append_memory (
          buffer, gst_memory_new_wrapped (GST_MEMORY_FLAG_READONLY,
                      const_cast<std::uint8_t *> (jpeg.data ()) + at, step, 0,
                      step, nullptr, nullptr));
    gst_buffer_append_memory (
        buffer, gst_memory_new_wrapped (GST_MEMORY_FLAG_READONLY,
                    const_cast<std::uint8_t *> (jpeg.data ()) + at,
                    jpeg.size () - at, 0, jpeg.size () - at, nullptr, nullptr));

    fail_unless_equals_int (
        gst_harness_push (pay.harness (), buffer), GST_FLOW_OK);
    auto packets = pay.take ();
    fail_unless_equals_int (packets.size (), 1);
    fail_unless (packets[0].payload == whole[0].payload);
  }
}
GST_END_TEST;

GST_START_TEST (test_mtu)
{
  Payloader pay;
  auto scan = big_scan ();

  for (guint mtu :
      {28u, 29u, 100u, 576u, 1200u, 1500u, 4822u, 4823u, 9000u, G_MAXUINT}) {
    pay.set ("mtu", mtu);
    auto packets = pay.send (big_picture ());
    fail_unless (joined_scan (packets) == scan);
    for (auto &p : packets) {
      if (&p != &packets.back ())
        fail_unless_equals_int (p.bytes.size (), mtu);
      fail_unless (p.bytes.size () <= mtu);
    }
    fail_unless_equals_int (
        packets.size (), mtu >= 4822 ? 1 : (4802 + mtu - 21) / (mtu - 20));
  }
}
GST_END_TEST;

GST_START_TEST (test_mtu_too_small)
{
  Payloader pay;
  pay.set ("mtu", 152);
  pay.set ("quantization-tables", 1);
  fail_unless_equals_int (pay.push (big_picture ()), GST_FLOW_ERROR);

  auto message = pay.pop (GST_MESSAGE_ERROR);
  fail_unless (message != nullptr);
  GError *error;
  gst_message_parse_error (message, &error, nullptr);
  fail_unless (
      g_error_matches (error, GST_LIBRARY_ERROR, GST_LIBRARY_ERROR_SETTINGS));
  fail_unless_equals_string (error->message,
      "An mtu of 152 is too small for this stream: set it to at least 153.");
  g_error_free (error);
  gst_message_unref (message);

  pay.set ("mtu", 153);
  auto packets = pay.send (big_picture ());
  fail_unless_equals_int (packets[0].bytes.size (), 153);
  fail_unless (joined_scan (packets) == big_scan ());
}
GST_END_TEST;

// The size of a header extension is deducted from the scan, not added to the
// mtu.
static void
check_extension (const char *uri, guint id, gsize extension_size)
{
  Payloader pay;
  auto jpeg = big_picture ();
  auto ntp = gst_caps_new_empty_simple ("timestamp/x-ntp");
  auto send = [&] {
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    gst_buffer_add_reference_timestamp_meta (
        buffer, ntp, 42 * GST_SECOND, GST_CLOCK_TIME_NONE);
    gst_harness_push (pay.harness (), buffer);
    return pay.take ();
  };
  // From rtpmanager, in gst-plugins-good
  auto extension = gst_rtp_header_extension_create_from_uri (uri);
  fail_unless (extension != nullptr);
  gst_rtp_header_extension_set_id (extension, id);
  g_signal_emit_by_name (pay.element (), "add-extension", extension);

  for (guint mtu : {200u, 1400u}) {
    pay.set ("mtu", mtu);
    auto packets = send ();
    fail_unless (joined_scan (packets) == big_scan ());
    for (auto &p : packets) {
      fail_unless (p.has_extension);
      fail_unless_equals_int (p.bytes.size () - p.payload.size (),
          rtp_header_size + extension_size);
      if (!p.marker)
        fail_unless_equals_int (p.bytes.size (), mtu);
    }
  }

  // No longer, once it is removed.
  g_signal_emit_by_name (pay.element (), "clear-extensions");
  auto packets = send ();
  fail_unless_equals_int (packets[0].bytes.size (), 1400);
  fail_if (packets[0].has_extension);
  gst_object_unref (extension);
  gst_caps_unref (ntp);
}

constexpr const char *twcc_uri =
    "http://www.ietf.org/id/"
    "draft-holmer-rmcat-transport-wide-cc-extensions-01";

GST_START_TEST (test_header_extension)
{
  // Four bytes before all extensions, one before each, up to a multiple of 4
  check_extension (twcc_uri, 1, 4 + 1 + 2 + 1);
  check_extension ("urn:ietf:params:rtp-hdrext:ntp-64", 1, 4 + 1 + 8 + 3);
  // Two before each, with an id above 14
  check_extension ("urn:ietf:params:rtp-hdrext:ntp-64", 15, 4 + 2 + 8 + 2);
}
GST_END_TEST;

GST_START_TEST (test_header_extension_from_caps)
{
  auto harness = gst_harness_new ("rfc2435pay");
  auto caps = gst_caps_from_string ("application/x-rtp,media=video,payload=26,"
                                    "clock-rate=90000,encoding-name=JPEG");
  gst_caps_set_simple (caps, "extmap-3", G_TYPE_STRING, twcc_uri, nullptr);
  gst_harness_set_sink_caps (harness, caps);
  gst_harness_set_src_caps_str (harness, "image/jpeg");
  auto jpeg = big_picture ();
  gst_harness_push (
      harness, gst_buffer_new_memdup (jpeg.data (), jpeg.size ()));

  std::vector<Packet> packets;
  while (auto buffer = gst_harness_try_pull (harness)) {
    packets.push_back (read_packet (buffer));
    gst_buffer_unref (buffer);
  }
  fail_unless (packets[0].has_extension);
  fail_unless_equals_int (packets[0].bytes.size (), 1400);
  fail_unless (joined_scan (packets) == big_scan ());
  gst_harness_teardown (harness);
}
GST_END_TEST;

GST_START_TEST (test_source_info)
{
  Payloader pay;
  const guint32 csrc[] = {1, 2, 3};
  guint32 ssrc = 99;
  auto jpeg = big_picture ();
  auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());

  pay.set ("source-info", TRUE);
  gst_buffer_add_rtp_source_meta (buffer, &ssrc, csrc, 3);
  gst_harness_push (pay.harness (), buffer);
  auto packets = pay.take ();
  fail_unless (joined_scan (packets) == big_scan ());
  fail_unless_equals_int (packets[0].bytes.size (), 1400);
  for (auto &p : packets)
    fail_unless_equals_int (p.csrc_count, 4);
}
GST_END_TEST;

GST_START_TEST (test_caps)
{
  Payloader pay ("image/jpeg,framerate=30000/1001");
  fail_unless (pay.caps_field ("a-framerate") == "29.97003");
  fail_unless (pay.caps_field ("encoding-name") == "JPEG");
  fail_unless (pay.caps_field ("x-dimensions") == "");

  // The picture decides, whatever the caps say.
  pay.send (test::picture (2048, 16));
  fail_unless (pay.caps_field ("x-dimensions") == "2048,16");
  fail_unless (pay.caps_field ("a-framerate") == "29.97003");
  auto packets = pay.send (test::picture (16, 3000));
  fail_unless (pay.caps_field ("x-dimensions") == "16,3000");
  fail_unless_equals_int (packets[0].main_header ().width_blocks, 0);
  fail_unless_equals_int (packets[0].main_header ().height_blocks, 0);
  pay.send (test::picture (2040, 16));
  fail_unless (pay.caps_field ("x-dimensions") == "");

  struct {
    const char *caps, *framerate;
  } cases[] = {
      {"image/jpeg,framerate=25/1", "25"},
      {"image/jpeg,framerate=100/1", "100"},
      {"image/jpeg,framerate=15/2", "7.5"},
      {"image/jpeg,framerate=0/1", ""},
      {"image/jpeg,framerate=0/1,max-framerate=(fraction)60/1", "60"},
      {"image/jpeg", ""},
      {"image/jpeg,width=640,height=480,framerate=30/1", "30"},
  };
  for (auto &c : cases) {
    gst_harness_set_src_caps_str (pay.harness (), c.caps);
    pay.send (big_picture ());
    fail_unless (pay.caps_field ("a-framerate") == c.framerate);
  }

  gst_harness_set_src_caps_str (
      pay.harness (), "image/jpeg,width=3840,height=2160");
  fail_unless (pay.caps_field ("x-dimensions") == "3840,2160");
}
GST_END_TEST;

GST_START_TEST (test_dynamic_payload_type)
{
  Payloader pay;
  pay.set ("pt", 96);
  gst_harness_set_src_caps_str (pay.harness (), "image/jpeg,framerate=25/1");
  fail_unless_equals_int (pay.send (big_picture ())[0].pt, 96);

  auto caps = gst_pad_get_current_caps (pay.harness ()->sinkpad);
  gint pt;
  fail_unless (
      gst_structure_get_int (gst_caps_get_structure (caps, 0), "payload", &pt));
  fail_unless_equals_int (pt, 96);
  gst_caps_unref (caps);
}
GST_END_TEST;

static ByteVector
picture_444 ()
{
  auto tables = rfc2435::formula_tables (50);
  return test::JpegBuilder ()
      .soi ()
      .dqt (0, tables.luma)
      .dqt (1, tables.chroma)
      .sof0 (16, 16, 0x11)
      .sos ()
      .raw (test::flat_scan (4, 1))
      .eoi ()
      .bytes;
}

GST_START_TEST (test_drop)
{
  Payloader pay;
  auto good = big_picture ();
  ByteVector half (good.begin (), good.begin () + good.size () / 2);
  auto gray = gray_picture ();

  pay.set ("recode", GST_RFC2435_RECODE_NEVER);

  fail_unless_equals_int (pay.send (good).back ().seqnum, 10);
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
  fail_unless (pay.send (half).empty ());
  fail_unless (pay.send (half).empty ());
  fail_unless (pay.send (gray).empty ());
  fail_unless (pay.send ({}).empty ());
  // No gap in the sequence numbers
  fail_unless_equals_int (pay.send (good)[0].seqnum, 11);

  fail_unless_equals_uint64 (pay.stat ("frames-in"), 6);
  fail_unless_equals_uint64 (pay.stat ("frames-out"), 2);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 4);
  fail_unless_equals_uint64 (pay.stat ("packets-sent"), 8);
  fail_unless_equals_uint64 (pay.stat ("bytes-sent"), 2 * (3 * 1400 + 682));
  fail_unless_equals_uint64 (pay.dropped ("cut-short"), 2);
  fail_unless_equals_uint64 (pay.dropped ("color-space"), 1);
  fail_unless_equals_uint64 (pay.dropped ("empty"), 1);
  fail_unless_equals_uint64 (pay.dropped ("sampling"), 0);

  // One message for each cause
  for (auto cause : {"cut-short", "color-space", "empty"}) {
    auto message = pay.pop (GST_MESSAGE_WARNING);
    fail_unless (message != nullptr);
    GError *error;
    const GstStructure *details;
    guint64 dropped;
    gst_message_parse_warning (message, &error, nullptr);
    gst_message_parse_warning_details (message, &details);
    fail_unless (
        g_error_matches (error, GST_STREAM_ERROR, GST_STREAM_ERROR_FORMAT));
    fail_unless (gst_structure_has_name (details, "rfc2435pay-dropped"));
    fail_unless_equals_string (
        gst_structure_get_string (details, "cause"), cause);
    fail_unless (gst_structure_get_uint64 (details, "dropped", &dropped));
    fail_unless_equals_uint64 (dropped, 1);
    if (g_str_equal (cause, "color-space"))
      fail_unless (g_str_has_prefix (
          error->message, "Dropped a frame: gray (one component). Make "));
    g_error_free (error);
    gst_message_unref (message);
  }
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
}
GST_END_TEST;

static void
assert_left_out_message (
    Payloader &pay, GstMessageType type, guint64 bytes, gboolean picture)
{
  auto message = pay.pop (type);
  const GstStructure *details;
  guint64 got_bytes;
  gboolean got_picture;

  fail_unless (message != nullptr);
  if (type == GST_MESSAGE_INFO)
    gst_message_parse_info_details (message, &details);
  else
    gst_message_parse_warning_details (message, &details);
  fail_unless (gst_structure_has_name (details, "rfc2435pay-left-out"));
  fail_unless (gst_structure_get (details, "bytes", G_TYPE_UINT64, &got_bytes,
      "picture", G_TYPE_BOOLEAN, &got_picture, nullptr));
  fail_unless_equals_uint64 (got_bytes, bytes);
  fail_unless_equals_int (got_picture, picture);
  gst_message_unref (message);
}

// If a buffer contains more than a picture, only the picture is sent.
GST_START_TEST (test_trailing_data)
{
  Payloader pay;
  auto scan = big_scan ();
  auto with_tail = big_picture (), twice = big_picture ();
  with_tail.insert (with_tail.end (), {1, 2, 3, 0xff, 0xd9});
  twice.insert (twice.end (), with_tail.begin (), with_tail.end ());
  auto padded = big_picture ();
  padded.insert (padded.end (), 1000, 0);

  fail_unless (joined_scan (pay.send (padded)) == scan);
  fail_unless_equals_uint64 (pay.stat ("trailing-bytes"), 0);
  for (unsigned i = 0; i < 2; i++) {
    fail_unless (joined_scan (pay.send (with_tail)) == scan);
    fail_unless (joined_scan (pay.send (twice)) == scan);
  }
  fail_unless_equals_uint64 (
      pay.stat ("trailing-bytes"), 2 * (5 + with_tail.size ()));
  // Once for each kind
  assert_left_out_message (pay, GST_MESSAGE_INFO, 5, FALSE);
  assert_left_out_message (pay, GST_MESSAGE_WARNING, with_tail.size (), TRUE);
  fail_unless (pay.pop (GST_MESSAGE_ANY) == nullptr);

  // Also if the picture has to be recoded
  auto gray = gray_picture ();
  gray.insert (gray.end (), with_tail.begin (), with_tail.end ());
  fail_unless (joined_scan (pay.send (gray)) == test::flat_scan (1, 4));
  fail_unless_equals_uint64 (
      pay.stat ("trailing-bytes"), 10 + 3 * with_tail.size ());

  gst_element_set_state (pay.element (), GST_STATE_READY);
  gst_element_set_state (pay.element (), GST_STATE_PLAYING);
  fail_unless_equals_uint64 (pay.stat ("trailing-bytes"), 0);
}
GST_END_TEST;

static void
assert_recoded_message (Payloader &pay, GstMessageType type, const char *found)
{
  auto message = pay.pop (type);
  GError *error;
  const GstStructure *details;
  gboolean lossless;
  guint64 cpu_time;

  fail_unless (message != nullptr);
  if (type == GST_MESSAGE_INFO) {
    gst_message_parse_info (message, &error, nullptr);
    gst_message_parse_info_details (message, &details);
  } else {
    gst_message_parse_warning (message, &error, nullptr);
    gst_message_parse_warning_details (message, &details);
  }
  fail_unless (gst_structure_has_name (details, "rfc2435pay-recoded"));
  fail_unless_equals_string (
      gst_structure_get_string (details, "found"), found);
  fail_unless (gst_structure_get (details, "lossless", G_TYPE_BOOLEAN,
      &lossless, "cpu-time", G_TYPE_UINT64, &cpu_time, nullptr));
  fail_unless_equals_int (lossless, type == GST_MESSAGE_INFO);
  fail_unless (cpu_time > 0);
  auto begin = std::string ("Recoding ") + found + " with";
  fail_unless (g_str_has_prefix (error->message, begin.c_str ()));
  g_error_free (error);
  gst_message_unref (message);
}

GST_START_TEST (test_recode)
{
  Payloader pay;

  // Gray blocks become those of 4:2:0, with nothing in U and V.
  for (int i = 0; i < 3; i++) {
    auto packets = pay.send (gray_picture ());
    fail_unless_equals_int (packets.size (), 1);
    fail_unless_equals_int (packets[0].main_header ().type, 1);
    fail_unless (joined_scan (packets) == test::flat_scan (1, 4));
  }
  assert_recoded_message (pay, GST_MESSAGE_INFO, "gray JPEG");
  fail_unless (pay.pop (GST_MESSAGE_INFO) == nullptr);

  auto packets = pay.send (picture_444 ());
  fail_unless_equals_int (packets[0].main_header ().type, 0);
  fail_unless (joined_scan (packets) == test::flat_scan (2, 2));
  assert_recoded_message (pay, GST_MESSAGE_WARNING, "4:4:4 JPEG");

  fail_unless_equals_uint64 (pay.stat ("frames-out"), 4);
  fail_unless_equals_uint64 (pay.stat ("frames-recoded"), 4);
  fail_unless_equals_uint64 (pay.stat ("frames-recoded-lossy"), 1);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 0);

  // Pictures that need no recoding are left unchanged.
  pay.send (big_picture ());
  fail_unless_equals_uint64 (pay.stat ("frames-recoded"), 4);
}
GST_END_TEST;

GST_START_TEST (test_recode_lossless)
{
  Payloader pay;
  pay.set ("recode", GST_RFC2435_RECODE_LOSSLESS);
  fail_unless (pay.send (picture_444 ()).empty ());
  fail_unless_equals_int (pay.send (gray_picture ()).size (), 1);
  fail_unless_equals_uint64 (pay.dropped ("sampling"), 1);
  fail_unless_equals_uint64 (pay.stat ("frames-recoded"), 1);
  auto message = pay.pop (GST_MESSAGE_WARNING);
  fail_unless (message != nullptr);
  gst_message_unref (message);
}
GST_END_TEST;

GST_START_TEST (test_recode_max_pixels)
{
  Payloader pay;
  pay.set ("recode-max-pixels", 255u);
  fail_unless (pay.send (gray_picture ()).empty ());
  fail_unless_equals_uint64 (pay.dropped ("too-large"), 1);
  // It does not apply if nothing is recoded.
  fail_unless_equals_int (pay.send (big_picture ()).size (), 4);
  pay.set ("recode-max-pixels", 256u);
  fail_unless_equals_int (pay.send (gray_picture ()).size (), 1);
}
GST_END_TEST;

// The fault is in the scan, after valid marker segments.
GST_START_TEST (test_recode_damaged)
{
  Payloader pay;
  auto damaged = gray_picture ();
  damaged.resize (damaged.size () - 2);
  while (damaged.back () != 0xda)
    damaged.pop_back ();
  // The segment's rest, and no Huffman code
  for (int byte : {0, 8, 1, 1, 0x00, 0, 63, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff,
           0, 0xff, 0xd9})
    damaged.push_back (static_cast<std::uint8_t> (byte));

  fail_unless (pay.send (damaged).empty ());
  fail_unless_equals_uint64 (pay.dropped ("malformed"), 1);
  auto message = pay.pop (GST_MESSAGE_WARNING);
  fail_unless (message != nullptr);
  const GstStructure *details;
  gst_message_parse_warning_details (message, &details);
  fail_unless_equals_string (gst_structure_get_string (details, "found"),
      "a picture that can't be decoded (Damaged entropy-coded data)");
  gst_message_unref (message);
}
GST_END_TEST;

// The reason for recoding says more than that it is impossible.
GST_START_TEST (test_recode_unsupported)
{
  Payloader pay;
  auto lossless = test::picture (16, 16);
  const ByteVector sof0 = {0xff, rfc2435::marker::sof0};
  auto at = std::search (
      lossless.begin (), lossless.end (), sof0.begin (), sof0.end ());
  at[1] = 0xc3;
  fail_unless (pay.send (lossless).empty ());
  fail_unless_equals_uint64 (pay.dropped ("coding-process"), 1);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 1);
}
GST_END_TEST;

// The recoder also has the tables of earlier pictures.
GST_START_TEST (test_recode_with_earlier_tables)
{
  Payloader pay;
  pay.send (big_picture (44));
  test::BitWriter bits;
  for (int block = 0; block < 4; block++)
    bits.put (0b00'1010, 6);
  auto packets =
      pay.send (test::JpegBuilder ()
                    .raw ({1, 2, 3})
                    .soi ()
                    .sof (rfc2435::marker::sof0, 16, 16, {{1, 0x11, 0}})
                    .sos ({{1, 0}})
                    .raw (bits.take ())
                    .eoi ()
                    .bytes);
  fail_unless_equals_int (packets.size (), 1);
  auto tables = rfc2435::QuantizationHeader::parse (
      rfc2435::Bytes (packets[0].payload).subspan (MainHeader::size));
  fail_unless (tables->luma == rfc2435::formula_tables (44).luma);
}
GST_END_TEST;

// Or they cause the fault: without DHT, a picture may use the standard tables.
GST_START_TEST (test_recode_without_earlier_tables)
{
  Payloader pay;
  auto gray = [] (const ByteVector &dht, unsigned block, unsigned bit_count) {
    test::JpegBuilder jpeg;
    test::BitWriter bits;
    for (int i = 0; i < 4; i++)
      bits.put (block, bit_count);
    jpeg.soi ().dqt (0, rfc2435::formula_tables (44).luma);
    if (!dht.empty ())
      jpeg.segment (rfc2435::marker::dht, dht);
    return jpeg.sof (rfc2435::marker::sof0, 16, 16, {{1, 0x11, 0}})
        .sos ({{1, 0}})
        .raw (bits.take ())
        .eoi ()
        .bytes;
  };
  // DC and AC tables 0 of one code each: 0 for a difference of 0, and for end
  // of block.
  ByteVector dht;
  for (std::uint8_t class_and_id : {0x00, 0x10}) {
    dht.insert (dht.end (), {class_and_id, 1});
    dht.insert (dht.end (), 16, 0); // no longer codes, and the symbol
  }

  auto own = pay.send (gray (dht, 0b00, 2));
  auto standard = pay.send (gray ({}, 0b00'1010, 6));
  fail_unless_equals_int (standard.size (), 1);
  fail_unless (standard[0].payload == own[0].payload);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 0);
}
GST_END_TEST;

GST_START_TEST (test_fill_cut_frames)
{
  Payloader pay;
  auto whole = big_picture ();
  // EOI and 500 MCUs of 4 bytes
  ByteVector half (whole.begin (), whole.end () - 2002);

  fail_unless (pay.send (half).empty ());
  fail_unless_equals_uint64 (pay.dropped ("cut-short"), 1);
  gst_message_unref (pay.pop (GST_MESSAGE_WARNING));

  pay.set ("fill-cut-frames", TRUE, "recode", GST_RFC2435_RECODE_NEVER);
  auto filled = joined_scan (pay.send (half));
  auto expected = big_scan ();
  // 700 MCUs, one that libjpeg makes from missing bits, and 499 in gray
  fail_unless (filled.size () >= expected.size ());
  fail_unless (std::equal (
      expected.begin (), expected.begin () + 2800, filled.begin ()));
  fail_unless_equals_uint64 (pay.stat ("frames-out"), 1);
  fail_unless_equals_uint64 (pay.stat ("frames-recoded-lossy"), 1);
  fail_unless_equals_uint64 (pay.dropped ("cut-short"), 1);
  assert_recoded_message (
      pay, GST_MESSAGE_WARNING, "truncated or damaged JPEG");

  // One message; `recode` decides about the part that is present.
  pay.set ("recode", GST_RFC2435_RECODE_LOSSLESS);
  fail_if (pay.send (half).empty ());
  fail_unless_equals_uint64 (pay.stat ("frames-recoded-lossy"), 2);
  fail_unless (pay.pop (GST_MESSAGE_WARNING) == nullptr);
  auto other = picture_444 ();
  other.resize (other.size () - 3);
  fail_unless (pay.send (other).empty ());
  fail_unless_equals_uint64 (pay.dropped ("sampling"), 1);
}
GST_END_TEST;

// A lossless kind is not blamed for a lossy one.
GST_START_TEST (test_fill_cut_frames_of_another_kind)
{
  Payloader pay;
  auto gray = gray_picture ();
  gray.resize (gray.size () - 4);

  pay.set ("fill-cut-frames", TRUE);
  fail_unless_equals_int (pay.send (gray).size (), 1);
  assert_recoded_message (pay, GST_MESSAGE_INFO, "gray JPEG");
  assert_recoded_message (
      pay, GST_MESSAGE_WARNING, "truncated or damaged JPEG");

  pay.set ("recode", GST_RFC2435_RECODE_NEVER);
  fail_unless (pay.send (gray).empty ());
  fail_unless_equals_uint64 (pay.dropped ("color-space"), 1);
  fail_unless_equals_uint64 (pay.stat ("frames-recoded-lossy"), 1);
}
GST_END_TEST;

// RFC 2435 section 3.1.7: inserted restart markers, and packets that end with
// restart intervals.
GST_START_TEST (test_error_resilience)
{
  const auto plain = big_scan ();
  for (auto mode : {GST_RFC2435_ERROR_RESILIENCE_MARKERS,
           GST_RFC2435_ERROR_RESILIENCE_CHUNKS}) {
    bool chunks = mode == GST_RFC2435_ERROR_RESILIENCE_CHUNKS;
    Payloader pay;
    pay.set ("error-resilience", mode, "quantization-tables",
        GST_RFC2435_QUANTIZATION_TABLES_IN_BAND, "restart-interval", 100u);
    auto packets = pay.send (big_picture ());
    // 12 intervals of 400 bytes, each with a marker or EOI: chunks of three.
    auto scan = test::flat_scan (1200, 4, 100);
    fail_unless (joined_scan (packets) == scan);
    assert_equals_int (packets.size (), 4);
    for (guint i = 0; i < packets.size (); i++) {
      auto header = packets[i].main_header ();
      assert_equals_int (header.type, 65);
      assert_equals_int (header.q, 128);
      if (chunks)
        assert_equals_int (header.fragment_offset, i * 3 * 402);
      auto restart = *rfc2435::RestartHeader::parse (
          rfc2435::Bytes (packets[i].payload).subspan (MainHeader::size));
      assert_equals_int (restart.restart_interval, 100);
      fail_unless (restart.first && restart.last);
      assert_equals_int (restart.restart_count, chunks ? i * 3 : 0x3fff);
    }
    assert_equals_uint64 (pay.stat ("frames-restart-inserted"), 1);
    assert_equals_uint64 (
        pay.stat ("chunks-sent"), chunks ? packets.size () : 0);
    assert_equals_uint64 (pay.stat ("packets-sent"), packets.size ());
    std::size_t bytes = 0;
    for (auto &packet : packets)
      bytes += packet.bytes.size ();
    assert_equals_uint64 (pay.stat ("bytes-sent"), bytes);
    assert_equals_uint64 (pay.stat ("frames-recoded"), 0);

    // Other tables get another number, the same ones keep theirs.
    assert_equals_int (pay.send (big_picture (50))[0].main_header ().q, 129);
    assert_equals_int (pay.send (big_picture ())[0].main_header ().q, 128);

    pay.set ("error-resilience", GST_RFC2435_ERROR_RESILIENCE_NONE);
    packets = pay.send (big_picture ());
    assert_equals_int (packets[0].main_header ().type, 1);
    assert_equals_int (packets[0].main_header ().q, 255);
    fail_unless (joined_scan (packets) == plain);
  }
}
GST_END_TEST;

// Damage that only the codes show: an invalid one before EOI.
GST_START_TEST (test_check_scan)
{
  Payloader pay;
  auto damaged = big_picture ();
  auto mcu = damaged.end () - 2 - 4800 + 4 * 600;
  std::ranges::copy (ByteVector{0xff, 0, 0xff, 0}, mcu);
  fail_if (pay.send (damaged).empty ());

  pay.set ("check-scan", TRUE);
  fail_unless (joined_scan (pay.send (big_picture ())) == big_scan ());
  fail_unless (pay.send (damaged).empty ());
  assert_equals_uint64 (pay.dropped ("malformed"), 1);
  auto message = pay.pop (GST_MESSAGE_WARNING);
  fail_unless (message != nullptr);
  const GstStructure *details;
  gst_message_parse_warning_details (message, &details);
  assert_equals_string (gst_structure_get_string (details, "found"),
      "a scan that is damaged in MCU 600 of 1200");
  gst_message_unref (message);

  // Everything from there on is gray: the first 600 MCUs are the same.
  pay.set ("fill-cut-frames", TRUE);
  auto filled = joined_scan (pay.send (damaged));
  auto expected = big_scan ();
  fail_unless (std::equal (
      expected.begin (), expected.begin () + 2400, filled.begin ()));
  assert_recoded_message (
      pay, GST_MESSAGE_WARNING, "truncated or damaged JPEG");
  assert_equals_uint64 (pay.dropped ("malformed"), 1);

  pay.set ("error-resilience", GST_RFC2435_ERROR_RESILIENCE_CHUNKS,
      "restart-interval", 50u);
  auto packets = pay.send (damaged);
  fail_if (packets.empty ());
  assert_equals_int (packets[0].main_header ().type, 65);
}
GST_END_TEST;

GST_START_TEST (test_discont)
{
  Payloader pay;
  auto good = big_picture ();
  auto push_discont = [&pay] (const ByteVector &jpeg) {
    auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
    GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
    gst_harness_push (pay.harness (), buffer);
    return pay.take ();
  };

  // Only on the first packet
  auto packets = push_discont (good);
  for (auto &p : packets)
    fail_unless_equals_int (
        !!(p.flags & GST_BUFFER_FLAG_DISCONT), &p == &packets.front ());
  fail_if (pay.send (good)[0].flags & GST_BUFFER_FLAG_DISCONT);

  // A dropped frame passes it on.
  fail_unless (push_discont ({1, 2, 3}).empty ());
  fail_unless (pay.send (good)[0].flags & GST_BUFFER_FLAG_DISCONT);
  fail_if (pay.send (good)[0].flags & GST_BUFFER_FLAG_DISCONT);
}
GST_END_TEST;

GST_START_TEST (test_meta)
{
  Payloader pay;
  auto jpeg = big_picture ();
  auto buffer = gst_buffer_new_memdup (jpeg.data (), jpeg.size ());
  auto reference = gst_caps_new_empty_simple ("timestamp/x-unix");
  gst_buffer_add_reference_timestamp_meta (
      buffer, reference, 42, GST_CLOCK_TIME_NONE);
  gst_buffer_add_video_region_of_interest_meta (buffer, "face", 1, 2, 3, 4);
  GST_BUFFER_DTS (buffer) = 5;
  gst_harness_push (pay.harness (), buffer);

  guint count = 0;
  while (auto packet = gst_harness_try_pull (pay.harness ())) {
    auto meta = gst_buffer_get_reference_timestamp_meta (packet, reference);
    fail_unless (meta != nullptr);
    fail_unless_equals_uint64 (meta->timestamp, 42);
    fail_unless_equals_uint64 (GST_BUFFER_DTS (packet), 5);
    gst_buffer_unref (packet);
    count++;
  }
  fail_unless_equals_int (count, 4);
  gst_caps_unref (reference);
}
GST_END_TEST;

static ByteVector
without_tables ()
{
  return test::JpegBuilder ()
      .soi ()
      .sof0 (16, 16, test::sampling_420)
      .sos ()
      .raw (test::flat_scan (1, 4))
      .eoi ()
      .bytes;
}

// Tables are kept for the next frame, but not beyond a flush, new caps or
// READY.
GST_START_TEST (test_no_state_left)
{
  Payloader pay;
  auto harness = pay.harness ();
  auto abbreviated = without_tables ();
  auto assert_forgotten = [&] {
    fail_unless (pay.send (abbreviated).empty ());
    pay.send (big_picture (44));
    fail_unless_equals_int (pay.send (abbreviated)[0].main_header ().q, 44);
  };

  assert_forgotten ();
  gst_harness_push_event (harness, gst_event_new_flush_start ());
  gst_harness_push_event (harness, gst_event_new_flush_stop (TRUE));
  GstSegment segment;
  gst_segment_init (&segment, GST_FORMAT_TIME);
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  assert_forgotten ();

  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=10/1");
  assert_forgotten ();

  gst_element_set_state (pay.element (), GST_STATE_READY);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 3);
  gst_element_set_state (pay.element (), GST_STATE_PLAYING);
  fail_unless_equals_uint64 (pay.stat ("frames-dropped"), 0);
  gst_harness_push_event (harness, gst_event_new_stream_start ("again"));
  gst_harness_set_src_caps_str (harness, "image/jpeg,framerate=10/1");
  gst_harness_push_event (harness, gst_event_new_segment (&segment));
  assert_forgotten ();
}
GST_END_TEST;

// Packets outlive the element and the frames after them.
GST_START_TEST (test_packets_live_on)
{
  std::vector<GstBuffer *> kept;
  auto scan = big_scan ();
  {
    Payloader pay;
    for (guint frame = 0; frame < 5; frame++) {
      fail_unless_equals_int (pay.push (big_picture ()), GST_FLOW_OK);
      while (auto buffer = gst_harness_try_pull (pay.harness ()))
        kept.push_back (buffer);
    }
  }
  fail_unless_equals_int (kept.size (), 20);
  for (guint frame = 0; frame < 5; frame++) {
    std::vector<Packet> packets;
    for (guint i = 0; i < 4; i++) {
      // Part of a packet also outlives the packet.
      auto buffer = kept[4 * frame + i];
      auto part = gst_buffer_copy_region (buffer, GST_BUFFER_COPY_ALL, 20, 100);
      packets.push_back (read_packet (buffer));
      gst_buffer_unref (buffer);
      GstMapInfo map;
      fail_unless (gst_buffer_map (part, &map, GST_MAP_READ));
      fail_unless (
          std::equal (map.data, map.data + 100, scan.begin () + i * 1380));
      gst_buffer_unmap (part, &map);
      gst_buffer_unref (part);
    }
    fail_unless (joined_scan (packets) == scan);
  }
}
GST_END_TEST;

// While part of a packet is still in use, later frames don't overwrite it.
GST_START_TEST (test_parts_live_on)
{
  Payloader pay;
  struct Part {
    GstBuffer *buffer;
    ByteVector bytes;
  };
  std::vector<Part> parts;

  for (guint frame = 0; frame < 8; frame++) {
    fail_unless_equals_int (pay.push (big_picture (20 + frame)), GST_FLOW_OK);
    for (guint i = 0; i < 4; i++) {
      auto packet = gst_harness_pull (pay.harness ());
      if (i == frame % 4) {
        auto part =
            gst_buffer_copy_region (packet, GST_BUFFER_COPY_ALL, 5, 200);
        ByteVector bytes (200);
        gst_buffer_extract (part, 0, bytes.data (), bytes.size ());
        parts.push_back ({part, bytes});
      } else if (i == (frame + 1) % 4) {
        // Changed by its receiver: not to be reused as it is
        packet = gst_buffer_make_writable (packet);
        gst_buffer_append_memory (
            packet, gst_allocator_alloc (nullptr, 10, nullptr));
        gst_buffer_resize (packet, 3, 50);
      }
      gst_buffer_unref (packet);
    }
  }
  for (auto &part : parts) {
    ByteVector bytes (200);
    gst_buffer_extract (part.buffer, 0, bytes.data (), bytes.size ());
    fail_unless (bytes == part.bytes);
    gst_buffer_unref (part.buffer);
  }
  auto packets = pay.send (big_picture ());
  fail_unless (joined_scan (packets) == big_scan ());
  for (auto &p : packets)
    fail_if (p.flags & GST_BUFFER_FLAG_DISCONT);
}
GST_END_TEST;

GST_START_TEST (test_registered)
{
  auto factory = gst_element_factory_find ("rfc2435pay");
  auto stock = gst_element_factory_find ("rtpjpegpay");
  fail_unless (factory != nullptr);
  fail_unless_equals_string (
      gst_element_factory_get_metadata (factory, GST_ELEMENT_METADATA_KLASS),
      "Codec/Payloader/Network/RTP");
  auto rank = gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (factory));
  fail_unless_equals_int (rank, GST_RANK_PRIMARY + 1);
  if (stock) {
    fail_unless (
        rank > gst_plugin_feature_get_rank (GST_PLUGIN_FEATURE (stock)));
    gst_object_unref (stock);
  }
  gst_object_unref (factory);
}
GST_END_TEST;

static Suite *
rfc2435pay_suite ()
{
  auto suite = suite_create ("rfc2435pay");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_checked_fixture (tc, nullptr, test::assert_no_leak);
  tcase_add_test (tc, test_packets);
  tcase_add_test (tc, test_one_list_a_frame);
  tcase_add_test (tc, test_tables_in_band);
  tcase_add_test (tc, test_restart_interval);
  tcase_add_test (tc, test_memories);
  tcase_add_test (tc, test_mtu);
  tcase_add_test (tc, test_mtu_too_small);
  tcase_add_test (tc, test_header_extension);
  tcase_add_test (tc, test_header_extension_from_caps);
  tcase_add_test (tc, test_source_info);
  tcase_add_test (tc, test_caps);
  tcase_add_test (tc, test_dynamic_payload_type);
  tcase_add_test (tc, test_drop);
  tcase_add_test (tc, test_trailing_data);
  tcase_add_test (tc, test_recode);
  tcase_add_test (tc, test_recode_lossless);
  tcase_add_test (tc, test_recode_max_pixels);
  tcase_add_test (tc, test_recode_damaged);
  tcase_add_test (tc, test_recode_unsupported);
  tcase_add_test (tc, test_recode_with_earlier_tables);
  tcase_add_test (tc, test_recode_without_earlier_tables);
  tcase_add_test (tc, test_fill_cut_frames);
  tcase_add_test (tc, test_fill_cut_frames_of_another_kind);
  tcase_add_test (tc, test_error_resilience);
  tcase_add_test (tc, test_check_scan);
  tcase_add_test (tc, test_discont);
  tcase_add_test (tc, test_meta);
  tcase_add_test (tc, test_no_state_left);
  tcase_add_test (tc, test_packets_live_on);
  tcase_add_test (tc, test_parts_live_on);
  tcase_add_test (tc, test_registered);

  return suite;
}

GST_CHECK_MAIN (rfc2435pay)
