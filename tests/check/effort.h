// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

namespace test {

/// How often to try something at random: a tenth under a sanitizer, which looks
/// at each step and not at how often it goes well.
constexpr unsigned
tries (unsigned usual)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||           \
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return usual / 10;
#else
  return usual;
#endif
}

} // namespace test
