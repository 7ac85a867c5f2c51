// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/check/gstcheck.h>

#include <string>
#include <vector>

using Datagrams = std::vector<std::string>;

// Bytes that identify the packet and the position in it.
inline Datagrams
make_datagrams (const std::vector<std::size_t> &sizes)
{
  Datagrams datagrams;
  unsigned seed = 1;
  for (auto size : sizes) {
    std::string bytes (size, '\0');
    for (auto &byte : bytes)
      byte = static_cast<char> ((seed = seed * 1103515245 + 12345) >> 16);
    datagrams.push_back (std::move (bytes));
  }
  return datagrams;
}

// A playing sink for datagrams, with its own bus.
class SinkHarness {
public:
  // In the syntax of gst_parse_launch (): "udpgsosink gso=false".
  explicit SinkHarness (const std::string &description)
  {
    sink = gst_parse_launch (
        (description + " async=false sync=false").c_str (), nullptr);
    fail_unless (sink != nullptr);
    bus = gst_bus_new ();
    gst_element_set_bus (sink, bus);
    source_ = gst_pad_new ("src", GST_PAD_SRC);
    auto pad = gst_element_get_static_pad (sink, "sink");
    fail_unless_equals_int (gst_pad_link (source_, pad), GST_PAD_LINK_OK);
    gst_object_unref (pad);
    gst_pad_set_active (source_, TRUE);
  }
  ~SinkHarness ()
  {
    stop ();
    gst_pad_set_active (source_, FALSE);
    gst_object_unref (source_);
    gst_element_set_bus (sink, nullptr);
    gst_object_unref (bus);
    gst_object_unref (sink);
  }
  SinkHarness (const SinkHarness &) = delete;
  SinkHarness &operator= (const SinkHarness &) = delete;

  void start ()
  {
    fail_unless_equals_int (gst_element_set_state (sink, GST_STATE_PLAYING),
        GST_STATE_CHANGE_SUCCESS);
    begin_stream ();
  }
  void stop ()
  {
    fail_unless_equals_int (
        gst_element_set_state (sink, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
  }

  void begin_stream ()
  {
    GstSegment segment;
    gst_segment_init (&segment, GST_FORMAT_TIME);
    gst_pad_push_event (source_, gst_event_new_stream_start ("test"));
    gst_pad_push_event (source_, gst_event_new_segment (&segment));
  }
  void push_event (GstEvent *event)
  {
    fail_unless (gst_pad_push_event (source_, event));
  }

  // A packet in this many memories.
  static GstBuffer *make_buffer (const std::string &bytes, unsigned memories)
  {
    auto buffer = gst_buffer_new ();
    for (unsigned i = 0; i < memories; i++) {
      auto begin = bytes.size () * i / memories;
      auto end = bytes.size () * (i + 1) / memories;
      auto memory = gst_allocator_alloc (nullptr, end - begin, nullptr);
      GstMapInfo map;
      gst_memory_map (memory, &map, GST_MAP_WRITE);
      bytes.copy (reinterpret_cast<char *> (map.data), end - begin, begin);
      gst_memory_unmap (memory, &map);
      gst_buffer_append_memory (buffer, memory);
    }
    return buffer;
  }

  GstFlowReturn push_list (const Datagrams &datagrams, unsigned memories = 1)
  {
    auto list = gst_buffer_list_new ();
    for (auto &bytes : datagrams)
      gst_buffer_list_add (list, make_buffer (bytes, memories));
    return gst_pad_push_list (source_, list);
  }
  // All packets in one block, contiguous.
  GstFlowReturn push_slab (const Datagrams &datagrams)
  {
    std::string all;
    for (auto &bytes : datagrams)
      all += bytes;
    auto slab = make_buffer (all, 1);
    auto list = gst_buffer_list_new ();
    gsize at = 0;
    for (auto &bytes : datagrams) {
      gst_buffer_list_add (
          list, gst_buffer_copy_region (
                    slab, GST_BUFFER_COPY_MEMORY, at, bytes.size ()));
      at += bytes.size ();
    }
    gst_buffer_unref (slab);
    return gst_pad_push_list (source_, list);
  }
  GstFlowReturn push (const std::string &bytes, unsigned memories = 1)
  {
    return gst_pad_push (source_, make_buffer (bytes, memories));
  }

  guint64 stat (const char *field, const char *inside = nullptr)
  {
    GstStructure *stats, *found;
    guint64 value = 0;
    g_object_get (sink, "stats", &stats, nullptr);
    found = stats;
    if (inside)
      gst_structure_get (stats, inside, GST_TYPE_STRUCTURE, &found, nullptr);
    gst_structure_get_uint64 (found, field, &value);
    if (found != stats)
      gst_structure_free (found);
    gst_structure_free (stats);
    return value;
  }
  guint64 error_count (const char *kind) { return stat (kind, "errors"); }

  // The causes of the WARNING messages so far, or of the one with this cause
  // its field `mtu`.
  std::vector<std::string> take_warnings (guint *mtu = nullptr)
  {
    std::vector<std::string> causes;
    while (auto message = gst_bus_pop_filtered (bus, GST_MESSAGE_WARNING)) {
      const GstStructure *details = nullptr;
      gst_message_parse_warning_details (message, &details);
      auto cause = details ? gst_structure_get_string (details, "cause") : "";
      causes.emplace_back (cause ? cause : "");
      if (details && mtu)
        gst_structure_get_uint (details, "mtu", mtu);
      gst_message_unref (message);
    }
    return causes;
  }

  GstElement *sink;
  GstBus *bus;

private:
  GstPad *source_;
};
