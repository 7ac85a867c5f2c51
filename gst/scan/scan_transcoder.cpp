// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_transcoder.h"

#include "requantize_operation.h"
#include "scan_operations.h"
#include "scan_walk.h"

namespace rfc2435 {
namespace {

bool
are_standard (const ScanTables &tables)
{
  for (unsigned i = 0; i < tables.components.size (); i++) {
    auto &c = tables.components[i];
    auto &standard = standard_scan_tables.components[i];
    if (*c.dc != *standard.dc || *c.ac != *standard.ac)
      return false;
  }
  return true;
}

} // namespace

void
ScanTranscoder::read (
    std::span<const Bytes> pieces, std::size_t offset, const ScanLayout &layout)
{
  pieces_ = pieces;
  layout_ = layout;
  source_.read (pieces, offset, layout.restart_interval != 0);
}

// The result for a scan whose Huffman tables are invalid.
ScanResult
ScanTranscoder::no_tables () const
{
  return {.fault = ScanFault::corrupt,
      .end = source_.segments ().front ().source_begin};
}

template <typename Operation>
ScanResult
ScanTranscoder::walk (
    const Operation &operation, std::uint16_t restart_interval, McuIndex *index)
{
  if (index)
    index->positions.clear ();
  auto [result, segment] =
      walk_mcus (source_, layout_, restart_interval, operation, index);
  result.end =
      source_.source_offset (pieces_, source_.segments ()[segment], result.end);
  if (result && output_.is_full ())
    result.fault = ScanFault::too_large;
  return result;
}

ScanResult
ScanTranscoder::check (const ScanTables &tables, McuIndex *index)
{
  output_.clear (0);
  auto *decoder = &standard_scan_decoder ();
  if (!are_standard (tables)) {
    if (!decoder_.set (tables))
      return no_tables ();
    decoder = &decoder_;
  }
  return walk (CheckOperation (*decoder), 0, index);
}

ScanResult
ScanTranscoder::transcode (
    const ScanTables &tables, std::uint16_t restart_interval, McuIndex *index)
{
  output_.clear (max_output);
  bits_.reserve (IntervalWriter::buffer_size);
  IntervalWriter writer (bits_.data (), output_);
  if (are_standard (tables))
    return walk (CopyOperation (source_, standard_scan_decoder (), writer),
        restart_interval, index);
  if (!recoding_decoder_.set (tables))
    return no_tables ();
  return walk (
      RecodeOperation (recoding_decoder_, writer), restart_interval, index);
}

ScanResult
ScanTranscoder::requantize (const ScanTables &tables,
    const Requantizing &requantizing, std::uint16_t restart_interval)
{
  output_.clear (max_output);
  bits_.reserve (IntervalWriter::buffer_size);
  IntervalWriter writer (bits_.data (), output_);
  if (!level_decoder_.set (tables))
    return no_tables ();
  return walk (RequantizeOperation (level_decoder_, requantizing, writer),
      restart_interval, nullptr);
}

} // namespace rfc2435
