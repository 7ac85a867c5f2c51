// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_assembler.h"

#include "effort.h"
#include "plain_assembler.h"
#include "rtp_packets.h"

#include <gst/check/gstcheck.h>

#include <random>

using namespace rfc2435;
using test::ByteVector;
using test::RtpPacket;
using Fate = FrameAssembler::Fate;

static Packet
packet_of (const RtpPacket &p)
{
  return {.ssrc = p.ssrc,
      .timestamp = p.timestamp,
      .seqnum = p.seqnum,
      .marker = p.marker,
      .payload = p.payload};
}

// A packet of a picture of 64x48, with this many bytes of its scan from
// `offset` on; of type 64 if there is a restart interval.
static RtpPacket
piece (std::uint16_t seqnum, std::uint32_t offset, std::size_t size,
    bool marker = false, int restart_interval = -1)
{
  RtpPacket packet = {.seqnum = seqnum, .timestamp = 90000, .marker = marker};
  packet.payload.resize (MainHeader::size);
  bool has_restarts = restart_interval >= 0;
  MainHeader{.fragment_offset = offset,
      .type = static_cast<std::uint8_t> (has_restarts ? 64 : 0),
      .q = 50,
      .width_blocks = 8,
      .height_blocks = 6}
      .write (packet.payload.data ());
  if (has_restarts) {
    packet.payload.resize (MainHeader::size + RestartHeader::size);
    RestartHeader{
        .restart_interval = static_cast<std::uint16_t> (restart_interval)}
        .write (packet.payload.data () + MainHeader::size);
  }
  for (std::size_t i = 0; i < size; i++)
    packet.payload.push_back (static_cast<std::uint8_t> ((offset + i) * 7));
  return packet;
}

static Fate
add (FrameAssembler &assembler, const RtpPacket &packet,
    const FrameAssembler::Limits &limits = {})
{
  return assembler.add (packet_of (packet), limits);
}

GST_START_TEST (test_any_order)
{
  std::vector<unsigned> order = {0, 1, 2, 3};
  do {
    FrameAssembler assembler;
    // Packets before the first one are not waited for.
    add (assembler, piece (65533, 0, 1, true));
    assembler.take ();
    for (auto i : order) {
      fail_if (assembler.is_ready ());
      fail_unless (
          add (assembler, piece (static_cast<std::uint16_t> (65534 + i),
                              100 * i, 100, i == 3)) == Fate::used);
    }
    fail_unless (assembler.is_ready ());
    auto frame = assembler.take ();
    fail_unless (frame.is_whole ());
    fail_unless_equals_int (frame.size.value (), 400);
    frame.scan.sort ();
    ByteVector expected;
    for (unsigned i = 0; i < 400; i++)
      expected.push_back (static_cast<std::uint8_t> (7 * i));
    fail_unless (std::ranges::equal (frame.scan.received_bytes (), expected));
    fail_unless_equals_uint64 (assembler.lost (), 0);
  } while (std::next_permutation (order.begin (), order.end ()));
}
GST_END_TEST;

GST_START_TEST (test_what_becomes_of_packets)
{
  FrameAssembler assembler;
  auto becomes = [&] (Fate fate, const RtpPacket &packet,
                     FrameAssembler::Limits limits = {}) {
    fail_unless (
        add (assembler, packet, limits) == fate, "number %u", packet.seqnum);
    fail_if (assembler.is_ready ());
  };
  becomes (Fate::used, piece (10, 0, 100, false, 4));
  becomes (Fate::duplicate, piece (10, 0, 100, false, 4));
  // Sent once more, with another number
  becomes (Fate::duplicate, piece (11, 0, 100, false, 4));
  auto differs = piece (12, 0, 100, false, 4);
  differs.payload.back ()++;
  becomes (Fate::malformed, differs);
  becomes (Fate::malformed, piece (13, 50, 100, false, 4));
  // DRI 0, another one, none
  becomes (Fate::malformed, piece (14, 100, 100, false, 0));
  becomes (Fate::malformed, piece (15, 100, 100, false, 5));
  becomes (Fate::malformed, piece (16, 100, 100));
  becomes (Fate::used, piece (17, 1000, 1, false, 4), {.max_size = 1001});
  becomes (Fate::too_large, piece (18, 1001, 1, false, 4), {.max_size = 1001});
  becomes (Fate::used, piece (19, (1 << 24) - 2, 1, false, 4));
  becomes (Fate::too_large, piece (20, (1 << 24) - 1, 1, false, 4));
  becomes (Fate::too_large, piece (21, (1 << 24) - 1, 60000, false, 4));
  // The end lies before what has arrived.
  becomes (Fate::malformed, piece (22, (1 << 24) - 2, 0, true, 4));
  fail_unless_equals_int (assembler.reset (), 1);
}
GST_END_TEST;

// The end never arrives, and every number is a new one.
GST_START_TEST (test_endless_frame)
{
  FrameAssembler assembler;
  std::size_t used = 0, held = 0;
  for (unsigned i = 0; i < 16000; i++) {
    auto packet = piece (static_cast<std::uint16_t> (i), 1000 * i, 10);
    used += add (assembler, packet, {.max_size = 1 << 20}) == Fate::used;
    fail_if (assembler.is_ready ());
  }
  fail_unless_equals_int (used, (1 << 20) / 1000 + 1);
  assembler.close ();
  auto frame = assembler.take ();
  for (auto &fragment : frame.scan.fragments ())
    held += fragment.size;
  fail_unless_equals_int (held, 10 * used);
  fail_unless_equals_int (frame.scan.received (), held);
}
GST_END_TEST;

// Frames that begin and never continue: only two are kept.
GST_START_TEST (test_unfinished_frames)
{
  FrameAssembler assembler;
  for (unsigned i = 0; i < 1000; i++) {
    auto packet = piece (static_cast<std::uint16_t> (2 * i), 0, 10);
    packet.timestamp = i;
    fail_unless (add (assembler, packet) == Fate::used);
    while (assembler.is_ready ())
      assembler.take ();
  }
  fail_unless_equals_int (assembler.reset (), 2);
}
GST_END_TEST;

// A frame waits only for packets that may still arrive.
GST_START_TEST (test_waiting)
{
  FrameAssembler assembler;
  auto of_next = piece (12, 0, 100);
  of_next.timestamp++;
  add (assembler, piece (10, 0, 100));
  add (assembler, of_next);
  fail_if (assembler.is_ready ());
  assembler.give_up_before (11);
  fail_if (assembler.is_ready ());
  assembler.give_up_before (12);
  assembler.give_up_before (11);
  fail_unless (assembler.is_ready ());
  auto frame = assembler.take ();
  fail_if (frame.is_whole ());
  fail_unless_equals_int (frame.timestamp, 90000);
  fail_unless (add (assembler, piece (11, 100, 100, true)) == Fate::late);
  fail_unless_equals_uint64 (assembler.lost (), 0);

  // 15 others may overtake a packet.
  for (unsigned i = 2; i <= 17; i++) {
    fail_if (assembler.is_ready ());
    auto next =
        piece (static_cast<std::uint16_t> (12 + i), 100 * i, 100, i == 17);
    next.timestamp = of_next.timestamp;
    add (assembler, next);
  }
  fail_unless (assembler.is_ready ());
  fail_unless_equals_uint64 (assembler.lost (), 1);
}
GST_END_TEST;

// Numbers before the first one to arrive are not counted as lost.
GST_START_TEST (test_lost)
{
  FrameAssembler assembler;
  std::pair<unsigned, unsigned> lost[] = {
      {10, 0}, {12, 1}, {9, 1}, {6, 3}, {7, 2}, {11, 1}, {8, 0}, {20, 7}};
  for (auto [number, expected] : lost) {
    add (assembler,
        piece (static_cast<std::uint16_t> (number), 100 * number, 100));
    fail_unless_equals_uint64 (assembler.lost (), expected);
  }
  auto other = piece (5, 0, 100);
  other.ssrc++;
  add (assembler, other);
  fail_unless_equals_uint64 (assembler.lost (), 7);
}
GST_END_TEST;

// A packet may repeatedly be further back than the window.
GST_START_TEST (test_lost_long_ago)
{
  FrameAssembler assembler;
  FrameAssembler::Limits limits = {.max_reorder = 30000};
  add (assembler, piece (1, 0, 100), limits);
  add (assembler, piece (3, 0, 100), limits);
  add (assembler, piece (2000, 0, 100), limits);
  fail_unless_equals_uint64 (assembler.lost (), 1997);
  for (unsigned i = 0; i < 3000; i++)
    add (assembler, piece (2, 100, 100), limits);
  fail_unless_equals_uint64 (assembler.lost (), 1997);
}
GST_END_TEST;

// Frames of all kinds of senders, with everything that may happen to them on
// the network, and with some bits flipped.
class Network {
public:
  explicit Network (unsigned seed) : random_ (seed) {}

  std::vector<RtpPacket> packets ()
  {
    std::vector<RtpPacket> out;
    auto clock = below (3) ? 3000 : 0;
    auto seqnum = static_cast<std::uint16_t> (random_ ());
    auto interval = below (2) ? static_cast<int> (below (20)) : -1;
    std::uint32_t timestamp = random_ ();
    for (auto frames = 1 + below (8); frames > 0; frames--) {
      std::uint32_t offset = below (10) ? 0 : below (1 << 24);
      auto pieces = 1 + below (below (4) ? 8 : 40);
      for (unsigned i = 0; i < pieces; i++) {
        auto size = below (20) ? 1 + below (200) : 0;
        auto packet = piece (seqnum++, offset, size, i + 1 == pieces, interval);
        packet.timestamp = timestamp;
        offset += size;
        if (i + 1 == pieces && below (2)) {
          packet.payload.push_back (0xff);
          packet.payload.push_back (0xd9);
          packet.marker = below (2) != 0;
        }
        out.push_back (packet);
      }
      timestamp += clock;
      if (below (10) == 0)
        seqnum = static_cast<std::uint16_t> (seqnum + below (300) - 150);
      if (below (20) == 0)
        interval = static_cast<int> (below (20));
    }
    disturb (out);
    return out;
  }

  unsigned below (unsigned n) { return random_ () % n; }

private:
  void disturb (std::vector<RtpPacket> &packets)
  {
    auto chance = 1 + below (40);
    for (std::size_t i = 0; i < packets.size (); i++) {
      if (below (chance) != 0)
        continue;
      auto &packet = packets[i];
      switch (below (9)) {
      case 0:
        packets.erase (packets.begin () + static_cast<std::ptrdiff_t> (i));
        break;
      case 1:
        packets.insert (
            packets.begin () + below (static_cast<unsigned> (packets.size ())),
            RtpPacket (packet));
        break;
      case 2:
        std::swap (
            packet, packets[std::min (i + below (20), packets.size () - 1)]);
        break;
      case 3:
        packet
            .payload[below (static_cast<unsigned> (packet.payload.size ()))] ^=
            static_cast<std::uint8_t> (1 << below (8));
        break;
      case 4:
        packet.payload.resize (
            below (static_cast<unsigned> (packet.payload.size ()) + 1));
        break;
      case 5:
        packet.marker = !packet.marker;
        break;
      case 6:
        packet.ssrc++;
        break;
      case 7:
        packet.seqnum ^= static_cast<std::uint16_t> (1 << below (16));
        break;
      case 8:
        packet.timestamp ^= 1u << below (32);
        break;
      }
    }
  }

  std::mt19937 random_;
};

// The frames, and the fate of each packet, equal those of a naive assembler
// that keeps everything.
GST_START_TEST (test_against_plain_assembler)
{
  std::size_t whole = 0, frames = 0, packets = 0;
  std::array<std::size_t, 5> fates{};
  for (unsigned seed = 0; seed < test::tries (5000); seed++) {
    Network network (seed);
    test::CheckedAssembler assembler;
    FrameAssembler::Limits limits;
    if (seed % 4 == 0)
      limits.max_size = 1 + network.below (3000);
    if (seed % 3 == 0)
      limits.max_reorder = network.below (40);
    auto take = [&] {
      while (assembler.is_ready ()) {
        whole += assembler.take ().is_whole ();
        frames++;
      }
      fail_if (assembler.difference (), "seed %u: %s", seed,
          assembler.difference ());
    };
    for (auto &packet : network.packets ()) {
      if (network.below (30) == 0)
        assembler.give_up_before (packet.seqnum);
      fates[static_cast<std::size_t> (
          assembler.add (packet_of (packet), limits))]++;
      packets++;
      take ();
      if (network.below (200) == 0)
        assembler.reset ();
    }
    if (seed % 2)
      assembler.close ();
    take ();
    assembler.reset ();
    take ();
  }
  g_print ("%zu packets: %zu used, %zu duplicate, %zu late, %zu malformed, "
           "%zu too large; %zu of %zu frames whole\n",
      packets, fates[0], fates[1], fates[2], fates[3], fates[4], whole, frames);
  // Each fate occurs.
  for (auto count : fates)
    fail_unless (count > test::tries (100));
  fail_unless (whole > frames / 10 && whole < frames);
}
GST_END_TEST;

static Suite *
frame_assembler_suite ()
{
  auto suite = suite_create ("frame_assembler");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_any_order);
  tcase_add_test (tc, test_what_becomes_of_packets);
  tcase_add_test (tc, test_endless_frame);
  tcase_add_test (tc, test_unfinished_frames);
  tcase_add_test (tc, test_waiting);
  tcase_add_test (tc, test_lost);
  tcase_add_test (tc, test_lost_long_ago);
  tcase_add_test (tc, test_against_plain_assembler);

  return suite;
}

GST_CHECK_MAIN (frame_assembler)
