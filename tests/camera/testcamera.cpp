// SPDX-License-Identifier: LGPL-2.1-or-later
// The test camera by hand: plugs a camera in and takes orders from standard
// input. See docs/camera-tests.md.
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
      "usage: %s [-b] [-y] [-s SERIAL] [-n NAME] [-p PORT] DIRECTORY\n"
      "  -b  bulk transfers instead of isochronous ones\n"
      "  -y  YUYV only, no MJPEG\n"
      "  -s  serial number (\"\": none)\n"
      "  -n  product name\n"
      "  -p  port of vhci-hcd (0)\n"
      "  DIRECTORY holds the pictures as <width>x<height>/*.jpg\n"
      "orders: plug [PORT] | unplug | fault NAME [EVERY] | counters | quit\n"
      "faults: none truncated no-start corrupted no-end wrong-id silence "
      "stall no-bandwidth\n",
      program);
  return 2;
}

bool
plug (TestCamera &camera, unsigned port)
{
  if (camera.plug (port))
    return true;
  fprintf (stderr, "port %u: %s\n", port, strerror (errno));
  return false;
}

void
obey (TestCamera &camera, const std::string &line, unsigned &port)
{
  std::istringstream words (line);
  std::string order, name;
  words >> order;
  if (order == "plug") {
    words >> port;
    plug (camera, port);
  } else if (order == "unplug") {
    camera.unplug ();
  } else if (order == "fault") {
    unsigned every = 1;
    words >> name >> every;
    if (auto fault = fault_from_name (name); fault && every > 0)
      camera.set_fault (*fault, every);
    else
      fprintf (stderr, "no such fault: %s\n", line.c_str ());
  } else if (order == "counters") {
    auto counters = camera.counters ();
    printf ("sent %u, faulty %u, late %u, streams %u\n", counters.sent,
        counters.faulty, counters.late, counters.streams);
  } else if (!order.empty ()) {
    fprintf (stderr, "no such order: %s\n", order.c_str ());
  }
}

} // namespace

int
main (int argc, char **argv)
{
  Model model;
  unsigned port = 0;
  for (int c; (c = getopt (argc, argv, "bys:n:p:")) != -1;) {
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
    case 'p':
      port = static_cast<unsigned> (strtoul (optarg, nullptr, 10));
      break;
    default:
      return usage (argv[0]);
    }
  }
  if (optind + 1 != argc)
    return usage (argv[0]);

  Pictures pictures = read_pictures (argv[optind]);
  TestCamera camera (model, pictures);
  if (!plug (camera, port))
    return 1;
  for (std::string line; std::getline (std::cin, line) && line != "quit";)
    obey (camera, line, port);
  return 0;
}
