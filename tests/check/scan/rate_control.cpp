// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_control.h"

#include "dead_zone.h"
#include "requantized_size.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <set>

using namespace rfc2435;
using Step = RateControl::Step;

namespace {

// A camera whose frames shrink according to the model, except for an exponent,
// and whose rows differ a little from each other.
class Camera {
public:
  static constexpr unsigned rows = 68;

  std::mt19937 random{1};
  double exponent = 1;
  double row_noise = 0.1;
  TableLadder ladder;
  RateControl control;

  explicit Camera (unsigned quality = 90)
  {
    ladder.set (formula_tables (quality), 10);
  }

  struct Sent {
    double size = 0; // 0: dropped
    unsigned passes = 0;
    std::size_t rung = 0;
  };

  Sent send (double size, double budget)
  {
    std::vector<double> row_sizes (rows), row_factors (rows);
    double sum = 0;
    for (unsigned i = 0; i < rows; i++) {
      row_sizes[i] = 0.2 + uniform ();
      row_factors[i] = std::exp (row_noise * (uniform () - 0.5));
      sum += row_sizes[i];
    }
    control.begin_frame (static_cast<std::size_t> (size),
        static_cast<std::size_t> (budget), ladder);
    Sent sent;
    for (;;) {
      sent.passes++;
      fail_unless (sent.passes < 10);
      auto coarseness = ladder.rungs ()[control.rung ()].coarseness;
      double read = 0, written = 0;
      auto step = Step::go_on;
      for (unsigned i = 0; i < rows && step == Step::go_on; i++) {
        auto row = row_sizes[i] / sum * size;
        fail_unless (control.strength () < DeadZone::strengths);
        written +=
            row * row_factors[i] *
            std::exp (exponent * log_size (coarseness, control.strength ()));
        read += row;
        if (i + 1 < rows)
          step = control.next_row (static_cast<std::size_t> (read),
              static_cast<std::size_t> (written));
      }
      if (step == Step::go_on)
        step = control.end_frame (static_cast<std::size_t> (written));
      if (step == Step::give_up)
        return sent;
      if (step == Step::go_on) {
        sent.size = written;
        sent.rung = control.rung ();
        return sent;
      }
    }
  }

private:
  double uniform () { return static_cast<double> (random ()) / random.max (); }
};

} // namespace

// A frame meets its budget, whatever the exponent.
GST_START_TEST (test_comes_to_budget)
{
  for (double exponent : {0.6, 0.8, 1.0, 1.3, 1.6}) {
    for (double part : {0.95, 0.8, 0.65, 0.5, 0.35}) {
      Camera camera;
      camera.exponent = exponent;
      for (unsigned i = 0; i < 30; i++) {
        auto sent = camera.send (300'000, part * 300'000);
        fail_unless (sent.size > 0, "%f: %f", exponent, part);
        fail_unless (sent.size <= part * 300'000 * 1.03, "%f: %f of %f",
            exponent, sent.size, part * 300'000);
        // Tables that are a little too coarse are kept for a while.
        if (i > 15)
          fail_unless (std::abs (sent.size / (part * 300'000) - 1) < 0.03,
              "%f: %f of %f", exponent, sent.size, part * 300'000);
      }
    }
  }
}
GST_END_TEST;

// For a reduction of up to a sixth, the source's tables are kept.
GST_START_TEST (test_dead_zone_first)
{
  Camera camera;
  for (unsigned i = 0; i < 50; i++)
    assert_equals_int (camera.send (300'000, 256'000 + i * 800).rung, 0);
  fail_unless (camera.send (300'000, 150'000).rung > 0);
  // And they come back if less reduction is needed.
  assert_equals_int (camera.send (300'000, 280'000).rung, 0);
}
GST_END_TEST;

// Sizes that vary a little, as those of moving pictures do, hardly ever change
// tables.
GST_START_TEST (test_tables_stay)
{
  Camera camera;
  std::set<std::size_t> rungs;
  for (unsigned i = 0; i < 300; i++) {
    auto size = 300'000 * (1 + 0.03 * std::sin (i * 0.3));
    rungs.insert (camera.send (size, 150'000).rung);
  }
  fail_unless (rungs.size () <= 2, "%zu tables", rungs.size ());
}
GST_END_TEST;

// Tables that have become a little too fine are kept for ten frames while the
// dead zone suffices; those that are much too fine change at once.
GST_START_TEST (test_patience)
{
  constexpr unsigned never = 30;
  std::set<unsigned> counts; // of frames until tables change
  for (double part = 0.7; part > 0.45; part -= 0.1) {
    for (double less = 0.98; less > 0.7; less -= 0.03) {
      Camera camera;
      camera.row_noise = 0;
      std::size_t rung = 0;
      for (unsigned i = 0; i < 20; i++)
        rung = camera.send (300'000, part * 300'000).rung;
      unsigned count = 0;
      while (count < never &&
             camera.send (300'000, part * less * 300'000).rung == rung)
        count++;
      counts.insert (count);
    }
  }
  fail_unless (counts.contains (0));
  fail_unless (counts.contains (10));
  fail_unless (counts.contains (never));
}
GST_END_TEST;

// Scenes that have nothing in common with the previous one: each frame still
// meets its budget.
GST_START_TEST (test_scene_changes)
{
  Camera camera;
  double passes = 0;
  for (unsigned i = 0; i < 300; i++) {
    if (i % 30 == 0)
      camera.exponent = i % 60 ? 0.8 : 1.3;
    auto size = i % 60 < 30 ? 250'000.0 : 450'000.0;
    auto sent = camera.send (size, 150'000);
    fail_unless (
        sent.size > 0 && sent.size <= 150'000 * 1.031, "%u: %f", i, sent.size);
    passes += sent.passes;
  }
  fail_unless (passes < 300 * 1.1, "%f passes", passes);
}
GST_END_TEST;

// A frame that is too large even with the coarsest tables is given up early.
GST_START_TEST (test_give_up)
{
  Camera camera;
  for (unsigned i = 0; i < 10; i++)
    fail_unless (camera.send (300'000, 5'000).size == 0);
  fail_unless (camera.send (300'000, 150'000).size > 0);
  // One table to choose from
  Camera other (10);
  fail_unless (other.send (300'000, 30'000).size == 0);
}
GST_END_TEST;

struct HundredRows {
  Step step = Step::start_over;
  unsigned passes = 0;
  double written = 0;
};

// Sends a frame of a hundred rows of equal size, each of which is reduced to
// the size that `row_size` returns for these tables and this strength.
template <typename RowSize>
static HundredRows
send_hundred_rows (RateControl &control, std::size_t size, RowSize row_size)
{
  HundredRows sent;
  while (sent.step == Step::start_over) {
    sent = {.step = Step::go_on, .passes = sent.passes + 1};
    for (unsigned i = 1; i <= 100 && sent.step == Step::go_on; i++) {
      sent.written += row_size (i);
      auto written = static_cast<std::size_t> (sent.written);
      sent.step = i < 100 ? control.next_row (size / 100 * i, written)
                          : control.end_frame (written);
    }
  }
  return sent;
}

// Rows at the top that hardly become smaller are no reason to drop a frame that
// fits: with the coarsest tables, only its size counts.
GST_START_TEST (test_hard_rows_first)
{
  TableLadder ladder;
  ladder.set (formula_tables (80), 70);
  RateControl control;
  control.begin_frame (1000000, 500000, ladder);
  auto sent = send_hundred_rows (
      control, 1000000, [] (unsigned i) { return i <= 10 ? 9000 : 4200; });
  fail_unless (sent.step == Step::go_on);
  fail_unless_equals_int (control.rung (), ladder.rungs ().size () - 1);
}
GST_END_TEST;

// If the first rows are always harder to reduce than the rest, like the
// textured top of a smooth picture, only the first frame is started over
// because of them. Later frames fill their budget with the tables that the
// whole frame needs.
GST_START_TEST (test_hard_rows_first_again)
{
  constexpr std::size_t size = 300'000, budget = 105'000;
  TableLadder ladder;
  ladder.set (formula_tables (80), 5);
  RateControl control;
  HundredRows sent;
  for (unsigned frame = 0; frame < 30; frame++) {
    control.begin_frame (size, budget, ladder);
    sent = send_hundred_rows (control, size, [&] (unsigned i) {
      auto coarseness = ladder.rungs ()[control.rung ()].coarseness;
      return size / 100 * (i <= 10 ? 1.4 : 0.95) *
             std::exp (log_size (coarseness, control.strength ()));
    });
    fail_unless (sent.step == Step::go_on);
  }
  assert_equals_int (sent.passes, 1);
  fail_unless (sent.written >= budget * 0.94, "%f", sent.written / budget);
}
GST_END_TEST;

// One row says little about the frame, many say much: how much stronger the
// dead zone becomes if they are half as large again as expected.
GST_START_TEST (test_caution)
{
  constexpr std::size_t size = 1'000'000, budget = 600'000;
  TableLadder ladder;
  ladder.set (formula_tables (90), 10);
  auto stronger_by = [&] (double part) {
    RateControl control;
    control.begin_frame (size, budget, ladder);
    auto before = control.strength ();
    auto read = static_cast<std::size_t> (part * size);
    auto written = static_cast<std::size_t> (1.5 * part * budget);
    fail_unless (control.next_row (read, written) == Step::go_on);
    return static_cast<int> (control.strength () - before);
  };
  auto of_one = stronger_by (0.005), of_seven = stronger_by (0.035);
  fail_unless (of_one >= 1 && of_one <= 5, "by %d", of_one);
  fail_unless (of_seven >= 10 && of_seven <= 20, "by %d", of_seven);
}
GST_END_TEST;

// That the first rows were misleading is forgotten when the scene changes: a
// frame that is hard to reduce throughout gets coarser tables at once.
GST_START_TEST (test_first_rows_trusted_again)
{
  constexpr std::size_t size = 300'000, budget = 105'000;
  TableLadder ladder;
  ladder.set (formula_tables (80), 5);
  RateControl control;
  auto send = [&] (double first_rows, double others) {
    control.begin_frame (size, budget, ladder);
    auto sent = send_hundred_rows (control, size, [&] (unsigned i) {
      auto coarseness = ladder.rungs ()[control.rung ()].coarseness;
      return size / 100 * (i <= 10 ? first_rows : others) *
             std::exp (log_size (coarseness, control.strength ()));
    });
    fail_unless (sent.step == Step::go_on);
    return sent.passes;
  };
  for (unsigned frame = 0; frame < 30; frame++)
    send (1.4, 0.95);
  auto misled = send (1.4, 0.95);
  send (1, 1);
  assert_equals_int (misled, 1);
  assert_equals_int (send (1.2, 1.2), 2);
}
GST_END_TEST;

GST_START_TEST (test_odd_sizes)
{
  Camera camera;
  for (double budget : {0.0, 1.0, 2.0, 1e9})
    for (double size : {1.0, 100.0, 1e9})
      camera.send (size, budget);
}
GST_END_TEST;

// The model itself
GST_START_TEST (test_model)
{
  for (double coarseness = 0; coarseness < 4; coarseness += 0.05) {
    for (unsigned s = 1; s < DeadZone::strengths; s++) {
      fail_unless (log_size (coarseness, s) <= log_size (coarseness, s - 1));
      fail_unless (
          log_size (coarseness + 0.05, s) <= log_size (coarseness, s) + 1e-9);
    }
    for (double strength : {45.0, 50.0, 60.0})
      fail_unless (
          std::abs (strength_for (coarseness, log_size (coarseness, strength)) -
                    strength) < 0.01);
  }
  fail_unless (strength_for (0.5, 0) == 0);
  fail_unless (strength_for (0.5, -9) == DeadZone::strengths - 1);
}
GST_END_TEST;

static Suite *
rate_control_suite ()
{
  auto suite = suite_create ("rate_control");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_comes_to_budget);
  tcase_add_test (tc, test_dead_zone_first);
  tcase_add_test (tc, test_tables_stay);
  tcase_add_test (tc, test_patience);
  tcase_add_test (tc, test_scene_changes);
  tcase_add_test (tc, test_give_up);
  tcase_add_test (tc, test_hard_rows_first);
  tcase_add_test (tc, test_hard_rows_first_again);
  tcase_add_test (tc, test_caution);
  tcase_add_test (tc, test_first_rows_trusted_again);
  tcase_add_test (tc, test_odd_sizes);
  tcase_add_test (tc, test_model);

  return suite;
}

GST_CHECK_MAIN (rate_control)
