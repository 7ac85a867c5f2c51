// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "rate_control.h"
#include "scan_transcoder.h"

namespace rfc2435 {

// Reduces scans to a given size without decoding them (docs/bitrate.md). Learns
// from each scan for the next.
class ScanThinner {
public:
  // A scan, as it is read and as it is to be written.
  struct Job {
    ScanTables huffman_tables;
    QuantizationTables quantization_tables;
    std::uint32_t mcus_in_row = 1;
    std::uint16_t restart_interval = 0; // of what is written
    std::size_t budget = 0;   // the maximum size in bytes, approximately
    unsigned min_quality = 1; // of the tables
  };

  // Writes the scan that `transcoder` has read, with the tables of rung (). If
  // no tables make it small enough, the fault is ScanFault::stopped.
  ScanResult thin (ScanTranscoder &transcoder, const Job &job);

  // Of the last scan
  const TableLadder::Rung &rung () const
  {
    return ladder_.rungs ()[control_.rung ()];
  }
  // Whether it kept its tables, and lost levels only to the dead zone.
  bool has_own_tables () const { return control_.rung () == 0; }

private:
  RateControl control_;
  TableLadder ladder_;
};

} // namespace rfc2435
