// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "header_extensions.h"

#include "extension_map.h"

#include <algorithm>

namespace rfc2435 {
namespace {

// RFC 8285 sections 4.1.2, 4.2 and 4.3
constexpr std::size_t block_header_size = 4;
constexpr std::size_t one_byte_max_size = 16;
constexpr unsigned one_byte_max_id = 14;

GstRTPHeaderExtension *
ref (GstRTPHeaderExtension *extension)
{
  return GST_RTP_HEADER_EXTENSION (gst_object_ref (extension));
}

} // namespace

HeaderExtensions::HeaderExtensions (GstRTPBasePayload *payload)
    : payload_ (payload),
      pad_ (GST_PAD (gst_object_ref (GST_RTP_BASE_PAYLOAD_SRCPAD (payload))))
{
  g_signal_connect (pad_, "notify::caps", G_CALLBACK (on_caps), this);
  g_signal_connect (payload, "add-extension", G_CALLBACK (on_add), this);
  g_signal_connect (payload, "clear-extensions", G_CALLBACK (on_clear), this);
}

HeaderExtensions::~HeaderExtensions ()
{
  g_signal_handlers_disconnect_by_data (pad_, this);
  gst_object_unref (pad_);
  forget_active ();
  for (auto extension : added_)
    gst_object_unref (extension);
  gst_clear_caps (&caps_);
}

void
HeaderExtensions::on_add (GstRTPBasePayload *payload,
    GstRTPHeaderExtension *extension, gpointer user_data)
{
  auto self = static_cast<HeaderExtensions *> (user_data);

  GST_OBJECT_LOCK (payload);
  self->added_.push_back (ref (extension));
  GST_OBJECT_UNLOCK (payload);
  self->changed_ = true;
}

void
HeaderExtensions::on_clear (GstRTPBasePayload *payload, gpointer user_data)
{
  auto self = static_cast<HeaderExtensions *> (user_data);
  std::vector<GstRTPHeaderExtension *> cleared;

  GST_OBJECT_LOCK (payload);
  cleared.swap (self->added_);
  self->caps_outdated_ = true;
  GST_OBJECT_UNLOCK (payload);
  for (auto extension : cleared)
    gst_object_unref (extension);
  self->changed_ = true;
}

void
HeaderExtensions::on_caps (GstPad *, GParamSpec *, gpointer user_data)
{
  static_cast<HeaderExtensions *> (user_data)->changed_ = true;
}

void
HeaderExtensions::forget_active ()
{
  for (auto extension : active_)
    gst_object_unref (extension);
  active_.clear ();
  unknown_count_ = 0;
}

void
HeaderExtensions::collect ()
{
  auto caps = gst_pad_get_current_caps (pad_);
  if (gst_caps_replace (&caps_, caps)) {
    GST_OBJECT_LOCK (payload_);
    caps_outdated_ = false;
    GST_OBJECT_UNLOCK (payload_);
  }
  gst_clear_caps (&caps);
  forget_active ();
  if (!collect_from_property ())
    collect_from_signals_and_caps ();
}

bool
HeaderExtensions::collect_from_property ()
{
  if (!g_object_class_find_property (
          G_OBJECT_GET_CLASS (payload_), "extensions"))
    return false;

  GValue list = G_VALUE_INIT;
  g_value_init (&list, GST_TYPE_ARRAY);
  g_object_get_property (G_OBJECT (payload_), "extensions", &list);
  for (guint i = 0; i < gst_value_array_get_size (&list); i++)
    active_.push_back (GST_RTP_HEADER_EXTENSION (
        g_value_dup_object (gst_value_array_get_value (&list, i))));
  g_value_unset (&list);
  return true;
}

void
HeaderExtensions::collect_from_signals_and_caps ()
{
  GST_OBJECT_LOCK (payload_);
  for (auto extension : added_)
    active_.push_back (ref (extension));
  bool outdated = caps_outdated_;
  GST_OBJECT_UNLOCK (payload_);
  if (!caps_ || outdated)
    return;

  auto structure = gst_caps_get_structure (caps_, 0);
  for (int i = 0; i < gst_structure_n_fields (structure); i++) {
    auto field =
        gst_structure_nth_field_name (structure, static_cast<guint> (i));
    auto id = extension_id (field);
    if (id == 0 ||
        std::any_of (active_.begin (), active_.end (), [id] (auto extension) {
          return gst_rtp_header_extension_get_id (extension) == id;
        }))
      continue;
    auto uri = extension_uri (gst_structure_get_value (structure, field));
    auto extension =
        uri ? gst_rtp_header_extension_create_from_uri (uri) : nullptr;
    if (extension) {
      gst_rtp_header_extension_set_id (extension, id);
      active_.push_back (extension);
    } else {
      // An application made it in response to `request-extension`.
      unknown_count_++;
    }
  }
}

std::size_t
HeaderExtensions::max_size (GstBuffer *buffer)
{
  // The caps name all extensions, so new ones come only with new caps.
  if (changed_.load (std::memory_order_relaxed) && changed_.exchange (false))
    collect ();

  if (active_.empty () && unknown_count_ == 0)
    return 0;

  // The base class writes all with one-byte headers, or all with two-byte
  // headers if one of them needs that.
  bool one_byte = true;
  std::size_t size = unknown_count_ * one_byte_max_size;
  for (auto extension : active_) {
    auto max = gst_rtp_header_extension_get_max_size (extension, buffer);
    auto flags = gst_rtp_header_extension_get_supported_flags (extension);
    size += max;
    if (max > one_byte_max_size ||
        gst_rtp_header_extension_get_id (extension) > one_byte_max_id ||
        !(flags & GST_RTP_HEADER_EXTENSION_ONE_BYTE))
      one_byte = false;
  }
  size += (active_.size () + unknown_count_) * (one_byte ? 1 : 2);
  return block_header_size + (size + 3) / 4 * 4;
}

} // namespace rfc2435
