// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device_users.h"

#include "paths.h"

#include <cctype>

#include <unistd.h>

namespace v4l2mjpeg {

std::string
users_of_device (const DeviceNumber &number, const std::string &proc)
{
  std::string users;
  for (const auto &process : entries_of (proc)) {
    bool is_process = std::isdigit (static_cast<unsigned char> (process[0]));
    if (!is_process || process == std::to_string (getpid ()))
      continue;
    auto files = proc + "/" + process + "/fd";
    for (const auto &file : entries_of (files))
      if (device_number (files + "/" + file) == number) {
        users += (users.empty () ? "" : ", ") +
                 first_line (proc + "/" + process + "/comm") + " (process " +
                 process + ")";
        break;
      }
  }
  return users;
}

} // namespace v4l2mjpeg
