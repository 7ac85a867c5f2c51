// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "extension_map.h"

#include <cstring>

namespace rfc2435 {

unsigned
extension_id (const char *field)
{
  guint64 id;
  if (!g_str_has_prefix (field, "extmap-") ||
      !g_ascii_string_to_unsigned (
          field + strlen ("extmap-"), 10, 1, 255, &id, nullptr))
    return 0;
  return static_cast<unsigned> (id);
}

const char *
extension_uri (const GValue *value)
{
  if (G_VALUE_HOLDS_STRING (value))
    return g_value_get_string (value);
  // direction, URI, attributes
  if (GST_VALUE_HOLDS_ARRAY (value) && gst_value_array_get_size (value) > 1) {
    auto uri = gst_value_array_get_value (value, 1);
    if (G_VALUE_HOLDS_STRING (uri))
      return g_value_get_string (uri);
  }
  return nullptr;
}

} // namespace rfc2435
