// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "receivers.h"

#include <cstdio>

#include <gst/sdp/sdp.h>

namespace {

/// For the receivers that need a file.
std::string
session_description (GstCaps *caps, const Destination &destination)
{
  const char *family = destination.is_ipv6 ? "IP6" : "IP4";
  const char *any = destination.is_ipv6 ? "::" : "0.0.0.0";

  GstSDPMessage *sdp;
  gst_sdp_message_new (&sdp);
  gst_sdp_message_set_version (sdp, "0");
  gst_sdp_message_set_origin (sdp, "-", "0", "0", "IN", family, any);
  gst_sdp_message_set_session_name (sdp, "rfc2435pay");
  // For IPv6, the connection address has no TTL.
  const bool has_ttl = destination.is_multicast && !destination.is_ipv6;
  gst_sdp_message_set_connection (sdp, "IN", family,
      destination.is_multicast ? destination.address.c_str () : any,
      has_ttl ? 1 : 0, 0);
  gst_sdp_message_add_time (sdp, "0", "0", nullptr);
  GstSDPMedia *media;
  gst_sdp_media_new (&media);
  gst_sdp_media_set_port_info (media, destination.port, 1);
  gst_sdp_media_set_proto (media, "RTP/AVP");
  gst_sdp_media_set_media_from_caps (caps, media);
  gst_sdp_message_add_media (sdp, media);
  gchar *text = gst_sdp_message_as_text (sdp);
  std::string description = text;
  g_free (text);
  gst_sdp_media_free (media);
  gst_sdp_message_free (sdp);
  return description;
}

/// The caps that udpsrc can't know by itself.
std::string
caps_for_udpsrc (GstCaps *caps)
{
  const GstStructure *structure = gst_caps_get_structure (caps, 0);
  int payload_type = 26;
  gst_structure_get_int (structure, "payload", &payload_type);
  std::string text =
      "application/x-rtp,media=video,clock-rate=90000,encoding-name=JPEG,"
      "payload=" +
      std::to_string (payload_type);
  // A size over 2040 pixels doesn't fit into the header of RFC 2435.
  if (const char *size = gst_structure_get_string (structure, "x-dimensions"))
    text += std::string (",x-dimensions=(string)\"") + size + "\"";
  return text;
}

/// The address that udpsrc must listen on; by default, it listens on IPv4 only.
std::string
listening_address (const Destination &destination)
{
  if (destination.is_multicast)
    return " address=" + destination.address;
  return destination.is_ipv6 ? " address=::" : "";
}

} // namespace

void
print_receivers (GstCaps *caps, const Destination &destination)
{
  std::printf (
      "Show it there with GStreamer:\n\n"
      "  gst-launch-1.0 udpsrc%s port=%d buffer-size=212992 caps='%s' "
      "! rtpjitterbuffer latency=50 ! rtpjpegdepay ! jpegdec ! videoconvert "
      "! autovideosink\n\n"
      "or with FFmpeg or VLC, from a file stream.sdp containing\n\n%s\n"
      "  ffplay -protocol_whitelist file,udp,rtp -fflags nobuffer "
      "stream.sdp\n"
      "  vlc --demux=avformat stream.sdp\n\n"
      "Press Ctrl-C to stop.\n\n",
      listening_address (destination).c_str (), destination.port,
      caps_for_udpsrc (caps).c_str (),
      session_description (caps, destination).c_str ());
}
