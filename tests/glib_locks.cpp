// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Interposed between programs built with the thread sanitizer and GLib, which
// is built without it: tells the sanitizer which accesses GLib's locks order.
// Otherwise it would report a race for everything that GStreamer's locks
// protect.

#include <dlfcn.h>
#include <glib.h>
#include <sanitizer/tsan_interface.h>

namespace {

// GLib's function, for the wrapper of the same name.
template <typename Function>
Function *
original (const char *name, Function *)
{
  return reinterpret_cast<Function *> (dlsym (RTLD_NEXT, name));
}

template <typename Lock>
void
lock_with (void (*lock) (Lock *), Lock *which)
{
  lock (which);
  __tsan_acquire (which);
}

template <typename Lock>
gboolean
try_with (gboolean (*try_lock) (Lock *), Lock *which)
{
  if (!try_lock (which))
    return FALSE;
  __tsan_acquire (which);
  return TRUE;
}

template <typename Lock>
void
unlock_with (void (*unlock) (Lock *), Lock *which)
{
  __tsan_release (which);
  unlock (which);
}

} // namespace

extern "C" {

void
g_mutex_lock (GMutex *mutex)
{
  static const auto real = original ("g_mutex_lock", g_mutex_lock);
  lock_with (real, mutex);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  static const auto real = original ("g_mutex_trylock", g_mutex_trylock);
  return try_with (real, mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  static const auto real = original ("g_mutex_unlock", g_mutex_unlock);
  unlock_with (real, mutex);
}

void
g_rec_mutex_lock (GRecMutex *mutex)
{
  static const auto real = original ("g_rec_mutex_lock", g_rec_mutex_lock);
  lock_with (real, mutex);
}

gboolean
g_rec_mutex_trylock (GRecMutex *mutex)
{
  static const auto real =
      original ("g_rec_mutex_trylock", g_rec_mutex_trylock);
  return try_with (real, mutex);
}

void
g_rec_mutex_unlock (GRecMutex *mutex)
{
  static const auto real = original ("g_rec_mutex_unlock", g_rec_mutex_unlock);
  unlock_with (real, mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  static const auto real = original ("g_cond_wait", g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  static const auto real = original ("g_cond_wait_until", g_cond_wait_until);
  __tsan_release (mutex);
  const gboolean signalled = real (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

} // extern "C"
