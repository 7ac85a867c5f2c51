// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "frame.h"
#include "rate_control.h"
#include "scan_transcoder.h"

namespace rfc2435 {

// Makes scans smaller, to a given size, without decoding them: see
// docs/bitrate.md.
class FrameThinner {
public:
  struct Result {
    enum class Outcome {
      thinned,     // with the tables it has
      requantized, // to coarser ones
      too_large,   // it can't be as small as that
      damaged,     // it can't be read
    } outcome;
    Bytes scan{}; // without a marker behind it, valid until the next call
    QuantizationTables tables{};
    unsigned quality = 0; // what IJG quality the tables are nearest to
    ScanResult read{};    // of one that is damaged
  };

  // The frame's scan in at most about `budget` bytes, with the restart interval
  // that it has.
  Result thin (std::span<const Bytes> pieces, const Frame &frame,
      std::size_t budget, unsigned min_quality);

  // Forgets the stream and gives memory back.
  void reset () { *this = FrameThinner{}; }

private:
  RateControl control_;
  TableLadder ladder_;
  ScanTranscoder transcoder_;
};

} // namespace rfc2435
