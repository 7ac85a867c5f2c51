// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "requantized_size.h"

#include "dead_zone.h"

#include <algorithm>
#include <array>

namespace rfc2435 {
namespace {

// Means over six photographs at IJG qualities 80, 88 and 94, in 4:2:0 and
// 4:2:2.
constexpr unsigned strength_step = 9;
constexpr unsigned columns = (DeadZone::strengths - 1) / strength_step + 1;
static_assert ((columns - 1) * strength_step == DeadZone::strengths - 1);

struct Row {
  double coarseness;
  std::array<double, columns> log_size;
};

constexpr std::array<Row, 13> model = {{
    {0.00, {0, 0, 0, 0, -.001, -.047, -.322, -.527}},
    {0.10, {-.021, -.021, -.021, -.021, -.038, -.159, -.433, -.582}},
    {0.20, {-.044, -.044, -.044, -.045, -.080, -.307, -.509, -.644}},
    {0.35, {-.087, -.087, -.087, -.108, -.256, -.478, -.596, -.720}},
    {0.50, {-.137, -.138, -.166, -.286, -.532, -.595, -.687, -.815}},
    {0.70, {-.491, -.495, -.541, -.606, -.659, -.694, -.799, -.928}},
    {0.90, {-.693, -.693, -.693, -.696, -.731, -.811, -.921, -1.032}},
    {1.20, {-.788, -.788, -.801, -.843, -.923, -.989, -1.079, -1.178}},
    {1.50, {-.994, -.995, -1.008, -1.034, -1.079, -1.139, -1.216, -1.305}},
    {1.80, {-1.156, -1.156, -1.161, -1.179, -1.223, -1.273, -1.344, -1.417}},
    {2.20, {-1.337, -1.337, -1.342, -1.363, -1.392, -1.436, -1.489, -1.548}},
    {2.60, {-1.499, -1.499, -1.503, -1.516, -1.539, -1.573, -1.615, -1.656}},
    {3.00, {-1.631, -1.631, -1.633, -1.642, -1.661, -1.683, -1.711, -1.736}},
}};

using Column = std::array<double, columns>;

Column
at (double coarseness)
{
  coarseness = std::clamp (
      coarseness, model.front ().coarseness, model.back ().coarseness);
  auto above = std::ranges::lower_bound (
      model.begin () + 1, model.end () - 1, coarseness, {}, &Row::coarseness);
  auto below = above - 1;
  auto part = (coarseness - below->coarseness) /
              (above->coarseness - below->coarseness);
  Column column;
  for (unsigned i = 0; i < columns; i++)
    column[i] =
        below->log_size[i] + part * (above->log_size[i] - below->log_size[i]);
  return column;
}

} // namespace

double
log_size (double coarseness, double strength)
{
  auto column = at (coarseness);
  auto place = std::clamp (strength / strength_step, 0.0, columns - 1.0);
  auto i = std::min (static_cast<unsigned> (place), columns - 2);
  return column[i] + (place - i) * (column[i + 1] - column[i]);
}

double
strength_for (double coarseness, double log_size)
{
  auto column = at (coarseness);
  if (log_size >= column[0])
    return 0;
  for (unsigned i = 1; i < columns; i++)
    if (column[i] <= log_size)
      return strength_step *
             (i - 1 + (column[i - 1] - log_size) / (column[i - 1] - column[i]));
  return DeadZone::strengths - 1;
}

} // namespace rfc2435
