// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "dc_decoder.h"
#include "level_codes.h"
#include "scan_layout.h"
#include "symbol_runs.h"

#include <memory>

namespace rfc2435 {

// The decoders that read the blocks of a component.
template <typename Run> struct ComponentDecoder {
  // Comes first, so that its address needs no addition.
  RunTable<Run> runs;
  DcDecoder dc;
  HuffmanDecoder ac;
};

// The decoders that read the blocks of a scan. They are rebuilt only if the
// source's tables have changed.
template <typename Run> class ScanDecoder {
public:
  // False if one of the tables is invalid; then nothing can be read.
  bool set (const ScanTables &tables);

  const ComponentDecoder<Run> &component (unsigned i) const
  {
    return *components_.data ()[i];
  }

private:
  bool set_component (unsigned i, const ScanTables::Component &tables);

  std::array<std::unique_ptr<ComponentDecoder<Run>>, ScanLayout::components>
      own_;
  std::array<ComponentDecoder<Run> *, ScanLayout::components> components_{};
};

extern template class ScanDecoder<SymbolRun>;
extern template class ScanDecoder<RecodedRun>;
extern template class ScanDecoder<LevelRun>;

// For the tables of T.81 annex K.3.
const ScanDecoder<SymbolRun> &standard_scan_decoder ();

} // namespace rfc2435
