// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "scan_decoder.h"

namespace rfc2435 {
namespace {

void
build (ComponentDecoder<SymbolRun> &decoder, unsigned)
{
  build_runs (decoder.ac, decoder.runs);
}

void
build (ComponentDecoder<RecodedRun> &decoder, unsigned component)
{
  build_runs (decoder.ac, standard_encoders ().ac_of (component), decoder.runs);
}

void
build (ComponentDecoder<LevelRun> &decoder, unsigned)
{
  build_runs (decoder.ac, decoder.runs);
}

bool
is_same (
    const ScanTables::Component &tables, const ScanTables::Component &others)
{
  return *tables.dc == *others.dc && *tables.ac == *others.ac;
}

} // namespace

template <typename Run>
bool
ScanDecoder<Run>::set_component (
    unsigned i, const ScanTables::Component &tables)
{
  if (!own_[i])
    own_[i] = std::make_unique<ComponentDecoder<Run>> ();
  auto &decoder = *own_[i];
  components_[i] = &decoder;
  if (decoder.dc.table () != *tables.dc && !decoder.dc.build (*tables.dc))
    return false;
  if (decoder.ac.table () == *tables.ac)
    return true;
  if (!decoder.ac.build (*tables.ac, HuffmanDecoder::Class::ac))
    return false;
  build (decoder, i);
  return true;
}

template <typename Run>
bool
ScanDecoder<Run>::set (const ScanTables &tables)
{
  auto &[y, u, v] = tables.components;
  bool is_valid = set_component (0, y) && set_component (1, u);
  if (is_valid && is_same (u, v))
    components_[2] = components_[1];
  else if (is_valid)
    is_valid = set_component (2, v);
  return is_valid;
}

template class ScanDecoder<SymbolRun>;
template class ScanDecoder<RecodedRun>;
template class ScanDecoder<LevelRun>;

const ScanDecoder<SymbolRun> &
standard_scan_decoder ()
{
  static const auto decoder = [] {
    ScanDecoder<SymbolRun> standard;
    standard.set (standard_scan_tables);
    return standard;
  }();
  return decoder;
}

} // namespace rfc2435
