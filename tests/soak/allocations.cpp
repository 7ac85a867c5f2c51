// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "allocations.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <malloc.h>
#include <stdlib.h>

#ifdef COUNT_ALLOCATIONS

static std::atomic<std::int64_t> live;

std::int64_t
live_allocations ()
{
  return live;
}

// glibc lets a program override these functions, for libraries as well.
extern "C" {

void *__libc_malloc (std::size_t);
void *__libc_calloc (std::size_t, std::size_t);
void *__libc_realloc (void *, std::size_t);
void *__libc_memalign (std::size_t, std::size_t);
void __libc_free (void *);

static void *
counted (void *memory)
{
  live += memory != nullptr;
  return memory;
}

void *
malloc (std::size_t size) noexcept
{
  return counted (__libc_malloc (size));
}

void *
calloc (std::size_t count, std::size_t size) noexcept
{
  return counted (__libc_calloc (count, size));
}

void *
realloc (void *memory, std::size_t size) noexcept
{
  auto result = __libc_realloc (memory, size);
  if (!memory)
    counted (result);
  else if (size == 0 && !result)
    live--;
  return result;
}

void *
memalign (std::size_t alignment, std::size_t size) noexcept
{
  return counted (__libc_memalign (alignment, size));
}

void *
aligned_alloc (std::size_t alignment, std::size_t size) noexcept
{
  return memalign (alignment, size);
}

int
posix_memalign (void **memory, std::size_t alignment, std::size_t size) noexcept
{
  auto result = memalign (alignment, size);
  if (!result)
    return ENOMEM;
  *memory = result;
  return 0;
}

void
free (void *memory) noexcept
{
  live -= memory != nullptr;
  __libc_free (memory);
}
}

#else // Sanitizers need these functions for themselves.

std::int64_t
live_allocations ()
{
  return 0;
}

#endif
