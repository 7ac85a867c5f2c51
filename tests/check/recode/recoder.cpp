// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recoder.h"

#include "corpus.h"
#include "decoded.h"
#include "frame.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <array>

using namespace rfc2435;
using decoded::Format;
using decoded::Upsampling;

// Sizes that are multiples of any MCU, and not; smaller than a block; one
// pixel.
static constexpr std::pair<unsigned, unsigned> sizes[] = {
    {192, 96}, {167, 93}, {1, 1}, {8, 8}, {17, 9}, {97, 200}};

static bool
is_carriable (Bytes jpeg)
{
  FrameParser parser;
  Frame frame;
  return !parser.parse (std::span{&jpeg, 1}, TableMode::automatic, frame);
}

static RecodeResult
recode (Recoder &recoder, const corpus::Class &c, const corpus::Jpeg &jpeg)
{
  const auto result = recoder.recode (Bytes{jpeg});
  fail_unless (bool (result), "%s: %s", c.name.c_str (), result.message);
  fail_unless (result.kinds == c.kinds, "%s: wrong kinds", c.name.c_str ());
  fail_unless (result.lossless == c.lossless, "%s", c.name.c_str ());
  fail_if (result.incomplete, "%s", c.name.c_str ());
  fail_unless (is_carriable (result.jpeg), "%s", c.name.c_str ());
  return result;
}

template <typename Function>
static void
for_each (const std::vector<corpus::Class> &classes, Function function)
{
  for (auto c : classes)
    for (const auto &[width, height] : sizes)
      for (const bool synthetic : {false, true}) {
        c.spec.width = width;
        c.spec.height = height;
        c.spec.synthetic = synthetic;
        function (c, corpus::make (c.spec));
      }
}

static std::vector<corpus::Class>
classes_where (bool lossless)
{
  auto classes = corpus::classes ();
  std::erase_if (
      classes, [&] (const auto &c) { return c.lossless != lossless; });
  fail_if (classes.empty ());
  return classes;
}

// Checks that the dequantized coefficients are the same, and 0 for components
// that the source doesn't have.
static void
check_same_coefficients (
    const corpus::Class &c, Bytes before, Bytes after, std::size_t count)
{
  const auto a = decoded::coefficients (before);
  const auto b = decoded::coefficients (after);

  assert_equals_int (a.width, b.width);
  assert_equals_int (a.height, b.height);
  assert_equals_int (b.components.size (), 3);
  for (std::size_t i = 0; i < 3; i++) {
    const auto &to = b.components[i];
    if (i >= count)
      continue;
    if (i >= a.components.size ()) {
      fail_unless (
          std::ranges::count (to.blocks, decltype (to.blocks)::value_type{}) ==
              static_cast<std::ptrdiff_t> (to.blocks.size ()),
          "%s", c.name.c_str ());
      continue;
    }
    const auto &from = a.components[i];
    assert_equals_int (from.width, to.width);
    assert_equals_int (from.height, to.height);
    // Check's macros are slow, especially under sanitizers.
    for (std::size_t n = 0; n < from.blocks.size (); n++)
      for (unsigned k = 0; k < 64; k++)
        if (from.blocks[n][k] * from.table[k] != to.blocks[n][k] * to.table[k])
          ck_abort_msg ("%s: component %zu, block %zu, coefficient %u",
              c.name.c_str (), i, n, k);
  }
}

GST_START_TEST (test_lossless_is_exact)
{
  Recoder recoder;
  for_each (classes_where (true), [&] (const auto &c, const auto &jpeg) {
    const auto result = recode (recoder, c, jpeg);
    check_same_coefficients (c, Bytes{jpeg}, result.jpeg, 3);
    fail_unless (
        decoded::pixels (Bytes{jpeg}, Format::rgb, Upsampling::plain) ==
            decoded::pixels (result.jpeg, Format::rgb, Upsampling::plain),
        "%s", c.name.c_str ());
  });
}
GST_END_TEST;

// Lower limits for the loss in docs/recoding.md: in dB, for Y, U and V at
// 640x480. 99 means that planes are equal.
struct Floor {
  const char *name;
  std::array<double, 3> natural;
  std::array<double, 3> synthetic;
};

static constexpr Floor floors[] = {
    {"444", {99, 45.5, 40}, {99, 14.4, 15.7}},
    {"444-progressive", {99, 45.5, 40}, {99, 14.4, 15.7}},
    {"444-chroma-tables", {99, 45.5, 44}, {99, 14.4, 16}},
    {"440", {99, 45.5, 41.5}, {99, 21.5, 22.5}},
    {"411", {99, 48, 43.5}, {99, 31, 32}},
    {"410", {99, 47, 41.5}, {99, 29.5, 30}},
    {"sampling-3x1-1x1-1x1", {99, 47, 41.5}, {99, 26, 27.5}},
    {"sampling-1x3-1x1-1x1", {99, 45.5, 41}, {99, 20, 21}},
    {"sampling-3x2-1x1-1x1-scans", {99, 46.5, 41}, {99, 27, 28.5}},
    {"sampling-2x2-2x1-1x2", {99, 46.5, 99}, {99, 21, 99}},
    {"luma-subsampled", {47, 45.5, 40}, {33, 14.4, 15.7}},
    {"rgb", {46, 44, 39}, {44, 14.4, 15.7}},
    {"rgb-progressive", {46, 44, 39}, {44, 14.4, 15.7}},
    {"cmyk", {45.5, 43.5, 39.5}, {43.5, 14.4, 15.7}},
    {"ycck", {47, 46.5, 43.5}, {40, 33, 33}},
};

GST_START_TEST (test_lossy_keeps_luma)
{
  Recoder recoder;
  for_each (classes_where (false), [&] (const auto &c, const auto &jpeg) {
    const auto result = recode (recoder, c, jpeg);
    const auto floor = std::find_if (std::begin (floors), std::end (floors),
        [&] (const auto &f) { return f.name == c.name; });
    fail_if (floor == std::end (floors), "%s", c.name.c_str ());
    if (floor->natural[0] == 99)
      check_same_coefficients (c, Bytes{jpeg}, result.jpeg, 1);
  });
}
GST_END_TEST;

GST_START_TEST (test_lossy_psnr)
{
  Recoder recoder;
  for (auto c : classes_where (false))
    for (const bool synthetic : {false, true}) {
      c.spec.width = 640;
      c.spec.height = 480;
      c.spec.synthetic = synthetic;
      const auto jpeg = corpus::make (c.spec);
      const auto result = recoder.recode (Bytes{jpeg});
      const auto before =
          decoded::pixels (Bytes{jpeg}, Format::ycc, Upsampling::fancy);
      const auto after =
          decoded::pixels (result.jpeg, Format::ycc, Upsampling::fancy);
      const auto floor = std::find_if (std::begin (floors), std::end (floors),
          [&] (const auto &f) { return f.name == c.name; });

      fail_if (floor == std::end (floors), "%s", c.name.c_str ());
      for (unsigned plane = 0; plane < 3; plane++) {
        const double psnr = decoded::psnr (before, after, plane);
        const auto &least = synthetic ? floor->synthetic : floor->natural;
        fail_unless (psnr >= least[plane], "%s%s: plane %u has %.2f dB",
            c.name.c_str (), synthetic ? ", synthetic" : "", plane, psnr);
      }
    }
}
GST_END_TEST;

GST_START_TEST (test_lossless_level_refuses_loss)
{
  Recoder recoder;
  for (const auto &c : corpus::classes ()) {
    const auto jpeg = corpus::make (c.spec);
    const auto result =
        recoder.recode (Bytes{jpeg}, {.level = RecodeLevel::lossless});
    fail_unless (
        result.error ==
            (c.lossless ? std::nullopt : std::optional (DropCause::needs_loss)),
        "%s", c.name.c_str ());
    fail_unless (result.jpeg.empty () == !c.lossless);
    fail_unless (result.kinds.any () || c.lossless);
  }
}
GST_END_TEST;

GST_START_TEST (test_pieces)
{
  Recoder recoder;
  Recoder reference;
  for (const auto &c : corpus::classes ()) {
    const auto jpeg = corpus::make (c.spec);
    const auto whole = reference.recode (Bytes{jpeg});
    for (const std::size_t size : {1, 2, 7, 1000}) {
      std::vector<Bytes> pieces{{}};
      for (std::size_t i = 0; i < jpeg.size (); i += size) {
        pieces.push_back (
            Bytes{jpeg}.subspan (i, std::min (size, jpeg.size () - i)));
        if (i % 3 == 0)
          pieces.emplace_back ();
      }
      const auto result = recoder.recode (pieces);
      fail_unless (
          std::ranges::equal (result.jpeg, whole.jpeg), "%s", c.name.c_str ());
    }
  }
}
GST_END_TEST;

// [begin, end) of the segments of a kind before the first SOS.
static std::vector<std::pair<std::size_t, std::size_t>>
segments (const corpus::Jpeg &jpeg, std::uint8_t marker)
{
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 2; jpeg[i + 1] != 0xda;) {
    const std::size_t end = i + 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]);
    if (jpeg[i + 1] == marker)
      found.emplace_back (i, end);
    i = end;
  }
  return found;
}

// Moves the segments of a kind out of the frame.
static corpus::Jpeg
take_segments (corpus::Jpeg &jpeg, std::uint8_t marker)
{
  corpus::Jpeg taken;
  auto found = segments (jpeg, marker);
  fail_if (found.empty ());
  for (const auto &[begin, end] : found)
    taken.insert (taken.end (), jpeg.begin () + begin, jpeg.begin () + end);
  for (auto i = found.rbegin (); i != found.rend (); ++i)
    jpeg.erase (jpeg.begin () + i->first, jpeg.begin () + i->second);
  return taken;
}

static constexpr std::uint8_t dht = 0xc4;
static constexpr std::uint8_t dqt = 0xdb;

GST_START_TEST (test_tables_of_an_earlier_frame)
{
  Recoder recoder;
  const auto whole = corpus::make ({.optimize = true});
  const auto expected = [&] {
    const auto view = recoder.recode (Bytes{whole}).jpeg;
    return corpus::Jpeg{view.begin (), view.end ()};
  }();

  auto bare = whole;
  auto tables = take_segments (bare, dqt);
  const auto huffman = take_segments (bare, dht);
  tables.insert (tables.end (), huffman.begin (), huffman.end ());

  auto result = recoder.recode (Bytes{bare}, {.tables = tables});
  fail_unless (std::ranges::equal (result.jpeg, expected));

  // A frame leaves nothing behind for the next.
  result = recoder.recode (Bytes{bare});
  fail_unless (result.error == DropCause::malformed);

  // The frame's own tables come later and apply.
  const auto other = corpus::make ({.quality = 30});
  auto others = other;
  result =
      recoder.recode (Bytes{whole}, {.tables = take_segments (others, dqt)});
  fail_unless (std::ranges::equal (result.jpeg, expected));
}
GST_END_TEST;

GST_START_TEST (test_no_dht_means_annex_k)
{
  Recoder recoder;
  const auto whole = corpus::make ({});
  auto bare = whole;
  take_segments (bare, dht);

  recoder.recode (Bytes{corpus::make ({.optimize = true})});
  const auto result = recoder.recode (Bytes{bare});
  fail_unless (bool (result));
  fail_if (result.kinds.any ());
  fail_unless (decoded::pixels (Bytes{whole}, Format::rgb, Upsampling::plain) ==
               decoded::pixels (result.jpeg, Format::rgb, Upsampling::plain));
}
GST_END_TEST;

// The output equals that for the same picture in order, byte for byte.
GST_START_TEST (test_component_order)
{
  using Factors = decltype (corpus::Spec::factors);
  const Factors f422{{{2, 1}, {1, 1}, {1, 1}, {}}};
  const Factors f422_as_4x1{{{4, 1}, {2, 1}, {2, 1}, {}}};
  const corpus::Spec specs[] = {{}, {.factors = f422}, {.restart_interval = 5},
      {.factors = f422_as_4x1}, {.factors = Factors{}}, {.v_quality = 70},
      {.arithmetic = true}};
  const std::pair<unsigned, unsigned> swaps[] = {{0, 1}, {0, 2}, {1, 2}};
  Recoder recoder;
  Recoder reference;
  for (auto spec : specs)
    for (const auto &[width, height] : sizes)
      for (const auto &[a, b] : swaps) {
        spec.width = width;
        spec.height = height;
        const auto ordered = corpus::make (spec);
        const auto jpeg = corpus::swap_in_scan (ordered, a, b);
        const auto expected = reference.recode (Bytes{ordered});
        for (const std::size_t size : {std::size_t{1}, jpeg.size ()}) {
          std::vector<Bytes> pieces;
          for (std::size_t i = 0; i < jpeg.size (); i += size)
            pieces.push_back (Bytes{jpeg}.subspan (i, size));
          const auto result = recoder.recode (pieces);
          fail_unless (bool (result), "%s", result.message);
          fail_unless (std::ranges::equal (result.jpeg, expected.jpeg));
          fail_unless (result.lossless == expected.lossless);
          fail_unless (result.kinds.has (RecodeKind::component_order));
          fail_if (expected.kinds.has (RecodeKind::component_order));
        }
        const RecodeOptions turned{.turn = Turn::rotate_180};
        fail_unless (
            std::ranges::equal (recoder.recode (Bytes{jpeg}, turned).jpeg,
                reference.recode (Bytes{ordered}, turned).jpeg));
      }

  // Missing data is reported as usual.
  const auto jpeg = corpus::swap_in_scan (corpus::make ({}), 0, 1);
  fail_unless (recoder.recode (Bytes{jpeg}.first (jpeg.size () / 2)).error ==
               DropCause::cut_short);
}
GST_END_TEST;

GST_START_TEST (test_restart_interval)
{
  struct {
    corpus::Spec spec;
    std::optional<std::uint16_t> asked;
    unsigned expected;
  } const cases[] = {
      {{.optimize = true, .restart_interval = 11}, {}, 11},
      {{.optimize = true, .restart_interval = 11}, 0, 0},
      {{.optimize = true, .restart_interval = 11}, 4, 4},
      {{.optimize = true}, 7, 7},
      // Counts other MCUs.
      {{.factors = {{{2, 2}, {1, 2}, {1, 2}, {}}}, .restart_interval = 2}, {},
          0},
      {{.color = corpus::Spec::Color::gray, .restart_interval = 6}, {}, 0},
      {{.progressive = true, .restart_interval = 6}, {}, 0},
      {{.several_scans = true, .restart_interval = 6}, {}, 0},
  };
  Recoder recoder;
  for (const auto &c : cases) {
    const auto jpeg = corpus::make (c.spec);
    const auto result =
        recoder.recode (Bytes{jpeg}, {.restart_interval = c.asked});
    fail_unless (bool (result));
    assert_equals_int (
        decoded::coefficients (result.jpeg).restart_interval, c.expected);
  }
}
GST_END_TEST;

GST_START_TEST (test_chroma_tables_out_of_range)
{
  // At full contrast and with steps of 1 and 2, levels with a common table
  // would exceed the range of baseline.
  corpus::Spec spec{.quality = 50, .v_quality = 99, .synthetic = true};
  const auto jpeg = corpus::make (spec);
  Recoder recoder;
  const auto result = recoder.recode (Bytes{jpeg});
  fail_unless (bool (result), "%s", result.message);
  fail_unless (result.kinds.has (RecodeKind::chroma_tables));
  fail_unless (is_carriable (result.jpeg));
  check_same_coefficients ({.name = "chroma tables"}, Bytes{jpeg}, result.jpeg,
      result.lossless ? 3 : 2);
}
GST_END_TEST;

static bool
has_eight_bit_tables (Bytes jpeg)
{
  const auto coefficients = decoded::coefficients (jpeg);
  return std::ranges::all_of (coefficients.components,
      [] (const auto &c) { return std::ranges::max (c.table) <= 255; });
}

// Every step of the picture is 257, a prime.
static corpus::Jpeg
with_prime_steps (const corpus::Jpeg &jpeg)
{
  corpus::Jpeg result{0xff, 0xd8};
  for (const std::uint8_t id : {0, 1}) {
    result.insert (result.end (),
        {0xff, 0xdb, 0, 131, static_cast<std::uint8_t> (0x10 | id)});
    for (unsigned k = 0; k < 64; k++)
      result.insert (result.end (), {1, 1});
  }
  std::size_t at = 2;
  while (jpeg[at + 1] != 0xda) {
    const auto end = at + 2 + (jpeg[at + 2] << 8 | jpeg[at + 3]);
    if (jpeg[at + 1] != 0xdb)
      result.insert (result.end (), jpeg.begin () + at, jpeg.begin () + end);
    at = end;
  }
  result.insert (result.end (), jpeg.begin () + at, jpeg.end ());
  return result;
}

// If the levels are too large for a divisor
GST_START_TEST (test_wide_tables_without_divisors)
{
  Recoder recoder;
  const auto jpeg = with_prime_steps (corpus::make ({.quality = 95}));
  const auto result = recoder.recode (Bytes{jpeg});
  fail_unless (bool (result), "%s", result.message);
  fail_if (result.lossless);
  fail_unless (lossy_kinds (result.kinds).has (RecodeKind::wide_tables));
  fail_unless (is_carriable (result.jpeg));
  fail_unless (has_eight_bit_tables (result.jpeg));

  const auto before = decoded::coefficients (Bytes{jpeg});
  const auto after = decoded::coefficients (result.jpeg);
  int largest_error = 0;
  for (std::size_t i = 0; i < 3; i++) {
    const auto &a = before.components[i];
    const auto &b = after.components[i];
    for (std::size_t n = 0; n < a.blocks.size (); n++)
      for (unsigned k = 0; k < 64; k++) {
        const int error = std::abs (
            a.blocks[n][k] * a.table[k] - b.blocks[n][k] * b.table[k]);
        if (error > b.table[k] / 2)
          ck_abort_msg ("component %zu, block %zu, coefficient %u is off by %d",
              i, n, k, error);
        largest_error = std::max (largest_error, error);
      }
  }
  fail_unless (largest_error > 0);
  fail_unless (
      recoder.recode (Bytes{jpeg}, {.level = RecodeLevel::lossless}).error ==
      DropCause::needs_loss);
}
GST_END_TEST;

// Most steps over 255 have a divisor with which nothing changes. Those that
// have none are requantized as finely as possible.
GST_START_TEST (test_wide_tables)
{
  struct {
    corpus::Spec spec;
    bool lossless;
  } const cases[] = {
      {{.quality = 10}, true},
      {{.quality = 10, .progressive = true}, true},
      {{.factors = {{{2, 1}, {1, 1}, {1, 1}, {}}},
           .quality = 12,
           .restart_interval = 3},
          true},
      {{.quality = 3, .synthetic = true}, true},
      {{.color = corpus::Spec::Color::gray, .quality = 10}, true},
      {{.factors = {}, .quality = 10}, false}, // 4:4:4
      {{.quality = 10, .v_quality = 12}, true},
  };
  Recoder recoder;
  for (const auto &c : cases) {
    const auto jpeg = corpus::make (c.spec);
    fail_if (has_eight_bit_tables (Bytes{jpeg}));
    const auto result = recoder.recode (Bytes{jpeg});
    fail_unless (bool (result), "%s", result.message);
    fail_unless (result.kinds.has (RecodeKind::wide_tables));
    fail_unless (has_eight_bit_tables (result.jpeg));
    fail_unless (is_carriable (result.jpeg));
    assert_equals_int (result.lossless, c.lossless);
    if (c.lossless) {
      check_same_coefficients (
          {.name = "wide tables"}, Bytes{jpeg}, result.jpeg, 3);
      continue;
    }
    fail_unless (lossy_kinds (result.kinds).any ());
    const auto before =
        decoded::pixels (Bytes{jpeg}, Format::ycc, Upsampling::plain);
    const auto after =
        decoded::pixels (result.jpeg, Format::ycc, Upsampling::plain);
    fail_unless (decoded::psnr (before, after, 0) > 45);
    fail_unless (
        recoder.recode (Bytes{jpeg}, {.level = RecodeLevel::lossless}).error ==
        DropCause::needs_loss);
  }

  // The tables of a turned picture are narrowed, too.
  const auto jpeg = corpus::make ({.quality = 10});
  const auto turned =
      recoder.recode (Bytes{jpeg}, {.turn = rfc2435::Turn::rotate_90});
  fail_unless (bool (turned) && turned.lossless);
  fail_unless (has_eight_bit_tables (turned.jpeg));
}
GST_END_TEST;

GST_START_TEST (test_kinds_have_texts)
{
  for (unsigned i = 0; i < recode_kind_count; i++) {
    const auto kind = static_cast<RecodeKind> (i);
    fail_unless (strlen (describe (kind)) > 0);
    fail_unless (g_str_has_suffix (remedy (kind), "."));
    RecodeKinds kinds;
    kinds.add (kind);
    fail_unless (kinds.has (kind) && kinds.any ());
    fail_if (kinds.except (kinds).any ());
    fail_unless (kinds.except ({}) == kinds);
  }
}
GST_END_TEST;

static Suite *
recoder_suite ()
{
  auto suite = suite_create ("recoder");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_lossless_is_exact);
  tcase_add_test (tc, test_lossy_keeps_luma);
  tcase_add_test (tc, test_lossy_psnr);
  tcase_add_test (tc, test_lossless_level_refuses_loss);
  tcase_add_test (tc, test_pieces);
  tcase_add_test (tc, test_tables_of_an_earlier_frame);
  tcase_add_test (tc, test_no_dht_means_annex_k);
  tcase_add_test (tc, test_component_order);
  tcase_add_test (tc, test_restart_interval);
  tcase_add_test (tc, test_chroma_tables_out_of_range);
  tcase_add_test (tc, test_wide_tables);
  tcase_add_test (tc, test_wide_tables_without_divisors);
  tcase_add_test (tc, test_kinds_have_texts);

  return suite;
}

GST_CHECK_MAIN (recoder)
