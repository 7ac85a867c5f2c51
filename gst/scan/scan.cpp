// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan.h"

#include "jpeg_markers.h"

#include <cstring>

namespace rfc2435 {
namespace {

// Codes of up to `fast_bits` are looked up, longer ones searched by length.
constexpr unsigned fast_bits = 8;
constexpr unsigned max_code_length = 16;

class HuffmanDecoder {
public:
  explicit HuffmanDecoder (const HuffmanTable &table) : table_ (table)
  {
    unsigned code = 0, index = 0;
    for (unsigned length = 1; length <= max_code_length; length++) {
      unsigned count = table.counts[length - 1];
      // Symbols of this length are symbols[code + symbol_offset_].
      symbol_offset_[length] =
          static_cast<int> (index) - static_cast<int> (code);
      code += count;
      index += count;
      // The first code of this length, left-aligned, that is none.
      limit_[length] = code << (max_code_length - length);
      code <<= 1;
    }
    for (unsigned prefix = 0; prefix < fast_.size (); prefix++)
      fast_[prefix] =
          search (prefix << (max_code_length - fast_bits), fast_bits);
  }

  struct Code {
    std::uint8_t length = 0; // 0: no code
    std::uint8_t symbol = 0;
  };

  // The code that these 16 bits begin with.
  Code decode (unsigned bits) const
  {
    auto code = fast_[bits >> (max_code_length - fast_bits)];
    return code.length ? code : search (bits, max_code_length);
  }

private:
  Code search (unsigned bits, unsigned max_length) const
  {
    for (unsigned length = 1; length <= max_length; length++) {
      if (bits < limit_[length]) {
        int index = static_cast<int> (bits >> (max_code_length - length)) +
                    symbol_offset_[length];
        return {static_cast<std::uint8_t> (length), table_.symbols[index]};
      }
    }
    return {};
  }

  const HuffmanTable &table_;
  std::array<unsigned, max_code_length + 1> limit_{};
  std::array<int, max_code_length + 1> symbol_offset_{};
  std::array<Code, 1 << fast_bits> fast_{};
};

struct StandardDecoders {
  HuffmanDecoder dc_luma{standard_dc_luma};
  HuffmanDecoder dc_chroma{standard_dc_chroma};
  HuffmanDecoder ac_luma{standard_ac_luma};
  HuffmanDecoder ac_chroma{standard_ac_chroma};
};

const StandardDecoders &
standard_decoders ()
{
  static const StandardDecoders decoders;
  return decoders;
}

// The bits of entropy-coded data, without the bytes stuffed after 0xff. Stops
// before the first marker.
class BitReader {
public:
  explicit BitReader (ByteReader &reader)
      : reader_ (reader), last_end_ (reader.position ())
  {}

  // The next 16 bits; zeros follow the last one.
  unsigned peek16 ()
  {
    if (count_ < 16)
      fill ();
    return count_ >= 16
               ? static_cast<unsigned> (bits_ >> (count_ - 16)) & 0xffff
               : static_cast<unsigned> (bits_ << (16 - count_)) & 0xffff;
  }

  // Takes up to 16 bits that were peeked at, and false if there are not as
  // many.
  bool take (unsigned n)
  {
    if (count_ < n)
      fill ();
    if (count_ < n)
      return false;
    count_ -= n;
    return true;
  }

  // Behind the byte that holds the last bit taken.
  std::size_t end () const
  {
    auto unread = count_ / 8;
    return unread < held_ ? ends_[(fetched_ - 1 - unread) % ends_.size ()]
                          : last_end_;
  }

  // Drops the bits up to a restart marker and the marker.
  bool take_restart_marker ()
  {
    fill ();
    if (count_ >= 8 || !marker::is_rst (marker_))
      return false;
    count_ = held_ = 0;
    last_end_ = reader_.position ();
    marker_ = 0;
    return true;
  }

private:
  void fill ()
  {
    while (count_ <= 48 && marker_ == 0) {
      int byte = reader_.u8 ();
      if (byte == 0xff) {
        int next = reader_.u8 ();
        while (next == 0xff)
          next = reader_.u8 ();
        if (next != 0) {
          marker_ = next;
          return;
        }
      } else if (byte == ByteReader::end) {
        marker_ = ByteReader::end;
        return;
      }
      bits_ = bits_ << 8 | static_cast<unsigned> (byte);
      count_ += 8;
      ends_[fetched_++ % ends_.size ()] = reader_.position ();
      if (held_ < ends_.size ())
        held_++;
    }
  }

  ByteReader &reader_;
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
  int marker_ = 0; // what the bits stopped at
  // Where the last bytes fetched end in the source.
  std::array<std::size_t, 8> ends_{};
  std::size_t fetched_ = 0;
  std::size_t held_ = 0;
  std::size_t last_end_;
};

bool
skip_coefficient (
    BitReader &bits, const HuffmanDecoder &decoder, unsigned &symbol)
{
  auto code = decoder.decode (bits.peek16 ());
  symbol = code.symbol;
  return code.length != 0 && bits.take (code.length) && bits.take (symbol & 15);
}

// T.81 F.2.2: one DC difference, then runs and values until 63 or end of block.
bool
skip_block (BitReader &bits, const HuffmanDecoder &dc, const HuffmanDecoder &ac)
{
  unsigned symbol;
  if (!skip_coefficient (bits, dc, symbol))
    return false;

  for (unsigned k = 1; k <= 63; k++) {
    if (!skip_coefficient (bits, ac, symbol))
      return false;
    unsigned run = symbol >> 4, size = symbol & 15;
    if (size == 0 && run != 15)
      return true;
    k += run;
    if (k > 63)
      return false;
  }
  return true;
}

// Takes bytes from the end of data in several pieces.
class BackwardReader {
public:
  explicit BackwardReader (std::span<const Bytes> pieces) : pieces_ (pieces)
  {
    for (auto piece : pieces)
      position_ += piece.size ();
    if (!pieces_.empty ())
      current_ = pieces_.back ();
  }

  // Of the byte taken last.
  std::size_t position () const { return position_; }

  int u8 ()
  {
    if (!skip_empty_pieces ())
      return ByteReader::end;
    auto byte = current_.back ();
    drop (1);
    return byte;
  }

  void skip_zeros ()
  {
    while (skip_empty_pieces ()) {
      // Cameras pad with many of them.
      std::uint64_t eight = 1;
      if (current_.size () >= sizeof (eight))
        std::memcpy (
            &eight, current_.last (sizeof (eight)).data (), sizeof (eight));
      if (eight == 0)
        drop (sizeof (eight));
      else if (current_.back () == 0)
        drop (1);
      else
        return;
    }
  }

private:
  bool skip_empty_pieces ()
  {
    while (current_.empty ()) {
      if (pieces_.size () <= 1)
        return false;
      pieces_ = pieces_.first (pieces_.size () - 1);
      current_ = pieces_.back ();
    }
    return true;
  }

  void drop (std::size_t count)
  {
    current_ = current_.first (current_.size () - count);
    position_ -= count;
  }

  std::span<const Bytes> pieces_;
  Bytes current_;
  std::size_t position_ = 0;
};

} // namespace

std::optional<std::size_t>
find_final_eoi (std::span<const Bytes> pieces)
{
  BackwardReader reader (pieces);

  reader.skip_zeros ();
  if (reader.u8 () != marker::eoi || reader.u8 () != 0xff)
    return std::nullopt;
  // Fill bytes are none of the scan's.
  std::size_t eoi;
  do
    eoi = reader.position ();
  while (reader.u8 () == 0xff);
  return eoi;
}

ScanEnd
find_scan_end (ByteReader &reader, bool has_restart_markers)
{
  while (reader.skip_to (0xff)) {
    auto offset = reader.position ();
    int code;
    do
      code = reader.u8 ();
    while (code == 0xff);
    if (code == 0 || (has_restart_markers && marker::is_rst (code)))
      continue;
    return {.offset = offset, .has_eoi = code == marker::eoi};
  }
  return {.offset = reader.size (), .has_eoi = false};
}

std::optional<std::size_t>
walk_scan (ByteReader &reader, const JpegHeader &header)
{
  auto &decoders = standard_decoders ();
  auto &luma = header.components[0];
  unsigned luma_blocks = luma.horizontal_sampling * luma.vertical_sampling;
  auto mcu_count = header.mcu_count ();
  BitReader bits (reader);

  for (std::uint32_t mcu = 0; mcu < mcu_count; mcu++) {
    if (header.restart_interval != 0 && mcu != 0 &&
        mcu % header.restart_interval == 0 && !bits.take_restart_marker ())
      return std::nullopt;
    for (unsigned block = 0; block < luma_blocks; block++) {
      if (!skip_block (bits, decoders.dc_luma, decoders.ac_luma))
        return std::nullopt;
    }
    for (unsigned block = 0; block < 2; block++) {
      if (!skip_block (bits, decoders.dc_chroma, decoders.ac_chroma))
        return std::nullopt;
    }
  }
  return bits.end ();
}

} // namespace rfc2435
