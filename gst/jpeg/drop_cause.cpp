// SPDX-License-Identifier: LGPL-2.1-or-later
#include "drop_cause.h"

#include <array>

namespace rfc2435 {
namespace {

constexpr const char *parse_remedy =
    "Every buffer has to hold one whole JPEG picture. If the source cuts "
    "pictures into pieces, put jpegparse before rfc2435pay; if it is a camera, "
    "look at its cable, its hub and the USB bandwidth.";

constexpr const char *encode_remedy =
    "Make the source write baseline JPEG with 4:2:0 or 4:2:2 sampling and the "
    "standard Huffman tables.";

// In the order of DropCause.
constexpr std::array<DropCauseText, drop_cause_count> texts = {{
    {"not-jpeg", parse_remedy},
    {"no-picture", parse_remedy},
    {"cut-header", parse_remedy},
    {"malformed", parse_remedy},
    {"missing-tables", parse_remedy},
    {"cut-scan", parse_remedy},
    {"coding-process", encode_remedy},
    {"sample-precision", encode_remedy},
    {"huffman-tables",
        "Make the source use the standard Huffman tables (ffmpeg: -huffman "
        "default; cjpeg and jpegtran: without -optimize)."},
    {"color-space", encode_remedy},
    {"sampling", encode_remedy},
    {"component-order", encode_remedy},
    {"several-scans", encode_remedy},
    {"chroma-tables",
        "Make the source use one quantization table for both chroma "
        "components."},
    {"interlaced",
        "The buffer holds the two fields of an interlaced picture: recode with "
        "jpegdec ! deinterlace ! jpegenc, or switch the source to progressive "
        "pictures."},
    {"no-height", encode_remedy},
    {"scan-size", "Lower the quality or the size of the picture."},
    {"too-large", "Raise recode-max-pixels if such pictures are expected."},
}};

} // namespace

const DropCauseText &
text (DropCause cause)
{
  return texts[static_cast<std::size_t> (cause)];
}

} // namespace rfc2435
