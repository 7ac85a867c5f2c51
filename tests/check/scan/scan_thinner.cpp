// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_thinner.h"

#include "textured_picture.h"

#include <gst/check/gstcheck.h>

using namespace rfc2435;
using test::ByteVector;

// The scan of a picture in 4:2:0, before and after.
class Scan {
public:
  static constexpr unsigned size = 128; // in pixels
  static constexpr unsigned quality = 90;
  static constexpr std::uint32_t mcu_count = size * size / 256;

  Scan ()
      : jpeg_ (test::textured_picture (size, quality)),
        offset_ (test::header (size, size, test::sampling_420, quality)
                     .bytes.size ())
  {}

  // Without EOI
  std::size_t bytes () const { return jpeg_.size () - offset_ - 2; }

  ScanResult thin (ScanThinner::Job job)
  {
    Bytes whole (jpeg_);
    transcoder.read ({&whole, 1}, offset_, {.mcu_count = mcu_count});
    job.huffman_tables = standard_scan_tables;
    job.quantization_tables = formula_tables (quality);
    return thinner.thin (transcoder, job);
  }

  ScanTranscoder transcoder;
  ScanThinner thinner;

private:
  ByteVector jpeg_;
  std::size_t offset_;
};

// With the tables of rung (), the scan is complete and as small as requested.
GST_START_TEST (test_budget)
{
  Scan scan;
  for (unsigned percent : {95, 85, 60, 40}) {
    auto budget = scan.bytes () * percent / 100;
    fail_unless (
        bool (scan.thin ({.mcus_in_row = 8, .budget = budget})), "%u", percent);
    auto written = scan.transcoder.scan ();
    fail_unless (written.size () <= budget * 103 / 100 &&
                     written.size () >= budget * 90 / 100,
        "%zu of %zu", written.size (), budget);
    fail_unless (scan.thinner.has_own_tables () == (percent > 80));
    auto &rung = scan.thinner.rung ();
    fail_unless (
        scan.thinner.has_own_tables () == (rung.quality == Scan::quality));
    fail_unless (rung.tables == formula_tables (rung.quality));
    ScanTranscoder checked;
    checked.read ({&written, 1}, 0, {.mcu_count = Scan::mcu_count});
    fail_unless (bool (checked.check (standard_scan_tables)));
  }
}
GST_END_TEST;

// A scan that no tables make small enough has no result, whether a row shows
// this or only the end of the frame.
GST_START_TEST (test_give_up)
{
  for (std::uint32_t mcus_in_row : {8u, Scan::mcu_count + 1}) {
    Scan scan;
    ScanThinner::Job job = {.mcus_in_row = mcus_in_row,
        .budget = scan.bytes () / 10,
        .min_quality = Scan::quality};
    fail_unless (scan.thin (job).fault == ScanFault::stopped);
    // It can be made a little smaller.
    job.budget = scan.bytes () * 9 / 10;
    fail_unless (bool (scan.thin (job)));
    fail_unless (scan.thinner.has_own_tables ());
  }
}
GST_END_TEST;

static Suite *
scan_thinner_suite ()
{
  auto suite = suite_create ("scan_thinner");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_budget);
  tcase_add_test (tc, test_give_up);

  return suite;
}

GST_CHECK_MAIN (scan_thinner)
