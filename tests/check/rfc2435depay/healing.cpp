// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Frames with restart markers from which packets were left out in many ways.
// Each interval of the output must be the one that was sent, or that of the
// previous picture: nothing may be in the wrong place.

#include "effort.h"
#include "payload.h"
#include "picture_maker.h"
#include "rtp_packets.h"
#include "scan_transcoder.h"
#include "textured_picture.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <random>
#include <span>

using namespace rfc2435;
using test::ByteVector;
using test::RtpPacket;

constexpr std::size_t frame_count = 6;

static std::string
data (const std::string &name)
{
  return std::string (DEPAY_DATA) + "/" + name;
}

// The restart intervals of a scan
static std::vector<ByteVector>
intervals_of (const ByteVector &scan)
{
  std::vector<ByteVector> intervals (1);
  for (std::size_t i = 0; i < scan.size (); i++) {
    if (scan[i] != 0xff || i + 1 == scan.size () || scan[i + 1] == 0) {
      intervals.back ().push_back (scan[i]);
      continue;
    }
    if (scan[++i] == marker::eoi)
      break;
    intervals.emplace_back ();
  }
  return intervals;
}

struct Stream {
  std::vector<std::vector<RtpPacket>> frames;
  std::vector<std::vector<ByteVector>> sent; // intervals
};

static Stream
read_stream (const std::string &dump)
{
  Stream stream;
  for (auto &packet : test::read_pcap (data (dump + ".pcap"))) {
    if (stream.frames.empty () ||
        stream.frames.back ().back ().timestamp != packet.timestamp)
      stream.frames.emplace_back ();
    stream.frames.back ().push_back (packet);
  }
  for (std::size_t i = 0; i < frame_count; i++)
    stream.sent.push_back (intervals_of (test::scan_of (test::read_file (
        data (dump + ".full." + std::to_string (i) + ".jpg")))));
  fail_unless_equals_int (stream.frames.size (), frame_count);
  return stream;
}

struct Outcome {
  std::size_t intervals = 0, concealed = 0, misplaced = 0, missing = 0;
  std::size_t packets = 0, lost = 0;
  // MCUs of intervals that were concealed although all their bytes arrived, and
  // of intervals that should have been concealed
  std::size_t needless = 0, overlooked = 0;
};

// A piece of a scan that did not arrive.
struct Gap {
  std::size_t begin, end;
};

static Gap
gap_of (const RtpPacket &packet)
{
  Payload payload;
  fail_if (payload.parse (packet.payload));
  auto begin = payload.header.fragment_offset;
  return {begin, begin + payload.scan.size ()};
}

// The MCUs of intervals of which anything is missing, even if only the marker
// after them
static std::uint32_t
count_cut_mcus (const std::vector<ByteVector> &intervals,
    std::span<const Gap> gaps, std::uint32_t interval_mcus, std::uint32_t total)
{
  constexpr std::size_t marker_size = 2;
  std::uint32_t cut = 0, first = 0;
  std::size_t begin = 0;
  for (auto &interval : intervals) {
    auto end = begin + interval.size () + marker_size;
    if (std::ranges::any_of (gaps,
            [&] (const Gap &g) { return g.begin < end && g.end > begin; }))
      cut += std::min (interval_mcus, total - first);
    begin = end;
    first += interval_mcus;
  }
  return cut;
}

// Receives the stream without the packets for which `is_lost` is true.
template <typename Lost>
static void
receive (const Stream &stream, Lost is_lost, Outcome &outcome)
{
  FrameAssembler assembler;
  PictureMaker maker;
  std::vector<ByteVector> shown;
  std::vector<std::vector<Gap>> gaps (stream.frames.size ());
  std::size_t next = 0;

  auto take = [&] {
    for (; assembler.is_ready (); next++) {
      auto frame = assembler.take ();
      next = (frame.timestamp - 90000) / 3000;
      PictureMaker::Result result;
      if (maker.make (frame, {}, result)) {
        outcome.missing++;
        continue;
      }
      auto jpeg = result.picture.jpeg ();
      auto put_out =
          intervals_of (test::scan_of ({jpeg.begin (), jpeg.end ()}));
      auto &sent = stream.sent[next];
      fail_unless_equals_int (put_out.size (), sent.size ());
      std::size_t concealed = 0;
      for (std::size_t i = 0; i < sent.size (); i++) {
        outcome.intervals++;
        if (put_out[i] == sent[i])
          continue;
        concealed++;
        if (shown.empty () || put_out[i] != shown[i])
          outcome.misplaced++;
      }
      outcome.concealed += concealed;
      // As the result claims. (An interval may be the same in two pictures.)
      fail_unless (result.concealed >= concealed);
      auto cut = count_cut_mcus (
          sent, gaps[next], frame.restart_interval, result.total);
      outcome.needless += result.concealed - std::min (result.concealed, cut);
      outcome.overlooked += cut - std::min (result.concealed, cut);
      shown = put_out;
    }
  };
  for (std::size_t i = 0; i < stream.frames.size (); i++) {
    for (auto &p : stream.frames[i]) {
      outcome.packets++;
      // The first frame always arrives.
      if (i != 0 && is_lost ()) {
        outcome.lost++;
        gaps[i].push_back (gap_of (p));
        continue;
      }
      assembler.add ({.ssrc = p.ssrc,
                         .timestamp = p.timestamp,
                         .seqnum = p.seqnum,
                         .marker = p.marker,
                         .payload = p.payload},
          {});
      take ();
    }
  }
  assembler.close ();
  take ();
}

static const char *const dumps[] = {"aligned", "alignedrow", "unaligned"};

// If packets contain whole intervals, exactly those that arrived are shown.
// Otherwise, an interval must be complete, including the marker before it, half
// of which may be in another packet.
static void
expect_exact (const std::string &dump, const Outcome &outcome)
{
  fail_unless_equals_int (outcome.misplaced, 0);
  fail_unless_equals_int (outcome.overlooked, 0);
  if (dump == "aligned")
    fail_unless_equals_int (outcome.needless, 0);
}

GST_START_TEST (test_random_losses)
{
  auto stream = read_stream (dumps[__i__]);
  for (unsigned percent : {1, 5, 10, 20, 40}) {
    Outcome outcome;
    for (unsigned seed = 0; seed < test::tries (100); seed++) {
      std::mt19937 random (seed);
      receive (
          stream, [&] { return random () % 100 < percent; }, outcome);
    }
    g_print ("%s %u %%: lost %.2f %%, concealed %.2f %%, misplaced %zu of "
             "%zu, missing %zu\n",
        dumps[__i__], percent, 100.0 * outcome.lost / outcome.packets,
        100.0 * outcome.concealed / outcome.intervals, outcome.misplaced,
        outcome.intervals, outcome.missing);
    expect_exact (dumps[__i__], outcome);
  }
}
GST_END_TEST;

// In bursts of 4 on average
GST_START_TEST (test_burst_losses)
{
  auto stream = read_stream (dumps[__i__]);
  for (unsigned percent : {1, 5, 10, 20, 40}) {
    Outcome outcome;
    for (unsigned seed = 0; seed < test::tries (100); seed++) {
      std::mt19937 random (seed);
      bool bad = false;
      receive (
          stream,
          [&] {
            bad = random () % 4000 <
                  (bad ? 3000 : 1000 * percent / (100 - percent));
            return bad;
          },
          outcome);
    }
    g_print ("%s %u %% in bursts: lost %.2f %%, concealed %.2f %%, misplaced "
             "%zu of %zu, missing %zu\n",
        dumps[__i__], percent, 100.0 * outcome.lost / outcome.packets,
        100.0 * outcome.concealed / outcome.intervals, outcome.misplaced,
        outcome.intervals, outcome.missing);
    expect_exact (dumps[__i__], outcome);
  }
}
GST_END_TEST;

// Packets like those of other servers, from a camera whose pictures have
// restart markers. None of these servers aligns packets with the markers: F and
// L are set, and Restart Count is 0x3fff.
struct OtherSender {
  const char *name;
  std::size_t payload_size;
  std::uint8_t q;
  // Bytes that a driver leaves in its buffer after EOI, which are sent as well.
  std::size_t trailing;
};

static const OtherSender other_senders[] = {
    // RTP packets of 1448 bytes at most
    {"live555", 1448 - 12, 255, 0},
    {"v4l2rtspserver", 1448 - 12, 128, 64},
    {"gortsplib", 1450, 255, 0},
};

static Stream
stream_of (const OtherSender &sender)
{
  Stream stream;
  std::uint16_t seqnum = 65530;
  for (std::size_t i = 0; i < frame_count; i++) {
    auto jpeg = test::read_file (
        data ("unaligned.full." + std::to_string (i) + ".jpg"));
    auto packets = test::packetize (
        jpeg, {.scan_size = sender.payload_size - 12,
                  .q = sender.q,
                  .seqnum = seqnum,
                  .timestamp = static_cast<std::uint32_t> (90000 + 3000 * i)});
    seqnum = static_cast<std::uint16_t> (seqnum + packets.size ());
    auto &last = packets.back ().payload;
    last.insert (last.end (), sender.trailing, 0);
    stream.frames.push_back (std::move (packets));
    stream.sent.push_back (intervals_of (test::scan_of (jpeg)));
  }
  return stream;
}

GST_START_TEST (test_other_senders)
{
  auto &sender = other_senders[__i__];
  auto stream = stream_of (sender);
  std::size_t per_frame = stream.frames.front ().size ();
  for (auto &frame : stream.frames)
    fail_unless_equals_int (frame.size (), per_frame);

  Outcome whole;
  receive (
      stream, [] { return false; }, whole);
  fail_unless_equals_int (whole.missing, 0);
  fail_unless_equals_int (whole.concealed, 0);
  fail_unless_equals_int (
      whole.intervals, frame_count * stream.sent.front ().size ());

  // One packet of each frame is lost, a different one in each round. The first
  // two frames lose none: with Q 255, the tables are known from these if a
  // first packet is lost.
  for (std::size_t lost = 0; lost < per_frame; lost++) {
    Outcome outcome;
    std::size_t packet = 0;
    receive (
        stream,
        [&] {
          auto n = packet++;
          return n >= per_frame && n % per_frame == lost;
        },
        outcome);
    fail_unless_equals_int (outcome.lost, frame_count - 2);
    fail_unless_equals_int (outcome.missing, 0);
    fail_unless_equals_int (outcome.misplaced, 0);
    auto lost_share = static_cast<double> (outcome.lost) /
                      static_cast<double> (outcome.packets);
    auto concealed_share = static_cast<double> (outcome.concealed) /
                           static_cast<double> (outcome.intervals);
    fail_unless (concealed_share > 0 && concealed_share < 2 * lost_share,
        "%s without packet %zu: lost %.3f, concealed %.3f", sender.name, lost,
        lost_share, concealed_share);
  }
}
GST_END_TEST;

// One packet is missing from a picture that equals the previous one: whatever
// parts are taken from it, the scan must be the same, bit for bit, and no more
// than the gap and three MCUs may be concealed if the rest is certain.
GST_START_TEST (test_plain_gaps)
{
  unsigned cases = 0, certain = 0;
  for (std::size_t size = 300; size < 1500; size += 100) {
    for (std::size_t n = 0; n < frame_count; n++) {
      auto jpeg =
          test::read_file (data ("plain.full." + std::to_string (n) + ".jpg"));
      auto scan = test::scan_of (jpeg);
      auto before = test::packetize (jpeg, {.scan_size = size});
      for (std::size_t lost = 0; lost < before.size (); lost++) {
        FrameAssembler assembler;
        PictureMaker maker;
        PictureMaker::Result result;
        auto add = [&] (const RtpPacket &p, std::uint32_t frame) {
          assembler.add ({.ssrc = p.ssrc,
                             .timestamp = p.timestamp + 3000 * frame,
                             .seqnum = static_cast<std::uint16_t> (
                                 p.seqnum + frame * before.size ()),
                             .marker = p.marker,
                             .payload = p.payload},
              {});
        };
        // Tables are those of the last two.
        for (unsigned frame = 0; frame < 3; frame++) {
          for (std::size_t i = 0; i < before.size (); i++) {
            if (frame < 2 || i != lost)
              add (before[i], frame);
          }
          assembler.close ();
          auto received = assembler.take ();
          fail_unless (!maker.make (received, {}, result));
        }
        auto made = result.picture.jpeg ();
        fail_unless (test::scan_of ({made.begin (), made.end ()}) == scan,
            "size %zu frame %zu packet %zu", size, n, lost);
        fail_unless (result.concealed > 0);
        cases++;
        // 300 MCUs
        auto share =
            static_cast<double> (size) / static_cast<double> (scan.size ());
        certain += result.concealed < 300 * share * 2 + 12;
      }
    }
  }
  g_print ("%u of %u gaps with a certain rest\n", certain, cases);
  fail_unless (cases > 800);
  fail_unless (certain > cases / 2);
}
GST_END_TEST;

// A picture with other quantization tables and restart intervals.
static ByteVector
requantized (const ByteVector &jpeg, unsigned q, unsigned restart_interval)
{
  Bytes bytes = jpeg;
  ByteReader reader ({&bytes, 1});
  JpegHeader header;
  JpegTables tables;
  fail_if (header.parse (reader, tables).has_value ());
  auto to = formula_tables (q);
  ScanTranscoder transcoder;
  transcoder.read ({&bytes, 1}, header.scan_offset, ScanLayout::of (header));
  fail_unless (bool (transcoder.requantize (standard_scan_tables,
      Requantizing ({*tables.quantization[0], *tables.quantization[1]}, to),
      static_cast<std::uint16_t> (restart_interval))));
  auto scan = transcoder.scan ();
  test::JpegBuilder out;
  out.soi ().dqt (0, to.luma).dqt (1, to.chroma);
  out.sof0 (header.width, header.height,
      static_cast<std::uint8_t> (
          0x20 | header.components[0].vertical_sampling));
  if (restart_interval != 0)
    out.dri (restart_interval);
  return out.sos ().raw ({scan.begin (), scan.end ()}).eoi ().bytes;
}

// Receives frames one after the other, without the packet at `lost`, if there
// is one.
class LossyReceiver {
public:
  PictureMaker::Result receive (
      const ByteVector &jpeg, unsigned q, std::optional<std::size_t> lost = {})
  {
    PictureMaker::Result result;
    auto packets =
        test::packetize (jpeg, {.scan_size = 400,
                                   .q = static_cast<std::uint8_t> (q),
                                   .seqnum = seqnum_,
                                   .timestamp = timestamp_});
    for (std::size_t i = 0; i < packets.size (); i++)
      if (i != lost)
        assembler_.add ({.ssrc = packets[i].ssrc,
                            .timestamp = packets[i].timestamp,
                            .seqnum = packets[i].seqnum,
                            .marker = packets[i].marker,
                            .payload = packets[i].payload},
            {});
    seqnum_ = static_cast<std::uint16_t> (seqnum_ + packets.size ());
    timestamp_ += 3000;
    assembler_.close ();
    auto frame = assembler_.take ();
    fail_if (maker_.make (frame, {}, result).has_value ());
    return result;
  }

private:
  FrameAssembler assembler_;
  PictureMaker maker_;
  std::uint16_t seqnum_ = 65500;
  std::uint32_t timestamp_ = 90000;
};

static ByteVector
scan_of (const PictureMaker::Result &result)
{
  auto jpeg = result.picture.jpeg ();
  return test::scan_of ({jpeg.begin (), jpeg.end ()});
}

// The quantization tables, the restart interval or both change while the
// picture stands still: parts taken from the previous picture must be converted
// to the new ones, so that the scan is the one sent, bit for bit.
GST_START_TEST (test_changed_tables)
{
  struct Change {
    unsigned q, interval, new_q, new_interval;
  };
  constexpr Change changes[] = {{90, 8, 60, 8}, {60, 8, 90, 8}, {90, 8, 90, 12},
      {80, 12, 40, 8}, {90, 0, 60, 0}, {60, 0, 90, 0}, {90, 0, 60, 8},
      {90, 8, 60, 0}, {20, 8, 99, 8}};
  auto picture = test::textured_picture (256, 95);
  for (auto [q, interval, new_q, new_interval] : changes) {
    auto before = requantized (picture, q, interval);
    auto after = requantized (before, new_q, new_interval);
    auto wanted = test::scan_of (after);
    auto packets = test::packetize (after, {.scan_size = 400}).size ();
    fail_unless (packets > 2, "Q %u to %u", q, new_q);
    for (std::size_t lost = 0; lost < packets; lost++) {
      LossyReceiver receiver;
      receiver.receive (before, q);
      auto healed = receiver.receive (after, new_q, lost);
      fail_unless (scan_of (healed) == wanted, "Q %u to %u, packet %zu of %zu",
          q, new_q, lost, packets);
      fail_unless (healed.concealed > 0);
      fail_unless_equals_int (healed.oldest_age, 3000);
    }
  }
}
GST_END_TEST;

// Parts that are concealed repeatedly grow older, even when requantized.
GST_START_TEST (test_age_with_changed_tables)
{
  auto picture = test::textured_picture (128, 95);
  for (auto [interval, next_interval] :
      {std::pair{8u, 8u}, {8u, 12u}, {12u, 8u}, {8u, 0u}, {0u, 8u}, {0u, 0u}}) {
    LossyReceiver receiver;
    auto jpeg = requantized (picture, 90, interval);
    receiver.receive (jpeg, 90);
    jpeg = requantized (jpeg, 80, interval);
    fail_unless_equals_int (receiver.receive (jpeg, 80, 2).oldest_age, 3000);
    jpeg = requantized (jpeg, 70, next_interval);
    fail_unless_equals_int (receiver.receive (jpeg, 70, 2).oldest_age, 6000);
    fail_unless_equals_int (receiver.receive (jpeg, 70).oldest_age, 0);
    fail_unless_equals_int (receiver.receive (jpeg, 70, 2).oldest_age, 3000);
  }
}
GST_END_TEST;

// Nothing is taken from a picture that can't be requantized: one that is
// damaged or has another size or type, or if tables contain 0.
GST_START_TEST (test_not_requantizable)
{
  auto picture = requantized (test::textured_picture (128, 95), 90, 8);
  auto next = requantized (picture, 60, 8);

  auto damaged = picture;
  for (auto at = damaged.size () / 2; at < damaged.size () / 2 + 40; at++)
    damaged[at] = 0x7f;
  LossyReceiver after_damage;
  after_damage.receive (damaged, 90);
  auto healed = after_damage.receive (next, 60, 2);
  fail_unless (healed.concealed > 0);
  fail_unless_equals_int (healed.oldest_age, 0);

  LossyReceiver after_other_size;
  after_other_size.receive (
      requantized (test::textured_picture (144, 95), 90, 8), 90);
  healed = after_other_size.receive (next, 60, 2);
  fail_unless (healed.concealed > 0);
  fail_unless_equals_int (healed.oldest_age, 0);

  auto tables_90 = formula_tables (90);
  auto of_other_type = test::JpegBuilder ()
                           .soi ()
                           .dqt (0, tables_90.luma)
                           .dqt (1, tables_90.chroma)
                           .sof0 (128, 128, test::sampling_422)
                           .dri (8)
                           .sos ()
                           .raw (test::flat_scan (128, 2, 8))
                           .eoi ()
                           .bytes;
  LossyReceiver after_other_type;
  after_other_type.receive (of_other_type, 90);
  healed = after_other_type.receive (picture, 90, 2);
  fail_unless (healed.concealed > 0);
  fail_unless_equals_int (healed.oldest_age, 0);

  auto scan = test::scan_of (next);
  scan.resize (scan.size () - 2);
  auto tables = formula_tables (60);
  tables.chroma.values[5] = 0;
  auto with_zero = test::JpegBuilder ()
                       .soi ()
                       .dqt (0, tables.luma)
                       .dqt (1, tables.chroma)
                       .sof0 (128, 128, test::sampling_420)
                       .dri (8)
                       .sos ()
                       .raw (scan)
                       .eoi ()
                       .bytes;
  LossyReceiver to_zero;
  to_zero.receive (picture, 90);
  fail_unless_equals_int (to_zero.receive (with_zero, 255, 2).oldest_age, 0);
  LossyReceiver from_zero;
  from_zero.receive (with_zero, 255);
  fail_unless_equals_int (from_zero.receive (next, 60, 2).oldest_age, 0);
}
GST_END_TEST;

static Suite *
healing_suite ()
{
  auto suite = suite_create ("healing");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_random_losses, 0, G_N_ELEMENTS (dumps));
  tcase_add_loop_test (tc, test_burst_losses, 0, G_N_ELEMENTS (dumps));
  tcase_add_loop_test (tc, test_other_senders, 0, G_N_ELEMENTS (other_senders));
  tcase_add_test (tc, test_plain_gaps);
  tcase_add_test (tc, test_changed_tables);
  tcase_add_test (tc, test_age_with_changed_tables);
  tcase_add_test (tc, test_not_requantizable);

  return suite;
}

GST_CHECK_MAIN (healing)
