// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "payload.h"

#include <gst/check/gstcheck.h>

#include <vector>

using rfc2435::Payload;
using rfc2435::PayloadFault;

using ByteVector = std::vector<std::uint8_t>;

static ByteVector
joined (std::initializer_list<ByteVector> parts)
{
  ByteVector all;
  for (auto &part : parts)
    all.insert (all.end (), part.begin (), part.end ());
  return all;
}

static std::optional<PayloadFault>
parse (Payload &payload, const ByteVector &bytes)
{
  return payload.parse (bytes);
}

GST_START_TEST (test_plain)
{
  Payload payload;
  auto bytes = joined ({{0, 0, 1, 2, 1, 85, 80, 60}, {7, 8, 9}});
  fail_unless (!parse (payload, bytes));
  fail_unless_equals_int (payload.header.fragment_offset, 258);
  fail_unless (!payload.restart && !payload.tables);
  fail_unless_equals_int (payload.scan.size (), 3);
  fail_unless (payload.scan.data () == bytes.data () + 8);
}
GST_END_TEST;

GST_START_TEST (test_restart_and_tables)
{
  Payload payload;
  auto bytes = joined ({{0, 0, 0, 0, 65, 255, 80, 60}, {0, 4, 0xc0, 5},
      {0, 0, 0, 128}, ByteVector (64, 2), ByteVector (64, 3), {7}});
  fail_unless (!parse (payload, bytes));
  fail_unless_equals_int (payload.restart->restart_interval, 4);
  fail_unless_equals_int (payload.restart->restart_count, 5);
  fail_unless_equals_int (payload.tables->luma.values[0], 2);
  fail_unless_equals_int (payload.tables->chroma.values[63], 3);
  fail_unless_equals_int (payload.scan.size (), 1);
  // Only a frame's first packet has tables.
  bytes[3] = 1;
  fail_unless (!parse (payload, bytes));
  fail_unless (!payload.tables);
  fail_unless_equals_int (payload.scan.size (), 133);
}
GST_END_TEST;

// One table for all components, one for each, and those sent before
GST_START_TEST (test_table_counts)
{
  Payload payload;
  ByteVector main = {0, 0, 0, 0, 1, 255, 80, 60};
  fail_unless (!parse (payload,
      joined ({main, {0, 0, 0, 64}, ByteVector (64, 2), ByteVector (99, 9)})));
  fail_unless (payload.tables->luma == payload.tables->chroma);
  fail_unless_equals_int (payload.scan.size (), 99);
  fail_unless (!parse (payload, joined ({main, {0, 0, 0, 192},
                                    ByteVector (64, 2), ByteVector (128, 4)})));
  fail_unless_equals_int (payload.tables->chroma.values[5], 4);
  fail_unless (payload.scan.empty ());
  fail_unless (!parse (payload, joined ({main, {0, 0, 0, 0, 1}})));
  fail_unless (!payload.tables);
  fail_unless_equals_int (payload.scan.size (), 1);
}
GST_END_TEST;

struct Fault {
  ByteVector bytes;
  PayloadFault fault;
};

GST_START_TEST (test_faults)
{
  const Fault faults[] = {
      {{0, 0, 0, 0, 1, 85, 80}, PayloadFault::too_short},
      {{0, 0, 0, 0, 65, 85, 80, 60, 0, 4, 0}, PayloadFault::too_short},
      {{0, 0, 0, 0, 1, 255, 80, 60, 0, 0, 0}, PayloadFault::too_short},
      {joined (
           {{0, 0, 0, 0, 1, 255, 80, 60, 0, 0, 0, 128}, ByteVector (127, 1)}),
          PayloadFault::too_short},
      {joined (
           {{0, 0, 0, 0, 1, 255, 80, 60, 0, 0, 0, 100}, ByteVector (200, 1)}),
          PayloadFault::tables},
      {{0, 0, 0, 0, 2, 85, 80, 60}, PayloadFault::type},
      {{0, 0, 0, 0, 66, 85, 80, 60, 0, 4, 0, 0}, PayloadFault::type},
      {{0, 0, 0, 0, 129, 85, 80, 60}, PayloadFault::type},
      {{0, 0, 0, 0, 1, 100, 80, 60}, PayloadFault::q},
      {{0, 0, 0, 0, 1, 127, 80, 60}, PayloadFault::q},
      {{0, 0, 0, 0, 64, 85, 80, 60, 0, 0, 0xff, 0xff},
          PayloadFault::restart_interval},
  };
  for (auto &[bytes, fault] : faults) {
    Payload payload;
    auto found = parse (payload, bytes);
    fail_unless (found.has_value ());
    fail_unless_equals_int (
        static_cast<int> (*found), static_cast<int> (fault));
  }
}
GST_END_TEST;

static Suite *
payload_suite ()
{
  auto suite = suite_create ("payload");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_plain);
  tcase_add_test (tc, test_restart_and_tables);
  tcase_add_test (tc, test_table_counts);
  tcase_add_test (tc, test_faults);

  return suite;
}

GST_CHECK_MAIN (payload)
