// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The functions of malloc's family as glibc allows a program to define them,
// on top of glibc's own.

#include "allocation_counter.h"

#include <atomic>
#include <cerrno>
#include <cstddef>

#include <malloc.h>

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

void *
allocated (void *memory)
{
  if (memory) {
    allocation_count.fetch_add (1, std::memory_order_relaxed);
    live_bytes.fetch_add (
        static_cast<std::int64_t> (malloc_usable_size (memory)),
        std::memory_order_relaxed);
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
  return {allocation_count.load (), live_bytes.load ()};
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
  released (memory);
  return allocated (__libc_realloc (memory, size));
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
