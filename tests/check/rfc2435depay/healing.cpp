// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Frames with restart markers from which packets were left out in many ways.
// Each interval of what comes out must be the one that was sent, or that of the
// picture before: nothing may lie in a wrong place.

#include "picture_maker.h"
#include "rtp_packets.h"

#include <gst/check/gstcheck.h>

#include <random>

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
    i++;
    if (scan[i] != marker::eoi)
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
};

// Receives the stream without the packets that `is_lost` says of.
template <typename Lost>
static void
receive (const Stream &stream, Lost is_lost, Outcome &outcome)
{
  FrameAssembler assembler;
  PictureMaker maker;
  std::vector<ByteVector> shown;
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
      // What it says of itself. (An interval may be the same in two pictures.)
      fail_unless (result.concealed >= concealed);
      shown = put_out;
    }
  };
  for (auto &frame : stream.frames) {
    for (auto &p : frame) {
      outcome.packets++;
      // The first frame always arrives.
      if (&frame != &stream.frames.front () && is_lost ()) {
        outcome.lost++;
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

GST_START_TEST (test_random_losses)
{
  auto stream = read_stream (dumps[__i__]);
  for (unsigned percent : {1, 5, 10, 20, 40}) {
    Outcome outcome;
    for (unsigned seed = 0; seed < 100; seed++) {
      std::mt19937 random (seed);
      receive (
          stream, [&] { return random () % 100 < percent; }, outcome);
    }
    g_print ("%s %u %%: lost %.2f %%, concealed %.2f %%, misplaced %zu of "
             "%zu, missing %zu\n",
        dumps[__i__], percent, 100.0 * outcome.lost / outcome.packets,
        100.0 * outcome.concealed / outcome.intervals, outcome.misplaced,
        outcome.intervals, outcome.missing);
    fail_unless_equals_int (outcome.misplaced, 0);
  }
}
GST_END_TEST;

// In bursts of 4 on average
GST_START_TEST (test_burst_losses)
{
  auto stream = read_stream (dumps[__i__]);
  for (unsigned percent : {1, 5, 10, 20, 40}) {
    Outcome outcome;
    for (unsigned seed = 0; seed < 100; seed++) {
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
    fail_unless_equals_int (outcome.misplaced, 0);
  }
}
GST_END_TEST;

// One packet missing of a picture that is the same as the one before: whatever
// is taken from where, the scan has to be the same, bit for bit, and no more
// than the gap and three MCUs is concealed where the rest is certain.
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

static Suite *
healing_suite ()
{
  auto suite = suite_create ("healing");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_loop_test (tc, test_random_losses, 0, G_N_ELEMENTS (dumps));
  tcase_add_loop_test (tc, test_burst_losses, 0, G_N_ELEMENTS (dumps));
  tcase_add_test (tc, test_plain_gaps);

  return suite;
}

GST_CHECK_MAIN (healing)
