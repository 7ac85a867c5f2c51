// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace rfc2435 {

// What becomes of a scan's size when it is requantized: the logarithm of the
// new size over the old one, for tables of this coarseness
// (TableLadder::Rung::coarseness) and a dead zone of this strength. Pictures
// differ from it by a factor, which the rate control learns.
double log_size (double coarseness, double strength);

// The strength that gives this size, from 0 to the greatest.
double strength_for (double coarseness, double log_size);

} // namespace rfc2435
