// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "bytes.h"

#include <optional>

namespace rfc2435 {

// A scan without the EOI at its end, with what fills up to it and zeros behind
// it; nothing if it has none.
std::optional<Bytes> before_eoi (Bytes scan);

} // namespace rfc2435
