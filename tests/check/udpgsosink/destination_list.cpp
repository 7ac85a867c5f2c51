// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "destination_list.h"

#include <gst/check/gstcheck.h>

#include <arpa/inet.h>

using rfc2435::Destination;
using rfc2435::DestinationList;
using rfc2435::Endpoint;
using rfc2435::parse_endpoints;

GST_START_TEST (test_parse)
{
  std::vector<Endpoint> expected{
      {"192.0.2.1", 5004}, {"camera.example", 1}, {"2001:db8::1", 65535}};

  fail_unless (
      parse_endpoints (
          "192.0.2.1:5004, camera.example:1 ,[2001:db8::1]:65535") == expected);
  fail_unless (parse_endpoints ("").empty ());
  fail_unless (parse_endpoints (",,").empty ());
  fail_unless (parse_endpoints ("host").empty ());
  fail_unless (parse_endpoints (":5004").empty ());
  fail_unless (parse_endpoints ("host:").empty ());
  fail_unless (parse_endpoints ("host:0,host:65536,host:-1").empty ());
  fail_unless (parse_endpoints ("host:5004x").empty ());
  fail_unless (parse_endpoints ("host:99999999999999999999").empty ());
  fail_unless_equals_uint64 (parse_endpoints ("x,a:1,,b:2,").size (), 2);
}
GST_END_TEST;

GST_START_TEST (test_format_is_what_parse_reads)
{
  for (auto text : {"192.0.2.1:5004", "[2001:db8::1]:65535"})
    fail_unless (format (parse_endpoints (text)[0]) == text);

  DestinationList list;
  for (auto &endpoint : parse_endpoints ("a:1,[::1]:2")) {
    auto destination = std::make_shared<Destination> (endpoint);
    destination->add_count = 2;
    list.append (destination);
  }
  fail_unless (list.format () == "a:1,a:1,[::1]:2,[::1]:2");
  list.remove (list.find ({"a", 1}));
  fail_unless (list.format () == "[::1]:2,[::1]:2");
  fail_unless (list.find ({"a", 1}) == nullptr);
  fail_unless (list.find ({"::1", 1}) == nullptr);
}
GST_END_TEST;

static Destination &
at (const char *address, std::uint16_t port)
{
  auto &d = *new Destination ({address, port});
  auto v4 = reinterpret_cast<sockaddr_in *> (&d.address.storage);
  auto v6 = reinterpret_cast<sockaddr_in6 *> (&d.address.storage);
  if (inet_pton (AF_INET, address, &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons (port);
    d.address.size = sizeof *v4;
  } else if (inet_pton (AF_INET6, address, &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons (port);
    d.address.size = sizeof *v6;
  }
  return d;
}

GST_START_TEST (test_multicast)
{
  auto &unknown = at ("camera.example", 1);
  auto &host = at ("192.0.2.1", 1), &host6 = at ("2001:db8::1", 1);
  auto &group = at ("239.1.2.3", 1), &same = at ("239.1.2.3", 2);
  auto &other = at ("239.1.2.4", 1);
  auto &group6 = at ("ff15::1", 1), &same6 = at ("ff15::1", 2);

  fail_if (unknown.is_multicast () || host.is_multicast ());
  fail_if (host6.is_multicast ());
  fail_unless (group.is_multicast () && group6.is_multicast ());
  fail_unless (group.same_group (same) && group6.same_group (same6));
  fail_if (group.same_group (other) || group.same_group (group6));
  fail_if (host.same_group (host));

  for (auto d :
      {&unknown, &host, &host6, &group, &same, &other, &group6, &same6})
    delete d;
}
GST_END_TEST;

static Suite *
destination_list_suite ()
{
  auto suite = suite_create ("destination_list");
  auto tc = tcase_create ("general");

  suite_add_tcase (suite, tc);
  tcase_add_test (tc, test_parse);
  tcase_add_test (tc, test_format_is_what_parse_reads);
  tcase_add_test (tc, test_multicast);

  return suite;
}

GST_CHECK_MAIN (destination_list)
