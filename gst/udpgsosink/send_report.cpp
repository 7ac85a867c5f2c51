// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "send_report.h"

#include "drop_report.h"
#include "path_mtu.h"

GST_DEBUG_CATEGORY_EXTERN (udpgsosink_debug);
#define GST_CAT_DEFAULT udpgsosink_debug

namespace rfc2435 {

static bool
is_due (gint64 &next)
{
  auto now = g_get_monotonic_time ();
  if (now < next)
    return false;
  next = now + message_interval_us;
  return true;
}

static std::string
fitting (std::size_t size)
{
  if (size == 0)
    return {};
  return " Packets of " + std::to_string (size) +
         " bytes fit: give the payloader mtu=" + std::to_string (size) + ".";
}

void
SendReport::reset ()
{
  next_failure_ = {};
  next_fragmented_ = 0;
}

void
SendReport::post (const Destination &to, const char *cause,
    const std::string &text, const char *debug, std::size_t mtu)
{
  auto details = gst_structure_new ("udpgsosink-error", //
      "cause", G_TYPE_STRING, cause,                    //
      "host", G_TYPE_STRING, to.endpoint.host.c_str (), //
      "port", G_TYPE_INT, to.endpoint.port,             //
      "packets-failed", G_TYPE_UINT64, to.counters.packets_failed, nullptr);
  if (mtu > 0)
    gst_structure_set (
        details, "mtu", G_TYPE_UINT, static_cast<guint> (mtu), nullptr);

  gst_element_message_full_with_details (sink_, GST_MESSAGE_WARNING,
      GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_WRITE, g_strdup (text.c_str ()),
      g_strdup (debug), __FILE__, GST_FUNCTION, __LINE__, details);
}

void
SendReport::failure (
    int socket, const Destination &to, const SendResult &result)
{
  auto cause = send_error (result.last_error);

  if (!is_due (next_failure_[static_cast<std::size_t> (cause)]))
    return;
  auto text = "Could not send to " + format (to.endpoint) + ": " +
              g_strerror (result.last_error) + ".";
  std::size_t mtu = 0;
  if (cause == SendError::too_large) {
    mtu = largest_datagram (socket, to.address);
    text = "A packet of " + std::to_string (result.failed_size) +
           " bytes is too large for the path to " + format (to.endpoint) + "." +
           fitting (mtu);
  }
  post (to, name (cause), text, g_strerror (result.last_error), mtu);
}

void
SendReport::refusal (
    int socket, const Destination &to, const SendResult &result)
{
  GST_INFO_OBJECT (sink_,
      "no segmentation offload for packets of %" G_GSIZE_FORMAT
      " bytes to %s: %s",
      result.refused_size, format (to.endpoint).c_str (),
      g_strerror (to.gso.refusal ()));

  auto mtu = largest_datagram (socket, to.address);
  if (mtu == 0 || result.refused_size <= mtu || !is_due (next_fragmented_))
    return;
  post (to, "fragmented",
      "Packets of " + std::to_string (result.refused_size) + " bytes to " +
          format (to.endpoint) +
          " are sent as IP fragments: they are larger than the path MTU." +
          fitting (mtu),
      g_strerror (to.gso.refusal ()), mtu);
}

} // namespace rfc2435
