// SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
// SPDX-License-Identifier: LGPL-2.1-or-later
// The test camera as a program that takes orders from standard input. See
// docs/camera-tests.md.
#include "test_camera.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <sstream>

#include <getopt.h>

using namespace testcamera;

namespace {

int
usage (const char *program)
{
  fprintf (stderr,
      "usage: %s [-b] [-y] [-s SERIAL] [-n NAME] [-i ID] DIRECTORY\n"
      "  -b  bulk transfers instead of isochronous ones\n"
      "  -y  YUYV only, no MJPEG\n"
      "  -s  serial number (\"\": none)\n"
      "  -n  product name\n"
      "  -i  USB vendor and product (1d6b:0102)\n"
      "  DIRECTORY holds the pictures as <width>x<height>/*.jpg\n"
      "orders: plug PORT | unplug | fault NAME [EVERY [TIMES]] |\n"
      "        counters | quit\n"
      "faults: none truncated empty no-start corrupted no-end wrong-id "
      "wrong-size\n"
      "        unplug-in-frame unplug-at-request silence stall no-bandwidth\n",
      program);
  return 2;
}

// Answers each order with one line: "ok" or what is wrong.
std::string
obey (TestCamera &camera, const std::string &line)
{
  std::istringstream words (line);
  std::string order, name;
  words >> order;
  if (order == "plug") {
    unsigned port = 0;
    words >> port;
    return camera.plug (port) ? "ok" : strerror (errno);
  }
  if (order == "unplug") {
    camera.unplug ();
    return "ok";
  }
  if (order == "fault") {
    unsigned every = 1, times = 0;
    words >> name >> every >> times;
    auto fault = fault_from_name (name);
    if (!fault || every == 0)
      return "no such fault";
    camera.set_fault (*fault, every, times);
    return "ok";
  }
  if (order == "counters") {
    auto counters = camera.counters ();
    return "ok sent=" + std::to_string (counters.sent) +
           " faulty=" + std::to_string (counters.faulty) +
           " late=" + std::to_string (counters.late) +
           " streams=" + std::to_string (counters.streams) +
           " requests=" + std::to_string (counters.requests) +
           " unplugs=" + std::to_string (counters.unplugs);
  }
  return "no such order";
}

} // namespace

int
main (int argc, char **argv)
{
  Model model;
  unsigned vendor = 0, product = 0;
  for (int c; (c = getopt (argc, argv, "bys:n:i:")) != -1;) {
    switch (c) {
    case 'b':
      model.isochronous = false;
      break;
    case 'y':
      model.mjpeg = false;
      break;
    case 's':
      model.serial = optarg;
      break;
    case 'n':
      model.name = optarg;
      break;
    case 'i':
      if (sscanf (optarg, "%4x:%4x", &vendor, &product) != 2)
        return usage (argv[0]);
      model.vendor = static_cast<std::uint16_t> (vendor);
      model.product = static_cast<std::uint16_t> (product);
      break;
    default:
      return usage (argv[0]);
    }
  }
  if (optind + 1 != argc)
    return usage (argv[0]);

  Pictures pictures = read_pictures (argv[optind]);
  TestCamera camera (model, pictures);
  for (std::string line; std::getline (std::cin, line) && line != "quit";)
    std::cout << obey (camera, line) << std::endl;
  return 0;
}
