// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

inline double
cpu_milliseconds ()
{
  timespec time;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

template <typename Function>
double
measure (Function function)
{
  const double begin = cpu_milliseconds ();
  function ();
  return cpu_milliseconds () - begin;
}

inline double
median (std::vector<double> &values)
{
  std::ranges::nth_element (values, values.begin () + values.size () / 2);
  return values[values.size () / 2];
}
