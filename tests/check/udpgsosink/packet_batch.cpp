// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "packet_batch.h"

#include <gst/check/gstcheck.h>

#include <array>

using rfc2435::PacketBatch;

GST_START_TEST (test_contiguous_packets_are_one_iovec)
{
  std::array<char, 350> slab;
  PacketBatch batch;

  for (std::size_t at = 0; at < 300; at += 100) {
    batch.add_piece (&slab[at], 100);
    batch.end_packet ();
  }
  batch.add_piece (&slab[300], 50);
  batch.end_packet ();
  batch.plan ();

  fail_unless_equals_uint64 (batch.packet_count (), 4);
  fail_unless_equals_uint64 (batch.byte_count (), 350);
  fail_unless_equals_uint64 (batch.runs ().size (), 1);
  auto &run = batch.runs ()[0];
  fail_unless_equals_uint64 (run.count, 4);
  fail_unless_equals_uint64 (run.segment_size, 100);
  auto iovecs = batch.run_iovecs (run);
  fail_unless_equals_uint64 (iovecs.size (), 1);
  fail_unless (iovecs[0].iov_base == slab.data ());
  fail_unless_equals_uint64 (iovecs[0].iov_len, 350);
  // Still available one by one, for destinations without segmentation.
  fail_unless_equals_uint64 (batch.packet_iovecs (3).size (), 1);
  fail_unless (batch.packet_iovecs (3)[0].iov_base == &slab[300]);
  fail_unless_equals_uint64 (batch.packet_iovecs (3)[0].iov_len, 50);
}
GST_END_TEST;

GST_START_TEST (test_scattered_packets)
{
  std::array<char, 64> headers;
  std::array<char, 200> payload;
  PacketBatch batch;

  for (std::size_t i = 0; i < 2; i++) {
    batch.add_piece (&headers[i * 32], 12);
    batch.add_piece (&payload[i * 100], 100);
    batch.end_packet ();
  }
  batch.add_piece (nullptr, 0);
  batch.end_packet ();
  batch.plan ();

  fail_unless_equals_uint64 (batch.runs ().size (), 2);
  auto iovecs = batch.run_iovecs (batch.runs ()[0]);
  fail_unless_equals_uint64 (iovecs.size (), 4);
  fail_unless (iovecs[2].iov_base == &headers[32]);
  fail_unless (iovecs[3].iov_base == &payload[100]);
  fail_unless_equals_uint64 (batch.packet_size (1), 112);
  fail_unless_equals_uint64 (batch.packet_size (2), 0);
}
GST_END_TEST;

// What ends one run must not be merged with what begins the next.
GST_START_TEST (test_runs_are_apart)
{
  std::array<char, 300> slab;
  PacketBatch batch;

  batch.add_piece (&slab[0], 100);
  batch.end_packet ();
  batch.add_piece (&slab[100], 200);
  batch.end_packet ();
  batch.plan ();

  fail_unless_equals_uint64 (batch.runs ().size (), 2);
  for (auto &run : batch.runs ())
    fail_unless_equals_uint64 (batch.run_iovecs (run).size (), 1);
  fail_unless_equals_uint64 (
      batch.run_iovecs (batch.runs ()[0])[0].iov_len, 100);
}
GST_END_TEST;

GST_START_TEST (test_clear)
{
  char byte = 0;
  PacketBatch batch;

  batch.add_piece (&byte, 1);
  batch.end_packet ();
  batch.add_piece (&byte, 1); // of a packet never completed
  batch.plan ();
  batch.clear ();
  fail_unless_equals_uint64 (batch.packet_count (), 0);
  fail_unless_equals_uint64 (batch.byte_count (), 0);
  fail_unless_equals_uint64 (batch.runs ().size (), 0);

  batch.add_piece (&byte, 1);
  batch.end_packet ();
  batch.plan ();
  fail_unless_equals_uint64 (batch.packet_size (0), 1);
  fail_unless_equals_uint64 (batch.runs ().size (), 1);
}
GST_END_TEST;

static Suite *
packet_batch_suite ()
{
  auto suite = suite_create ("packet_batch");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_contiguous_packets_are_one_iovec);
  tcase_add_test (tc, test_scattered_packets);
  tcase_add_test (tc, test_runs_are_apart);
  tcase_add_test (tc, test_clear);

  return suite;
}

GST_CHECK_MAIN (packet_batch)
