// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// A decoded JPEG: its own components (Y, Cb, Cr), interleaved, each at full
/// size.
struct JpegPixels {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t components = 0;
  std::vector<uint8_t> samples;
};

/// Decodes with libjpeg; nothing if that fails.
std::optional<JpegPixels> decode_jpeg (std::span<const uint8_t> jpeg);

/// Whether every pixel of `sent` is the same in `received`, whose width and
/// height may be rounded up to multiples of 8, as RFC 2435 carries them.
bool same_pixels (const JpegPixels &sent, const JpegPixels &received);
