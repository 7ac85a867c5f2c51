// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recoder.h"

#include "corpus.h"
#include "decoded.h"
#include "frame.h"

#include <gst/check/gstcheck.h>

#include <algorithm>
#include <random>

#include <malloc.h>
#include <sys/resource.h>

using namespace rfc2435;

static const char *
cause_name (const RecodeResult &result)
{
  return result.error ? text (*result.error).name : "none";
}

#if defined(__SANITIZE_ADDRESS__)
static constexpr bool malloc_is_sanitized = true;
#elif defined(__has_feature)
static constexpr bool malloc_is_sanitized = __has_feature (address_sanitizer);
#else
static constexpr bool malloc_is_sanitized = false;
#endif

static bool
is_carriable (Bytes jpeg)
{
  FrameParser parser;
  Frame frame;
  return !parser.parse (std::span{&jpeg, 1}, TableMode::automatic, frame);
}

static std::size_t
end_of_header (const corpus::Jpeg &jpeg)
{
  std::size_t i = 2;
  while (jpeg[i + 1] != 0xda)
    i += 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]);
  return i + 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]);
}

// Cut at every 1/50: there is output only for a progressive JPEG whose first
// scan is complete, and the result says so.
GST_START_TEST (test_cut)
{
  Recoder recoder;
  unsigned kept = 0;
  for (const auto &c : corpus::classes ()) {
    const auto jpeg = corpus::make (c.spec);
    for (unsigned n = 0; n < 50; n++) {
      const auto part = Bytes{jpeg}.first (jpeg.size () * n / 50);
      const auto result = recoder.recode (part);
      if (result) {
        fail_unless (c.spec.progressive, "%s at %u/50", c.name.c_str (), n);
        fail_unless (result.incomplete);
        fail_unless (is_carriable (result.jpeg));
        kept++;
      } else {
        fail_unless (result.error == DropCause::cut_short ||
                         (n == 0 && result.error == DropCause::empty),
            "%s at %u/50: error %s, %s", c.name.c_str (), n,
            cause_name (result), result.message);
        fail_unless (result.jpeg.empty ());
      }
    }
  }
  fail_unless (kept > 0);
}
GST_END_TEST;

// The part of a JPEG without the incomplete marker segment at its end.
static Bytes
whole_segments (Bytes part)
{
  for (std::size_t i = part.size () - 2; i > 0; i--)
    if (part[i] == 0xff && part[i + 1] >= 0xc0 && part[i + 1] != 0xff) {
      const bool has_length = i + 4 <= part.size ();
      const std::size_t length =
          has_length ? part[i + 2] << 8 | part[i + 3] : 0;
      const bool is_whole = has_length && i + 2 + length <= part.size ();
      return is_whole ? part : part.first (i);
    }
  return part;
}

// The result for an incomplete progressive JPEG is what a viewer shows, from
// the first scan on, even if it ends in the tables between two scans.
GST_START_TEST (test_cut_progressive_is_exact)
{
  Recoder recoder;
  const auto jpeg = corpus::make ({.progressive = true});
  unsigned kept = 0;
  unsigned within_segments = 0;
  for (std::size_t size = end_of_header (jpeg); size < jpeg.size ();
       size += 5) {
    auto part = Bytes{jpeg}.first (size);
    const auto result = recoder.recode (part);
    if (!result) {
      fail_unless (kept == 0, "%zu of %zu bytes: %s", size, jpeg.size (),
          result.message);
      continue;
    }
    kept++;
    fail_unless (result.incomplete && result.lossless);
    // libjpeg refuses such a file.
    part = whole_segments (part);
    within_segments += part.size () < size;
    using decoded::Format;
    using decoded::Upsampling;
    fail_unless (decoded::pixels (part, Format::rgb, Upsampling::plain) ==
                 decoded::pixels (result.jpeg, Format::rgb, Upsampling::plain));
  }
  // The DC scan is much less than half of it.
  fail_unless (kept * 5 > jpeg.size () / 2);
  fail_unless (within_segments > 10);
}
GST_END_TEST;

static std::vector<std::pair<corpus::Class, corpus::Jpeg>>
jpegs_without_eoi ()
{
  std::vector<std::pair<corpus::Class, corpus::Jpeg>> jpegs;
  for (const auto &c : corpus::classes ()) {
    // Arithmetic coding has no other mark of its end.
    if (c.spec.arithmetic)
      continue;
    jpegs.emplace_back (c, corpus::make (c.spec));
    jpegs.back ().second.resize (jpegs.back ().second.size () - 2);
  }
  return jpegs;
}

// Even part of one: the library would read sizes from it.
GST_START_TEST (test_second_frame_header)
{
  static constexpr std::uint8_t frame_header[] = {0xff, 0xc0, 0, 17, 8, 0xd9,
      0xd9, 0xd9, 0xd9, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1};
  Recoder recoder;
  for (auto &[c, jpeg] : jpegs_without_eoi ()) {
    for (const auto byte : frame_header) {
      jpeg.push_back (byte);
      if (jpeg.back () == 0xff)
        continue;
      const auto result = recoder.recode (Bytes{jpeg});
      fail_unless (result.error == DropCause::malformed ||
                       result.error == DropCause::cut_short,
          "%s: error %s, %s", c.name.c_str (), cause_name (result),
          result.message);
    }
  }
}
GST_END_TEST;

// It looks like a complete one, and refers to tables that can't exist.
GST_START_TEST (test_half_a_scan_header)
{
  Recoder recoder;
  for (auto &[c, jpeg] : jpegs_without_eoi ()) {
    const auto whole = recoder.recode (Bytes{jpeg});
    const std::vector<std::uint8_t> wanted (
        whole.jpeg.begin (), whole.jpeg.end ());
    static constexpr std::uint8_t sos[] = {0xff, 0xda};
    const auto id =
        *(std::search (jpeg.begin (), jpeg.end (), sos, sos + 2) + 5);
    for (const int byte : {0xff, 0xda, 0, 8, 1, int{id}, 0xff}) {
      jpeg.push_back (static_cast<std::uint8_t> (byte));
      const auto result = recoder.recode (Bytes{jpeg});
      fail_unless (bool (result), "%s: %s", c.name.c_str (), result.message);
      fail_unless (std::ranges::equal (result.jpeg, wanted));
    }
  }
}
GST_END_TEST;

// The third scan restarts coefficients of the second, so that the fourth
// refines a level of -1023 to -1535, for which no table has a code.
GST_START_TEST (test_refined_too_far)
{
  corpus::Jpeg jpeg = {0xff, 0xd8, 0xff, 0xdb, 0, 67, 0};
  jpeg.insert (jpeg.end (), 64, 1);
  const std::uint8_t frame[] = {0xff, 0xc2, 0, 0x0b, 8, 0, 8, 0, 8, 1, 1, 0x11,
      0, 0xff, 0xc4, 0, 0x14, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0xff, 0xc4, 0, 0x15, 0x10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0x0a, 0xff, 0xc4, 0, 0x14, 0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0, 0x7f, 0xff, 0xda, 0, 8,
      1, 1, 0, 1, 0x3f, 0, 0x80, 7, 0xff, 0xda, 0, 8, 1, 1, 1, 1, 0x3f, 0x0a,
      0x7f, 0xff, 0xda, 0, 8, 1, 1, 1, 1, 0x3f, 0xa9, 0x7f, 0xff, 0xd9};
  jpeg.insert (jpeg.end (), std::begin (frame), std::end (frame));

  Recoder recoder;
  const auto result = recoder.recode (Bytes{jpeg});
  fail_unless (result.error == DropCause::malformed);
  fail_unless_equals_string (
      result.message, "A coefficient beyond the range of baseline JPEG");
}
GST_END_TEST;

// A custom table may have a code for an AC level of -1024, for which the
// standard ones have none. As a DC level, it is the lowest valid one.
GST_START_TEST (test_least_level)
{
  corpus::Jpeg jpeg = {0xff, 0xd8, 0xff, 0xdb, 0, 67, 0};
  jpeg.insert (jpeg.end (), 64, 1);
  // DC: the code 0 for 11 bits. AC: 0 for end of block, 10 for 11 bits.
  const std::uint8_t header[] = {0xff, 0xc0, 0, 0x0b, 8, 0, 8, 0, 8, 1, 1, 0x11,
      0, 0xff, 0xc4, 0, 0x14, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0x0b, 0xff, 0xc4, 0, 0x15, 0x10, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0x0b, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0};
  jpeg.insert (jpeg.end (), std::begin (header), std::end (header));
  auto with_scan = [&] (std::initializer_list<std::uint8_t> scan) {
    auto result = jpeg;
    result.insert (result.end (), scan);
    result.insert (result.end (), {0xff, 0xd9});
    return result;
  };
  // -1024 in 11 bits is 01111111111.
  const auto dc = with_scan ({0b0'0111111, 0b1111'0'111});
  const auto ac =
      with_scan ({0b0'0111111, 0b1111'10'01, 0xff, 0, 0b1'0'111111});

  Recoder recoder;
  auto result = recoder.recode (Bytes{dc});
  fail_unless (bool (result), "%s", result.message);
  fail_unless_equals_int (
      decoded::coefficients (result.jpeg).components[0].blocks[0][0], -1024);
  result = recoder.recode (Bytes{ac});
  fail_unless (result.error == DropCause::malformed);
  fail_unless_equals_string (
      result.message, "A coefficient beyond the range of baseline JPEG");
}
GST_END_TEST;

GST_START_TEST (test_no_eoi_is_whole)
{
  Recoder recoder;
  for (auto &[c, jpeg] : jpegs_without_eoi ()) {
    auto result = recoder.recode (Bytes{jpeg});
    fail_unless (bool (result), "%s: %s", c.name.c_str (), result.message);
    fail_unless (result.incomplete == c.spec.progressive);

    // One byte less is too few, apart from unused bits in the last byte.
    jpeg.resize (jpeg.size () - 3);
    result = recoder.recode (Bytes{jpeg});
    fail_unless (bool (result) == c.spec.progressive, "%s", c.name.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (test_fill_missing)
{
  Recoder recoder;
  const corpus::Spec specs[] = {{}, {.optimize = true},
      {.factors = {}, .optimize = true}, {.progressive = true},
      {.color = corpus::Spec::Color::rgb, .factors = {}}};
  for (const auto &spec : specs) {
    const auto jpeg = corpus::make (spec);
    const auto header = end_of_header (jpeg);
    const auto half = Bytes{jpeg}.first (header + (jpeg.size () - header) / 2);
    const auto result = recoder.recode (half, {.fill_missing = true});
    fail_unless (bool (result), "%s", result.message);
    fail_unless (result.incomplete);
    fail_unless (is_carriable (result.jpeg));
    // A progressive JPEG lacks only detail here.
    fail_unless (result.lossless == spec.progressive);
    fail_unless (result.kinds.has (RecodeKind::cut) != spec.progressive);

    // The upper part of a sequential JPEG equals that of the source.
    if (spec.progressive || spec.color == corpus::Spec::Color::rgb)
      continue;
    const auto a = decoded::coefficients (Bytes{jpeg}).components[0];
    const auto b = decoded::coefficients (result.jpeg).components[0];
    const auto rows = a.height / 4 * a.width;
    fail_unless (std::equal (
        a.blocks.begin (), a.blocks.begin () + rows, b.blocks.begin ()));
    fail_if (a.blocks == b.blocks);
  }
}
GST_END_TEST;

// RecodeLevel::lossless does not refuse filling: the part present stays exact.
GST_START_TEST (test_fill_missing_without_other_loss)
{
  Recoder recoder;
  const RecodeOptions options{
      .level = RecodeLevel::lossless, .fill_missing = true};
  // The scan of the DC coefficients ends early.
  const auto progressive = corpus::make ({.progressive = true});
  auto result = recoder.recode (
      Bytes{progressive}.first (end_of_header (progressive) + 100), options);
  fail_unless (bool (result), "%s", result.message);
  fail_if (result.lossless);
  fail_unless (result.kinds.has (RecodeKind::cut));
  fail_unless (lossy_kinds (result.kinds).has (RecodeKind::cut));
  fail_if (lossy_kinds (result.kinds).has (RecodeKind::progressive));

  // The next one is complete.
  result = recoder.recode (Bytes{progressive}, options);
  fail_unless (result.lossless);
  fail_if (result.kinds.has (RecodeKind::cut));

  const auto other = corpus::make ({.factors = {}});
  result = recoder.recode (Bytes{other}.first (other.size () / 2), options);
  fail_unless (result.error == DropCause::needs_loss);
}
GST_END_TEST;

GST_START_TEST (test_a_missing_component)
{
  // U and V have scans of their own that never come.
  auto jpeg = corpus::make ({.several_scans = true});
  std::size_t second = end_of_header (jpeg);
  while (jpeg[second] != 0xff || jpeg[second + 1] != 0xda)
    second++;
  jpeg.resize (second);
  jpeg.insert (jpeg.end (), {0xff, 0xd9});

  Recoder recoder;
  fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::cut_short);
  fail_unless (recoder.recode (Bytes{jpeg}, {.fill_missing = true}).error ==
               DropCause::cut_short);
}
GST_END_TEST;

// Any output is a complete JPEG that can be carried.
GST_START_TEST (test_flipped_bits)
{
  Recoder recoder;
  std::mt19937 random{2435};
  unsigned refused = 0;
  for (const auto &c : corpus::classes ()) {
    const auto jpeg = corpus::make (c.spec);
    for (unsigned n = 0; n < 60; n++) {
      auto damaged = jpeg;
      // Half of the bits are in the headers.
      const auto range = n % 2 ? jpeg.size () : end_of_header (jpeg);
      for (unsigned bit = 0; bit <= n % 4; bit++)
        damaged[random () % range] ^= 1u << random () % 8;
      for (const bool fill : {false, true}) {
        const auto result = recoder.recode (Bytes{damaged},
            {.turn = static_cast<Turn> (n % 8), .fill_missing = fill});
        if (!result) {
          refused++;
          fail_unless (result.error != std::nullopt);
          fail_unless (result.jpeg.empty ());
          continue;
        }
        fail_unless (is_carriable (result.jpeg));
      }
    }
  }
  fail_unless (refused > 100);
}
GST_END_TEST;

static void
set_size (corpus::Jpeg &jpeg, unsigned width, unsigned height)
{
  for (std::size_t i = 2;; i += 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]))
    if (jpeg[i + 1] >= 0xc0 && jpeg[i + 1] <= 0xcf && jpeg[i + 1] != 0xc4) {
      jpeg[i + 5] = height >> 8;
      jpeg[i + 6] = height & 0xff;
      jpeg[i + 7] = width >> 8;
      jpeg[i + 8] = width & 0xff;
      return;
    }
}

static long
peak_kilobytes ()
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

GST_START_TEST (test_large_header_takes_no_memory)
{
  Recoder recoder;
  for (const auto &c : corpus::classes ()) {
    auto jpeg = corpus::make (c.spec);
    recoder.recode (Bytes{jpeg});
    const auto before = peak_kilobytes ();

    set_size (jpeg, 65500, 65500);
    fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::too_large,
        "%s", c.name.c_str ());
    set_size (jpeg, 16384, 16384);
    fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::too_large);
    // Within the limits, but too large for its number of bytes.
    if (!c.spec.arithmetic) {
      set_size (jpeg, 4096, 4096);
      const auto result = recoder.recode (
          Bytes{jpeg}.first (std::min<std::size_t> (jpeg.size (), 4000)));
      fail_unless (result.error == DropCause::cut_short, "%s: %s",
          c.name.c_str (), result.message);
    }
    fail_unless (peak_kilobytes () - before < 4096, "%s", c.name.c_str ());
  }
}
GST_END_TEST;

// Only the number of pixels counts, whatever memory a kind takes.
GST_START_TEST (test_max_pixels)
{
  Recoder recoder;
  for (const auto &c : corpus::classes ()) {
    const auto jpeg = corpus::make (c.spec);
    const auto pixels = c.spec.width * c.spec.height;
    fail_unless (bool (recoder.recode (Bytes{jpeg}, {.max_pixels = pixels})),
        "%s", c.name.c_str ());
    fail_unless (
        recoder.recode (Bytes{jpeg}, {.max_pixels = pixels - 1}).error ==
            DropCause::too_large,
        "%s", c.name.c_str ());
  }
}
GST_END_TEST;

GST_START_TEST (test_endless_scans)
{
  // A refinement of nothing, repeated.
  auto jpeg = corpus::make ({.progressive = true});
  jpeg.resize (jpeg.size () - 2);
  static constexpr std::uint8_t scan[] = {
      0xff, 0xda, 0, 8, 1, 1, 0x01, 1, 63, 0x10, 0xff};
  for (unsigned n = 0; n < 10000; n++)
    jpeg.insert (jpeg.end (), scan, scan + sizeof scan - 1);

  Recoder recoder;
  const auto result = recoder.recode (Bytes{jpeg}, {.fill_missing = true});
  fail_unless (result.error == DropCause::too_large, "%s", result.message);
  assert_equals_string (result.message, "Too many scans");
}
GST_END_TEST;

GST_START_TEST (test_not_a_jpeg)
{
  Recoder recoder;
  static constexpr std::uint8_t bytes[] = {'R', 'I', 'F', 'F', 0, 0, 0, 0};
  fail_unless (recoder.recode (Bytes{bytes}).error == DropCause::not_jpeg);
  fail_unless (recoder.recode (Bytes{}).error == DropCause::empty);
  fail_unless (
      recoder.recode (std::span<const Bytes>{}).error == DropCause::empty);
  static constexpr std::uint8_t soi[] = {0xff, 0xd8};
  fail_unless (recoder.recode (Bytes{soi}).error == DropCause::cut_short);
}
GST_END_TEST;

GST_START_TEST (test_unsupported)
{
  Recoder recoder;
  auto jpeg = corpus::make ({});
  std::size_t sof = 2;
  while (jpeg[sof + 1] != 0xc0)
    sof += 2 + (jpeg[sof + 2] << 8 | jpeg[sof + 3]);
  // Lossless, hierarchical; 12 bits.
  for (const std::uint8_t marker : {0xc3, 0xc5, 0xc6, 0xc7, 0xcb}) {
    jpeg[sof + 1] = marker;
    fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::unsupported);
  }
  // With any coding
  jpeg[sof + 4] = 12;
  for (const std::uint8_t marker : {0xc1, 0xc2, 0xc3, 0xc9, 0xca}) {
    jpeg[sof + 1] = marker;
    fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::unsupported);
  }
}
GST_END_TEST;

GST_START_TEST (test_zero_in_a_quantization_table)
{
  Recoder recoder;
  auto jpeg = corpus::make ({.factors = {}});
  std::size_t dqt = 2;
  while (jpeg[dqt + 1] != 0xdb)
    dqt += 2 + (jpeg[dqt + 2] << 8 | jpeg[dqt + 3]);
  jpeg[dqt + 20] = 0;
  fail_unless (recoder.recode (Bytes{jpeg}).error == DropCause::malformed);
}
GST_END_TEST;

GST_START_TEST (test_levels_beyond_baseline)
{
  // Extended Huffman tables and 8-bit samples: levels that Annex K's tables
  // have no code for are made of 4:2:0 quantized by 1 where a table of its own
  // gives 15-bit categories a code.
  auto jpeg = corpus::make ({.width = 16, .height = 16, .quality = 100});
  // SOI DQT DQT SOF0 of the source, then a DHT with categories 0 and 15.
  corpus::Jpeg crafted{0xff, 0xd8};
  for (std::size_t i = 2; jpeg[i + 1] != 0xda;) {
    const std::size_t end = i + 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]);
    if (jpeg[i + 1] == 0xdb || jpeg[i + 1] == 0xc0)
      crafted.insert (crafted.end (), jpeg.begin () + i, jpeg.begin () + end);
    i = end;
  }
  for (const std::uint8_t table : {0x00, 0x01, 0x10, 0x11}) {
    crafted.insert (crafted.end (), {0xff, 0xc4, 0, 21, table, 0, 2, 0, 0, 0, 0,
                                        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    // Codes 00 and 01: a difference of 0, one of 12 bits; EOB, 12 bits.
    crafted.push_back (table < 0x10 ? 12 : 0x0c);
  }
  crafted.insert (crafted.end (),
      {0xff, 0xda, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0});
  // 01 and twelve bits of 1 is 4095 as DC; then 00 is EOB. Six blocks, the
  // others 0000, and 1s to the byte's end.
  crafted.insert (crafted.end (), {0x7f, 0xfc, 0x00, 0x00, 0x0f, 0xff, 0x00});
  crafted.insert (crafted.end (), {0xff, 0xd9});

  Recoder recoder;
  const auto result = recoder.recode (Bytes{crafted});
  fail_unless (result.error == DropCause::malformed, "%s", result.message);
  assert_equals_string (
      result.message, "A coefficient beyond the range of baseline JPEG");
}
GST_END_TEST;

GST_START_TEST (test_reuse_does_not_grow)
{
  if (malloc_is_sanitized)
    return;
  Recoder recoder;
  std::vector<corpus::Jpeg> jpegs;
  for (const auto &c : corpus::classes ()) {
    jpegs.push_back (corpus::make (c.spec));
    jpegs.push_back (jpegs.back ());
    jpegs.back ().resize (jpegs.back ().size () / 2);
  }
  const auto all = [&] {
    for (const auto &jpeg : jpegs)
      for (const auto turn : {Turn::none, Turn::rotate_90, Turn::rotate_180})
        recoder.recode (Bytes{jpeg}, {.turn = turn});
    const auto info = mallinfo2 ();
    return info.uordblks + info.hblkhd;
  };

  all ();
  const auto before = all ();
  auto after = before;
  // Assertions take memory themselves.
  for (unsigned n = 0; n < 10; n++)
    after = std::max (after, all ());
  fail_unless (after <= before);
}
GST_END_TEST;

static Suite *
hostile_suite ()
{
  auto suite = suite_create ("hostile");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_cut);
  tcase_add_test (tc, test_cut_progressive_is_exact);
  tcase_add_test (tc, test_second_frame_header);
  tcase_add_test (tc, test_half_a_scan_header);
  tcase_add_test (tc, test_refined_too_far);
  tcase_add_test (tc, test_least_level);
  tcase_add_test (tc, test_no_eoi_is_whole);
  tcase_add_test (tc, test_fill_missing);
  tcase_add_test (tc, test_fill_missing_without_other_loss);
  tcase_add_test (tc, test_a_missing_component);
  tcase_add_test (tc, test_flipped_bits);
  tcase_add_test (tc, test_large_header_takes_no_memory);
  tcase_add_test (tc, test_max_pixels);
  tcase_add_test (tc, test_endless_scans);
  tcase_add_test (tc, test_not_a_jpeg);
  tcase_add_test (tc, test_unsupported);
  tcase_add_test (tc, test_zero_in_a_quantization_table);
  tcase_add_test (tc, test_levels_beyond_baseline);
  tcase_add_test (tc, test_reuse_does_not_grow);

  return suite;
}

GST_CHECK_MAIN (hostile)
