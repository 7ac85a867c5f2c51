// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "packet_slab.h"

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

using rfc2435::Slab;

namespace {

// Enough for a second frame in transit (in a queue, in a sink); more blocks are
// freed.
constexpr std::size_t max_waiting_slabs = 2;

// Frames of a stream differ in size. Room for an eighth more avoids most
// reallocations.
constexpr std::size_t
with_headroom (std::size_t n)
{
  return n + n / 8;
}

struct Packet {
  GstMemory memory;
  // NULL if this is part of another packet's memory, its parent.
  Slab *slab;
  std::uint8_t *data;
  // While unused. NULL if the buffer was not returned as it was handed out;
  // then `memory` must be recreated, too.
  GstBuffer *buffer;
};

Packet *
as_packet (GstMemory *memory)
{
  return reinterpret_cast<Packet *> (memory);
}

} // namespace

// In use, it is owned by its writer and its packets; otherwise by its
// allocator.
struct rfc2435::Slab {
  Slab (std::size_t packet_count, std::size_t size)
      : packets (packet_count), capacity (size),
        data (static_cast<std::uint8_t *> (g_malloc (size)))
  {}
  ~Slab ();
  Slab (const Slab &) = delete;
  Slab &operator= (const Slab &) = delete;

  std::vector<Packet> packets;
  const std::size_t capacity;
  std::uint8_t *const data;
  // A reference while in use, otherwise NULL.
  GstRfc2435SlabAllocator *allocator = nullptr;
  // The writer, and the packets in use.
  std::atomic<std::size_t> users{0};
};

struct GstRfc2435SlabAllocatorPrivate {
  std::mutex lock;
  std::vector<Slab *> waiting;
  bool closed = false;
};

struct _GstRfc2435SlabAllocator {
  GstAllocator parent;
  GstRfc2435SlabAllocatorPrivate *priv;
};

G_DEFINE_TYPE (
    GstRfc2435SlabAllocator, gst_rfc2435_slab_allocator, GST_TYPE_ALLOCATOR)

// Its allocator is NULL by now, so no buffer is kept.
rfc2435::Slab::~Slab ()
{
  for (auto &packet : packets) {
    if (packet.buffer)
      gst_buffer_unref (packet.buffer);
  }
  g_free (data);
}

static Slab *
acquire_slab (
    GstRfc2435SlabAllocator *self, std::size_t packets, std::size_t size)
{
  auto priv = self->priv;
  Slab *slab = nullptr;
  {
    std::lock_guard guard (priv->lock);
    if (!priv->waiting.empty ()) {
      slab = priv->waiting.back ();
      priv->waiting.pop_back ();
    }
  }

  if (slab && (slab->packets.size () < packets || slab->capacity < size)) {
    delete slab;
    slab = nullptr;
  }
  if (!slab)
    slab = new Slab (with_headroom (packets), with_headroom (size));

  slab->allocator = GST_RFC2435_SLAB_ALLOCATOR (gst_object_ref (self));
  // The writer and all packets are counted here at once.
  slab->users = 1 + packets;
  return slab;
}

static void
release_slab (Slab *slab, std::size_t users = 1)
{
  if (slab->users.fetch_sub (users, std::memory_order_acq_rel) > users)
    return;

  auto allocator = slab->allocator;
  slab->allocator = nullptr;
  {
    auto priv = allocator->priv;
    std::lock_guard guard (priv->lock);
    if (!priv->closed && priv->waiting.size () < max_waiting_slabs) {
      priv->waiting.push_back (slab);
      slab = nullptr;
    }
  }
  delete slab;
  gst_object_unref (allocator);
}

static gpointer
packet_memory_map (GstMemory *memory, gsize, GstMapFlags)
{
  return as_packet (memory)->data;
}

static void
packet_memory_unmap (GstMemory *)
{}

static GstMemory *
packet_memory_share (GstMemory *memory, gssize offset, gssize size)
{
  auto parent = memory->parent ? memory->parent : memory;
  auto part = g_new0 (Packet, 1);

  part->data = as_packet (memory)->data;
  gst_memory_init (&part->memory,
      static_cast<GstMemoryFlags> (
          GST_MINI_OBJECT_FLAGS (parent) | GST_MINI_OBJECT_FLAG_LOCK_READONLY),
      memory->allocator, parent, memory->maxsize, memory->align,
      memory->offset + offset,
      size == -1 ? memory->size - offset : static_cast<gsize> (size));
  return &part->memory;
}

static void
gst_rfc2435_slab_allocator_free (GstAllocator *, GstMemory *memory)
{
  auto packet = as_packet (memory);

  if (!packet->slab)
    g_free (packet);
  else if (packet->slab->allocator)
    release_slab (packet->slab);
}

static gboolean
remove_meta (GstBuffer *, GstMeta **meta, gpointer)
{
  *meta = nullptr;
  return TRUE;
}

// Called when a packet's buffer has lost its last reference. If only the buffer
// holds the packet's memory, it is kept for the next frame by a new reference.
// GstBufferPool does the same, at a higher cost.
static gboolean
keep_buffer (GstMiniObject *object)
{
  auto buffer = GST_BUFFER_CAST (object);
  if (gst_buffer_n_memory (buffer) != 1)
    return TRUE;
  auto memory = gst_buffer_peek_memory (buffer, 0);
  if (memory->allocator->mem_map != packet_memory_map ||
      GST_MINI_OBJECT_REFCOUNT_VALUE (memory) != 1)
    return TRUE;
  auto packet = as_packet (memory);
  if (!packet->slab || !packet->slab->allocator)
    return TRUE;

  packet->buffer = gst_buffer_ref (buffer);
  gst_buffer_foreach_meta (buffer, remove_meta, nullptr);
  release_slab (packet->slab);
  return FALSE;
}

static GstBuffer *
new_buffer (GstMemory *memory)
{
  auto buffer = gst_buffer_new ();
  gst_buffer_append_memory (buffer, memory);
  GST_MINI_OBJECT_CAST (buffer)->dispose = keep_buffer;
  return buffer;
}

static void
clear_buffer (GstBuffer *buffer)
{
  GST_BUFFER_FLAGS (buffer) &= GST_MINI_OBJECT_FLAG_LAST - 1;
  GST_BUFFER_PTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DTS (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION (buffer) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_OFFSET (buffer) = GST_BUFFER_OFFSET_NONE;
  GST_BUFFER_OFFSET_END (buffer) = GST_BUFFER_OFFSET_NONE;
}

static void
gst_rfc2435_slab_allocator_init (GstRfc2435SlabAllocator *self)
{
  auto allocator = GST_ALLOCATOR (self);

  self->priv = new GstRfc2435SlabAllocatorPrivate ();
  allocator->mem_type = "Rfc2435Packet";
  allocator->mem_map = packet_memory_map;
  allocator->mem_unmap = packet_memory_unmap;
  allocator->mem_share = packet_memory_share;
  GST_OBJECT_FLAG_SET (self, GST_ALLOCATOR_FLAG_CUSTOM_ALLOC);
}

static void
gst_rfc2435_slab_allocator_finalize (GObject *object)
{
  delete GST_RFC2435_SLAB_ALLOCATOR (object)->priv;

  G_OBJECT_CLASS (gst_rfc2435_slab_allocator_parent_class)->finalize (object);
}

static void
gst_rfc2435_slab_allocator_class_init (GstRfc2435SlabAllocatorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gst_rfc2435_slab_allocator_finalize;
  GST_ALLOCATOR_CLASS (klass)->free = gst_rfc2435_slab_allocator_free;
}

GstRfc2435SlabAllocator *
gst_rfc2435_slab_allocator_new ()
{
  auto object = g_object_new (GST_TYPE_RFC2435_SLAB_ALLOCATOR, nullptr);
  return GST_RFC2435_SLAB_ALLOCATOR (gst_object_ref_sink (object));
}

void
gst_rfc2435_slab_allocator_trim (GstRfc2435SlabAllocator *self)
{
  std::vector<Slab *> waiting;
  {
    std::lock_guard guard (self->priv->lock);
    waiting.swap (self->priv->waiting);
  }
  for (auto slab : waiting)
    delete slab;
}

void
gst_rfc2435_slab_allocator_close (GstRfc2435SlabAllocator *self)
{
  {
    std::lock_guard guard (self->priv->lock);
    self->priv->closed = true;
  }
  gst_rfc2435_slab_allocator_trim (self);
  gst_object_unref (self);
}

namespace rfc2435 {

SlabWriter::SlabWriter (
    GstRfc2435SlabAllocator *allocator, std::size_t packets, std::size_t size)
    : slab_ (acquire_slab (allocator, packets, size)), next_ (slab_->data),
      packets_left_ (packets)
{}

SlabWriter::~SlabWriter ()
{
  release_slab (slab_, 1 + packets_left_);
}

GstBuffer *
SlabWriter::finish_packet (std::size_t size)
{
  auto &packet = slab_->packets[packet_++];
  packets_left_--;
  auto buffer = std::exchange (packet.buffer, nullptr);

  if (buffer) {
    clear_buffer (buffer);
    packet.memory.maxsize = packet.memory.size = size;
    packet.memory.offset = 0;
  } else {
    packet.slab = slab_;
    gst_memory_init (&packet.memory, static_cast<GstMemoryFlags> (0),
        GST_ALLOCATOR (slab_->allocator), nullptr, size, 0, 0, size);
    buffer = new_buffer (&packet.memory);
  }
  packet.data = next_;
  next_ += size;
  return buffer;
}

} // namespace rfc2435
