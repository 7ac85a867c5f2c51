// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "send_error.h"

#include <cerrno>

namespace rfc2435 {

SendError
send_error (int error)
{
  switch (error) {
  case EAGAIN:
  case ENOBUFS:
  case ENOMEM:
    return SendError::queue_full;
  case ECONNREFUSED:
    return SendError::refused;
  case ENETUNREACH:
  case EHOSTUNREACH:
  case ENETDOWN:
  case EHOSTDOWN:
  case ENODEV:
  case ENXIO:
  case EADDRNOTAVAIL:
  case EAFNOSUPPORT:
    return SendError::unreachable;
  case EMSGSIZE:
    return SendError::too_large;
  case EPERM:
  case EACCES:
    return SendError::not_permitted;
  default:
    return SendError::other;
  }
}

const char *
name (SendError error)
{
  switch (error) {
  case SendError::queue_full:
    return "queue-full";
  case SendError::refused:
    return "refused";
  case SendError::unreachable:
    return "unreachable";
  case SendError::too_large:
    return "too-large";
  case SendError::not_permitted:
    return "not-permitted";
  case SendError::other:
    break;
  }
  return "other";
}

} // namespace rfc2435
