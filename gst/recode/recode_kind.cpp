// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recode_kind.h"

#include <initializer_list>

namespace rfc2435 {

const char *
describe (RecodeKind kind)
{
  switch (kind) {
  case RecodeKind::huffman_tables:
    return "JPEG with custom Huffman tables";
  case RecodeKind::progressive:
    return "progressive JPEG";
  case RecodeKind::arithmetic:
    return "arithmetic-coded JPEG";
  case RecodeKind::several_scans:
    return "JPEG with several scans";
  case RecodeKind::sampling_factors:
    return "JPEG with unusual sampling factors";
  case RecodeKind::gray:
    return "gray JPEG";
  case RecodeKind::chroma_tables:
    return "JPEG with different quantization tables for U and V";
  case RecodeKind::wide_tables:
    return "JPEG with 16-bit quantization tables";
  case RecodeKind::component_order:
    return "JPEG with the components of its scan out of order";
  case RecodeKind::sampling_444:
    return "4:4:4 JPEG";
  case RecodeKind::sampling_440:
    return "4:4:0 JPEG";
  case RecodeKind::sampling_411:
    return "4:1:1 JPEG";
  case RecodeKind::sampling_410:
    return "4:1:0 JPEG";
  case RecodeKind::sampling_other:
    return "JPEG with a chroma sampling that is neither 4:2:2 nor 4:2:0";
  case RecodeKind::turned_422:
    return "4:2:2 JPEG turned by 90 degrees";
  case RecodeKind::luma_subsampled:
    return "JPEG with fewer samples of luma than of chroma";
  case RecodeKind::rgb:
    return "RGB JPEG";
  case RecodeKind::cmyk:
    return "CMYK JPEG";
  case RecodeKind::edge_blocks:
    return "JPEG of a size that can't be turned losslessly";
  case RecodeKind::cut:
    return "truncated or damaged JPEG";
  }
  return "JPEG";
}

const char *
remedy (RecodeKind kind)
{
  switch (kind) {
  case RecodeKind::huffman_tables:
    return "Turn off Huffman table optimization in the encoder (FFmpeg: "
           "-huffman default; off by default in jpegenc and cjpeg).";
  case RecodeKind::progressive:
    return "Have the encoder write baseline JPEGs (cjpeg: -baseline; "
           "ImageMagick: -interlace none).";
  case RecodeKind::arithmetic:
    return "Have the encoder use Huffman coding.";
  case RecodeKind::several_scans:
    return "Have the encoder write one interleaved scan.";
  case RecodeKind::sampling_factors:
    return "Have the encoder use the sampling factors 2x1,1x1,1x1 for 4:2:2 "
           "or 2x2,1x1,1x1 for 4:2:0.";
  case RecodeKind::gray:
    return "Feed the encoder 4:2:0 video (video/x-raw,format=I420).";
  case RecodeKind::chroma_tables:
    return "Have the encoder quantize U and V with the same table.";
  case RecodeKind::wide_tables:
    return "Raise the quality, or have the encoder use 8-bit quantization "
           "tables (cjpeg: -baseline).";
  case RecodeKind::component_order:
    return "Have the encoder write the components of a scan in the order of "
           "the frame header (ITU-T T.81 B.2.3).";
  case RecodeKind::sampling_444:
  case RecodeKind::sampling_440:
  case RecodeKind::sampling_411:
  case RecodeKind::sampling_410:
  case RecodeKind::sampling_other:
  case RecodeKind::luma_subsampled:
  case RecodeKind::rgb:
    return "Feed the encoder 4:2:0 or 4:2:2 video "
           "(video/x-raw,format={I420,Y42B}).";
  case RecodeKind::turned_422:
    return "Have the source write 4:2:0, or turn the camera.";
  case RecodeKind::cmyk:
    return "Have the encoder write YCbCr in 4:2:0 or 4:2:2.";
  case RecodeKind::edge_blocks:
    return "Choose a width and a height that are multiples of 16.";
  case RecodeKind::cut:
    return "The missing part is gray. If the source is a camera, check the "
           "cable, the hub and the USB bandwidth; if it splits pictures, put "
           "jpegparse after it.";
  }
  return "";
}

RecodeKinds
lossy_kinds (RecodeKinds kinds)
{
  RecodeKinds lossy;
  for (auto i = static_cast<unsigned> (RecodeKind::sampling_444);
       i < recode_kind_count; i++) {
    const auto kind = static_cast<RecodeKind> (i);
    if (kinds.has (kind))
      lossy.add (kind);
  }
  // Merged or narrowed tables cost quality only if levels leave the range. In a
  // filled frame, nothing else shows whether they did.
  RecodeKinds filled;
  filled.add (RecodeKind::cut);
  if (!lossy.except (filled).any ()) {
    for (const auto kind : {RecodeKind::chroma_tables, RecodeKind::wide_tables})
      if (kinds.has (kind))
        lossy.add (kind);
  }
  return lossy;
}

} // namespace rfc2435
