// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan.h"

#include "jpeg_markers.h"

#include <cstring>

namespace rfc2435 {
namespace {

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

} // namespace rfc2435
