// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// The scan without the EOI at its end, the fill bytes before EOI and the zeros
// after it; nothing if there is no EOI.
std::optional<Bytes> before_eoi (Bytes scan);

} // namespace rfc2435
