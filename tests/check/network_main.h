// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "network_pair.h"

#include <gst/check/gstcheck.h>

// The main function of tests that need a NetworkPair.
inline int
network_main (int argc, char **argv, Suite *(*make_suite) (), const char *name,
    const char *file)
{
  auto reason = NetworkPair::enter ();
  if (!reason.empty ()) {
    std::printf ("SKIP: %s\n", reason.c_str ());
    return 77;
  }
  gst_check_init (&argc, &argv);
  return gst_check_run_suite (make_suite (), name, file);
}
