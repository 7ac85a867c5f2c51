// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "traffic.h"

/// Two JPEGs side by side in one, at half their size; empty if one can't be
/// read.
Bytes side_by_side (const Bytes &left, const Bytes &right);
