// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "destination.h"

#include <cstdio>
#include <memory>

#include <gio/gio.h>

std::optional<Destination>
find_destination (const std::string &host, int port)
{
  std::unique_ptr<GResolver, decltype (&g_object_unref)> resolver (
      g_resolver_get_default (), g_object_unref);
  GError *problem = nullptr;
  GList *found = g_resolver_lookup_by_name (
      resolver.get (), host.c_str (), nullptr, &problem);
  if (!found) {
    std::fprintf (
        stderr, "Can't send to %s: %s\n", host.c_str (), problem->message);
    g_error_free (problem);
    return std::nullopt;
  }
  auto *address = static_cast<GInetAddress *> (found->data);
  std::unique_ptr<char, decltype (&g_free)> text (
      g_inet_address_to_string (address), g_free);
  Destination destination{
      .address = text.get (),
      .port = port,
      .is_ipv6 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6,
      .is_multicast = bool (g_inet_address_get_is_multicast (address)),
  };
  g_resolver_free_addresses (found);
  return destination;
}
