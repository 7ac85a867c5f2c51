// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination.h"

#include <gst/gst.h>

/// Prints what to run on the receiving machine. `caps` are the payloader's.
void print_receivers (GstCaps *caps, const Destination &destination);
