// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The scan of any JPEG through ScanTranscoder, compared with libjpeg and with
// itself: what it finds complete, libjpeg must find complete, and what it
// writes must be the same picture. The last bytes of the input are choices.

#include "byte_reader.h"
#include "check.h"
#include "copy_to_ff.h"
#include "frame.h"
#include "jpeg_markers.h"
#include "recoder.h"
#include "scan_transcoder.h"

#include <algorithm>
#include <vector>

using namespace rfc2435;

extern "C" int LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n);

namespace {

using ByteVector = std::vector<std::uint8_t>;

constexpr std::uint32_t max_pixels = 1 << 20;

void
check_copies (Bytes bytes)
{
  ByteVector a (bytes.size () + copy_to_ff_slack), b (a);
  auto end = bytes.data () + bytes.size ();
  for (auto from = bytes.data (); from != end;) {
    auto count = copy_to_ff (from, end, a.data ());
    CHECK (count == copy_to_ff_portable (from, end, b.data ()));
    CHECK (
        count == static_cast<std::size_t> (std::find (from, end, 0xff) - from));
    CHECK (std::equal (from, from + count, a.begin ()));
    CHECK (std::equal (from, from + count, b.begin ()));
    from += count;
    if (from != end)
      from++;
  }
}

void
check_same (const ScanResult &a, const ScanResult &b)
{
  CHECK (a.fault == b.fault && a.mcu == b.mcu && a.end == b.end);
  CHECK (a.has_extraneous_bytes == b.has_extraneous_bytes);
}

void
put_u16 (ByteVector &out, unsigned value)
{
  out.push_back (static_cast<std::uint8_t> (value >> 8));
  out.push_back (static_cast<std::uint8_t> (value));
}

// A JPEG with the standard tables and this scan.
ByteVector
make_jpeg (const JpegHeader &header, unsigned restart_interval, Bytes scan)
{
  ByteVector jpeg = {0xff, marker::soi, 0xff, marker::dqt, 0, 67, 0};
  jpeg.insert (jpeg.end (), 64, 1);
  jpeg.insert (jpeg.end (), {0xff, marker::sof0, 0, 17, 8});
  put_u16 (jpeg, header.height);
  put_u16 (jpeg, header.width);
  jpeg.push_back (3);
  for (std::uint8_t i = 0; i < 3; i++) {
    auto &c = header.components[i];
    jpeg.insert (
        jpeg.end (), {i,
                         static_cast<std::uint8_t> (
                             c.horizontal_sampling << 4 | c.vertical_sampling),
                         0});
  }
  if (restart_interval != 0) {
    jpeg.insert (jpeg.end (), {0xff, marker::dri, 0, 4});
    put_u16 (jpeg, restart_interval);
  }
  jpeg.insert (jpeg.end (),
      {0xff, marker::sos, 0, 12, 3, 0, 0, 1, 0x11, 2, 0x11, 0, 63, 0});
  jpeg.insert (jpeg.end (), scan.begin (), scan.end ());
  jpeg.insert (jpeg.end (), {0xff, marker::eoi});
  return jpeg;
}

Bytes
scan_of (Bytes jpeg)
{
  ByteReader reader ({&jpeg, 1});
  JpegHeader header;
  JpegTables tables;
  CHECK (!header.parse (reader, tables));
  return jpeg.subspan (header.scan_offset);
}

// Compares the pictures of source and output, both rewritten by libjpeg.
void
check_against_libjpeg (Bytes jpeg, const JpegHeader &header,
    std::uint16_t restart_interval, Bytes written)
{
  static Recoder recoder, other;
  RecodeOptions options = {
      .restart_interval = restart_interval, .max_pixels = max_pixels};
  auto ours = make_jpeg (header, restart_interval, written);
  auto b = other.recode (Bytes (ours), options);
  CHECK (bool (b));

  // libjpeg-turbo mistakes fill bytes before a stuffed byte for a marker, and
  // restarts the MCU with levels that it has already changed.
  constexpr std::uint8_t fill[] = {0xff, 0xff, 0x00};
  if (std::search (jpeg.begin (), jpeg.end (), std::begin (fill),
          std::end (fill)) != jpeg.end ())
    return;
  // libjpeg may refuse tables and segments elsewhere in the source.
  auto a = recoder.recode (jpeg, options);
  if (!a)
    return;
  auto from = scan_of (a.jpeg), to = scan_of (b.jpeg);
  CHECK (std::ranges::equal (from, to));
}

} // namespace

int
LLVMFuzzerTestOneInput (const std::uint8_t *data, std::size_t n)
{
  constexpr std::size_t choices = 4;
  if (n < choices)
    return 0;
  Bytes jpeg (data, n - choices);
  auto choice = data + jpeg.size ();
  auto interval = static_cast<std::uint16_t> (choice[0] << 8 | choice[1]) %
                  (choice[1] & 1 ? 65536 : 20);
  auto cut = std::min<std::size_t> (choice[2] << 8 | choice[3], jpeg.size ());
  check_copies (jpeg);

  FrameParser parser;
  Frame frame;
  auto cause = parser.parse ({&jpeg, 1}, TableMode::automatic, frame);
  auto &header = parser.header ();
  if ((cause && !parser.frame_with_standard_tables ()) ||
      std::uint64_t{header.width} * header.height > max_pixels)
    return 0;

  auto layout = ScanLayout::of (header);
  auto tables = ScanTables::of (header, parser.tables ());
  std::array<Bytes, 2> pieces = {jpeg.first (cut), jpeg.subspan (cut)};
  // Reused, since one scan must not affect the next.
  static ScanTranscoder transcoder;
  McuIndex index, again;
  transcoder.read (pieces, header.scan_offset, layout);
  auto checked = transcoder.check (tables, &index);
  CHECK (index.positions.size () ==
             std::min<std::size_t> (checked.mcu + 1u, layout.mcu_count) ||
         index.positions.size () == checked.mcu);
  CHECK (checked.end >= header.scan_offset && checked.end <= jpeg.size ());

  transcoder.read ({&jpeg, 1}, header.scan_offset, layout);
  auto result = transcoder.transcode (
      tables, static_cast<std::uint16_t> (interval), &again);
  if (result.fault == ScanFault::too_large)
    return 0;
  check_same (checked, result);
  CHECK (index.positions.size () == again.positions.size ());
  CHECK (index.end.bit == again.end.bit && index.end.dc == again.end.dc);
  if (!result)
    return 0;

  ByteVector written (transcoder.scan ().begin (), transcoder.scan ().end ());
  auto next = transcoder.next_marker ();
  if (next == 0 || next == marker::eoi)
    check_against_libjpeg (
        jpeg, header, static_cast<std::uint16_t> (interval), written);

  // The output is complete, and unchanged by a second pass.
  Bytes bytes (written);
  layout.restart_interval = static_cast<std::uint16_t> (interval);
  static ScanTranscoder back;
  back.read ({&bytes, 1}, 0, layout);
  auto whole = back.check (standard_scan_tables);
  CHECK (whole && whole.end == written.size () && !whole.has_extraneous_bytes);
  CHECK (bool (back.transcode (standard_scan_tables, 3)));
  ByteVector thirds (back.scan ().begin (), back.scan ().end ());
  bytes = thirds;
  layout.restart_interval = 3;
  back.read ({&bytes, 1}, 0, layout);
  CHECK (bool (back.transcode (
      standard_scan_tables, static_cast<std::uint16_t> (interval))));
  CHECK (std::ranges::equal (back.scan (), written));
  return 0;
}
