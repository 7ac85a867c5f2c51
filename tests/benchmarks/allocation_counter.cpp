// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The functions of malloc's family as glibc allows a program to define them,
// on top of glibc's own.

#include "allocation_counter.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <malloc.h>
#include <stdlib.h>

extern "C" {
void *__libc_malloc (std::size_t size);
void *__libc_calloc (std::size_t count, std::size_t size);
void *__libc_realloc (void *memory, std::size_t size);
void *__libc_memalign (std::size_t alignment, std::size_t size);
void __libc_free (void *memory);
}

namespace {

std::atomic<std::uint64_t> allocation_count;
std::atomic<std::int64_t> live_bytes;
std::atomic<std::int64_t> peak_bytes;

void *
allocated (void *memory)
{
  if (memory) {
    allocation_count.fetch_add (1, std::memory_order_relaxed);
    auto size = static_cast<std::int64_t> (malloc_usable_size (memory));
    auto live = live_bytes.fetch_add (size, std::memory_order_relaxed) + size;
    auto peak = peak_bytes.load (std::memory_order_relaxed);
    while (live > peak && !peak_bytes.compare_exchange_weak (peak, live))
      ;
  }
  return memory;
}

void
released (void *memory)
{
  if (memory)
    live_bytes.fetch_sub (
        static_cast<std::int64_t> (malloc_usable_size (memory)),
        std::memory_order_relaxed);
}

} // namespace

Allocations
allocations ()
{
  return {allocation_count.load (), live_bytes.load (), peak_bytes.load ()};
}

void
begin_peak ()
{
  peak_bytes.store (live_bytes.load ());
}

extern "C" {

void *
malloc (std::size_t size)
{
  return allocated (__libc_malloc (size));
}

void *
calloc (std::size_t count, std::size_t size)
{
  return allocated (__libc_calloc (count, size));
}

void *
realloc (void *memory, std::size_t size)
{
  // Both blocks may exist for a while.
  auto before = memory ? malloc_usable_size (memory) : 0;
  auto moved = allocated (__libc_realloc (memory, size));
  if (moved || size == 0)
    live_bytes.fetch_sub (
        static_cast<std::int64_t> (before), std::memory_order_relaxed);
  return moved;
}

void *
memalign (std::size_t alignment, std::size_t size)
{
  return allocated (__libc_memalign (alignment, size));
}

void *
aligned_alloc (std::size_t alignment, std::size_t size)
{
  return memalign (alignment, size);
}

int
posix_memalign (void **memory, std::size_t alignment, std::size_t size)
{
  *memory = memalign (alignment, size);
  return *memory ? 0 : ENOMEM;
}

void
free (void *memory)
{
  released (memory);
  __libc_free (memory);
}
}
