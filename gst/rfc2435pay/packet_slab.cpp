// SPDX-License-Identifier: LGPL-2.1-or-later
#include "packet_slab.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <new>
#include <vector>

namespace rfc2435 {
namespace {

// What a second packet list under way (in a queue, in a sink) can need; more
// are given back to the system.
constexpr std::size_t max_waiting_slabs = 2;

// Frames of a stream differ in size. Room for an eighth more spares most
// reallocations.
constexpr std::size_t
with_headroom (std::size_t n)
{
  return n + n / 8;
}

struct PacketMemory {
  GstMemory memory;
  Slab *slab; // NULL for a part of another PacketMemory, its parent
  std::uint8_t *data;
};

} // namespace

struct Slab {
  Slab (std::size_t packets, std::size_t size)
      : packet_capacity (packets), capacity (size),
        memories (g_new (PacketMemory, packets)),
        data (static_cast<std::uint8_t *> (g_malloc (size)))
  {}
  ~Slab ()
  {
    g_free (memories);
    g_free (data);
  }
  Slab (const Slab &) = delete;
  Slab &operator= (const Slab &) = delete;

  const std::size_t packet_capacity;
  const std::size_t capacity;
  PacketMemory *const memories;
  std::uint8_t *const data;
  // Held while in use.
  GstRfc2435SlabAllocator *allocator = nullptr;
  // The writer and the packets.
  std::atomic<std::size_t> users{0};
};

} // namespace rfc2435

using rfc2435::PacketMemory;
using rfc2435::Slab;

struct GstRfc2435SlabAllocatorPrivate {
  std::mutex lock;
  std::vector<Slab *> waiting;
};

struct _GstRfc2435SlabAllocator {
  GstAllocator parent;
  GstRfc2435SlabAllocatorPrivate *priv;
};

G_DEFINE_TYPE (
    GstRfc2435SlabAllocator, gst_rfc2435_slab_allocator, GST_TYPE_ALLOCATOR)

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

  if (slab && (slab->packet_capacity < packets || slab->capacity < size)) {
    delete slab;
    slab = nullptr;
  }
  if (!slab)
    slab = new Slab (
        rfc2435::with_headroom (packets), rfc2435::with_headroom (size));

  slab->allocator = GST_RFC2435_SLAB_ALLOCATOR (gst_object_ref (self));
  slab->users = 1;
  return slab;
}

static void
release_slab (Slab *slab)
{
  if (slab->users.fetch_sub (1, std::memory_order_acq_rel) > 1)
    return;

  auto allocator = slab->allocator;
  slab->allocator = nullptr;
  {
    auto priv = allocator->priv;
    std::lock_guard guard (priv->lock);
    if (priv->waiting.size () < rfc2435::max_waiting_slabs) {
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
  return reinterpret_cast<PacketMemory *> (memory)->data;
}

static void
packet_memory_unmap (GstMemory *)
{}

static GstMemory *
packet_memory_share (GstMemory *memory, gssize offset, gssize size)
{
  auto packet = reinterpret_cast<PacketMemory *> (memory);
  auto parent = memory->parent ? memory->parent : memory;
  auto part = g_new (PacketMemory, 1);

  part->slab = nullptr;
  part->data = packet->data;
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
  auto packet = reinterpret_cast<PacketMemory *> (memory);

  if (packet->slab)
    release_slab (packet->slab);
  else
    g_free (packet);
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
  auto self = GST_RFC2435_SLAB_ALLOCATOR (object);

  gst_rfc2435_slab_allocator_trim (self);
  delete self->priv;

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
  std::lock_guard guard (self->priv->lock);
  for (auto slab : self->priv->waiting)
    delete slab;
  self->priv->waiting.clear ();
}

namespace rfc2435 {

SlabWriter::SlabWriter (
    GstRfc2435SlabAllocator *allocator, std::size_t packets, std::size_t size)
    : slab_ (acquire_slab (allocator, packets, size)), next_ (slab_->data)
{}

SlabWriter::~SlabWriter ()
{
  release_slab (slab_);
}

GstMemory *
SlabWriter::finish_packet (std::size_t size)
{
  auto packet = &slab_->memories[packet_++];

  packet->slab = slab_;
  packet->data = next_;
  gst_memory_init (&packet->memory, static_cast<GstMemoryFlags> (0),
      GST_ALLOCATOR (slab_->allocator), nullptr, size, 0, 0, size);
  slab_->users.fetch_add (1, std::memory_order_relaxed);
  next_ += size;
  return &packet->memory;
}

} // namespace rfc2435
