// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_fault.h"

#include <array>

namespace rfc2435 {
namespace {

// In the order of FrameFault.
constexpr std::array<FrameFaultText, frame_fault_count> texts = {{
    {"cut-scan", "packets of it are missing",
        "If packets only come out of order, put rtpjitterbuffer before "
        "rfc2435depay; if the receiver's socket buffer overflows, raise "
        "buffer-size of udpsrc. conceal=previous shows what has arrived."},
    {"missing-tables", "its quantization tables have not arrived",
        "Make the sender send its tables in every frame."},
    {"no-dimensions", "neither its packets nor the caps tell its size",
        "Set x-dimensions=(string)\"WIDTH,HEIGHT\" in the caps, or "
        "a=x-dimensions:WIDTH,HEIGHT in the SDP."},
    {"malformed", "its header extension holds no valid JPEG segments",
        "Look for new firmware for the camera."},
    {"too-large", "it has more pixels than max-pixels allows",
        "Raise max-pixels if such pictures are expected."},
    {"max-concealed", "more of it is missing than max-concealed allows",
        "Raise max-concealed, or see docs/lossy-networks.md."},
    {"begun-before", "it had begun before the first packet came", ""},
    {"flushed", "it was incomplete when the stream was flushed", ""},
}};

} // namespace

const FrameFaultText &
text (FrameFault fault)
{
  return texts[static_cast<std::size_t> (fault)];
}

} // namespace rfc2435
