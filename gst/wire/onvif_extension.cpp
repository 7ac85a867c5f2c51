// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "onvif_extension.h"

namespace rfc2435 {
namespace {

constexpr std::uint16_t id_first = 0xffd8;
constexpr std::uint16_t id_continued = 0xffff;
constexpr std::uint16_t id_replay = 0xabac;
constexpr std::size_t replay_size = 12;

std::uint16_t
read16 (Bytes bytes)
{
  return static_cast<std::uint16_t> (bytes[0] << 8 | bytes[1]);
}

} // namespace

std::optional<Bytes>
onvif_jpeg_segments (std::uint16_t id, Bytes extension)
{
  if (id == id_replay && extension.size () >= replay_size + 4) {
    extension = extension.subspan (replay_size);
    id = read16 (extension);
    std::size_t size = read16 (extension.subspan (2)) * 4u;
    extension = extension.subspan (4);
    if (size > extension.size ())
      return std::nullopt;
    extension = extension.first (size);
  }
  if (id != id_first && id != id_continued)
    return std::nullopt;
  return extension;
}

} // namespace rfc2435
