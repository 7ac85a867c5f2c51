// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "huffman_table.h"
#include "jpeg_markers.h"
#include "quantization_table.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace test {

using ByteVector = std::vector<std::uint8_t>;

// Entropy-coded data, bit by bit, with the byte 0 stuffed after each 0xff
// (T.81 F.1.2.3).
class BitWriter {
public:
  BitWriter &put (unsigned value, unsigned count)
  {
    while (count-- > 0) {
      byte_ = byte_ << 1 | (value >> count & 1);
      if (++filled_ == 8)
        flush_byte ();
    }
    return *this;
  }

  // Fills the last byte with ones and returns all bytes.
  ByteVector take ()
  {
    while (filled_ > 0)
      put (1, 1);
    ByteVector bytes;
    bytes.swap (bytes_);
    return bytes;
  }

private:
  void flush_byte ()
  {
    bytes_.push_back (static_cast<std::uint8_t> (byte_));
    if (byte_ == 0xff)
      bytes_.push_back (0);
    byte_ = 0;
    filled_ = 0;
  }

  ByteVector bytes_;
  unsigned byte_ = 0;
  unsigned filled_ = 0;
};

// An MCU whose samples all equal those of the previous MCU: for each block, the
// standard codes for a DC difference of 0 and for end of block.
inline void
put_flat_mcu (BitWriter &bits, unsigned luma_blocks)
{
  for (unsigned i = 0; i < luma_blocks; i++)
    bits.put (0b00'1010, 6);
  for (unsigned i = 0; i < 2; i++)
    bits.put (0b00'00, 4);
}

// A scan of such MCUs.
inline ByteVector
flat_scan (unsigned mcus, unsigned luma_blocks, unsigned restart_interval = 0)
{
  ByteVector scan;
  BitWriter bits;
  unsigned restarts = 0;

  for (unsigned mcu = 0; mcu < mcus; mcu++) {
    if (restart_interval != 0 && mcu != 0 && mcu % restart_interval == 0) {
      auto piece = bits.take ();
      scan.insert (scan.end (), piece.begin (), piece.end ());
      scan.push_back (0xff);
      scan.push_back (rfc2435::marker::rst0 + restarts++ % 8);
    }
    put_flat_mcu (bits, luma_blocks);
  }
  auto piece = bits.take ();
  scan.insert (scan.end (), piece.begin (), piece.end ());
  return scan;
}

struct SofComponent {
  std::uint8_t id;
  std::uint8_t sampling; // as on the wire: 0x21 is 2x1
  std::uint8_t table;
};

struct SosComponent {
  std::uint8_t id;
  std::uint8_t tables; // as on the wire: 0x01 is DC 0, AC 1
};

// Builds JPEGs segment by segment.
class JpegBuilder {
public:
  ByteVector bytes;

  JpegBuilder &raw (const ByteVector &data)
  {
    bytes.insert (bytes.end (), data.begin (), data.end ());
    return *this;
  }

  JpegBuilder &marker (std::uint8_t code) { return raw ({0xff, code}); }
  JpegBuilder &soi () { return marker (rfc2435::marker::soi); }
  JpegBuilder &eoi () { return marker (rfc2435::marker::eoi); }

  JpegBuilder &segment (std::uint8_t code, const ByteVector &payload)
  {
    marker (code);
    u16 (static_cast<unsigned> (payload.size () + 2));
    return raw (payload);
  }

  JpegBuilder &dqt (std::uint8_t id, const rfc2435::QuantizationTable &table,
      bool wide = false)
  {
    ByteVector payload = {static_cast<std::uint8_t> (wide ? 0x10 | id : id)};
    for (auto value : table.values) {
      if (wide)
        payload.push_back (static_cast<std::uint8_t> (value >> 8));
      payload.push_back (static_cast<std::uint8_t> (value));
    }
    return segment (rfc2435::marker::dqt, payload);
  }

  JpegBuilder &dht (
      std::uint8_t class_and_id, const rfc2435::HuffmanTable &table)
  {
    ByteVector payload = {class_and_id};
    payload.insert (payload.end (), table.counts.begin (), table.counts.end ());
    payload.insert (payload.end (), table.symbols.begin (),
        table.symbols.begin () + table.symbol_count ());
    return segment (rfc2435::marker::dht, payload);
  }

  JpegBuilder &standard_dht ()
  {
    return dht (0x00, rfc2435::standard_dc_luma)
        .dht (0x10, rfc2435::standard_ac_luma)
        .dht (0x01, rfc2435::standard_dc_chroma)
        .dht (0x11, rfc2435::standard_ac_chroma);
  }

  JpegBuilder &dri (unsigned interval)
  {
    marker (rfc2435::marker::dri);
    return u16 (4).u16 (interval);
  }

  JpegBuilder &sof (std::uint8_t code, unsigned width, unsigned height,
      std::initializer_list<SofComponent> components,
      std::uint8_t precision = 8)
  {
    marker (code);
    u16 (static_cast<unsigned> (8 + 3 * components.size ()));
    raw ({precision}).u16 (height).u16 (width);
    raw ({static_cast<std::uint8_t> (components.size ())});
    for (auto &c : components)
      raw ({c.id, c.sampling, c.table});
    return *this;
  }

  // Y, U and V with tables 0, 1 and 1.
  JpegBuilder &sof0 (
      unsigned width, unsigned height, std::uint8_t luma_sampling)
  {
    return sof (rfc2435::marker::sof0, width, height,
        {{1, luma_sampling, 0}, {2, 0x11, 1}, {3, 0x11, 1}});
  }

  JpegBuilder &sos (std::initializer_list<SosComponent> components = {
                        {1, 0x00}, {2, 0x11}, {3, 0x11}})
  {
    marker (rfc2435::marker::sos);
    u16 (static_cast<unsigned> (6 + 2 * components.size ()));
    raw ({static_cast<std::uint8_t> (components.size ())});
    for (auto &c : components)
      raw ({c.id, c.tables});
    return raw ({0, 63, 0});
  }

private:
  JpegBuilder &u16 (unsigned value)
  {
    return raw ({static_cast<std::uint8_t> (value >> 8),
        static_cast<std::uint8_t> (value)});
  }
};

constexpr std::uint8_t sampling_422 = 0x21;
constexpr std::uint8_t sampling_420 = 0x22;

constexpr unsigned
luma_blocks (std::uint8_t sampling)
{
  return (sampling >> 4) * (sampling & 15);
}

constexpr unsigned
mcu_count (unsigned width, unsigned height, std::uint8_t sampling)
{
  unsigned w = 8 * (sampling >> 4), h = 8 * (sampling & 15);
  return ((width + w - 1) / w) * ((height + h - 1) / h);
}

// The header of an ordinary picture, up to its scan.
inline JpegBuilder
header (unsigned width, unsigned height, std::uint8_t sampling, unsigned q)
{
  auto tables = rfc2435::formula_tables (q);
  JpegBuilder jpeg;
  jpeg.soi ()
      .dqt (0, tables.luma)
      .dqt (1, tables.chroma)
      .sof0 (width, height, sampling)
      .standard_dht ()
      .sos ();
  return jpeg;
}

// An ordinary gray picture.
inline ByteVector
picture (unsigned width, unsigned height, std::uint8_t sampling = sampling_420,
    unsigned q = 85)
{
  return header (width, height, sampling, q)
      .raw (flat_scan (
          mcu_count (width, height, sampling), luma_blocks (sampling)))
      .eoi ()
      .bytes;
}

} // namespace test
