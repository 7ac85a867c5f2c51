// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace rfc2435 {

// How requantizing changes the size of a scan: the logarithm of the ratio of
// the new size to the old one, for tables of this coarseness
// (TableLadder::Rung::coarseness) and a dead zone of this strength. Pictures
// deviate from it by a factor, which the rate control learns.
double log_size (double coarseness, double strength);

// The strength that results in this size, within the range of strengths.
double strength_for (double coarseness, double log_size);

} // namespace rfc2435
