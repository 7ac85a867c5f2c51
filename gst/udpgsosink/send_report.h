// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "destination_list.h"

#include <gst/gst.h>

#include <array>

namespace rfc2435 {

// Posts WARNING messages about packets that could not be sent or are sent in IP
// fragments: the first time for each cause, and later only if some time has
// passed since the last message.
class SendReport {
public:
  explicit SendReport (GstElement *sink) : sink_ (sink) {}

  // `socket` is the one that was used, or -1 if there is none.
  void failure (int socket, const Destination &to, const SendResult &result);
  void refusal (int socket, const Destination &to, const SendResult &result);

  // Begins a new stream.
  void reset ();

private:
  void post (const Destination &to, const char *cause, const std::string &text,
      const char *debug, std::size_t mtu);

  GstElement *const sink_;
  std::array<gint64, send_error_count> next_failure_{};
  gint64 next_fragmented_ = 0;
};

} // namespace rfc2435
