// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

namespace test {

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
constexpr bool has_address_sanitizer = true;
#else
constexpr bool has_address_sanitizer = false;
#endif

#if defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
constexpr bool has_thread_sanitizer = true;
#else
constexpr bool has_thread_sanitizer = false;
#endif

/// How often to try something at random: a tenth of that under a sanitizer,
/// which checks every step and needs no statistics.
constexpr unsigned
tries (unsigned usual)
{
  return has_address_sanitizer || has_thread_sanitizer ? usual / 10 : usual;
}

} // namespace test
