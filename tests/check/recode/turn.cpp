// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "turn.h"

#include "corpus.h"
#include "decoded.h"
#include "frame.h"
#include "jpegtran.h"
#include "recoder.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <numeric>

using namespace rfc2435;
using decoded::Format;
using decoded::Upsampling;
using jpegtran::scan;

static bool
swaps_axes (Turn turn)
{
  return steps_of (turn).swap_axes;
}

static bool
is_carriable (Bytes jpeg)
{
  FrameParser parser;
  Frame frame;
  return !parser.parse (std::span{&jpeg, 1}, TableMode::automatic, frame);
}

static decoded::Pixels
turned (const decoded::Pixels &source, Turn turn)
{
  const auto [mirror_x, mirror_y, swap_axes] = steps_of (turn);
  decoded::Pixels result{.width = source.width, .height = source.height};
  if (swap_axes)
    std::swap (result.width, result.height);
  for (unsigned y = 0; y < result.height; y++)
    for (unsigned x = 0; x < result.width; x++) {
      unsigned from_x = swap_axes ? y : x;
      unsigned from_y = swap_axes ? x : y;
      if (mirror_x)
        from_x = source.width - 1 - from_x;
      if (mirror_y)
        from_y = source.height - 1 - from_y;
      const auto *pixel =
          &source.bytes[(std::size_t{from_y} * source.width + from_x) * 3];
      result.bytes.insert (result.bytes.end (), pixel, pixel + 3);
    }
  return result;
}

// If the turned blocks form a JPEG of the same kind, the scan equals that of
// jpegtran, bit for bit, and so does every table.
GST_START_TEST (test_as_jpegtran_perfect)
{
  Recoder recoder;
  unsigned compared = 0;
  for (auto c : corpus::classes ()) {
    const bool is_422 = c.name.find ("422") != std::string::npos;
    if (!c.lossless || c.kinds.has (RecodeKind::gray) ||
        c.kinds.has (RecodeKind::chroma_tables) ||
        c.kinds.has (RecodeKind::wide_tables) ||
        c.kinds.has (RecodeKind::sampling_factors))
      continue;
    // jpegtran keeps restart intervals although the MCUs are different ones.
    if (c.spec.restart_interval)
      continue;
    for (const auto &[width, height] :
        {std::pair{160u, 96u}, {160u, 93u}, {151u, 96u}, {151u, 93u}})
      for (const auto &turn : jpegtran::turns) {
        if (is_422 && swaps_axes (turn.turn))
          continue;
        c.spec.width = width;
        c.spec.height = height;
        const auto jpeg = corpus::make (c.spec);
        const auto expected = jpegtran::turned (jpeg, turn);
        const auto result = recoder.recode (
            Bytes{jpeg}, {.level = RecodeLevel::lossless, .turn = turn.turn});
        if (expected.empty ()) {
          fail_unless (result.error == DropCause::needs_loss);
          fail_unless (result.kinds.has (RecodeKind::edge_blocks));
          continue;
        }
        fail_unless (bool (result), "%s: %s", c.name.c_str (), result.message);
        fail_unless (result.lossless);
        fail_unless (is_carriable (result.jpeg));
        fail_unless (
            std::ranges::equal (scan (result.jpeg), scan (Bytes{expected})),
            "%s turned by %s", c.name.c_str (), turn.name);
        const auto a = decoded::coefficients (Bytes{expected});
        const auto b = decoded::coefficients (result.jpeg);
        fail_unless (a.width == b.width && a.height == b.height);
        fail_unless (a.components == b.components, "%s", c.name.c_str ());
        compared++;
      }
  }
  fail_unless (compared > 50);
}
GST_END_TEST;

// Also if jpegtran writes a JPEG that RFC 2435 can't carry.
GST_START_TEST (test_luma_as_jpegtran_perfect)
{
  Recoder recoder;
  for (const auto *name : {"422", "422-as-2x2-1x2-1x2", "gray", "444", "440",
           "411", "410", "chroma-tables"})
    for (auto c : corpus::classes ()) {
      if (c.name != name)
        continue;
      c.spec.width = 160;
      c.spec.height = 96;
      const auto jpeg = corpus::make (c.spec);
      for (const auto &turn : jpegtran::turns) {
        const auto expected = jpegtran::turned (jpeg, turn);
        const auto result = recoder.recode (Bytes{jpeg}, {.turn = turn.turn});
        fail_unless (bool (result), "%s", name);
        fail_unless (is_carriable (result.jpeg));
        const auto a = decoded::coefficients (Bytes{expected});
        const auto b = decoded::coefficients (result.jpeg);
        fail_unless (a.width == b.width && a.height == b.height);
        fail_unless (a.components[0].blocks == b.components[0].blocks, "%s %s",
            name, turn.name);
        fail_unless (a.components[0].table == b.components[0].table);
        fail_unless (
            result.lossless ==
            (c.lossless && !result.kinds.has (RecodeKind::turned_422)));
      }
    }
}
GST_END_TEST;

// Kept, unless axes are swapped, which results in different MCUs.
GST_START_TEST (test_restart_interval)
{
  const auto interval_of = [] (Bytes jpeg) {
    ByteReader reader ({&jpeg, 1});
    JpegHeader header;
    JpegTables tables;
    fail_unless (!header.parse (reader, tables));
    return header.restart_interval;
  };
  Recoder recoder;
  const auto jpeg =
      corpus::make ({.width = 160, .height = 96, .restart_interval = 10});
  fail_unless_equals_int (interval_of (jpeg), 10);
  for (const auto &turn : jpegtran::turns) {
    auto result = recoder.recode (Bytes{jpeg}, {.turn = turn.turn});
    fail_unless_equals_int (
        interval_of (result.jpeg), swaps_axes (turn.turn) ? 0 : 10);
    fail_unless (is_carriable (result.jpeg));
    for (const std::uint16_t wanted : {0, 6}) {
      result = recoder.recode (
          Bytes{jpeg}, {.turn = turn.turn, .restart_interval = wanted});
      fail_unless_equals_int (interval_of (result.jpeg), wanted);
      fail_unless (is_carriable (result.jpeg));
    }
  }
}
GST_END_TEST;

GST_START_TEST (test_turned_back_is_the_source)
{
  Recoder there;
  Recoder back;
  for (const bool progressive : {false, true}) {
    const auto jpeg =
        corpus::make ({.width = 160, .height = 96, .progressive = progressive});
    for (const auto &turn : jpegtran::turns) {
      auto opposite = turn.turn;
      if (opposite == Turn::rotate_90)
        opposite = Turn::rotate_270;
      else if (opposite == Turn::rotate_270)
        opposite = Turn::rotate_90;
      const auto once = there.recode (Bytes{jpeg}, {.turn = turn.turn});
      fail_unless (bool (once));
      const auto twice = back.recode (once.jpeg, {.turn = opposite});
      fail_unless (bool (twice));
      const auto a = decoded::coefficients (Bytes{jpeg});
      const auto b = decoded::coefficients (twice.jpeg);
      fail_unless (a.components == b.components);
    }
  }
}
GST_END_TEST;

// The output is the input, turned, apart from the loss of re-encoding.
GST_START_TEST (test_edge_blocks_are_encoded_again)
{
  Recoder recoder;
  for (const auto *name :
      {"420", "422", "gray", "444", "411", "progressive-420", "rgb", "cmyk"})
    for (auto c : corpus::classes ()) {
      if (c.name != name)
        continue;
      for (const auto &turn : jpegtran::turns) {
        c.spec.width = 331;
        c.spec.height = 247;
        const auto jpeg = corpus::make (c.spec);
        const auto result = recoder.recode (Bytes{jpeg}, {.turn = turn.turn});
        fail_unless (bool (result), "%s: %s", name, result.message);
        fail_unless (is_carriable (result.jpeg));
        const bool mirrors = turn.turn != Turn::transpose;
        const bool is_ycc =
            !c.kinds.has (RecodeKind::rgb) && !c.kinds.has (RecodeKind::cmyk);
        fail_unless (
            result.kinds.has (RecodeKind::edge_blocks) == (mirrors && is_ycc));

        const auto before = turned (
            decoded::pixels (Bytes{jpeg}, Format::ycc, Upsampling::plain),
            turn.turn);
        const auto after =
            decoded::pixels (result.jpeg, Format::ycc, Upsampling::plain);
        fail_unless (
            before.width == after.width && before.height == after.height);
        for (unsigned plane = 0; plane < 3; plane++) {
          const double psnr = decoded::psnr (before, after, plane);
          fail_unless (psnr >= (plane == 0 ? 38 : 36),
              "%s %s: plane %u has %.2f dB", name, turn.name, plane, psnr);
        }
      }
    }
}
GST_END_TEST;

// 4:2:2 with a height like 1080: complete blocks of Y, but not of chroma in
// 4:2:0.
GST_START_TEST (test_422_turned_keeps_luma)
{
  const corpus::Spec spec{
      .width = 192, .height = 104, .factors = {{{2, 1}, {}, {}, {}}}};
  const auto jpeg = corpus::make (spec);
  const auto before =
      decoded::pixels (Bytes{jpeg}, Format::ycc, Upsampling::plain);
  Recoder recoder;
  for (const auto way :
      {Turn::rotate_90, Turn::rotate_270, Turn::transpose, Turn::transverse}) {
    const auto result = recoder.recode (Bytes{jpeg}, {.turn = way});
    fail_unless (bool (result), "%s", result.message);
    const auto after =
        decoded::pixels (result.jpeg, Format::ycc, Upsampling::plain);
    const auto luma = decoded::psnr (turned (before, way), after, 0);
    // Turned upright, the last rows would be in the way.
    const bool again = way == Turn::rotate_90 || way == Turn::transverse;
    fail_unless (result.kinds.has (RecodeKind::edge_blocks) == again);
    fail_unless (again ? luma < 99 : luma > 55, "%.2f dB", luma);
  }
}
GST_END_TEST;

GST_START_TEST (test_turn_block)
{
  std::int16_t in[64];
  std::int16_t out[64];
  std::iota (std::begin (in), std::end (in), 1);

  turn_block (in, out, steps_of (Turn::none));
  fail_unless (std::ranges::equal (in, out));
  turn_block (in, out, steps_of (Turn::rotate_180));
  // Odd in one direction and even in the other: the sign changes.
  fail_unless (out[0] == 1 && out[1] == -2 && out[8] == -9 && out[9] == 10);
  turn_block (in, out, steps_of (Turn::transpose));
  fail_unless (out[1] == 9 && out[8] == 2 && out[63] == 64);
  turn_block (in, out, steps_of (Turn::rotate_90));
  fail_unless (out[1] == -9 && out[8] == 2 && out[9] == -10);
}
GST_END_TEST;

static Suite *
turn_suite ()
{
  auto suite = suite_create ("turn");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_as_jpegtran_perfect);
  tcase_add_test (tc, test_luma_as_jpegtran_perfect);
  tcase_add_test (tc, test_restart_interval);
  tcase_add_test (tc, test_turned_back_is_the_source);
  tcase_add_test (tc, test_edge_blocks_are_encoded_again);
  tcase_add_test (tc, test_422_turned_keeps_luma);
  tcase_add_test (tc, test_turn_block);

  return suite;
}

int
main (int argc, char **argv)
{
  if (!g_getenv ("JPEGTRAN")) {
    g_print ("SKIP: jpegtran is not installed\n");
    return 77;
  }
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (turn_suite (), "turn", __FILE__);
}
