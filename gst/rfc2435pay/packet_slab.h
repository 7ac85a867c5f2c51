// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstddef>
#include <cstdint>

// The packets of a frame in one block of memory, contiguous and in the order of
// sending. The block also holds the GstMemory structs that refer to them, and
// keeps the GstBuffers for the next frame: in steady state nothing is allocated
// per packet. A block is reused once all its packets are released.

G_BEGIN_DECLS

#define GST_TYPE_RFC2435_SLAB_ALLOCATOR (gst_rfc2435_slab_allocator_get_type ())
G_DECLARE_FINAL_TYPE (GstRfc2435SlabAllocator, gst_rfc2435_slab_allocator, GST,
    RFC2435_SLAB_ALLOCATOR, GstAllocator)

GstRfc2435SlabAllocator *gst_rfc2435_slab_allocator_new ();
// Frees unused blocks.
void gst_rfc2435_slab_allocator_trim (GstRfc2435SlabAllocator *self);
// Releases the reference. Blocks in use are freed once they are returned.
void gst_rfc2435_slab_allocator_close (GstRfc2435SlabAllocator *self);

G_END_DECLS

namespace rfc2435 {

struct Slab;

// Fills one block. The packets outlive the writer.
class SlabWriter {
public:
  SlabWriter (GstRfc2435SlabAllocator *allocator, std::size_t packets,
      std::size_t size);
  ~SlabWriter ();
  SlabWriter (const SlabWriter &) = delete;
  SlabWriter &operator= (const SlabWriter &) = delete;

  // Where the next packet is to be written.
  std::uint8_t *position () const { return next_; }
  // Returns the packet of this size that was written there, as a buffer without
  // timestamps, flags or metadata.
  GstBuffer *finish_packet (std::size_t size);

private:
  Slab *slab_;
  std::uint8_t *next_;
  std::size_t packet_ = 0;
  std::size_t packets_left_;
};

} // namespace rfc2435
